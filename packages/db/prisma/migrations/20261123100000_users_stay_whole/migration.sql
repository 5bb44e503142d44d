-- AlterTable
ALTER TABLE "projects" ADD COLUMN "accepts_erased" BOOLEAN NOT NULL DEFAULT true,
ADD COLUMN "identity_mode" TEXT NOT NULL DEFAULT 'simplified',
ADD COLUMN "retention_days" INTEGER;
ALTER TABLE "projects" ADD CONSTRAINT "projects_identity_mode_check"
  CHECK ("identity_mode" IN ('simplified', 'original', 'legacy'));
ALTER TABLE "projects" ADD CONSTRAINT "projects_retention_days_check" CHECK ("retention_days" > 0);

-- AlterTable
ALTER TABLE "identity_links" ADD COLUMN "form" TEXT NOT NULL DEFAULT 'alias',
ADD COLUMN "joined" TEXT,
ADD COLUMN "undone_at" TIMESTAMPTZ(3),
ADD COLUMN "undone_by" TEXT;

-- CreateTable
CREATE TABLE "user_moves" (
    "id" BIGSERIAL NOT NULL,
    "project" INTEGER NOT NULL,
    "loser" TEXT NOT NULL,
    "winner" TEXT NOT NULL,
    "from_shard" INTEGER NOT NULL,
    "to_shard" INTEGER NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'pending',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "copied_at" TIMESTAMPTZ(3),
    "done_at" TIMESTAMPTZ(3),

    CONSTRAINT "user_moves_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "user_moves_state_check" CHECK ("state" IN ('pending', 'copied', 'done'))
);

-- CreateTable
CREATE TABLE "erased_identifiers" (
    "project" INTEGER NOT NULL,
    "digest" BYTEA NOT NULL,
    "erased_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "erased_identifiers_pkey" PRIMARY KEY ("project","digest")
);

-- CreateTable
CREATE TABLE "shard_tasks" (
    "id" BIGSERIAL NOT NULL,
    "shard" INTEGER NOT NULL,
    "project" INTEGER NOT NULL,
    "task" JSONB,
    "state" TEXT NOT NULL DEFAULT 'waiting',
    "result" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "shard_tasks_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "shard_tasks_state_check" CHECK ("state" IN ('waiting', 'done', 'failed'))
);

-- CreateTable
CREATE TABLE "data_requests" (
    "id" TEXT NOT NULL,
    "project_id" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "compliance_type" TEXT NOT NULL,
    "disclosure_type" TEXT NOT NULL DEFAULT 'Data',
    "status" TEXT NOT NULL DEFAULT 'PENDING',
    "distinct_ids" JSONB,
    "distinct_id_count" INTEGER NOT NULL,
    "requested_by" TEXT NOT NULL,
    "result" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "data_requests_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "data_requests_kind_check" CHECK ("kind" IN ('access', 'erasure'))
);

-- CreateTable
CREATE TABLE "audit_entries" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "project_id" INTEGER,
    "actor" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "target" TEXT,
    "details" JSONB,

    CONSTRAINT "audit_entries_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "user_moves_project_state_idx" ON "user_moves"("project", "state");

-- CreateIndex
CREATE INDEX "shard_tasks_state_shard_idx" ON "shard_tasks"("state", "shard");

-- CreateIndex
CREATE INDEX "data_requests_project_id_created_at_idx" ON "data_requests"("project_id", "created_at");

-- CreateIndex
CREATE INDEX "data_requests_status_idx" ON "data_requests"("status");

-- CreateIndex
CREATE INDEX "audit_entries_project_id_id_idx" ON "audit_entries"("project_id", "id");
