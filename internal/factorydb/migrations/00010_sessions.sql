-- +goose Up

-- People who are signed in to the console, by the hash of their session's id. What is sealed only the server's key opens.
CREATE TABLE sessions (
    hash    TEXT PRIMARY KEY,
    sealed  TEXT NOT NULL, -- base64
    expires BIGINT NOT NULL
);
CREATE INDEX sessions_expires ON sessions (expires);

-- Single things that the console keeps, sealed as well.
CREATE TABLE kept (
    name   TEXT PRIMARY KEY,
    sealed TEXT NOT NULL
);

-- Who comes back to a stream of events asks for what changed since.
CREATE INDEX requests_updated ON requests (updated_at);
