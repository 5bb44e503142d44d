-- CreateTable
CREATE TABLE "shard_catalogs" (
    "shard" INTEGER NOT NULL,
    "version" BIGINT NOT NULL,

    CONSTRAINT "shard_catalogs_pkey" PRIMARY KEY ("shard")
);

-- CreateTable
CREATE TABLE "catalog_files" (
    "id" BIGSERIAL NOT NULL,
    "shard" INTEGER NOT NULL,
    "project" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "day" INTEGER,
    "generation" INTEGER NOT NULL,
    "object_key" TEXT NOT NULL,
    "bytes" BIGINT NOT NULL,
    "row_count" BIGINT NOT NULL,
    "meta" JSONB NOT NULL,
    "added_version" BIGINT NOT NULL,
    "removed_version" BIGINT,
    "removed_at" TIMESTAMPTZ(3),

    CONSTRAINT "catalog_files_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "catalog_files_object_key_key" ON "catalog_files"("object_key");

-- CreateIndex
CREATE INDEX "catalog_files_shard_removed_version_idx" ON "catalog_files"("shard", "removed_version");

-- CreateIndex
CREATE INDEX "catalog_files_removed_at_idx" ON "catalog_files"("removed_at");



-- What the Prisma schema cannot say.

ALTER TABLE "catalog_files"
    ADD CONSTRAINT "catalog_files_kind" CHECK ("kind" IN ('segment', 'users', 'people', 'covered')),
    ADD CONSTRAINT "catalog_files_day_of_segments" CHECK (("kind" = 'segment') = ("day" IS NOT NULL)),
    ADD CONSTRAINT "catalog_files_removed_whole" CHECK (("removed_version" IS NULL) = ("removed_at" IS NULL)),
    ADD CONSTRAINT "catalog_files_removed_later" CHECK ("removed_version" > "added_version");
