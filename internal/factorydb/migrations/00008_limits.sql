-- +goose Up

-- A limit that follows what others leave of AWS's quota, and how many new accounts are begun in a day (UTC); 0 is no cap.
ALTER TABLE limits ADD COLUMN auto INTEGER NOT NULL DEFAULT 0;
ALTER TABLE limits ADD COLUMN quota INTEGER NOT NULL DEFAULT 5;
ALTER TABLE limits ADD COLUMN daily_cap INTEGER NOT NULL DEFAULT 0;

CREATE INDEX requests_begun ON requests (started_at) WHERE kind = 'launch' AND started_at > 0;
