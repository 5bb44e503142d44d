-- The month in which a quarter of the project starts, as do each third one before and after.
ALTER TABLE "projects" ADD COLUMN "quarter_start" INTEGER NOT NULL DEFAULT 1;
ALTER TABLE "projects" ADD CONSTRAINT "projects_quarter_start_month" CHECK ("quarter_start" BETWEEN 1 AND 12);
