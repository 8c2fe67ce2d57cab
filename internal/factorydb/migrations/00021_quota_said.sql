-- +goose Up

-- 1: an operator said the quota; 0: it is the usual one, and what AWS says goes before it.
ALTER TABLE limits ADD COLUMN quota_said INTEGER NOT NULL DEFAULT 0;
