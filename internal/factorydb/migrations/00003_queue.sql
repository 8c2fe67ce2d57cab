-- +goose Up

-- Whether waiting requests are started, and new ones taken: open, paused, draining.
ALTER TABLE limits ADD COLUMN mode TEXT NOT NULL DEFAULT 'open';
ALTER TABLE limits ADD COLUMN mode_by TEXT NOT NULL DEFAULT '';
ALTER TABLE limits ADD COLUMN mode_at BIGINT NOT NULL DEFAULT 0;

ALTER TABLE requests ADD COLUMN started_at BIGINT NOT NULL DEFAULT 0; -- when it first got a worker
ALTER TABLE events ADD COLUMN alarm INTEGER NOT NULL DEFAULT 0;       -- 1: somebody should look

CREATE INDEX requests_measured ON requests (ended_at) WHERE state = 'succeeded' AND light = 0 AND started_at > 0;
