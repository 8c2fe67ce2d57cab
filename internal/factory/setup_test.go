package factory_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"accountfactory/internal/factory"
	"accountfactory/internal/factorydb"
)

// handClock is moved by hand.
type handClock struct {
	mu sync.Mutex
	at time.Time
}

func (c *handClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *handClock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

var (
	ada  = factory.Caller{ARN: "arn:aws:sts::" + management + ":assumed-role/AWSReservedSSO_AWSServiceCatalogEndUserAccess_0123456789abcdef/ada", AccountID: management, Role: "AWSServiceCatalogEndUserAccess"}
	bob  = factory.Caller{ARN: "arn:aws:sts::" + management + ":assumed-role/AWSReservedSSO_AWSServiceCatalogEndUserAccess_0123456789abcdef/bob", AccountID: management}
	boss = factory.Caller{ARN: "arn:aws:iam::" + management + ":user/management", AccountID: management, Operator: true}

	binding = factory.Binding{Kind: "twin", OrganizationID: "o-abcdefghij", ManagementAccount: management, Region: region}
)

// bundle is a factory on a real database and a fake cloud. Nothing runs by itself unless started: tests take the turns.
type bundle struct {
	t     testing.TB
	path  string
	clock *handClock // nil: the wall's time
	cloud *fakeCloud
	db    *factorydb.DB
	wrap  func(factory.Store) factory.Store // put between service and database, when set
	svc   *factory.Service
	set   func(*factory.Config) // changes the service's configuration, when set
}

// emptyDatabase is a database at first start. Hundreds of tests begin with a copy: migrating takes longer than a launch.
var emptyDatabase = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "factory")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "factory.db")
	db, err := factorydb.Open(context.Background(), factorydb.Config{Path: path, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	if err := db.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

func setup(t testing.TB) *bundle {
	t.Helper()
	b := &bundle{
		t: t, path: filepath.Join(t.TempDir(), "factory.db"), cloud: newFakeCloud(),
		clock: &handClock{at: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)},
	}
	b.cloud.clock.Clock = b.clock
	fresh, err := emptyDatabase()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(b.path, fresh, 0o600); err != nil {
		t.Fatal(err)
	}
	b.open()
	t.Cleanup(func() { _ = b.db.Close() })
	return b
}

// open opens the database and makes a service on it, as a process does at its start.
func (b *bundle) open() {
	b.t.Helper()
	cfg := factorydb.Config{Path: b.path, Log: slog.New(slog.DiscardHandler)}
	fcfg := factory.Config{Sessions: b.cloud, Binding: binding, Log: cfg.Log}
	if b.clock != nil {
		cfg.Clock, fcfg.Clock = b.clock, b.clock
	}
	db, err := factorydb.Open(b.t.Context(), cfg)
	if err != nil {
		b.t.Fatal(err)
	}
	fcfg.Store = db
	if b.wrap != nil {
		fcfg.Store = b.wrap(db)
	}
	if b.set != nil {
		b.set(&fcfg)
	}
	b.db, b.svc = db, factory.New(fcfg)
}

// reopen is another process on the same data, after the last one died.
func (b *bundle) reopen() {
	b.t.Helper()
	if err := b.db.Close(); err != nil {
		b.t.Fatal(err)
	}
	b.open()
	if _, err := b.db.Sweep(b.t.Context(), true); err != nil {
		b.t.Fatal(err)
	}
}

func input(n int) factory.Input {
	return factory.Input{Parameters: factory.Parameters{
		Name: fmt.Sprintf("Team %d", n), AccountEmail: fmt.Sprintf("team%d@example.com", n), OU: "Sandbox",
		SSOUserEmail: fmt.Sprintf("lead%d@example.com", n), SSOUserFirstName: "Lea", SSOUserLastName: "Lead",
	}}
}

func (b *bundle) submit(c factory.Caller, in factory.Input) factory.Detail {
	b.t.Helper()
	d, err := b.svc.Submit(b.t.Context(), c, b.cloud, in)
	if err != nil {
		b.t.Fatalf("submit %s: %v", in.AccountEmail, err)
	}
	return d
}

func (b *bundle) get(id string) factory.Detail {
	b.t.Helper()
	d, err := b.svc.Get(b.t.Context(), boss, id)
	if err != nil {
		b.t.Fatal(err)
	}
	return d
}

// turn takes one turn at a request as its present worker would, and moves the clock over the wait.
func (b *bundle) turn(ctx context.Context, id string) (worked bool) {
	r, err := b.db.Get(b.t.Context(), id)
	if err != nil {
		b.t.Fatal(err)
	}
	if !r.Slot {
		return false
	}
	wait, _ := b.svc.Turn(ctx, id, r.Generation)
	if b.clock != nil {
		b.clock.advance(wait + time.Millisecond)
	}
	return true
}

// drive takes turns until the request holds no slot, or has the step or state wanted.
func (b *bundle) drive(id string, until func(factory.Detail) bool) factory.Detail {
	b.t.Helper()
	for range 500 {
		if d := b.get(id); until != nil && until(d) {
			return d
		}
		if !b.turn(b.t.Context(), id) {
			return b.get(id)
		}
	}
	b.t.Fatalf("request does not come to an end: %+v", b.get(id))
	return factory.Detail{}
}

func story(d factory.Detail) string {
	s := ""
	for _, e := range d.Timeline {
		s += fmt.Sprintf("%s %-9s %s", e.At.Format("15:04:05.000"), e.Step, e.Text)
		if e.AWSCode != "" || e.AWSMessage != "" {
			s += " [" + e.AWSCode + ": " + e.AWSMessage + "]"
		}
		s += "\n"
	}
	return s
}

func atStep(step string) func(factory.Detail) bool {
	return func(d factory.Detail) bool { return d.Step == step }
}
