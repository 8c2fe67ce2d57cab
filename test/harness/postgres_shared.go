package harness

import (
	"context"
	"errors"
	"sync"
	"testing"
)

// SharedPostgres is one PostgreSQL for all tests of a package, started when the first one wants it. Its zero value is ready; close
// it when all have run.
type SharedPostgres struct {
	once   sync.Once
	server *Postgres
	err    error
}

// Database gives the server and an empty database of it. It ends the test where there is no PostgreSQL.
func (s *SharedPostgres) Database(t testing.TB) (server *Postgres, url string) {
	t.Helper()
	s.once.Do(func() { s.server, s.err = StartPostgres(context.Background()) })
	if errors.Is(s.err, ErrNoPostgres) {
		Missing(t, true, s.err.Error())
	}
	if s.err != nil {
		t.Fatal(s.err)
	}
	url, err := s.server.Database(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return s.server, url
}

// Close stops the server, if one was started.
func (s *SharedPostgres) Close() error {
	if s.server == nil {
		return nil
	}
	return s.server.Close()
}
