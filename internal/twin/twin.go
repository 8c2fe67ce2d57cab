package twin

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"

	"accountfactory/internal/clock"
	"accountfactory/internal/twin/account"
	"accountfactory/internal/twin/controltower"
	"accountfactory/internal/twin/iam"
	"accountfactory/internal/twin/identitycenter"
	"accountfactory/internal/twin/organizations"
	"accountfactory/internal/twin/servicecatalog"
	"accountfactory/internal/twin/servicequotas"
	"accountfactory/internal/twin/signin"
	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

// Config is how a twin is set up. Dir, Region, ManagementAccountID and the key must be set.
type Config struct {
	Dir                 string // data folder: twin.db, outbox/
	Region              string // home Region; kept from the first start on
	ManagementAccountID string // kept from the first start on
	AccessKeyID         string // of the IAM user "management"
	SecretAccessKey     string
	PortalURL           string     // where people sign in: the browser listener
	ConsoleCallback     string     // where the console beside it takes the answers to sign-ins; empty for none
	AccountOperations   int        // accounts Control Tower works on at once; 0 means the profile's default, 1 or 5
	Profile             string     // "classic" or "current" Control Tower; "" is classic for one account at once, else current
	EventWebhook        string     // URL that lifecycle events are posted to; none when empty
	EventSecret         string     // signs what is posted there
	SMTP                SMTP       // where mails go besides the outbox folder
	Speed               float64    // divides the duration of operations; 0 is instant
	Seed                uint64     // of ids and spread; 0 chooses one
	Empty               bool       // first start makes no organization
	NoAuth              bool       // neither signatures nor policies
	NoLab               bool       // no lab API
	Kill                func()     // what the kill faults do; nil ignores them
	Disk                state.Disk // instead of twin.db in Dir; tests block and break it
	Log                 *slog.Logger

	smtpRoots *x509.CertPool // tests trust the certificate of their own mail server
}

// Twin is a running twin.
type Twin struct {
	config   Config
	log      *slog.Logger
	state    *state.Store
	setups   *state.Table[setup]
	iam      *iam.Service
	org      *organizations.Service
	account  *account.Service
	center   *identitycenter.Service
	signin   *signin.Service
	catalog  *servicecatalog.Service
	tower    *controltower.Service
	quotas   *servicequotas.Service
	policies policyCache
	refused  denials
	served   []*wire.Service
	endpoint *wire.Endpoint
	links    []Link

	stop    context.CancelFunc
	running sync.WaitGroup
}

// creationsAtOnce is how many accounts Organizations creates at once. A twin whose Control Tower works on more than that has
// the quota raised along with it, as AWS does on request, or the one would starve behind the other.
const creationsAtOnce = 5

// Open starts a twin on its data folder, making the organization at first start.
func Open(ctx context.Context, c Config) (*Twin, error) {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	t := &Twin{config: c, log: c.Log}
	t.build()
	if _, err := t.state.Open(ctx); err != nil {
		return nil, err
	}
	sendMail, err := t.mails(ctx) // before the first start writes its invitations
	if err == nil {
		err = t.prepare(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, t.state.Close())
	}
	runCtx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	t.stop = cancel
	t.running.Go(func() { t.state.Deliver(runCtx, folderSink, "mail", t.writeMail) })
	t.running.Go(func() { t.state.Deliver(runCtx, fileSink, "event", t.appendEvent) })
	if sendMail != nil {
		t.running.Go(func() { t.state.DeliverOut(runCtx, smtpSink, "mail", sendMail) })
	}
	if c.EventWebhook != "" {
		t.running.Go(func() {
			t.state.DeliverOut(runCtx, webhookSink, "event", newWebhook(c.EventWebhook, c.EventSecret).send)
		})
	}
	t.running.Go(func() { t.retain(runCtx) })
	return t, nil
}

// build declares the services on the store, the lower ones first.
func (t *Twin) build() {
	c := t.config
	t.state = state.New(state.Options{Path: stateFile(c.Dir), Disk: c.Disk, Log: c.Log, Seed: c.Seed, Speed: c.Speed, Kill: c.Kill})
	t.setups = state.Define(t.state, "twin.setup", 1, func(s *setup) string { return s.Name })
	t.iam = iam.New(t.state, iam.Config{ManagementAccountID: c.ManagementAccountID, Region: c.Region, Wall: clock.Wall{}})
	t.org = organizations.New(t.state, t.iam, organizations.Config{
		ManagementAccountID: c.ManagementAccountID, ManagementEmail: managementEmail, ManagementName: managementName, Region: c.Region,
		Quotas: organizations.Quotas{Creations: max(creationsAtOnce, c.AccountOperations), OUs: units(controltower.Profile(c.Profile).For(c.AccountOperations))},
	})
	t.org.OnClosed(func(tx *state.Tx, accountID string) { t.iam.SuspendAccount(tx, accountID, true) })
	t.iam.UseControls(t.controls)
	t.iam.UseUsages(t.linkedUsages)
	t.org.OnJoined(t.link)
	t.account = account.New(t.state, t.org, account.Config{Region: c.Region})
	t.center = identitycenter.New(t.state, accountNames{t.org}, ssoRoles{t.iam}, identitycenter.Config{ManagementAccountID: c.ManagementAccountID, Region: c.Region, PortalURL: c.PortalURL, ConsoleCallback: c.ConsoleCallback})
	t.signin = signin.New(t.state, t.center, signin.Config{PortalURL: c.PortalURL, Sessions: t.iam, Log: c.Log})
	t.catalog = servicecatalog.New(t.state, servicecatalog.Config{
		Region: c.Region, Account: func(*state.Tx) string { return c.ManagementAccountID }, RoleARN: t.roleARN,
		Groups: t.iam.GroupARNs, PrincipalExists: t.iam.HasPrincipal, RoleNamed: t.roleNamed, Assume: t.assumeLaunchRole,
	})
	t.tower = controltower.New(t.state, t.iam, t.org, t.center, t.catalog, controltower.Config{
		ManagementAccountID: c.ManagementAccountID, Region: c.Region, PortalURL: c.PortalURL,
		AccountOperations: c.AccountOperations, Profile: controltower.Profile(c.Profile), Allowed: t.allowed, Denied: t.policyDenies, Furnish: t.furnish,
	})
	t.quotas = servicequotas.New(t.state, t.org, servicequotas.Config{ManagementAccountID: c.ManagementAccountID, Region: c.Region, AccountOperations: t.tower.AccountOperations()})
	t.org.OnGone(t.center.RemoveAccount)
	t.org.OnLeft(t.center.RemoveAccount)
}

