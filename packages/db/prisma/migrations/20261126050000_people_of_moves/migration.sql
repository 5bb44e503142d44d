-- What was said of a user when he was read for the first time: whoever goes on with his move sends the same.
ALTER TABLE "user_moves" ADD COLUMN "people" BYTEA;
