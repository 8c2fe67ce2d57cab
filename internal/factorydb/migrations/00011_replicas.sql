-- +goose Up

-- The processes that share this database, by the database's own clock. One not seen for some seconds is taken for dead.
CREATE TABLE replicas (
    id      TEXT PRIMARY KEY,
    seen_at BIGINT NOT NULL
);
