package factory

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"accountfactory/internal/clock"
)

// Config is what a Service needs. Store, Sessions, Binding and Log must be set.
type Config struct {
	Store    Store
	Sessions Sessions
	Binding  Binding     // the cloud that is reached; the store is bound to it at first start
	Clock    clock.Clock // wall time; nil means clock.Wall
	Log      *slog.Logger
	Pace            // the zero Pace means TwinPace
	Region   string // home Region; empty means the binding's
	// Provisioner is how new requests make and change accounts. Default ByServiceCatalog.
	Provisioner Provisioner
	// ProvisionerForce lets ByOrganizations work in an organization that has a landing zone, past Control Tower.
	ProvisionerForce bool
	// TurnTimeout bounds one turn's calls to the cloud. Default 10 s; River's job timeout must be longer.
	TurnTimeout time.Duration
	// SweepEvery is how often requests without a worker are looked for. Default 30 s.
	SweepEvery time.Duration
	// ExternalIdentity says that SSO users come from an identity provider or Active Directory: they are looked for, not made.
	ExternalIdentity bool
	Person           PersonTimes   // how long people have for their part
	AccountQuota     int           // how many accounts the organization may have; 0: what Service Quotas says
	AllowedOUs       []string      // organizational units that requesters may choose, by path, name or id; empty means all
	Hooks            []Hook        // told when a request ends or waits for a person
	Accounts         AccountAccess // for hooks' commands; nil gives them no credentials
	// AttendEvery is how often requests that wait for a person are looked after. Default 1 s.
	AttendEvery time.Duration
}

// Service is the factory: the API, the CLI and the console talk to it.
type Service struct {
	cfg        Config
	store      Store
	sessions   Sessions
	clock      clock.Clock
	log        *slog.Logger
	lands      landscapes
	surveying  sync.WaitGroup
	admins     adminSets
	followers  followers
	operations operationsAllowed
	hooks      *http.Client

	stopSweep context.CancelFunc
	sweeping  sync.WaitGroup
}

// New makes a Service. It reads and writes nothing yet.
func New(cfg Config) *Service {
	if cfg.Clock == nil {
		cfg.Clock = clock.Wall{}
	}
	if cfg.Pace == (Pace{}) {
		cfg.Pace = TwinPace()
	}
	if cfg.Region == "" {
		cfg.Region = cfg.Binding.Region
	}
	if cfg.Provisioner == "" {
		cfg.Provisioner = ByServiceCatalog
	}
	if cfg.TurnTimeout == 0 {
		cfg.TurnTimeout = 10 * time.Second
	}
	if cfg.SweepEvery == 0 {
		cfg.SweepEvery = 30 * time.Second
	}
	if cfg.AttendEvery == 0 {
		cfg.AttendEvery = time.Second
	}
	cfg.Person = cfg.Person.withDefaults()
	s := &Service{cfg: cfg, store: cfg.Store, sessions: cfg.Sessions, clock: microClock{cfg.Clock}, log: cfg.Log, hooks: hookClient()}
	s.store.Listen(s.followers.changed)
	return s
}

// Start binds the store to the cloud, takes over what an earlier process left, and lets workers take turns until Stop.
// Returns BindingError when the store belongs to another cloud.
func (s *Service) Start(ctx context.Context) error {
	if err := s.store.Bind(ctx, s.cfg.Binding); err != nil {
		return err
	}
	n, err := s.store.Sweep(ctx, true)
	if err != nil {
		return fmt.Errorf("take over open requests: %w", err)
	}
	if n > 0 {
		s.log.InfoContext(ctx, "took over open requests", "requests", n)
	}
	if err := s.store.Start(ctx, s.Turn); err != nil {
		return fmt.Errorf("start workers: %w", err)
	}
	sweepCtx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	s.stopSweep = cancel
	s.sweeping.Go(func() { s.every(sweepCtx, s.cfg.SweepEvery, "sweep", s.sweep) })
	s.sweeping.Go(func() { s.every(sweepCtx, s.cfg.AttendEvery, "attend to requests that wait for a person", s.Attend) })
	s.sweeping.Go(func() { s.every(sweepCtx, s.cfg.Pace.Measure, "measure what others leave of the quota", s.Measure) })
	for range hookWorkers {
		s.sweeping.Go(func() { s.hookLoop(sweepCtx) })
	}
	return nil
}

// Stop lets the turns under way end and returns when no worker runs any more. What is open goes on at the next Start.
func (s *Service) Stop(ctx context.Context) error {
	if s.stopSweep != nil {
		s.stopSweep()
		s.sweeping.Wait()
	}
	err := s.store.Stop(ctx)
	s.lands.close()
	s.surveying.Wait()
	return err
}

// every does something again and again until ctx ends. Where it does not succeed the log has a line at the 1st, 2nd, 4th, 8th time in
// a row, as timelines have: a role that is not there yet would fill it with the same line a second.
func (s *Service) every(ctx context.Context, pause time.Duration, what string, do func(context.Context) error) {
	tick := time.NewTicker(pause)
	defer tick.Stop()
	failed := 0
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		err := do(ctx)
		if err == nil {
			failed = 0
			continue
		}
		if failed++; failed&(failed-1) == 0 && ctx.Err() == nil {
			s.log.WarnContext(ctx, "will be tried again", "what", what, "error", err, "times", failed)
		}
	}
}

// sweep gives requests whose worker is gone, although the process lives, a new one.
func (s *Service) sweep(ctx context.Context) error {
	n, err := s.store.Sweep(ctx, false)
	if n > 0 {
		s.log.WarnContext(ctx, "gave requests without a worker a new one", "requests", n)
	}
	return err
}

// microClock tells times as the store keeps them, so that what is returned and what is read back are equal.
type microClock struct{ clock.Clock }

func (c microClock) Now() time.Time { return c.Clock.Now().Truncate(time.Microsecond) }
