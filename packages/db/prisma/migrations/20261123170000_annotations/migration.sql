-- CreateTable: what people note beside their charts
CREATE TABLE "annotations" (
    "id" SERIAL NOT NULL,
    "project_id" INTEGER NOT NULL,
    "date" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "annotations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "annotation_tags" (
    "id" SERIAL NOT NULL,
    "project_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,

    CONSTRAINT "annotation_tags_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "_AnnotationToAnnotationTag" (
    "A" INTEGER NOT NULL,
    "B" INTEGER NOT NULL,

    CONSTRAINT "_AnnotationToAnnotationTag_AB_pkey" PRIMARY KEY ("A","B")
);

-- CreateTable: what scripts say of events and profiles
CREATE TABLE "lexicon_schemas" (
    "project_id" INTEGER NOT NULL,
    "entity_type" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "schema" JSONB NOT NULL,

    CONSTRAINT "lexicon_schemas_pkey" PRIMARY KEY ("project_id","entity_type","name")
);

-- CreateIndex
CREATE INDEX "annotations_project_id_date_idx" ON "annotations"("project_id", "date");

-- CreateIndex
CREATE UNIQUE INDEX "annotation_tags_project_id_name_key" ON "annotation_tags"("project_id", "name");

-- CreateIndex
CREATE INDEX "_AnnotationToAnnotationTag_B_index" ON "_AnnotationToAnnotationTag"("B");

-- AddForeignKey
ALTER TABLE "annotations" ADD CONSTRAINT "annotations_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "annotation_tags" ADD CONSTRAINT "annotation_tags_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "_AnnotationToAnnotationTag" ADD CONSTRAINT "_AnnotationToAnnotationTag_A_fkey" FOREIGN KEY ("A") REFERENCES "annotations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "_AnnotationToAnnotationTag" ADD CONSTRAINT "_AnnotationToAnnotationTag_B_fkey" FOREIGN KEY ("B") REFERENCES "annotation_tags"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "lexicon_schemas" ADD CONSTRAINT "lexicon_schemas_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects"("id") ON DELETE CASCADE ON UPDATE CASCADE;
