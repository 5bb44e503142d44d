-- AlterTable: boards that stand in the navigation of their project
ALTER TABLE "boards" ADD COLUMN "pinned" BOOLEAN NOT NULL DEFAULT false;
