package signin_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sts"

	"accountfactory/internal/twin/iam"
	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
	"accountfactory/test/harness"
)

const (
	management = "111111111111"
	userKey    = "AKIAUSERUSERUSERUSER"
)

// credentials are temporary ones, as brokers send them.
type credentials struct {
	ID    string `json:"sessionId"`
	Key   string `json:"sessionKey"`
	Token string `json:"sessionToken"`
}

func (c credentials) text() string {
	body, _ := json.Marshal(c) // three strings
	return string(body)
}

// role makes a role and gives credentials of a session of it, which last an hour.
func (b *bundle) role(t *testing.T, name string, chained bool) credentials {
	t.Helper()
	secret := iam.NewSecret()
	var n *iam.Session
	b.update(t, func(tx *state.Tx) (err error) {
		b.iam.PutAccount(tx, management)
		b.iam.PutRole(tx, management, iam.RoleSpec{Name: name})
		n, err = b.iam.NewRoleSession(tx, iam.RoleSession{AccountID: management, Role: name, SessionName: "jane", Secret: secret, Chained: chained})
		return err
	})
	return credentials{n.ID, n.Secret, n.Token}
}

// asUser gives the context of a call by an IAM user.
func (b *bundle) asUser(t *testing.T) context.Context {
	t.Helper()
	b.update(t, func(tx *state.Tx) error {
		b.iam.PutAccount(tx, management)
		b.iam.PutUser(tx, management, "broker", nil)
		b.iam.PutAccessKey(tx, management, "broker", userKey, "secret")
		return nil
	})
	k, err := b.iam.Lookup(t.Context(), userKey)
	must(t, err)
	return wire.WithRequest(t.Context(), &wire.Request{Caller: k.Caller})
}

// federation sends parameters to the federation endpoint, as a program without cookies does.
func (b *bundle) federation(t *testing.T, q url.Values) *harness.Page {
	t.Helper()
	return get(t, b.browser(), "/federation?"+q.Encode())
}

// token gets a sign-in token for credentials.
func (b *bundle) token(t *testing.T, c credentials, more ...string) string {
	t.Helper()
	q := url.Values{"Action": {"getSigninToken"}, "Session": {c.text()}}
	for name, value := range pairs(more) {
		q.Set(name, value)
	}
	p := b.federation(t, q)
	var out struct{ SigninToken string }
	if err := json.Unmarshal(p.Body, &out); err != nil || p.Status != http.StatusOK || out.SigninToken == "" {
		t.Fatalf("getSigninToken answers %d: %s", p.Status, p.Body)
	}
	return out.SigninToken
}

// signinLink is what a broker makes of a token.
func signinLink(token, to string) string {
	return "/federation?" + url.Values{"Action": {"login"}, "Issuer": {"https://broker.example/"}, "Destination": {to}, "SigninToken": {token}}.Encode()
}

const textLinkUsed = "This sign-in link has been used, or is older than fifteen minutes. Get another one where you got it."

func TestFederation(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.role(t, "Deployer", false)
	token := b.token(t, c, "SessionType", "json")
	in := b.browser()
	p := get(t, in, signinLink(token, "/console/home?region=eu-west-1"))
	wantTitle(t, p, "You are in account 111111111111")
	for id, want := range map[string]string{
		"account": management, "role": "Deployer", "arn": "arn:aws:sts::111111111111:assumed-role/Deployer/jane",
		"issuer": "https://broker.example/", "destination": "/console/home?region=eu-west-1",
	} {
		if got := p.Root.ID(id).Content(); got != want {
			t.Errorf("the page says %s %q, want %q", id, got, want)
		}
	}
	if strings.Contains(p.URL.String(), token) || strings.Contains(string(p.Body), c.Token) {
		t.Error("the page or its address has a secret")
	}
	wantAlert(t, get(t, b.browser(), signinLink(token, "/")), http.StatusBadRequest, textLinkUsed)
	wantTitle(t, get(t, in, "/signin/console"), "You are in account 111111111111")
	wantTitle(t, get(t, in, "/signin/"), "Sign in") // a role is not a person
	get(t, in, "/signin/console")
	wantTitle(t, submit(t, in, "leave"), "Sign in")
	wantAlert(t, get(t, in, "/signin/console"), http.StatusUnauthorized, "This console session has ended. Open it again where you got its link.")
}

