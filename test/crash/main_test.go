package crash

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"accountfactory/test/harness"
)

// The program, and a data folder after its first start, for all tests to copy. Set once, before any test runs.
var binary, seeded string

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "accountfactory-crash-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(dir) }() // best effort at the very end
	if binary, err = harness.Build(); err == nil {
		seeded = filepath.Join(dir, "seeded")
		err = seed(context.Background())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return harness.Main(m)
}

// seed lets the twin make its organization, and the factory nothing yet: its role is made by the first serve.
func seed(ctx context.Context) error {
	p, err := harness.Start(ctx, os.Stderr, binary, seeded, "twin", "--speed", "instant")
	if err != nil {
		return err
	}
	return p.Stop()
}
