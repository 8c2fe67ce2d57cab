package replica

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"accountfactory/internal/factory"
	"accountfactory/test/harness"
)

type whoAmI struct {
	User struct{ ID, UserName string }

	SignIn, FactoryRole, Cloud, ConsoleURL, PortalURL string
	AWSRoles                                          bool
}

// launch asks for an account as the form does.
func launch(name, ou string) factory.Input {
	return factory.Input{Parameters: factory.Parameters{
		Name: name, AccountEmail: name + "@example.com", OU: ou, SSOUserEmail: name + "@example.com", SSOUserFirstName: "Ada", SSOUserLastName: "Lovelace",
	}}
}

// TestConsoleOnAWS_OIDC: on AWS somebody of a company signs in, launches and gets an account; the pages are there.
func TestConsoleOnAWS_OIDC(t *testing.T) {
	t.Parallel()
	s := standingIn(t)
	issuer, args := company(t)
	p, _, err := s.serve(t, t.TempDir(), args...)
	if err != nil {
		t.Fatal(err)
	}
	s.allowed(t, p)
	issuer.Registers(p.Console + "/sign-in/oidc/callback")
	v := newVisitor(t)
	if resp, page := v.call(http.MethodGet, p.Console+"/", nil, nil); resp.StatusCode != http.StatusOK || !strings.Contains(string(page), "<script") {
		t.Errorf("the app: %d", resp.StatusCode)
	}
	var me whoAmI
	v.must(http.MethodGet, p.Console+"/sign-in?return=/api/v1/session", nil, &me)
	if me.SignIn != "oidc" || me.FactoryRole != "requester" || me.AWSRoles || me.Cloud != "aws" || !strings.Contains(me.ConsoleURL, ".console.aws.amazon.com/") {
		t.Errorf("%+v", me)
	}
	var offer factory.Offer
	v.must(http.MethodGet, p.Console+"/api/v1/catalog", nil, &offer)
	if len(offer.Units) == 0 || offer.Product == nil {
		t.Fatalf("%+v", offer)
	}
	ou := ""
	for _, u := range offer.Units {
		if u.Path == "Sandbox" {
			ou = u.Value
		}
	}
	var made factory.Detail
	v.must(http.MethodPost, p.Console+"/api/v1/requests", launch("team", ou), &made)
	if d := v.followed(p.Console, made.ID, ""); d.State != factory.StateSucceeded || d.Requester != "oidc:"+issuer.URL+"#248289761001" {
		t.Errorf("%s by %s: %s", d.State, d.Requester, d.ErrorMessage)
	}
	var next struct{ Next string }
	v.must(http.MethodPost, p.Console+"/api/v1/session/sign-out", nil, &next)
	issuer.Registers(p.Console + next.Next)
	if _, page := v.call(http.MethodGet, p.Console+next.Next, nil, nil); !strings.Contains(string(page), "You are signed out.") || len(issuer.Ended()) != 1 {
		t.Errorf("signed out: %s", page)
	}
}

// TestConsoleOnAWS_Device: people of Identity Center come by its device flow, open a role, launch with it, and are out of
// the portal too when they sign out.
func TestConsoleOnAWS_Device(t *testing.T) {
	t.Parallel()
	s := standingIn(t)
	p, _, err := s.serve(t, t.TempDir(), "--identity-center-sign-in", "--identity-center-start-url", s.Console+"/start")
	if err != nil {
		t.Fatal(err)
	}
	s.allowed(t, p)
	portal, v := s.enters(t, "requester"), newVisitor(t)
	v.byDevice(p.Console, portal)
	var me whoAmI
	v.must(http.MethodGet, p.Console+"/api/v1/session", nil, &me)
	if me.SignIn != "identity-center" || me.User.UserName != "requester" || !me.AWSRoles || me.PortalURL != s.Console+"/start" {
		t.Errorf("%+v", me)
	}
	var accounts struct{ Accounts []struct{ AccountID string } }
	v.must(http.MethodGet, p.Console+"/api/v1/portal/accounts", nil, &accounts)
	if len(accounts.Accounts) != 1 {
		t.Fatalf("%+v", accounts)
	}
	role := accounts.Accounts[0].AccountID + "/AWSServiceCatalogEndUserAccess"
	at := p.Console + "/api/v1/aws/" + role + "/" + s.Region + "/"
	var products struct{ ProductViewSummaries []struct{ Name string } }
	v.must(http.MethodPost, at+"servicecatalog/SearchProducts", struct{}{}, &products)
	if len(products.ProductViewSummaries) != 1 {
		t.Errorf("%+v", products)
	}
	if resp, body := v.call(http.MethodPost, at+"servicecatalog/TerminateProvisionedProduct", struct{}{}, nil); resp.StatusCode != http.StatusForbidden || !strings.Contains(string(body), "ReadOnlyOnAWS") {
		t.Errorf("a write: %d %s", resp.StatusCode, body)
	}
	made := v.launchIn(p.Console, role, launch("team", "Sandbox"))
	if d := v.followed(p.Console, made.ID, role); d.State != factory.StateSucceeded || !strings.HasSuffix(d.Requester, "/requester") {
		t.Errorf("%s by %s: %s", d.State, d.Requester, d.ErrorMessage)
	}
	s.asked()
	v.must(http.MethodPost, p.Console+"/api/v1/session/sign-out", nil, nil)
	if calls := strings.Join(s.asked(), " "); !strings.Contains(calls, "/logout") {
		t.Errorf("AWS was asked for %s", calls)
	}
}