// Brokers with large session tokens send a form.
func TestFederation_Post(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := submitTo(t, b.browser(), "/federation", "Action", "getSigninToken", "Session", b.role(t, "Deployer", false).text())
	if p.Status != http.StatusOK || !strings.Contains(string(p.Body), `"SigninToken":"`) {
		t.Errorf("%d: %s", p.Status, p.Body)
	}
}

func TestFederation_Durations(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.role(t, "Deployer", false)
	own, long := b.browser(), b.browser()
	get(t, own, signinLink(b.token(t, c), "/"))
	get(t, long, signinLink(b.token(t, c, "SessionDuration", "43200"), "/"))
	b.wall.pass(time.Hour)
	wantAlert(t, get(t, own, "/signin/console"), http.StatusUnauthorized, "This console session has ended. Open it again where you got its link.")
	wantTitle(t, get(t, long, "/signin/console"), "You are in account 111111111111")
	b.wall.pass(11 * time.Hour)
	wantAlert(t, get(t, long, "/signin/console"), http.StatusUnauthorized, "This console session has ended. Open it again where you got its link.")
}

func TestFederation_FederatedUser(t *testing.T) {
	t.Parallel()
	b := setup(t)
	out, err := b.iam.GetFederationToken(b.asUser(t), &sts.GetFederationTokenInput{Name: new("jane")})
	must(t, err)
	c := credentials{*out.Credentials.AccessKeyId, *out.Credentials.SecretAccessKey, *out.Credentials.SessionToken}
	q := url.Values{"Action": {"getSigninToken"}, "Session": {c.text()}, "SessionDuration": {"3600"}}
	wantAlert(t, b.federation(t, q), http.StatusBadRequest, "Credentials of GetFederationToken cannot ask for a SessionDuration.")
	in := b.browser()
	p := get(t, in, signinLink(b.token(t, c, "DurationSeconds", "129600"), "/"))
	if got := p.Root.ID("arn").Content(); got != "arn:aws:sts::111111111111:federated-user/jane" || p.Root.ID("role") != nil {
		t.Errorf("the page says the ARN %q", got)
	}
	b.wall.pass(35 * time.Hour)
	wantTitle(t, get(t, in, "/signin/console"), "You are in account 111111111111")
}

func TestFederation_Refused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.role(t, "Deployer", false)
	out, err := b.iam.GetSessionToken(b.asUser(t), &sts.GetSessionTokenInput{})
	must(t, err)
	user := credentials{*out.Credentials.AccessKeyId, *out.Credentials.SecretAccessKey, *out.Credentials.SessionToken}
	const invalid = "The session's credentials are not valid, or have expired."
	const malformed = "Session must be a JSON object with sessionId, sessionKey and sessionToken."
	const number = "SessionDuration must be a number of seconds."
	const bounds = "The duration must be 900 to 43200 seconds, for federated users up to 129600."
	for _, tc := range []struct {
		name    string
		session string
		more    []string
		want    string
	}{
		{"no such key", credentials{"ASIAX", c.Key, c.Token}.text(), nil, invalid},
		{"wrong secret", credentials{c.ID, "x", c.Token}.text(), nil, invalid},
		{"wrong token", credentials{c.ID, c.Key, user.Token}.text(), nil, invalid},
		{"a long-term key", credentials{userKey, "secret", "x"}.text(), nil, invalid},
		{"a user's session", user.text(), nil, "Only credentials of AssumeRole and GetFederationToken can enter the console."},
		{"no session", "", nil, malformed},
		{"not JSON", "sessionId", nil, malformed},
		{"deep", strings.Repeat(`{"sessionId":`, 2000), nil, malformed},
		{"not all", `{"sessionId":"x","sessionKey":"y"}`, nil, malformed},
		{"numbers", `{"sessionId":1,"sessionKey":2,"sessionToken":3}`, nil, malformed},
		{"another type", c.text(), []string{"SessionType", "xml"}, "The only SessionType is json."},
		{"too short", c.text(), []string{"SessionDuration", "899"}, bounds},
		{"too long", c.text(), []string{"SessionDuration", "43201"}, bounds},
		{"negative", c.text(), []string{"SessionDuration", "-1"}, number},
		{"huge", c.text(), []string{"SessionDuration", "99999999999999999999"}, number},
		{"zero", c.text(), []string{"SessionDuration", "0"}, number},
		{"chained", b.role(t, "Chained", true).text(), []string{"SessionDuration", "3600"}, "Credentials got by role chaining cannot ask for a SessionDuration."},
	} {
		q := url.Values{"Action": {"getSigninToken"}, "Session": {tc.session}}
		for name, value := range pairs(tc.more) {
			q.Set(name, value)
		}
		if p := b.federation(t, q); p.Status != http.StatusBadRequest || p.Alert() != tc.want {
			t.Errorf("%s: %d %q, want %q", tc.name, p.Status, p.Alert(), tc.want)
		}
	}
	wantAlert(t, b.federation(t, url.Values{"Action": {"logout"}}), http.StatusBadRequest, "The Action must be getSigninToken or login.")
	b.token(t, b.role(t, "Chained", true)) // without a duration
	b.wall.pass(time.Hour)
	wantAlert(t, b.federation(t, url.Values{"Action": {"getSigninToken"}, "Session": {c.text()}}), http.StatusBadRequest, invalid)
}

