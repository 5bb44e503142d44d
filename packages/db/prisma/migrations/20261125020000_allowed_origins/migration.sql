-- AlterTable: pages of which origins may send to a project; none = all
ALTER TABLE "projects" ADD COLUMN "allowed_origins" TEXT[] NOT NULL DEFAULT '{}';
