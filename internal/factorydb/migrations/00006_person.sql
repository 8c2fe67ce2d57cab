-- +goose Up

-- What a request asks a person for, when it is next worth looking at, and the e-mail its account is to get.
ALTER TABLE requests ADD COLUMN ask TEXT NOT NULL DEFAULT '';          -- JSON; empty while nobody is asked
ALTER TABLE requests ADD COLUMN attend_at BIGINT NOT NULL DEFAULT 0;   -- a reminder, the expiry, or a look at the cloud
ALTER TABLE requests ADD COLUMN new_email_key TEXT NOT NULL DEFAULT '';

DROP INDEX requests_open_email;
CREATE UNIQUE INDEX requests_open_email ON requests (email_key) WHERE state IN ('waiting', 'running', 'needs-decision', 'waiting-for-person');
CREATE INDEX requests_new_email ON requests (new_email_key) WHERE new_email_key <> '';
CREATE INDEX requests_attend ON requests (attend_at) WHERE attend_at > 0;
CREATE INDEX requests_account ON requests (account_id, number) WHERE account_id <> '';
