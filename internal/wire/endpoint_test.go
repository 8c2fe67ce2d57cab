package wire

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"accountfactory/internal/clock"
	"accountfactory/internal/wire/sigv4"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/account"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/aws/aws-sdk-go-v2/service/sso"
	"github.com/aws/aws-sdk-go-v2/service/ssooidc"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/google/go-cmp/cmp"
)

var testTime = time.Date(2026, 11, 22, 18, 30, 0, 0, time.UTC)

func noChecks[I any](context.Context, *I) ([]Check, error) { return nil, nil }

// someServices are one operation or two of each protocol.
func someServices() []*Service {
	org := New("organizations")
	On(org, "DescribeAccount", func(_ context.Context, in *organizations.DescribeAccountInput, _ ...func(*organizations.Options)) (*organizations.DescribeAccountOutput, error) {
		return &organizations.DescribeAccountOutput{Account: &types.Account{Id: in.AccountId, Name: aws.String("Audit")}}, nil
	}, noChecks)
	On(org, "LeaveOrganization", func(context.Context, *organizations.LeaveOrganizationInput, ...func(*organizations.Options)) (*organizations.LeaveOrganizationOutput, error) {
		return &organizations.LeaveOrganizationOutput{}, nil
	}, noChecks)
	ac := New("account")
	On(ac, "PutAccountName", func(context.Context, *account.PutAccountNameInput, ...func(*account.Options)) (*account.PutAccountNameOutput, error) {
		return &account.PutAccountNameOutput{}, nil
	}, noChecks)
	st := New("sts")
	On(st, "GetCallerIdentity", func(ctx context.Context, _ *sts.GetCallerIdentityInput, _ ...func(*sts.Options)) (*sts.GetCallerIdentityOutput, error) {
		c := RequestFrom(ctx).Caller
		return &sts.GetCallerIdentityOutput{Account: &c.AccountID, Arn: &c.ARN, UserId: &c.UserID}, nil
	}, noChecks)
	oidc := New("ssooidc")
	On(oidc, "RegisterClient", func(_ context.Context, in *ssooidc.RegisterClientInput, _ ...func(*ssooidc.Options)) (*ssooidc.RegisterClientOutput, error) {
		return &ssooidc.RegisterClientOutput{ClientId: in.ClientName}, nil
	}, nil)
	portal := New("sso")
	On(portal, "ListAccounts", func(context.Context, *sso.ListAccountsInput, ...func(*sso.Options)) (*sso.ListAccountsOutput, error) {
		return &sso.ListAccountsOutput{}, nil
	}, nil)
	return []*Service{org, ac, st, oidc, portal}
}

