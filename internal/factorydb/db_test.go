package factorydb_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/clock"
	"accountfactory/internal/factory"
	"accountfactory/internal/factorydb"
)

// place is where a test keeps its database: on one engine or the other.
type place struct {
	path, url string
}

// eachEngine runs a test on SQLite and on PostgreSQL.
func eachEngine(t *testing.T, test func(t *testing.T, at place)) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, place{path: filepath.Join(t.TempDir(), "a file?with%odd#name.db")})
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, place{url: postgresURL(t)})
	})
}

func open(t *testing.T, at place) *factorydb.DB {
	t.Helper()
	db, err := factorydb.Open(t.Context(), factorydb.Config{Path: at.path, URL: at.url, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func request(n int) factory.Request {
	at := clock.Wall{}.Now().Truncate(time.Microsecond)
	return factory.Request{
		ID: fmt.Sprintf("req-%012d", n), Kind: factory.KindLaunch, State: factory.StateWaiting, Step: factory.StepCheck,
		Parameters: factory.Parameters{Name: fmt.Sprint("Team ", n), AccountEmail: fmt.Sprintf("Team%d@example.com", n), OU: "Sandbox"},
		Options:    factory.Options{CoolOff: "1h", NewEmail: fmt.Sprintf("new%d@example.com", n), Grant: []factory.Access{{Group: "Developers", PermissionSet: "ReadOnly"}}},
		Requester:  "arn:aws:iam::111122223333:user/ada", Reason: "why not", CreatedAt: at, UpdatedAt: at, Generation: 1,
		Progress: factory.Progress{StepListVer: 1, Tokens: []string{"a"}, Intent: &factory.Intent{Operation: "X", Token: "t", At: at}},
	}
}

func add(t *testing.T, db *factorydb.DB, n int) factory.Request {
	t.Helper()
	r, err := db.Add(t.Context(), request(n), factory.Event{At: request(n).CreatedAt, Step: "check", Text: "asked"})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestRoundTrip reads back what was stored, also in another process.
func TestRoundTrip(t *testing.T) { eachEngine(t, testRoundTrip) }

func testRoundTrip(t *testing.T, at place) {
	db := open(t, at)
	add(t, db, 1)
	add(t, db, 2) // waits: the slot is the first one's
	asked := &factory.Ask{For: factory.AskCode, Who: "ann", What: "read", Options: []factory.Option{{Choice: "resend"}}, Since: request(2).CreatedAt}
	stored, err := db.Update(t.Context(), request(2).ID, factory.AnyGeneration, func(r *factory.Request) ([]factory.Event, error) {
		r.Ask, r.AttendAt = asked, asked.Since
		return nil, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	want := request(2)
	want.Ask, want.AttendAt = asked, asked.Since
	want.Number, want.CreatedAt, want.UpdatedAt, want.Progress.Intent.At = 2, stored.CreatedAt, stored.UpdatedAt, stored.Progress.Intent.At
	if diff := cmp.Diff(want, stored); diff != "" {
		t.Errorf("as added: %s", diff)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	db = open(t, at)
	got, err := db.Get(t.Context(), stored.ID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("after reopening: %s", diff)
	}
	for at, n := range map[time.Time]int{want.AttendAt: 1, want.AttendAt.Add(-time.Second): 0} {
		if due, err := db.Attend(t.Context(), at); err != nil || len(due) != n {
			t.Errorf("due at %s: %d, want %d (%v)", at, len(due), n, err)
		}
	}
	events, err := db.Timeline(t.Context(), stored.ID)
	if err != nil || len(events) != 1 || events[0].Text != "asked" {
		t.Errorf("timeline %v %v", events, err)
	}
	if _, err := db.Get(t.Context(), "req-none"); !errors.Is(err, factory.ErrNotFound) {
		t.Errorf("Get of none: %v", err)
	}
}

// TestAdd_OneOpenPerEmail: the database itself refuses a second open request, whatever the case of the e-mail.
func TestAdd_OneOpenPerEmail(t *testing.T) { eachEngine(t, testAdd_OneOpenPerEmail) }

func testAdd_OneOpenPerEmail(t *testing.T, at place) {
	db := open(t, at)
	first := add(t, db, 1)
	second := request(2)
	second.AccountEmail = "TEAM1@EXAMPLE.COM"
	var dup *factory.DuplicateError
	if _, err := db.Add(t.Context(), second, factory.Event{}); !errors.As(err, &dup) || dup.RequestID != first.ID {
		t.Errorf("Add gave %v, want DuplicateError naming %s", err, first.ID)
	}
	var wg sync.WaitGroup
	var won atomic.Int32
	for i := range 8 {
		wg.Go(func() {
			r := request(100 + i)
			r.AccountEmail = "same@example.com"
			if _, err := db.Add(t.Context(), r, factory.Event{}); err == nil {
				won.Add(1)
			} else if !errors.As(err, new(*factory.DuplicateError)) {
				t.Errorf("Add: %v", err)
			}
		})
	}
	wg.Wait()
	if won.Load() != 1 {
		t.Errorf("%d of 8 at once were stored, want 1", won.Load())
	}
}

// TestUpdate_Atomic: a change that fails, and one of a generation that is over, leave nothing behind.
func TestUpdate_Atomic(t *testing.T) { eachEngine(t, testUpdate_Atomic) }

func testUpdate_Atomic(t *testing.T, at place) {
	db := open(t, at)
	r := add(t, db, 1)
	boom := errors.New("boom")
	_, err := db.Update(t.Context(), r.ID, r.Generation, func(r *factory.Request) ([]factory.Event, error) {
		r.State = factory.StateFailed
		return []factory.Event{{Text: "never"}}, boom
	})
	if !errors.Is(err, boom) {
		t.Errorf("Update gave %v", err)
	}
	_, err = db.Update(t.Context(), r.ID, r.Generation-1, func(*factory.Request) ([]factory.Event, error) {
		t.Error("the change of an old generation ran")
		return nil, nil
	})
	if !errors.Is(err, factory.ErrStale) {
		t.Errorf("Update gave %v, want ErrStale", err)
	}
	got, err := db.Get(t.Context(), r.ID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(r, got); diff != "" {
		t.Error(diff)
	}
	if _, err := db.Update(t.Context(), "req-none", 1, nil); !errors.Is(err, factory.ErrNotFound) {
		t.Errorf("Update of none: %v", err)
	}
}

// TestDispatch_Order: a freed slot goes to the oldest that waits, in the transaction that frees it.
func TestDispatch_Order(t *testing.T) { eachEngine(t, testDispatch_Order) }

func testDispatch_Order(t *testing.T, at place) {
	db := open(t, at)
	var told []string
	db.Listen(func(ids []string, _ bool) { told = append(told, ids...) })
	rs := []factory.Request{add(t, db, 1), add(t, db, 2), add(t, db, 3)}
	if !rs[0].Slot || rs[1].Slot || rs[2].Slot {
		t.Fatalf("slots after adding: %v %v %v", rs[0].Slot, rs[1].Slot, rs[2].Slot)
	}
	told = nil
	if _, err := db.Update(t.Context(), rs[0].ID, rs[0].Generation, func(r *factory.Request) ([]factory.Event, error) {
		r.State, r.Slot = factory.StateSucceeded, false
		return nil, nil
	}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{rs[0].ID, rs[1].ID}, told); diff != "" {
		t.Errorf("told of: %s", diff)
	}
	if got, _ := db.Get(t.Context(), rs[1].ID); !got.Slot || got.JobID == 0 {
		t.Errorf("the second: %+v", got)
	}
	if got, _ := db.Get(t.Context(), rs[2].ID); got.Slot {
		t.Errorf("the third has a slot too")
	}
	if n, err := db.Position(t.Context(), rs[2]); n != 1 || err != nil {
		t.Errorf("position %d %v", n, err)
	}
}

// TestWorkers: a turn is taken for each slot, again after its wait, until there is no more; and after a restart.
func TestWorkers(t *testing.T) { eachEngine(t, testWorkers) }

func testWorkers(t *testing.T, at place) {
	db := open(t, at)
	r := add(t, db, 1)
	turns := make(chan int64, 100)
	count := 0
	if err := db.Start(t.Context(), func(_ context.Context, id string, generation int64) (time.Duration, bool) {
		if id == r.ID {
			turns <- generation
		}
		count++
		return time.Millisecond, count < 3
	}); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if g := <-turns; g != r.Generation {
			t.Errorf("turn of generation %d, want %d", g, r.Generation)
		}
	}
	if err := db.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	db = open(t, at)
	if n, err := db.Sweep(t.Context(), true); n != 1 || err != nil {
		t.Fatalf("Sweep gave %d %v", n, err)
	}
	if err := db.Start(t.Context(), func(_ context.Context, _ string, generation int64) (time.Duration, bool) {
		turns <- generation
		return 0, false
	}); err != nil {
		t.Fatal(err)
	}
	if g := <-turns; g != r.Generation+1 {
		t.Errorf("after a restart a turn of generation %d, want %d", g, r.Generation+1)
	}
	if err := db.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// TestStop_InAWait: stopping does not sit out a wait inside a job.
func TestStop_InAWait(t *testing.T) { eachEngine(t, testStop_InAWait) }

func testStop_InAWait(t *testing.T, at place) {
	db := open(t, at)
	add(t, db, 1)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	const tries = 5 // a busy machine may need that long by itself, a stop that sits the wait out always does
	for range tries {
		if stopInAWait(t, open(t, at)) {
			return
		}
	}
	t.Errorf("no stop of %d came before the wait's end", tries)
}

// stopInAWait stops the workers while a job waits, and tells whether it stopped before the wait's end.
func stopInAWait(t *testing.T, db *factorydb.DB) bool {
	t.Helper()
	const wait = 1900 * time.Millisecond
	began := make(chan time.Time, 100)
	if err := db.Start(t.Context(), func(context.Context, string, int64) (time.Duration, bool) {
		began <- clock.Wall{}.Now()
		return wait, true
	}); err != nil {
		t.Fatal(err)
	}
	end := (<-began).Add(wait)
	if err := errors.Join(db.Stop(t.Context()), db.Close()); err != nil {
		t.Fatal(err)
	}
	return clock.Wall{}.Now().Before(end)
}

// TestDurable: what a method acknowledged is in the file although nobody closed it.
func TestDurable(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "f.db")
	db := open(t, place{path: path})
	r := add(t, db, 1)
	other, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	var state, sync string
	if err := other.QueryRowContext(t.Context(), `SELECT state FROM requests WHERE id = ?`, r.ID).Scan(&state); err != nil || state != "waiting" {
		t.Errorf("another process sees %q %v", state, err)
	}
	if err := other.QueryRowContext(t.Context(), `PRAGMA journal_mode`).Scan(&sync); err != nil || sync != "wal" {
		t.Errorf("journal mode %q %v", sync, err)
	}
}

// TestList filters by who asked and pages by number.
func TestList(t *testing.T) { eachEngine(t, testList) }

func testList(t *testing.T, at place) {
	db := open(t, at)
	for i := range 5 {
		r := request(i)
		if i%2 == 1 {
			r.Requester, r.SourceIdentity = "arn:aws:iam::111122223333:user/bob", "bob@example.com"
		}
		if _, err := db.Add(t.Context(), r, factory.Event{}); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		name string
		f    factory.Filter
		want []int64
	}{
		{"all", factory.Filter{}, []int64{1, 2, 3, 4, 5}},
		{"ada's", factory.Filter{Requester: "arn:aws:iam::111122223333:user/ada"}, []int64{1, 3, 5}},
		{"by source identity", factory.Filter{Requester: "arn:other", SourceIdentity: "bob@example.com"}, []int64{2, 4}},
		{"nobody's identity is nobody's", factory.Filter{Requester: "arn:other"}, nil},
		{"a page", factory.Filter{After: 2, Limit: 2}, []int64{3, 4}},
		{"open", factory.Filter{Open: true, Limit: 1}, []int64{1}},
	} {
		rs, err := db.List(t.Context(), tt.f)
		if err != nil {
			t.Fatal(err)
		}
		var got []int64
		for _, r := range rs {
			got = append(got, r.Number)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
}
