-- +goose Up

-- What people and the factory changed, each row chained to the one before by its hash. Rows are only ever added.
CREATE TABLE audit (
    number     BIGINT PRIMARY KEY, -- without gaps
    at         BIGINT NOT NULL,
    actor      TEXT NOT NULL,
    action     TEXT NOT NULL,
    request_id TEXT NOT NULL, -- empty for changes of the queue
    reason     TEXT NOT NULL,
    before     TEXT NOT NULL, -- JSON
    after      TEXT NOT NULL, -- JSON
    previous   TEXT NOT NULL, -- hash of the row before
    hash       TEXT NOT NULL
);

-- The newest row's, in the row that is locked anyway.
ALTER TABLE limits ADD COLUMN audit_number BIGINT NOT NULL DEFAULT 0;
ALTER TABLE limits ADD COLUMN audit_hash TEXT NOT NULL DEFAULT '';
