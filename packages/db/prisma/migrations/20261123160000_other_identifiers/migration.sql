-- CreateIndex: a search of users looks through the identifiers that are nobody's canonical id, without reading the table.
CREATE INDEX "identifiers_others_idx" ON "identifiers"("project", "identifier", "canonical") WHERE "identifier" <> "canonical";
