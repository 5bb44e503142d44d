-- AlterTable
ALTER TABLE "catalog_files" ADD COLUMN "purge" BOOLEAN NOT NULL DEFAULT false;
