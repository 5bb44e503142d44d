-- AlterTable
ALTER TABLE "projects" ADD COLUMN "identity_epoch" INTEGER NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "identity_links" ADD COLUMN "outcome" TEXT;

-- CreateTable
CREATE TABLE "identity_splits" (
    "id" BIGSERIAL NOT NULL,
    "project" INTEGER NOT NULL,
    "user_id" TEXT NOT NULL,
    "identifiers" TEXT[],
    "undone_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "identity_splits_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "identity_links_project_alias_idx" ON "identity_links"("project", "alias");

-- CreateIndex
CREATE INDEX "identity_links_project_joined_idx" ON "identity_links"("project", "joined");
