-- +goose Up

-- What operators' hooks are to be told, or were. A row is made in the transaction of the change it tells of.
CREATE TABLE hook_runs (
    id         TEXT PRIMARY KEY,
    request_id TEXT NOT NULL REFERENCES requests (id),
    hook       TEXT NOT NULL, -- its name in the configuration
    event      TEXT NOT NULL,
    state      TEXT NOT NULL, -- pending, done, failed
    attempts   INTEGER NOT NULL,
    claimed    INTEGER NOT NULL, -- 1 while somebody runs it, who has it until it is due
    due        BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    ended_at   BIGINT NOT NULL,
    result     TEXT NOT NULL, -- what the last attempt came to
    output     TEXT NOT NULL, -- the end of what it said
    body       TEXT NOT NULL  -- JSON, as it is sent each time
);
CREATE INDEX hook_runs_due ON hook_runs (due) WHERE state = 'pending';
CREATE INDEX hook_runs_request ON hook_runs (request_id, created_at);
