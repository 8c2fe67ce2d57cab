-- +goose Up

-- 1 in a database that was restored from a backup, until a person resumes the queue: nothing is worked at, told or asked for meanwhile.
ALTER TABLE limits ADD COLUMN held INTEGER NOT NULL DEFAULT 0;
