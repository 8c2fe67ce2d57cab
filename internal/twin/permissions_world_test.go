package twin

import (
	"context"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ssooidc"

	"accountfactory/internal/cloud"
	"accountfactory/internal/twin/iam"
	"accountfactory/internal/twin/identitycenter"
	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
	"accountfactory/internal/wire/facts"
	"accountfactory/test/harness"
)

// role is one column of the table.
type role struct {
	column  string
	account string // a key of world.accounts
	set     string // permission set, whose role it is
	name    string // of a role that is no permission set's
}

// The roles of the first start: in the management account (m), in the log archive (l), in the audit account (a); and those
// of a vended account (v).
var roles = []role{
	{column: "m.user"}, // the management user, made by hand in newWorld
	{column: "m.admin", account: "management", set: "AWSAdministratorAccess"},
	{column: "m.power", account: "management", set: "AWSPowerUserAccess"},
	{column: "m.read", account: "management", set: "AWSReadOnlyAccess"},
	{column: "m.scadm", account: "management", set: "AWSServiceCatalogAdminFullAccess"},
	{column: "m.scuser", account: "management", set: "AWSServiceCatalogEndUserAccess"},
	{column: "m.orgs", account: "management", set: "AWSOrganizationsFullAccess"}, // assigned by hand: Control Tower does so in members only
	{column: "l.admin", account: "log", set: "AWSAdministratorAccess"},
	{column: "l.power", account: "log", set: "AWSPowerUserAccess"},
	{column: "l.read", account: "log", set: "AWSReadOnlyAccess"},
	{column: "a.admin", account: "audit", set: "AWSAdministratorAccess"},
	{column: "a.power", account: "audit", set: "AWSPowerUserAccess"},
	{column: "a.read", account: "audit", set: "AWSReadOnlyAccess"},
	{column: "v.exec", account: "vended", name: "AWSControlTowerExecution"},
	{column: "v.owner", account: "vended", set: "AWSAdministratorAccess"},
	{column: "v.orgs", account: "vended", set: "AWSOrganizationsFullAccess"},
	{column: "v.power", account: "vended", set: "AWSPowerUserAccess"},
	{column: "v.read", account: "vended", set: "AWSReadOnlyAccess"},
	{column: "nobody"}, // a user without policies, made by hand in newWorld
}

// key is what somebody signs with.
type key struct{ account, id, secret, token string }

// world is a twin with an account vended by an end user, behind two servers.
type world struct {
	twin       *Twin
	management string
	real       string                       // endpoint as served
	asking     string                       // the same endpoint, which stops once policies have allowed a call
	asked      atomic.Pointer[[]wire.Check] // what the last call to it was checked for
	keys       map[string]key               // by column
	accounts   map[string]string
	values     map[string]any
	roots      map[string]string // ids the inputs need
}

// codeAllowed is what the asking endpoint answers when policies allow.
const codeAllowed = "AllowedByPolicies"

func newWorld(t *testing.T) *world {
	t.Helper()
	const account, id, secret = "111122223333", "AKIATESTTESTTESTTEST", "test/test/test/test/test/test/test/test1"
	tw, err := Open(t.Context(), Config{
		Dir: t.TempDir(), Region: "eu-central-1", ManagementAccountID: account, AccessKeyID: id, SecretAccessKey: secret, PortalURL: "http://portal.test/start", Seed: 1,
	})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{twin: tw, management: account, accounts: map[string]string{"management": account}, keys: map[string]key{"m.user": {account, id, secret, ""}}}
	t.Cleanup(func() {
		if err := tw.Close(); err != nil {
			t.Error(err)
		}
	})
	w.real = serve(t, tw)
	w.asking = w.serveAsking(t)
	w.addNobody(t)
	w.findAccounts()
	w.assignOrganizations(t)
	w.enter(t, "management", "log", "audit")
	w.vend(t)
	w.enter(t, "vended")
	w.furnish(t)
	return w
}

func serve(t *testing.T, h http.Handler) string {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	return srv.URL
}

// serveAsking serves the twin's tables with the twin's authoriser, and a fault in the place of every handler.
func (w *world) serveAsking(t *testing.T) string {
	t.Helper()
	c := w.twin.wireConfig()
	c.Authorize = func(ctx context.Context, r *wire.Request, checks []wire.Check) error {
		w.asked.Store(&checks)
		return w.twin.authorize(ctx, r, checks)
	}
	c.Fault = func(context.Context, *wire.Request) wire.Fault {
		return wire.Fault{Err: &wire.Error{Code: codeAllowed, Message: "stopped before the handler", Status: http.StatusTeapot}}
	}
	e, err := wire.NewEndpoint(c)
	if err != nil {
		t.Fatal(err)
	}
	return serve(t, e)
}

func (w *world) update(t *testing.T, f func(tx *state.Tx)) {
	t.Helper()
	if err := w.twin.state.Update(t.Context(), func(tx *state.Tx) error { f(tx); return nil }); err != nil {
		t.Fatal(err)
	}
}