// A token is good once, for fifteen minutes, while the role is there; a link that is only looked at is not used up.
func TestFederation_Token(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.role(t, "Deployer", false)
	late, gone, kept := b.token(t, c), b.token(t, b.role(t, "Gone", false)), b.token(t, c)
	wantAlert(t, get(t, b.browser(), signinLink("x", "/")), http.StatusBadRequest, textLinkUsed)
	wantAlert(t, get(t, b.browser(), signinLink(kept, "https://evil.example/")), http.StatusBadRequest, "The Destination must be a page of this console.")
	r, err := http.NewRequestWithContext(t.Context(), http.MethodHead, b.base+signinLink(kept, "/"), http.NoBody)
	must(t, err)
	resp, err := http.DefaultClient.Do(r)
	must(t, err)
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("HEAD: %d", resp.StatusCode)
	}
	in := b.browser()
	wantTitle(t, get(t, in, signinLink(kept, "/")), "You are in account 111111111111")
	b.update(t, func(tx *state.Tx) error {
		b.iam.DeleteRole(tx, management, "Gone")
		return nil
	})
	wantAlert(t, get(t, b.browser(), signinLink(gone, "/")), http.StatusBadRequest, "The session's credentials are not valid, or have expired.")
	b.wall.pass(15 * time.Minute)
	wantAlert(t, get(t, b.browser(), signinLink(late, "/")), http.StatusBadRequest, textLinkUsed)
	b.update(t, func(tx *state.Tx) error {
		b.iam.DeleteRole(tx, management, "Deployer")
		return nil
	})
	wantAlert(t, get(t, in, "/signin/console"), http.StatusUnauthorized, "This console session has ended. Open it again where you got its link.")
}

// Links lead to pages of ours, or to AWS's console, for which ours stands.
func TestAttack_FederationElsewhere(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for asked, want := range map[string]string{
		"/console/home": "/console/home",
		"/":             "/",
		b.base + "/console/1/x/?region=eu-west-1#top":                "/console/1/x/?region=eu-west-1#top",
		"https://console.aws.amazon.com/":                            "/",
		"https://console.aws.amazon.com//evil.example/":              "/evil.example/",
		"https://eu-west-1.console.aws.amazon.com/ec2/home?region=x": "/ec2/home?region=x",
		"":                               "",
		"console/home":                   "",
		"//evil.example/":                "",
		"/\\evil.example/":               "",
		"/\t/evil.example/":              "",
		"https://evil.example/":          "",
		"http://console.aws.amazon.com/": "",
		"https://console.aws.amazon.com.evil.example":       "",
		"https://evilconsole.aws.amazon.com/":               "",
		"https://console.aws.amazon.com@evil.example/":      "",
		"https://x@console.aws.amazon.com/":                 "",
		"https://evil.example/.console.aws.amazon.com/":     "",
		"javascript:alert(1)":                               "",
		strings.Replace(b.base, "http:", "https:", 1) + "/": "",
		"/" + strings.Repeat("x", 4096):                     "",
	} {
		if got, ok := b.Destination(asked); got != want || ok != (want != "") {
			t.Errorf("%q leads to %q, want %q", asked, got, want)
		}
	}
}