// testEndpoint is an endpoint whose wall stands at testTime.
func testEndpoint(t testing.TB, change func(*Config)) *Endpoint {
	t.Helper()
	cfg := Config{Services: someServices(), Keys: testKey, Authorize: allow, Region: "us-east-1", Clock: clock.Fixed(testTime)}
	if change != nil {
		change(&cfg)
	}
	e, err := NewEndpoint(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// request is one request to be signed and sent.
type request struct {
	method, path, target, body string
	form                       bool
	service                    string // to sign for; "" leaves it unsigned
	token                      string
}

func (q request) http(t testing.TB) *http.Request {
	t.Helper()
	if q.method == "" {
		q.method = http.MethodPost
	}
	if q.path == "" {
		q.path = "/"
	}
	r := httptest.NewRequest(q.method, q.path, strings.NewReader(q.body))
	if q.target != "" {
		r.Header.Set("X-Amz-Target", q.target)
		r.Header.Set("Content-Type", typeJSON)
	}
	if q.form {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	}
	if q.service != "" {
		creds := aws.Credentials{AccessKeyID: testKeyID, SecretAccessKey: testSecret, SessionToken: q.token}
		if err := v4.NewSigner().SignHTTP(t.Context(), creds, r, sigv4.BodyHash([]byte(q.body)), q.service, testRegion, testTime); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

// reply is a whole response.
type reply struct {
	status int
	header http.Header
	body   string
}

func send(e http.Handler, r *http.Request) reply {
	w := httptest.NewRecorder()
	e.ServeHTTP(w, r)
	return reply{w.Code, w.Header(), w.Body.String()}
}

const (
	describe = "AWSOrganizationsV20161128.DescribeAccount"
	accountA = `{"AccountId":"111122223333"}`
	identity = "Action=GetCallerIdentity&Version=2011-06-15"
)

// whatever is asked, the answer is the protocol's, with a request id and a length, and never a 5xx or a page.
func TestRoute(t *testing.T) {
	t.Parallel()
	e := testEndpoint(t, nil)
	for _, tt := range []struct {
		name   string
		q      request
		status int
		says   string
	}{
		{"json", request{target: describe, body: accountA, service: "organizations"}, 200, `"Name":"Audit"`},
		{"json without output", request{target: "AWSOrganizationsV20161128.LeaveOrganization", body: "{}", service: "organizations"}, 200, ""},
		{"rest", request{path: "/putAccountName", body: `{"AccountName":"x"}`, service: "account"}, 200, ""},
		{"rest unsigned", request{path: "/client/register", body: `{"clientName":"a","clientType":"public"}`}, 200, `"clientId":"a"`},
		{"rest unsigned, list at the top", request{method: "GET", path: "/assignment/accounts?max_result=7"}, 400, "accessToken"},
		{"query", request{form: true, body: identity, service: "sts"}, 200, "<Account>111122223333</Account>"},
		{"query in the URL", request{method: "GET", path: "/?" + identity, service: "sts"}, 200, "<GetCallerIdentityResult>"},
		{"query without version", request{form: true, body: "Action=GetCallerIdentity", service: "sts"}, 200, "<GetCallerIdentityResult>"},
		{"not served", request{target: "AWSOrganizationsV20161128.CreateAccount", body: "{}", service: "organizations"}, 400, `"__type":"UnknownOperationException","Message":"organizations CreateAccount is not served here"`},
		{"not an operation", request{target: "AWSOrganizationsV20161128.Nope", body: "{}"}, 400, "organizations has no operation Nope"},
		{"no such service", request{target: "DynamoDB_20120810.ListTables", body: "{}"}, 400, `"__type":"UnknownOperationException"`},
		{"no dot in the target", request{target: "Nope"}, 400, `"__type":"UnknownOperationException"`},
		{"target by GET", request{method: "GET", target: describe}, 400, `"__type":"UnknownOperationException"`},
		{"a service without a table", request{target: "AWSIdentityStore.ListUsers", body: "{}"}, 400, "identitystore ListUsers is not served here"},
		{"rest not served", request{path: "/createlandingzone"}, 404, `{"message":`},
		{"query not served", request{form: true, body: "Action=AssumeRole&Version=2011-06-15"}, 400, "<Code>InvalidAction</Code>"},
		{"query not an operation", request{form: true, body: "Action=Nope&Version=2010-05-08"}, 400, "<Code>InvalidAction</Code>"},
		{"query of another service", request{form: true, body: "Action=DescribeInstances&Version=2016-11-15"}, 400, "<Code>InvalidAction</Code>"},
		{"query without action", request{form: true, body: "Version=2011-06-15"}, 400, "<Code>MissingAction</Code>"},
		{"form that is none", request{form: true, body: "Action=%zz"}, 400, "<Code>MalformedQueryString</Code>"},
		{"root", request{method: "GET"}, 404, `{"message":"no operation of a service here is at GET /"}`},
		{"unknown path", request{method: "GET", path: "/index.html"}, 404, `{"message":`},
		{"empty label", request{method: "GET", path: "/tags/"}, 404, `{"message":`},
		{"other method", request{method: "DELETE", path: "/putAccountName"}, 404, `{"message":`},
		{"token with a signature", request{path: "/token?aws_iam=t", body: "{}"}, 404, "CreateTokenWithIAM is not served"},
		{"token without", request{path: "/token", body: "{}"}, 404, "CreateToken is not served"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			res := send(e, tt.q.http(t))
			body := res.body
			if res.status != tt.status || !strings.Contains(body, tt.says) {
				t.Errorf("got %d %s, want %d with %s", res.status, body, tt.status, tt.says)
			}
			if res.header.Get("X-Amzn-Requestid") == "" || res.header.Get("Content-Length") != strconv.Itoa(len(body)) {
				t.Errorf("headers %v", res.header)
			}
			if kind := res.header.Get("Content-Type"); strings.Contains(kind, "html") || kind == "" && body != "" {
				t.Errorf("content type %q", kind)
			}
		})
	}
}

// each way a signature can be wrong has its code in each protocol.
func TestAuth_CodesPerProtocol(t *testing.T) {
	t.Parallel()
	calls := map[string]request{
		"json":  {target: describe, body: accountA, service: "organizations"},
		"rest":  {path: "/putAccountName", body: `{"AccountName":"x"}`, service: "account"},
		"query": {form: true, body: identity, service: "sts"},
	}
	type want struct {
		status int
		code   string
	}
	for _, tt := range []struct {
		name  string
		key   oneKey
		err   error // of Lookup
		call  func(*request)
		after time.Duration
		want  map[string]want
	}{
		{name: "good", key: testKey, want: map[string]want{"json": {200, ""}, "rest": {200, ""}, "query": {200, ""}}},
		{name: "unsigned", key: testKey, call: func(q *request) { q.service = "" }, want: map[string]want{
			"json": {400, "MissingAuthenticationTokenException"}, "rest": {403, "MissingAuthenticationTokenException"}, "query": {403, "MissingAuthenticationToken"},
		}},
		{name: "other secret", key: oneKey{Secret: "other", Caller: testCaller}, want: map[string]want{
			"json": {400, "InvalidSignatureException"}, "rest": {403, "InvalidSignatureException"}, "query": {403, "SignatureDoesNotMatch"},
		}},
		{name: "unknown key", key: oneKey{Secret: testSecret}, want: map[string]want{
			"json": {400, "UnrecognizedClientException"}, "rest": {403, "UnrecognizedClientException"}, "query": {403, "InvalidClientTokenId"},
		}},
		{name: "inactive key", err: ErrKeyInactive, want: map[string]want{
			"json": {400, "UnrecognizedClientException"}, "rest": {403, "UnrecognizedClientException"}, "query": {403, "InvalidClientTokenId"},
		}},
		{name: "store is down", err: errBoom, want: map[string]want{
			"json": {500, "InternalFailure"}, "rest": {500, "InternalFailure"}, "query": {500, "InternalFailure"},
		}},
		{name: "no token", key: oneKey{Secret: testSecret, SessionToken: "t", Caller: testCaller}, want: map[string]want{
			"json": {400, "UnrecognizedClientException"}, "rest": {403, "UnrecognizedClientException"}, "query": {403, "InvalidClientTokenId"},
		}},
		{name: "token of nobody", key: testKey, call: func(q *request) { q.token = "t" }, want: map[string]want{
			"json": {400, "UnrecognizedClientException"}, "rest": {403, "UnrecognizedClientException"}, "query": {403, "InvalidClientTokenId"},
		}},
		{
			name: "the right token", key: oneKey{Secret: testSecret, SessionToken: "t", Caller: testCaller}, call: func(q *request) { q.token = "t" },
			want: map[string]want{"json": {200, ""}, "rest": {200, ""}, "query": {200, ""}},
		},
		{name: "session ended", key: oneKey{Secret: testSecret, Expires: testTime, Caller: testCaller}, want: map[string]want{
			"json": {400, "ExpiredTokenException"}, "rest": {403, "ExpiredTokenException"}, "query": {403, "ExpiredToken"},
		}},
		{name: "old", key: testKey, after: 16 * time.Minute, want: map[string]want{
			"json": {400, "InvalidSignatureException"}, "rest": {403, "InvalidSignatureException"}, "query": {403, "SignatureDoesNotMatch"},
		}},
		{name: "other service", key: testKey, call: func(q *request) { q.service = "s3" }, want: map[string]want{
			"json": {400, "InvalidSignatureException"}, "rest": {403, "InvalidSignatureException"}, "query": {403, "SignatureDoesNotMatch"},
		}},
	} {
		for protocol, want := range tt.want {
			t.Run(tt.name+"/"+protocol, func(t *testing.T) {
				t.Parallel()
				e := testEndpoint(t, func(cfg *Config) {
					cfg.Keys = tt.key
					if tt.err != nil {
						cfg.Keys = failingStore{tt.err}
					}
					cfg.Clock = clock.Fixed(testTime.Add(tt.after))
				})
				q := calls[protocol]
				if tt.call != nil {
					tt.call(&q)
				}
				res := send(e, q.http(t))
				body := res.body
				if res.status != want.status || !strings.Contains(body+res.header.Get("X-Amzn-Errortype"), want.code) {
					t.Errorf("got %d %s, want %d %s", res.status, body, want.status, want.code)
				}
			})
		}
	}
}

type failingStore struct{ err error }

func (s failingStore) Lookup(context.Context, string) (Key, error) { return Key{}, s.err }

// a presigned URL works with GET and POST, and with a further signed header, as kubernetes and our own CLI send it.
func TestAuth_PresignedBySDK(t *testing.T) {
	t.Parallel()
	base := startEndpoint(t, Config{Services: someServices()})
	client := sts.NewPresignClient(sts.NewFromConfig(sdkConfig(base, testKeyID, testSecret, "")))
	signed, err := client.PresignGetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{}, func(o *sts.PresignOptions) {
		o.ClientOptions = append(o.ClientOptions, sts.WithAPIOptions(addHeader("X-Accountfactory-Server", "here")))
	})
	if err != nil {
		t.Fatal(err)
	}
	get := func(header string) reply {
		r, err := http.NewRequestWithContext(t.Context(), signed.Method, signed.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header = signed.SignedHeader.Clone()
		r.Header.Set("X-Accountfactory-Server", header)
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return reply{res.StatusCode, res.Header, string(body)}
	}
	if res := get("here"); res.status != 200 || !strings.Contains(res.body, testCaller.ARN) {
		t.Errorf("status %d", res.status)
	}
	if res := get("there"); res.status != 403 {
		t.Errorf("with another header: status %d", res.status)
	}
	if !strings.Contains(signed.URL, "x-accountfactory-server") {
		t.Errorf("the header is not signed: %s", signed.URL)
	}
}

func TestAuth_PresignedExpired(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest(http.MethodGet, "/?"+identity+"&X-Amz-Expires=60", nil)
	creds := aws.Credentials{AccessKeyID: testKeyID, SecretAccessKey: testSecret}
	uri, _, err := v4.NewSigner().PresignHTTP(t.Context(), creds, r, sigv4.BodyHash(nil), "sts", testRegion, testTime)
	if err != nil {
		t.Fatal(err)
	}
	e := testEndpoint(t, func(cfg *Config) { cfg.Clock = clock.Fixed(testTime.Add(2 * time.Minute)) })
	u, err := url.Parse(uri)
	if err != nil {
		t.Fatal(err)
	}
	r = httptest.NewRequest(http.MethodGet, u.RequestURI(), nil)
	res := send(e, r)
	if body := res.body; res.status != 400 || !strings.Contains(body, "<Code>RequestExpired</Code>") {
		t.Errorf("got %d %s", res.status, body)
	}
}

// handlers and the authoriser see who calls, from where, and in which Region.
func TestRequest_WhatHandlersSee(t *testing.T) {
	t.Parallel()
	var seen *Request
	var asked []Check
	e := testEndpoint(t, func(cfg *Config) {
		s := New("organizations")
		On(s, "DescribeAccount", func(ctx context.Context, in *organizations.DescribeAccountInput, _ ...func(*organizations.Options)) (*organizations.DescribeAccountOutput, error) {
			seen = RequestFrom(ctx)
			return &organizations.DescribeAccountOutput{}, nil
		}, func(_ context.Context, in *organizations.DescribeAccountInput) ([]Check, error) {
			return []Check{{Action: "organizations:DescribeAccount", Resource: *in.AccountId}}, nil
		})
		cfg.Services = []*Service{s}
		cfg.Authorize = func(_ context.Context, r *Request, checks []Check) error {
			asked = checks
			return nil
		}
	})
	r := request{target: describe, body: accountA, service: "organizations"}.http(t)
	r.Header.Set("User-Agent", "me/1")
	r.RemoteAddr = "192.0.2.7:1234"
	res := send(e, r)
	want := &Request{
		ID: res.header.Get("X-Amzn-Requestid"), Service: "organizations", Operation: "DescribeAccount", Region: testRegion, Caller: testCaller,
		Input: &organizations.DescribeAccountInput{AccountId: aws.String("111122223333")}, At: testTime, SourceIP: "192.0.2.7", UserAgent: "me/1",
	}
	if diff := cmp.Diff(want, seen, sdkValues); diff != "" {
		t.Errorf("request (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]Check{{Action: "organizations:DescribeAccount", Resource: "111122223333"}}, asked); diff != "" {
		t.Errorf("checks (-want +got):\n%s", diff)
	}
}

// nothing after a step that refuses runs.
func TestCall_Order(t *testing.T) {
	t.Parallel()
	signed := request{target: describe, body: accountA, service: "organizations"}
	for _, tt := range []struct {
		name          string
		q             request
		checks, allow error
		want          []string
	}{
		{name: "all steps", q: signed, want: []string{"lookup", "checks", "authorize", "fault", "handle"}},
		{name: "unsigned", q: request{target: describe, body: accountA}, want: nil},
		{name: "not JSON", q: request{target: describe, body: "{", service: "organizations"}, want: []string{"lookup"}},
		{name: "breaks the model", q: request{target: describe, body: "{}", service: "organizations"}, want: []string{"lookup"}},
		{name: "checks refuse", q: signed, checks: &types.AccountNotFoundException{}, want: []string{"lookup", "checks"}},
		{name: "not allowed", q: signed, allow: errBoom, want: []string{"lookup", "checks", "authorize"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var steps []string
			step := func(name string) { steps = append(steps, name) }
			e := testEndpoint(t, func(cfg *Config) {
				s := New("organizations")
				On(s, "DescribeAccount", func(context.Context, *organizations.DescribeAccountInput, ...func(*organizations.Options)) (*organizations.DescribeAccountOutput, error) {
					step("handle")
					return &organizations.DescribeAccountOutput{}, nil
				}, func(context.Context, *organizations.DescribeAccountInput) ([]Check, error) {
					step("checks")
					return nil, tt.checks
				})
				cfg.Services = []*Service{s}
				cfg.Keys = watchedStore(func() { step("lookup") })
				cfg.Authorize = func(context.Context, *Request, []Check) error { step("authorize"); return tt.allow }
				cfg.Fault = func(context.Context, *Request) Fault { step("fault"); return Fault{} }
			})
			res := send(e, tt.q.http(t))
			if !slices.Equal(steps, tt.want) {
				t.Errorf("steps %v, want %v", steps, tt.want)
			}
			if ok := res.status == 200; ok != (tt.name == "all steps") {
				t.Errorf("status %d", res.status)
			}
		})
	}
}

type watchedStore func()

func (w watchedStore) Lookup(ctx context.Context, id string) (Key, error) {
	w()
	return testKey.Lookup(ctx, id)
}

// with auth off any signature or none will do, and the Region still comes from the scope.
func TestNoAuth(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		change func(*http.Request)
		region string
	}{
		{"signed by nobody we know", func(r *http.Request) {}, testRegion},
		{"unsigned", func(r *http.Request) { r.Header.Del("Authorization") }, "us-east-1"},
		{"made up", func(r *http.Request) {
			r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=x/20200101/ap-south-1/foo/aws4_request, nonsense")
		}, "ap-south-1"},
		{"no region's name", func(r *http.Request) {
			r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=x/20200101/<b>/foo/aws4_request")
		}, "us-east-1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var seen *Request
			e := testEndpoint(t, func(cfg *Config) {
				s := New("organizations")
				On(s, "DescribeAccount", func(ctx context.Context, _ *organizations.DescribeAccountInput, _ ...func(*organizations.Options)) (*organizations.DescribeAccountOutput, error) {
					seen = RequestFrom(ctx)
					return &organizations.DescribeAccountOutput{}, nil
				}, noChecks)
				*cfg = Config{Services: []*Service{s}, Region: "us-east-1", NoAuth: true, AnonymousCaller: Caller{AccountID: "000000000000"}}
			})
			r := request{target: describe, body: accountA, service: "organizations"}.http(t)
			tt.change(r)
			if res := send(e, r); res.status != 200 {
				t.Fatalf("status %d: %s", res.status, res.body)
			}
			if seen.Region != tt.region || seen.Caller.AccountID != "000000000000" {
				t.Errorf("region %q, caller %+v", seen.Region, seen.Caller)
			}
		})
	}
}

// 1 MiB is the limit, declared or not, and the refusal is the protocol's.
func TestBody_TooLarge(t *testing.T) {
	t.Parallel()
	e := testEndpoint(t, nil)
	big := strings.Repeat(" ", maxBody+1)
	for name, q := range map[string]request{
		"json": {target: describe, body: big}, "rest": {path: "/client/register", body: big}, "query": {form: true, body: big},
	} {
		for _, declared := range []bool{true, false} {
			r := q.http(t)
			if !declared {
				r.ContentLength = -1
			}
			res := send(e, r)
			if body := res.body; res.status != 413 || !strings.Contains(body, "too large") {
				t.Errorf("%s: got %d %.200s", name, res.status, body)
			}
		}
	}
	r := request{path: "/client/register", body: `{"clientName":"a","clientType":"public"}` + strings.Repeat(" ", maxBody-100)}.http(t)
	if res := send(e, r); res.status != 200 {
		t.Errorf("just under the limit: %d", res.status)
	}
}

func TestBody_Unreadable(t *testing.T) {
	t.Parallel()
	r := request{target: describe, body: accountA}.http(t)
	r.Body = io.NopCloser(io.MultiReader(strings.NewReader("{"), &brokenReader{}))
	res := send(testEndpoint(t, nil), r)
	if body := res.body; res.status != 400 || !strings.Contains(body, "SerializationException") {
		t.Errorf("got %d %s", res.status, body)
	}
}

type brokenReader struct{}

func (*brokenReader) Read([]byte) (int, error) { return 0, errBoom }

func TestNewEndpoint_Refuses(t *testing.T) {
	t.Parallel()
	h := func(context.Context, *organizations.DescribeAccountInput, ...func(*organizations.Options)) (*organizations.DescribeAccountOutput, error) {
		return nil, nil
	}
	table := func(names ...string) []*Service {
		s := New("organizations")
		for _, name := range names {
			On(s, name, h, noChecks)
		}
		return []*Service{s}
	}
	unchecked := New("organizations")
	On(unchecked, "DescribeAccount", h, nil)
	checked := New("ssooidc")
	On(checked, "CreateToken", func(context.Context, *ssooidc.CreateTokenInput, ...func(*ssooidc.Options)) (*ssooidc.CreateTokenOutput, error) {
		return nil, nil
	}, noChecks)
	good := Config{Keys: testKey, Authorize: allow, Region: "us-east-1"}
	with := func(change func(*Config)) Config { cfg := good; change(&cfg); return cfg }
	for _, tt := range []struct {
		name string
		cfg  Config
		says string
	}{
		{"no region", with(func(c *Config) { c.Region = "" }), "no Region"},
		{"no keys", with(func(c *Config) { c.Keys = nil }), "no Keys"},
		{"no authoriser", with(func(c *Config) { c.Authorize = nil }), "no Authorize"},
		{"two tables", with(func(c *Config) { c.Services = append(table(), table()...) }), "two tables of organizations"},
		{"unknown operation", with(func(c *Config) { c.Services = table("Nope") }), `AWS has no operation "Nope"`},
		{"two rows", with(func(c *Config) { c.Services = table("DescribeAccount", "DescribeAccount") }), "two rows for DescribeAccount"},
		{"other handler", with(func(c *Config) { c.Services = table("ListAccounts") }), "the handler of ListAccounts has DescribeAccountInput"},
		{"no checks", with(func(c *Config) { c.Services = []*Service{unchecked} }), "is signed and has no checks"},
		{"checks of nobody", with(func(c *Config) { c.Services = []*Service{checked} }), "is unsigned, nobody could be checked"},
		{"half a mount", with(func(c *Config) { c.Mounts = []Mount{{Prefix: "/x/"}} }), `mount "/x/" lacks`},
	} {
		if _, err := NewEndpoint(tt.cfg); err == nil || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.says)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("New takes a service without facts")
		}
	}()
	New("s3")
}