// launchIn submits in an opened role.
func (v *visitor) launchIn(console, role string, in factory.Input) (d factory.Detail) {
	v.t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		v.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(v.t.Context(), http.MethodPost, console+"/api/v1/requests", strings.NewReader(string(body)))
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("X-Accountfactory-Role", role)
	resp, err := v.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }() // decoded to its end
	if err := json.NewDecoder(resp.Body).Decode(&d); err != nil || resp.StatusCode != http.StatusCreated {
		v.t.Fatalf("%d %+v %v", resp.StatusCode, d, err)
	}
	return d
}

// TestReplicas_Sessions: a sign-in at one replica is one at the others, a sign-out too; a key is replaced while people are
// signed in; nothing in the database tells who they are.
func TestReplicas_Sessions(t *testing.T) {
	t.Parallel()
	pg, database := server.Database(t)
	s := standingIn(t)
	issuer, args := company(t)
	keys := filepath.Join(t.TempDir(), "keys")
	older, newer := strings.Repeat("0a", 32), strings.Repeat("0b", 32)
	start := func(lines ...string) *harness.Process {
		t.Helper()
		if err := os.WriteFile(keys, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
			t.Fatal(err)
		}
		p, _, err := s.serve(t, t.TempDir(), append(args, "--database", database, "--key-file", keys)...)
		if err != nil {
			t.Fatal(err)
		}
		issuer.Registers(p.Console + "/sign-in/oidc/callback")
		return p
	}
	signedIn := func(v *visitor, p *harness.Process) bool {
		t.Helper()
		resp, _ := v.call(http.MethodGet, p.Console+"/api/v1/session", nil, nil)
		return resp.StatusCode == http.StatusOK
	}
	first, second := start(older), start(older)
	v, other := newVisitor(t), newVisitor(t)
	v.must(http.MethodGet, first.Console+"/sign-in?return=/api/v1/session", nil, nil)
	other.must(http.MethodGet, second.Console+"/sign-in?return=/api/v1/session", nil, nil)
	for name, p := range map[string]*harness.Process{"the first": first, "the second": second} {
		if !signedIn(v, p) || !signedIn(other, p) {
			t.Errorf("%s replica does not know who signed in at the other", name)
		}
	}
	rows, err := pg.Dump(t.Context(), database, "sessions")
	if err != nil || !strings.Contains(rows, "expires") {
		t.Fatalf("%v %s", err, rows)
	}
	for _, secret := range []string{"ann@example.com", "248289761001", "Ann Other", "requesters"} {
		if strings.Contains(rows, secret) {
			t.Errorf("the database shows %q", secret)
		}
	}

	both, last := start(newer, older), start(newer)
	if !signedIn(v, both) || signedIn(v, last) {
		t.Error("what the older key sealed opens where that key is, and nowhere else")
	}
	late := newVisitor(t)
	late.must(http.MethodGet, both.Console+"/sign-in?return=/api/v1/session", nil, nil)
	if !signedIn(late, last) || signedIn(late, first) {
		t.Error("what is sealed now needs the newer key")
	}

	other.must(http.MethodPost, first.Console+"/api/v1/session/sign-out", nil, nil)
	cookie := newVisitor(t)
	cookie.Jar = other.Jar
	if signedIn(cookie, second) {
		t.Error("signed out at one, and still signed in at the other")
	}
}