func (w *world) addNobody(t *testing.T) {
	t.Helper()
	k := key{account: w.management, id: "AKIANOBODYNOBODYNOBO", secret: "nobody/nobody/nobody/nobody/nobody/nobod"}
	w.update(t, func(tx *state.Tx) {
		w.twin.iam.PutUser(tx, w.management, "nobody", nil)
		w.twin.iam.PutAccessKey(tx, w.management, "nobody", k.id, k.secret)
	})
	w.keys["nobody"] = k
}

func (w *world) assignOrganizations(t *testing.T) {
	t.Helper()
	w.update(t, func(tx *state.Tx) {
		err := w.twin.center.Assign(tx, identitycenter.Assignment{
			AccountID: w.management, PermissionSetARN: w.twin.center.PermissionSetByName(tx, "AWSOrganizationsFullAccess").ARN,
			PrincipalType: identitycenter.GroupPrincipal, PrincipalID: w.twin.center.GroupByName(tx, "AWSControlTowerAdmins").ID,
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func (w *world) findAccounts() {
	_ = w.twin.state.View(func(tx *state.Tx) error {
		for a := range w.twin.org.Accounts(tx) {
			switch a.Name {
			case "Log archive":
				w.accounts["log"] = a.ID
			case "Audit":
				w.accounts["audit"] = a.ID
			}
		}
		return nil
	})
}

// enter makes a session of each role in these accounts.
func (w *world) enter(t *testing.T, accounts ...string) {
	t.Helper()
	for _, account := range accounts {
		for _, r := range roles {
			if r.account == account {
				w.keys[r.column] = w.session(t, r)
			}
		}
	}
}

func (w *world) session(t *testing.T, r role) key {
	t.Helper()
	var made *iam.Session
	w.update(t, func(tx *state.Tx) {
		name, account := r.name, w.accounts[r.account]
		if r.set != "" {
			p := w.twin.center.Provision(tx, account, w.twin.center.PermissionSetByName(tx, r.set).ARN)
			if p == nil {
				t.Fatalf("%s is not provisioned in %s", r.set, r.account)
			}
			name = p.Role
		}
		var err error
		if made, err = w.twin.iam.NewRoleSession(tx, iam.RoleSession{AccountID: account, Role: name, SessionName: "requester", Secret: iam.NewSecret()}); err != nil {
			t.Fatal(err)
		}
	})
	return key{made.AccountID, made.ID, made.Secret, made.Token}
}

// clients gives SDK clients that ask once.
func (k key) clients(endpoint string) *harness.Clients {
	return harness.NewClients(aws.Config{
		Region: "eu-central-1", BaseEndpoint: aws.String(endpoint), Credentials: credentials.NewStaticCredentialsProvider(k.id, k.secret, k.token), RetryMaxAttempts: 1,
		HTTPClient: cloud.NewHTTPClient(),
	})
}

// clientOf gives the client of a service by the name of its table.
func clientOf(c *harness.Clients, service string) any {
	return map[string]any{
		"sts": c.STS, "iam": c.IAM, "organizations": c.Organizations, "identitystore": c.IdentityStore, "ssoadmin": c.SSOAdmin,
		"servicecatalog": c.Catalog, "controltower": c.ControlTower, "account": c.Account, "servicequotas": c.Quotas, "ssooidc": ssooidc.NewFromConfig(c.Config),
	}[service]
}

// call makes one call of an operation, by name, with a representative input.
func (w *world) call(t *testing.T, endpoint string, k key, service, operation string) error {
	t.Helper()
	client := clientOf(k.clients(endpoint), service)
	if client == nil {
		t.Fatalf("no client of %s: add it to clientOf", service)
	}
	method := reflect.ValueOf(client).MethodByName(operation)
	in := reflect.New(method.Type().In(1).Elem())
	w.fill(t, k, service, operation, in.Elem())
	answer := method.Call([]reflect.Value{reflect.ValueOf(t.Context()), in})
	err, _ := answer[1].Interface().(error)
	return err
}

// signedService is a service with those of its operations alone that are called with a signature.
type signedService struct {
	*wire.Service
	signed []*wire.Operation
}

func (s signedService) Operations() []*wire.Operation { return s.signed }

// signed gives the services that are called with a signature. Who calls the portal and most of OIDC is known by tokens, so no
// policy judges them; NewEndpoint refuses checks on their rows.
func (w *world) signed(t *testing.T) []signedService {
	t.Helper()
	var out []signedService
	for _, s := range w.twin.Services() {
		f, err := facts.For(s.Name())
		if err != nil {
			t.Fatal(err)
		}
		signed := slices.DeleteFunc(slices.Clone(s.Operations()), func(op *wire.Operation) bool { return f.Operations[op.Name].Unsigned })
		if len(signed) > 0 {
			out = append(out, signedService{s, signed})
		}
	}
	return out
}
