package factorydb_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/clock"
	"accountfactory/internal/factory"
	"accountfactory/internal/factorydb"
)

// dumped is a dump as it was given.
type dumped struct {
	tables  []string
	columns map[string][]string
	rows    map[string][][]any
}

func dump(t *testing.T, db *factorydb.DB) dumped {
	t.Helper()
	d := dumped{columns: map[string][]string{}, rows: map[string][][]any{}}
	err := db.Dump(t.Context(), factorydb.Dumped{
		Table: func(name string, columns []string) error {
			d.tables, d.columns[name] = append(d.tables, name), columns
			return nil
		},
		Row: func(row []any) error {
			name := d.tables[len(d.tables)-1]
			d.rows[name] = append(d.rows[name], row)
			return nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func (d dumped) give(to factorydb.Dumped) error {
	for _, name := range d.tables {
		err := to.Table(name, d.columns[name])
		for _, row := range d.rows[name] {
			err = errors.Join(err, to.Row(row))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (at place) config() factorydb.Config {
	return factorydb.Config{Path: at.path, URL: at.url, Log: slog.New(slog.DiscardHandler)}
}

var bound = factory.Binding{Kind: "twin", OrganizationID: "o-abcdefghij", ManagementAccount: "111122223333", Region: "eu-west-1"}

// busy fills a database: one request works, one waits, one waits for a person, a hook is due, somebody is signed in.
func busy(t *testing.T, db *factorydb.DB) {
	t.Helper()
	if err := db.Bind(t.Context(), bound); err != nil {
		t.Fatal(err)
	}
	for n := 1; n <= 3; n++ {
		add(t, db, n)
	}
	now := clock.Wall{}.Now().Truncate(time.Microsecond)
	_, err := db.Update(t.Context(), request(3).ID, factory.AnyGeneration, func(r *factory.Request) ([]factory.Event, error) {
		r.State, r.Ask, r.AttendAt = factory.StateWaitingForPerson, &factory.Ask{Who: "ann"}, now
		r.Hooks = []factory.HookRun{{ID: "hook-one", RequestID: r.ID, Hook: "notify", Event: factory.HookWaiting, State: factory.HookPending, Due: now, CreatedAt: now, Body: []byte(`{}`)}}
		return nil, nil
	})
	if err := errors.Join(err, db.AddSession(t.Context(), "hash", []byte("of somebody"), now.Add(time.Hour)), db.Keep(t.Context(), "client", []byte("kept"))); err != nil {
		t.Fatal(err)
	}
}

// TestLoad: from each database into each, all is there but who was signed in and River's jobs; nothing moves until the queue is
// resumed, and then what worked goes on with a worker of a new generation.
func TestLoad(t *testing.T) {
	eachEngine(t, func(t *testing.T, from place) {
		for name, to := range map[string]func(*testing.T) place{
			"to sqlite":   func(t *testing.T) place { return place{path: filepath.Join(t.TempDir(), "restored.db")} },
			"to postgres": func(t *testing.T) place { return place{url: postgresURL(t)} },
		} {
			t.Run(name, func(t *testing.T) { testLoad(t, from, to(t)) })
			from = fresh(t, from)
		}
	})
}

// fresh gives another empty place of the same kind.
func fresh(t *testing.T, at place) place {
	if at.url != "" {
		return place{url: postgresURL(t)}
	}
	return place{path: filepath.Join(t.TempDir(), "another.db")}
}

func testLoad(t *testing.T, from, to place) {
	source := open(t, from)
	busy(t, source)
	d := dump(t, source)
	if len(d.rows["sessions"])+len(d.rows["river_job"])+len(d.rows["replicas"]) > 0 || len(d.rows["requests"]) != 3 || len(d.rows["kept"]) != 1 || d.tables[0] != "requests" {
		t.Fatalf("dumped %v", d.tables)
	}
	if err := factorydb.Load(t.Context(), to.config(), "local:ann", d.give); err != nil {
		t.Fatal(err)
	}
	var notEmpty *factorydb.NotEmptyError
	if err := factorydb.Load(t.Context(), to.config(), "local:ann", d.give); !errors.As(err, &notEmpty) || notEmpty.Binding != bound {
		t.Errorf("loaded again: %v", err)
	}
	db := open(t, to)
	heldStill(t, db)
	wantSame(t, source, db)
	if err := db.ChangeQueue(t.Context(), factory.QueueChange{Mode: new(factory.ModeOpen)}, "ann"); err != nil {
		t.Fatal(err)
	}
	r, err := db.Get(t.Context(), request(1).ID)
	if err != nil || !r.Slot || r.Generation != 2 || r.JobID == 0 {
		t.Errorf("after resume: %+v, %v", r, err)
	}
	if h, err := db.ClaimHook(t.Context(), clock.Wall{}.Now(), time.Minute); err != nil || h.ID != "hook-one" {
		t.Errorf("the hook: %+v, %v", h, err)
	}
	if due, err := db.Attend(t.Context(), clock.Wall{}.Now()); err != nil || len(due) != 1 {
		t.Errorf("waits for a person: %v, %v", due, err)
	}
	if next := add(t, db, 4); next.Number != 4 {
		t.Errorf("the next request has number %d", next.Number)
	}
	rows, err := db.Audit(t.Context(), 0, 1000)
	if err == nil {
		err = factory.VerifyAudit(0, "", rows)
	}
	if err != nil {
		t.Error(err)
	}
}

// heldStill looks whether anything moves in a database that is held.
func heldStill(t *testing.T, db *factorydb.DB) {
	t.Helper()
	q, err := db.Queue(t.Context())
	if err != nil || q.Mode != factory.ModePaused || q.ModeBy != factorydb.AuditRestore || q.Used != 1 {
		t.Errorf("queue %+v, %v", q, err)
	}
	for _, all := range []bool{true, false} {
		if n, err := db.Sweep(t.Context(), all); n != 0 || err != nil {
			t.Errorf("%d requests were taken over: %v", n, err)
		}
	}
	if _, err := db.ClaimHook(t.Context(), clock.Wall{}.Now(), time.Minute); !errors.Is(err, factory.ErrNotFound) {
		t.Errorf("a hook is due: %v", err)
	}
	if due, err := db.Attend(t.Context(), clock.Wall{}.Now()); err != nil || len(due) > 0 {
		t.Errorf("somebody is attended: %v, %v", due, err)
	}
	if sealed, err := db.Session(t.Context(), "hash"); sealed != nil || err != nil {
		t.Errorf("somebody is signed in: %q, %v", sealed, err)
	}
	if kept, err := db.Kept(t.Context(), "client"); string(kept) != "kept" || err != nil {
		t.Errorf("kept is %q, %v", kept, err)
	}
	rows, err := db.Audit(t.Context(), 0, 1000)
	if err != nil || len(rows) == 0 || rows[len(rows)-1].Action != factorydb.AuditRestore || rows[len(rows)-1].Actor != "local:ann" {
		t.Errorf("audit log %+v, %v", rows, err)
	}
}

// wantSame compares requests and timelines.
func wantSame(t *testing.T, a, b *factorydb.DB) {
	t.Helper()
	var seen [2][]factory.Request
	var lines [2][]factory.Event
	for i, db := range []*factorydb.DB{a, b} {
		all, err := db.List(t.Context(), factory.Filter{})
		if err != nil {
			t.Fatal(err)
		}
		for j := range all {
			all[j].JobID = 0
			tl, err := db.Timeline(t.Context(), all[j].ID)
			if err != nil {
				t.Fatal(err)
			}
			lines[i] = append(lines[i], tl...)
		}
		seen[i] = all
	}
	if diff := cmp.Diff(seen[0], seen[1]) + cmp.Diff(lines[0], lines[1]); diff != "" {
		t.Error(diff)
	}
}

// TestLoad_AllOrNothing: a load that does not come to its end leaves an empty database that can be loaded.
func TestLoad_AllOrNothing(t *testing.T) {
	eachEngine(t, func(t *testing.T, to place) {
		source := open(t, fresh(t, place{}))
		busy(t, source)
		d, broken := dump(t, source), errors.New("cut off")
		err := factorydb.Load(t.Context(), to.config(), "ann", func(load factorydb.Dumped) error { return errors.Join(d.give(load), broken) })
		if !errors.Is(err, broken) {
			t.Fatalf("%v", err)
		}
		if in, err := factorydb.Inspect(t.Context(), to.path, to.url, false); err != nil || in.Binding != (factory.Binding{}) {
			t.Errorf("something is left: %+v, %v", in, err)
		}
		if err := factorydb.Load(t.Context(), to.config(), "ann", d.give); err != nil {
			t.Error(err)
		}
	})
}

// TestDump_OneMoment: what is written while a dump is given is in it whole or not at all.
func TestDump_OneMoment(t *testing.T) {
	eachEngine(t, func(t *testing.T, at place) {
		db := open(t, at)
		busy(t, db)
		rows, wrote := map[string]int{}, make(chan error, 1)
		table := ""
		err := db.Dump(t.Context(), factorydb.Dumped{
			Table: func(name string, _ []string) error {
				if table == "" {
					go func() {
						_, err := db.Add(context.WithoutCancel(t.Context()), request(9), factory.Event{Text: "late"})
						wrote <- err
					}()
					if err := <-wrote; err != nil {
						return fmt.Errorf("write during the dump: %w", err)
					}
				}
				table = name
				return nil
			},
			Row: func([]any) error { rows[table]++; return nil },
		})
		if err != nil || rows["requests"] != 3 || rows["audit"] != 4 {
			t.Errorf("dumped %v, %v", rows, err)
		}
	})
}