// a handler that gives nothing is a mistake of ours, not an empty answer.
func TestOn_NeitherOutputNorError(t *testing.T) {
	t.Parallel()
	s := New("organizations")
	On(s, "DescribeAccount", func(context.Context, *organizations.DescribeAccountInput, ...func(*organizations.Options)) (*organizations.DescribeAccountOutput, error) {
		return nil, nil
	}, noChecks)
	e := testEndpoint(t, func(cfg *Config) { cfg.Services = []*Service{s} })
	if res := send(e, request{target: describe, body: accountA, service: "organizations"}.http(t)); res.status != 500 {
		t.Errorf("status %d", res.status)
	}
	if s.Name() != "organizations" || len(s.Operations()) != 1 {
		t.Errorf("table %q with %d rows", s.Name(), len(s.Operations()))
	}
}

// whatever stands in a path, labels come out decoded or the path is unknown.
func FuzzLabel(f *testing.F) {
	for _, seed := range []string{"arn%3Aaws%3Acontroltower%3Aus-east-1%3A1%3Ax%2Fy", "a", "%", "%2", "%zz", "a/b", "%00", "é", ""} {
		f.Add(seed)
	}
	e := testEndpoint(f, nil)
	f.Fuzz(func(t *testing.T, segment string) {
		u := &url.URL{Path: "/tags/x", RawPath: "/tags/" + segment}
		if decoded, err := url.PathUnescape(segment); err == nil {
			u.Path = "/tags/" + decoded
		}
		r := &http.Request{Method: http.MethodGet, URL: u, Header: http.Header{}}
		c := &call{e: e, r: r, req: &Request{}, query: url.Values{}}
		err := e.router.route(c)
		var own *Error
		if !errors.As(err, &own) || own.Status != 404 {
			t.Fatalf("%q: %v", segment, err)
		}
		if label, ok := c.labels["resourceArn"]; ok && (label == "" || label != strings.TrimPrefix(u.Path, "/tags/")) {
			t.Fatalf("%q: label %q", segment, label)
		}
	})
}

// one write carries the whole answer, after its length.
func TestAnswer_OneWrite(t *testing.T) {
	t.Parallel()
	w := &countingWriter{ResponseRecorder: httptest.NewRecorder()}
	testEndpoint(t, nil).ServeHTTP(w, request{target: describe, body: accountA, service: "organizations"}.http(t))
	if w.writes != 1 || w.Header().Get("Content-Length") != strconv.Itoa(w.Body.Len()) || !bytes.HasSuffix(w.Body.Bytes(), []byte("}")) {
		t.Errorf("%d writes of %q, headers %v", w.writes, w.Body, w.Header())
	}
}

type countingWriter struct {
	*httptest.ResponseRecorder
	writes int
}

func (w *countingWriter) Write(b []byte) (int, error) {
	w.writes++
	return w.ResponseRecorder.Write(b)
}
