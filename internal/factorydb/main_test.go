package factorydb_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"

	"accountfactory/test/harness"
)

// server is the PostgreSQL of this package's tests, started when the first one wants it.
var server struct {
	once sync.Once
	*harness.Postgres
	err error
}

// postgresURL gives an empty PostgreSQL database.
func postgresURL(t *testing.T) string {
	t.Helper()
	server.once.Do(func() { server.Postgres, server.err = harness.StartPostgres(context.Background()) })
	if errors.Is(server.err, harness.ErrNoPostgres) {
		harness.Missing(t, true, server.err.Error())
	}
	if server.err != nil {
		t.Fatal(server.err)
	}
	url, err := server.Database(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return url
}

func TestMain(m *testing.M) {
	code := m.Run()
	if server.Postgres != nil {
		if err := server.Close(); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}
	os.Exit(code)
}
