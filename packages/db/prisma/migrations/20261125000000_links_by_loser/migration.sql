-- CreateIndex: how an identifier came to the user it is counted as is looked up from link to link
CREATE INDEX "identity_links_project_loser_idx" ON "identity_links"("project", "loser");
