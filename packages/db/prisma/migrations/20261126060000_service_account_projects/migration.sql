-- AlterTable: until when a service account is good, who made it, when it came last; and whether it opens every project
ALTER TABLE "service_accounts"
    ADD COLUMN "all_projects" BOOLEAN NOT NULL DEFAULT true,
    ADD COLUMN "expires_at" TIMESTAMPTZ(3),
    ADD COLUMN "last_used_at" TIMESTAMPTZ(3),
    ADD COLUMN "created_by" TEXT;

-- CreateTable: projects in which a service account has a role of its own
CREATE TABLE "service_account_projects" (
    "service_account_id" INTEGER NOT NULL,
    "project_id" INTEGER NOT NULL,
    "role" "role" NOT NULL,

    CONSTRAINT "service_account_projects_pkey" PRIMARY KEY ("service_account_id", "project_id")
);

-- CreateIndex
CREATE INDEX "service_account_projects_project_id_idx" ON "service_account_projects"("project_id");

-- AddForeignKey
ALTER TABLE "service_account_projects" ADD CONSTRAINT "service_account_projects_service_account_id_fkey" FOREIGN KEY ("service_account_id") REFERENCES "service_accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "service_account_projects" ADD CONSTRAINT "service_account_projects_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AlterTable: what was done in an organisation and in no project of it
ALTER TABLE "audit_entries" ADD COLUMN "organization_id" INTEGER;

-- CreateIndex
CREATE INDEX "audit_entries_organization_id_id_idx" ON "audit_entries"("organization_id", "id");
