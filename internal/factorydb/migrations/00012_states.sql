-- +goose Up

-- For counting.
CREATE INDEX requests_state ON requests (state);
