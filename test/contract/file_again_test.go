package contract

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/factory"
)

// TestFileAgain: a launch file that is sent again under its key asks for what is not there yet, and for nothing twice.
func TestFileAgain(t *testing.T) {
	t.Parallel()
	f := setup(t)
	read := func(in factory.Input) string {
		text, err := os.ReadFile(f.file(in))
		f.must(err)
		return string(text)
	}
	path := f.file(good("one"))
	send := func() (ids []string) {
		t.Helper()
		var all []factory.Detail
		f.must(json.Unmarshal([]byte(f.done("launch", "-f", path, "--idempotency-key", "wave-1", "-o", "json").out), &all))
		for _, d := range all {
			ids = append(ids, d.ID)
		}
		return ids
	}
	first := send()
	f.must(os.WriteFile(path, []byte(read(good("one"))+read(good("two"))), 0o600))
	both := send()
	if len(first) != 1 || len(both) != 2 || both[0] != first[0] {
		t.Fatalf("asked for %v, then for %v: want the first again and one more", first, both)
	}
	if diff := cmp.Diff(both, send()); diff != "" {
		t.Errorf("sent once more (-before +again):\n%s", diff)
	}
	f.refuses("none was submitted", "launch", "-f", path)
	f.refuses("printable ASCII", "launch", "-f", path, "--idempotency-key", "wave 1")
	f.must(os.WriteFile(path, []byte(read(good("three"))+read(func() factory.Input { in := good("one"); in.OU = "Security"; return in }())), 0o600))
	f.refuses(first[0], "launch", "-f", path, "--idempotency-key", "wave-1")
	all, err := f.api.Requests(f.ctx)
	f.must(err)
	if len(all) != 2 {
		t.Errorf("%d requests, want 2", len(all))
	}
}
