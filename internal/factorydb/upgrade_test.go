package factorydb_test

import (
	"database/sql"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/pressly/goose/v3"

	"accountfactory/internal/factory"
)

// TestUpgrade: a database of the first version, with a request that runs and one that waits, goes on as it is: both are
// launches of no priority that may begin at once, and the audit log begins with what happens next.
func TestUpgrade(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "f.db")
	first(t, path)
	db := open(t, place{path: path})
	if n, err := db.Sweep(t.Context(), true); n != 1 || err != nil {
		t.Fatalf("took over %d requests: %v", n, err)
	}
	for id, slot := range map[string]bool{"req-one": true, "req-two": false} {
		r, err := db.Get(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if r.Kind != factory.KindLaunch || r.Slot != slot || r.Light || r.Priority != 0 || !r.NotBefore.IsZero() || r.Ask != nil || !r.AttendAt.IsZero() || r.OU != "Sandbox" {
			t.Errorf("%s: %+v", id, r)
		}
	}
	if q, err := db.Queue(t.Context()); err != nil || q.Mode != factory.ModeOpen || q.Used != 1 || q.Limit != 1 || q.Auto || q.Quota != 5 || q.DailyCap != 0 {
		t.Errorf("queue %+v %v", q, err)
	}
	r, err := db.Update(t.Context(), "req-one", factory.AnyGeneration, func(r *factory.Request) ([]factory.Event, error) {
		r.State, r.Slot = factory.StateSucceeded, false
		return nil, nil
	})
	if err != nil || r.State != factory.StateSucceeded {
		t.Fatalf("end the first: %+v %v", r, err)
	}
	if next, err := db.Get(t.Context(), "req-two"); err != nil || !next.Slot || next.StartedAt.IsZero() {
		t.Errorf("the second: %+v %v", next, err)
	}
	if _, err := db.ClaimHook(t.Context(), r.UpdatedAt, time.Minute); !errors.Is(err, factory.ErrNotFound) {
		t.Errorf("a hook is due: %v", err)
	}
	rows, err := db.Audit(t.Context(), 0, 10)
	if err != nil || len(rows) != 1 || factory.VerifyAudit(0, "", rows) != nil {
		t.Errorf("audit log %+v %v", rows, err)
	}
}

// first makes a database as the first version left it.
func first(t *testing.T, path string) {
	t.Helper()
	h, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	p, err := goose.NewProvider(goose.DialectSQLite3, h, os.DirFS("migrations"), goose.WithDisableGlobalRegistry(true), goose.WithSlog(slog.New(slog.DiscardHandler)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.UpTo(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	const columns = `number, kind, state, step, generation, slot, job_id, due, wait_reason, parameters, progress, account_id, product_id, requester,
		source_identity, role, reason, cancel_requested, error_code, error_message, explanation, events, created_at, updated_at, ended_at, id, email_key`
	const rest = `, 0, '', '{"name":"Team","accountEmail":"x","ou":"Sandbox"}', '{"stepListVersion":1}', '', '', 'ada', '', '', '', 0, '', '', '', 0, 1, 1, 0, `
	for _, stmt := range []string{
		`INSERT INTO limits (id, account_operations, last_number) VALUES (1, 1, 2)`,
		`INSERT INTO requests (` + columns + `) VALUES (1, 'launch', 'running', 'follow', 1, 1, 7` + rest + `'req-one', 'one@example.com')`,
		`INSERT INTO requests (` + columns + `) VALUES (2, 'launch', 'waiting', 'check', 1, 0, 0` + rest + `'req-two', 'two@example.com')`,
	} {
		if _, err := h.ExecContext(t.Context(), stmt); err != nil {
			t.Fatalf("%s: %v", stmt, err)
		}
	}
}
