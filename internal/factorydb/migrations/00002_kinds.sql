-- +goose Up

-- Requests of all kinds: who goes first, not before when, and whether one occupies an account operation at all.
ALTER TABLE requests ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;
ALTER TABLE requests ADD COLUMN not_before BIGINT NOT NULL DEFAULT 0;
ALTER TABLE requests ADD COLUMN light INTEGER NOT NULL DEFAULT 0; -- 1: it has a worker without an account operation

DROP INDEX requests_waiting;
CREATE INDEX requests_waiting ON requests (priority DESC, number) WHERE state = 'waiting' AND slot = 0;
CREATE INDEX requests_kind_ended ON requests (kind, ended_at);
