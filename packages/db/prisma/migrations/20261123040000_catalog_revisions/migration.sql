-- CreateTable
CREATE TABLE "catalog_revisions" (
    "shard" INTEGER NOT NULL,
    "version" BIGINT NOT NULL,
    "revision" UUID NOT NULL,

    CONSTRAINT "catalog_revisions_pkey" PRIMARY KEY ("shard", "version")
);