// units is how many organizational units an organization may have at an age of Control Tower.
// Source: Organizations User Guide, "Quotas and service limits for AWS Organizations", of 2021 and of today.
func units(age controltower.Profile) int {
	if age == controltower.Classic {
		return 1_000
	}
	return 2_000
}

// prepare makes what the first start makes, checks that a later start means the same twin, and opens the endpoint.
func (t *Twin) prepare(ctx context.Context) error {
	if err := t.firstStart(ctx); err != nil {
		return fmt.Errorf("first start: %w", err)
	}
	if err := t.putManagementKey(ctx); err != nil {
		return fmt.Errorf("management key: %w", err)
	}
	t.served = t.tables()
	var err error
	t.endpoint, err = wire.NewEndpoint(t.wireConfig())
	return err
}

func (t *Twin) wireConfig() wire.Config {
	c := wire.Config{
		Services: t.served, Keys: t.iam, Authorize: t.authorize, Fault: t.fault, Region: t.config.Region, Log: t.log,
		NoAuth: t.config.NoAuth, AnonymousCaller: t.managementCaller(),
	}
	c.Mounts = []wire.Mount{{Prefix: "/_twin/admin/", SigningName: "twin", Action: "twin:Admin", Handler: t.admin()}}
	if !t.config.NoLab {
		c.Mounts = append(c.Mounts, wire.Mount{Prefix: "/_twin/", SigningName: "twin", Action: "twin:Lab", Handler: t.lab()})
	}
	return c
}

// Services are the operation tables of all services served.
func (t *Twin) Services() []*wire.Service { return t.served }

func (t *Twin) tables() []*wire.Service {
	out := t.iam.API()
	out = append(out, t.org.API(), t.account.API())
	out = append(out, t.center.API()...)
	return append(out, t.catalog.API(), t.tower.API(), t.quotas.API())
}

// ServeHTTP serves AWS's protocols, directory administration and the lab. What clients open in browsers is elsewhere, and
// only led to from here.
func (t *Twin) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if isForBrowsers(r) {
		status := http.StatusFound
		if r.Method == http.MethodPost {
			status = http.StatusTemporaryRedirect // the form goes along
		}
		w.Header().Set("Referrer-Policy", "no-referrer")
		http.Redirect(w, r, strings.TrimSuffix(t.config.PortalURL, "/start")+r.URL.Path+"?"+r.URL.RawQuery, status)
		return
	}
	t.endpoint.ServeHTTP(w, r)
}

// isForBrowsers tells what AWS has at hosts of its own and the browser listener serves: OAuth's page and console federation.
func isForBrowsers(r *http.Request) bool {
	return r.URL.Path == "/authorize" && r.Method == http.MethodGet ||
		r.URL.Path == "/federation" && (r.Method == http.MethodGet || r.Method == http.MethodPost)
}

// SignInPaths are the path patterns of SignIn's pages.
func SignInPaths() []string {
	return []string{"/start", "/start/", "/device", "/authorize", "/federation", "/signin/"}
}

// SignIn serves the pages where people sign in, for the browser listener.
func (t *Twin) SignIn() http.Handler { return t.signin.Handler() }

// Links are the one-time sign-in links of the users that first start made; empty at later starts.
func (t *Twin) Links() []Link { return t.links }

// Close stops delivery and operations, waits for what is being written, and closes the file.
func (t *Twin) Close() error {
	t.stop()
	err := t.state.Close()
	t.running.Wait()
	return err
}

// ssoRoles makes Identity Center's roles in IAM.
type ssoRoles struct{ *iam.Service }

func (r ssoRoles) PutRole(tx *state.Tx, accountID string, spec iam.RoleSpec) {
	r.Service.PutRole(tx, accountID, spec)
}

// accountNames tells Identity Center of the organization's accounts.
type accountNames struct{ org *organizations.Service }

func (a accountNames) AccountName(tx *state.Tx, id string) (name, email string, ok bool) {
	account := a.org.Account(tx, id)
	if account == nil {
		return "", "", false
	}
	return account.Name, account.Email, true
}
