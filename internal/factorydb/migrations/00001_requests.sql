-- +goose Up

-- The cloud this database belongs to; at most one row.
CREATE TABLE bindings (
    id                 INTEGER PRIMARY KEY CHECK (id = 1),
    kind               TEXT NOT NULL,
    organization_id    TEXT NOT NULL,
    management_account TEXT NOT NULL,
    region             TEXT NOT NULL,
    bound_at           BIGINT NOT NULL -- microseconds since 1970, as all times here
);

-- The one row everybody who starts, ends or counts requests locks first.
CREATE TABLE limits (
    id                 INTEGER PRIMARY KEY CHECK (id = 1),
    account_operations INTEGER NOT NULL, -- at once
    last_number        BIGINT NOT NULL   -- of the newest request
);

CREATE TABLE requests (
    id               TEXT PRIMARY KEY,
    number           BIGINT NOT NULL UNIQUE, -- order of arrival
    kind             TEXT NOT NULL,
    state            TEXT NOT NULL,
    step             TEXT NOT NULL,
    generation       BIGINT NOT NULL,
    slot             INTEGER NOT NULL, -- 1 while it occupies an account operation
    job_id           BIGINT NOT NULL,  -- River's job of the present generation
    due              BIGINT NOT NULL,
    wait_reason      TEXT NOT NULL,
    email_key        TEXT NOT NULL, -- the account's e-mail, as compared
    parameters       TEXT NOT NULL, -- JSON
    progress         TEXT NOT NULL, -- JSON
    account_id       TEXT NOT NULL,
    product_id       TEXT NOT NULL,
    requester        TEXT NOT NULL,
    source_identity  TEXT NOT NULL,
    role             TEXT NOT NULL,
    reason           TEXT NOT NULL,
    cancel_requested INTEGER NOT NULL,
    error_code       TEXT NOT NULL,
    error_message    TEXT NOT NULL,
    explanation      TEXT NOT NULL,
    events           INTEGER NOT NULL, -- rows in its timeline
    created_at       BIGINT NOT NULL,
    updated_at       BIGINT NOT NULL,
    ended_at         BIGINT NOT NULL
);

-- One open request per account e-mail.
CREATE UNIQUE INDEX requests_open_email ON requests (email_key) WHERE state IN ('waiting', 'running', 'needs-decision');
CREATE INDEX requests_email ON requests (email_key);
CREATE INDEX requests_waiting ON requests (number) WHERE state = 'waiting' AND slot = 0;
CREATE INDEX requests_slot ON requests (number) WHERE slot = 1;
CREATE INDEX requests_requester ON requests (requester, number);

CREATE TABLE events (
    request_id  TEXT NOT NULL REFERENCES requests (id),
    number      INTEGER NOT NULL,
    at          BIGINT NOT NULL,
    step        TEXT NOT NULL,
    text        TEXT NOT NULL,
    aws_code    TEXT NOT NULL,
    aws_message TEXT NOT NULL,
    PRIMARY KEY (request_id, number)
);
