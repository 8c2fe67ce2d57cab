-- +goose Up

-- Which submission a caller's idempotency key stands for.
CREATE TABLE submitted (
    requester  TEXT NOT NULL,
    key        TEXT NOT NULL,
    hash       TEXT NOT NULL, -- of what was submitted
    request_id TEXT NOT NULL REFERENCES requests (id),
    at         BIGINT NOT NULL,
    PRIMARY KEY (requester, key)
);
