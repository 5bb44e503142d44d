-- AlterTable: the sequence of the batch whose link it was (null = a user who was divided), and the task that takes the rows out.
ALTER TABLE "user_moves" ADD COLUMN "sequence" BIGINT, ADD COLUMN "task" BIGINT;

-- DropIndex
DROP INDEX "user_moves_project_state_idx";

-- CreateIndex: the greatest move of a project is asked for with every query.
CREATE INDEX "user_moves_project_id_idx" ON "user_moves"("project", "id");

-- CreateIndex: few are not done.
CREATE INDEX "user_moves_unfinished_idx" ON "user_moves"("project", "id") WHERE "state" <> 'done';
