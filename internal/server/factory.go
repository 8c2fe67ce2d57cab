package server

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/aws/smithy-go"

	"accountfactory/internal/cloud"
	"accountfactory/internal/console"
	"accountfactory/internal/factory"
	"accountfactory/internal/factorydb"
)

// startFactory starts requests and their workers on the data folder, as a client of the AWS endpoint like any other, and
// the console's API upon them. While there is no organization, as after --empty, it waits for one.
func (s *Server) startFactory(ctx context.Context) error {
	s.api = &lateHandler{hindered: &s.watch.hindered}
	err := s.openFactory(ctx)
	if !s.config.Cloud.aws() && noOrganization(err) {
		s.awaitOrganization()
		return nil
	}
	return err
}

// askAgain is how often it is looked for an organization.
const askAgain = time.Second

// awaitOrganization starts the factory once somebody has made an organization.
func (s *Server) awaitOrganization() {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	var late *Server // what was started
	go func() {
		defer close(done)
		tick := time.NewTicker(askAgain)
		defer tick.Stop()
		for said := ""; late == nil; {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			late, said = s.openLate(ctx, said)
		}
	}()
	s.onStop(func(ctx context.Context) error {
		cancel()
		<-done
		if late == nil {
			return nil
		}
		return late.stop(ctx)
	})
}

// openLate tries to start the factory: it gives what runs then, or nil and why not, having taken down what had started. What
// keeps it from starting, but for the organization that is not there, is said once.
func (s *Server) openLate(ctx context.Context, said string) (late *Server, why string) {
	try := &Server{config: s.config, ready: s.ready, api: s.api, watch: s.watch}
	err := try.openFactory(ctx)
	if err == nil {
		return try, ""
	}
	stopCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
	defer cancel()
	if err := try.close(stopCtx); err != nil {
		s.config.Log.WarnContext(ctx, "what had started of the factory did not stop in order", "error", err)
	}
	hindered := ctx.Err() == nil && !noOrganization(err)
	s.watch.hindered.Store(hindered)
	if why = err.Error(); hindered && why != said {
		s.config.Log.ErrorContext(ctx, "the factory cannot start; it is tried again", "error", err)
	}
	return nil, why
}

// noOrganization tells AWS's answer to whoever is in none.
func noOrganization(err error) bool {
	var api smithy.APIError
	return errors.As(err, &api) && api.ErrorCode() == "AWSOrganizationsNotInUseException"
}

// lateHandler answers 503 until the handler it stands for is there.
type lateHandler struct {
	handler  atomic.Pointer[http.Handler]
	hindered *atomic.Bool // by something else than that there is no organization
}

func (l *lateHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if h := l.handler.Load(); h != nil {
		(*h).ServeHTTP(w, r)
		return
	}
	why := "there is no organization yet: the factory starts once one is made"
	if l.hindered.Load() {
		why = "the factory cannot start, and tries again: the server's log says why"
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusServiceUnavailable)
	_, _ = fmt.Fprintf(w, `{"error":{"code":"Unavailable","message":%q}}`+"\n", why) // the client may be gone
}

func (s *Server) openFactory(ctx context.Context) error {
	reached, err := cloud.Connect(ctx, s.cloudConfig())
	if err != nil {
		return err
	}
	db, err := factorydb.Open(ctx, factorydb.Config{
		Path: s.config.factoryFile(), URL: s.config.Database, Log: s.config.Log,
		Limit: s.config.operations(), Auto: s.config.Cloud.aws() && s.config.AccountOperations == 0, DailyCap: s.config.dailyCap(), Paused: s.config.Cloud.aws(),
	})
	if err != nil {
		return err
	}
	s.onStop(func(context.Context) error { return db.Close() })
	hooks, err := readHooks(s.config.Hooks)
	if err != nil {
		return err
	}
	who := reached.Identity()
	binding := factory.Binding{Kind: who.Kind, OrganizationID: who.OrganizationID, ManagementAccount: who.ManagementAccount, Region: who.Region}
	if err := db.Bind(ctx, binding); err != nil { // before anything is written to a cloud that is not this database's
		return err
	}
	if !s.config.Cloud.aws() { // on AWS the role is made by people who answer for it
		if err := reached.EnsureRole(ctx); err != nil {
			return err
		}
	}
	sessions := cloud.NewSessions(reached)
	service := factory.New(factory.Config{
		Store: db, Sessions: factory.CloudSessions{Cloud: sessions}, Log: s.config.Log,
		Pace: s.config.Cloud.pace(), Provisioner: factory.Provisioner(s.config.Provisioner), ProvisionerForce: s.config.ProvisionerForce,
		ExternalIdentity: s.config.IdentitySource == externalIdentity,
		Binding:          binding, Hooks: hooks, AccountQuota: s.config.AccountQuota, Accounts: reached, Person: factory.PersonTimes{Remind: s.config.Reminder, Expire: s.config.Patience},
		AllowedOUs: console.Patterns(s.config.AllowedOUs),
	})
	config := s.consoleConfig(service, who)
	if s.offersSignIn() {
		if err := s.forPeople(&config, reached, sessions, db); err != nil {
			return err
		}
	}
	if err := service.Start(ctx); err != nil { // last of what can fail: from here on requests are worked on
		return fmt.Errorf("start: %w", err)
	}
	s.watch.db.Store(db)
	s.startPruning(db)
	s.onStop(service.Stop)
	take := service.Census
	s.watch.metrics.registry.MustRegister(newCensus(take))
	s.watch.census.Store(&take)
	people := console.New(config)
	s.findPortal(ctx, people)
	h := people.Handler()
	s.api.handler.Store(&h)
	return nil
}

// operators are whom the setting names. On the twin they are otherwise the sessions of AWSAdministratorAccess in the
// management account: who may do everything to a rehearsal's organization may handle everybody's requests too.
func (s *Server) operators(account string) []string {
	if s.config.Operators == "" && !s.config.Cloud.aws() {
		return []string{"arn:aws:sts::" + account + ":assumed-role/AWSReservedSSO_AWSAdministratorAccess_*/*"}
	}
	return console.Patterns(s.config.Operators)
}

func (s *Server) consoleConfig(service *factory.Service, who cloud.Identity) console.Config {
	return console.Config{
		Factory: service, Operator: who.CallerARN, Log: s.config.Log,
		Roles: console.Roles{
			Operators: s.operators(who.ManagementAccount), Auditors: console.Patterns(s.config.Auditors), Viewers: console.Patterns(s.config.Viewers),
		},
		Verifier: cloud.Verifier{Endpoint: s.ready.AWS, Region: s.config.Region, Audience: s.public(), Client: &http.Client{Timeout: 30 * time.Second}},
		About: console.About{
			Version: s.config.Version, Cloud: who.Kind, AWS: s.ready.AWS, Region: who.Region, Account: who.ManagementAccount,
			OrganizationID: who.OrganizationID, Audience: s.public(), IdentitySource: cmp.Or(s.config.IdentitySource, identityCenter),
		},
	}
}
