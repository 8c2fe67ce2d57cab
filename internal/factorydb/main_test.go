package factorydb_test

import (
	"fmt"
	"os"
	"testing"

	"accountfactory/test/harness"
)

// server is the PostgreSQL of this package's tests, started when the first one wants it.
var server harness.SharedPostgres

// postgresURL gives an empty PostgreSQL database.
func postgresURL(t *testing.T) string {
	t.Helper()
	_, url := server.Database(t)
	return url
}

func TestMain(m *testing.M) {
	code := m.Run()
	if err := server.Close(); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(code)
}
