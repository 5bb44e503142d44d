-- CreateEnum
CREATE TYPE "definition_kind" AS ENUM ('cohort', 'custom_event', 'custom_property', 'lookup_table');

-- CreateEnum
CREATE TYPE "lexicon_entity" AS ENUM ('event', 'event_property', 'person_property');

-- AlterTable
ALTER TABLE "projects" ADD COLUMN "definitions_version" INTEGER NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "definitions" (
    "id" TEXT NOT NULL,
    "project_id" INTEGER NOT NULL,
    "kind" "definition_kind" NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "definition" JSONB NOT NULL,
    "content_id" TEXT,
    "uploaded" JSONB,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "archived_at" TIMESTAMPTZ(3),

    CONSTRAINT "definitions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "contents" (
    "id" TEXT NOT NULL,
    "project_id" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "unused_at" TIMESTAMPTZ(3),

    CONSTRAINT "contents_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "content_chunks" (
    "content_id" TEXT NOT NULL,
    "part" INTEGER NOT NULL,
    "n" INTEGER NOT NULL,
    "bytes" BYTEA NOT NULL,

    CONSTRAINT "content_chunks_pkey" PRIMARY KEY ("content_id","part","n")
);

-- CreateTable
CREATE TABLE "lexicon_entries" (
    "project_id" INTEGER NOT NULL,
    "entity" "lexicon_entity" NOT NULL,
    "name" TEXT NOT NULL,
    "hidden" BOOLEAN NOT NULL DEFAULT false,
    "display_name" TEXT,
    "description" TEXT NOT NULL DEFAULT '',
    "merged_into" TEXT,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "lexicon_entries_pkey" PRIMARY KEY ("project_id","entity","name")
);

-- CreateTable
CREATE TABLE "session_settings" (
    "project_id" INTEGER NOT NULL,
    "settings" JSONB NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "session_settings_pkey" PRIMARY KEY ("project_id")
);

-- CreateIndex
CREATE INDEX "definitions_project_id_kind_idx" ON "definitions"("project_id", "kind");

-- CreateIndex
CREATE INDEX "contents_unused_at_idx" ON "contents"("unused_at");

-- CreateIndex
CREATE INDEX "contents_project_id_idx" ON "contents"("project_id");

-- AddForeignKey
ALTER TABLE "definitions" ADD CONSTRAINT "definitions_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "contents" ADD CONSTRAINT "contents_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "content_chunks" ADD CONSTRAINT "content_chunks_content_id_fkey" FOREIGN KEY ("content_id") REFERENCES "contents"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "lexicon_entries" ADD CONSTRAINT "lexicon_entries_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "session_settings" ADD CONSTRAINT "session_settings_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects"("id") ON DELETE CASCADE ON UPDATE CASCADE;



-- What the Prisma schema cannot say.

-- Queries may name a lookup table by its name.
CREATE UNIQUE INDEX "definitions_lookup_table_name" ON "definitions"("project_id", "name")
    WHERE "kind" = 'lookup_table' AND "archived_at" IS NULL;

ALTER TABLE "lexicon_entries"
    ADD CONSTRAINT "lexicon_entries_no_person_merges" CHECK ("merged_into" IS NULL OR "entity" <> 'person_property'),
    ADD CONSTRAINT "lexicon_entries_merged_elsewhere" CHECK ("merged_into" <> "name");

