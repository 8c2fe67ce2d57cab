package cloud_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"accountfactory/internal/clock"
	"accountfactory/internal/cloud"
)

const account = "111122223333"

// endpoint answers as much of AWS as connecting and assuming the factory's role needs.
type endpoint struct {
	*httptest.Server
	mu         sync.Mutex
	calls      []string
	forms      []url.Values
	role       bool // exists
	inside     bool // is in the portfolio
	everything bool // is attached to the role
	caller     string
	lifetime   time.Duration
	keys       []string // access keys that signed
	regions    []string // that calls were signed for
	center     string   // the Region of Identity Center; empty: there is none
}

func newEndpoint(t *testing.T) *endpoint {
	t.Helper()
	e := &endpoint{caller: account, lifetime: time.Hour}
	e.Server = httptest.NewServer(e)
	t.Cleanup(e.Close)
	return e
}

func (e *endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	e.mu.Lock()
	defer e.mu.Unlock()
	_ = r.ParseForm()
	op := r.Form.Get("Action")
	if target := r.Header.Get("X-Amz-Target"); target != "" {
		op = target[strings.LastIndex(target, ".")+1:]
	}
	_, scope, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
	key, _, _ := strings.Cut(scope, "/")
	e.calls, e.forms, e.keys, e.regions = append(e.calls, op), append(e.forms, r.Form), append(e.keys, key), append(e.regions, strings.Split(scope+"///", "/")[2])
	e.answer(w, r, op)
}

func (e *endpoint) answer(w http.ResponseWriter, r *http.Request, op string) {
	switch op {
	case "GetCallerIdentity":
		fmt.Fprintf(w, `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::%s:user/management</Arn><Account>%s</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`, e.caller, e.caller)
	case "DescribeOrganization":
		_ = json.NewEncoder(w).Encode(map[string]any{"Organization": map[string]any{"Id": "o-abcdefghij", "MasterAccountId": account}})
	case "CreateRole":
		if e.role {
			queryError(w, 409, "EntityAlreadyExists", "Role with name AccountFactoryExecution already exists.")
			return
		}
		e.role = true
		fmt.Fprint(w, `<CreateRoleResponse><CreateRoleResult><Role><RoleName>AccountFactoryExecution</RoleName></Role></CreateRoleResult></CreateRoleResponse>`)
	case "PutRolePolicy":
		fmt.Fprint(w, `<PutRolePolicyResponse/>`)
	case "DetachRolePolicy":
		if !e.everything {
			queryError(w, 404, "NoSuchEntity", "Policy arn:aws:iam::aws:policy/AdministratorAccess was not found.")
			return
		}
		e.everything = false
		fmt.Fprint(w, `<DetachRolePolicyResponse/>`)
	case "ListPortfolios":
		_ = json.NewEncoder(w).Encode(map[string]any{"PortfolioDetails": []any{
			map[string]any{"Id": "port-other", "DisplayName": "Other"},
			map[string]any{"Id": "port-factory", "DisplayName": "AWS Control Tower Account Factory Portfolio"},
		}})
	case "AssociatePrincipalWithPortfolio":
		e.inside = true
		fmt.Fprint(w, `{}`)
	case "ListInstances":
		e.listInstances(w, r)
	case "AssumeRole":
		if !e.role {
			queryError(w, 403, "AccessDenied", "User is not authorized to perform: sts:AssumeRole")
			return
		}
		fmt.Fprintf(w, `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIA%d</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>%s</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
			len(e.calls), clock.Wall{}.Now().Add(e.lifetime).Format(time.RFC3339))
	default:
		http.Error(w, "not served: "+op+r.URL.Path, http.StatusBadRequest)
	}
}

func queryError(w http.ResponseWriter, status int, code, message string) {
	w.WriteHeader(status)
	fmt.Fprintf(w, `<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error></ErrorResponse>`, code, message)
}

func (e *endpoint) count(op string) int {
	e.mu.Lock()
	defer e.mu.Unlock()
	n := 0
	for _, c := range e.calls {
		if c == op {
			n++
		}
	}
	return n
}

func credentialsFile(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "credentials")
	text := "[default]\naws_access_key_id = AKIAWRONG\naws_secret_access_key = wrong\n\n[management]\naws_access_key_id = AKIAMANAGEMENT\naws_secret_access_key = secret\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func connect(t *testing.T, e *endpoint) *cloud.Cloud {
	t.Helper()
	c, err := cloud.Connect(t.Context(), cloud.Config{Kind: cloud.KindTwin, Endpoint: e.URL, Region: "eu-west-1", CredentialsFile: credentialsFile(t)})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestConnect_IgnoresInheritedEndpoints: a variable left in a shell moves no call.
func TestConnect_IgnoresInheritedEndpoints(t *testing.T) {
	e, wrong := newEndpoint(t), newEndpoint(t)
	for _, v := range []string{"AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL_ORGANIZATIONS", "AWS_ENDPOINT_URL_SERVICE_CATALOG"} {
		t.Setenv(v, wrong.URL)
	}
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIAENVIRONMENT")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "environment")
	c := connect(t, e)
	if err := c.EnsureRole(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(wrong.calls) != 0 {
		t.Errorf("calls went to the inherited endpoint: %v", wrong.calls)
	}
	if i := slices.IndexFunc(e.keys, func(k string) bool { return k != "AKIAMANAGEMENT" }); i >= 0 {
		t.Errorf("call %s was signed with %s", e.calls[i], e.keys[i])
	}
	want := cloud.Identity{
		Kind: "twin", OrganizationID: "o-abcdefghij", ManagementAccount: account, Region: "eu-west-1",
		CallerARN: "arn:aws:iam::" + account + ":user/management",
	}
	if got := c.Identity(); got != want {
		t.Errorf("identity %+v, want %+v", got, want)
	}
}

func TestConnect_NotTheManagementAccount(t *testing.T) {
	t.Parallel()
	e := newEndpoint(t)
	e.caller = "999900001111"
	_, err := cloud.Connect(t.Context(), cloud.Config{Kind: cloud.KindTwin, Endpoint: e.URL, Region: "eu-west-1", CredentialsFile: credentialsFile(t)})
	if err == nil || !strings.Contains(err.Error(), "999900001111") || !strings.Contains(err.Error(), account) {
		t.Errorf("Connect gave %v, want both accounts named", err)
	}
}

func TestConfig_Validate(t *testing.T) {
	t.Parallel()
	good := cloud.Config{Kind: cloud.KindTwin, Endpoint: "http://localhost:1", Region: "eu-west-1", CredentialsFile: "c"}
	for name, tt := range map[string]struct {
		change func(*cloud.Config)
		says   string
	}{
		"good": {func(*cloud.Config) {}, ""},
		"AWS": {func(c *cloud.Config) {
			c.Kind, c.Endpoint, c.CredentialsFile, c.Organization = cloud.KindAWS, "", "", "o-abcdefghij"
		}, ""},
		"any organization": {func(c *cloud.Config) { c.Kind = cloud.KindAWS }, "organization"},
		"kind":             {func(c *cloud.Config) { c.Kind = "azure" }, `"azure"`},
		"Region":           {func(c *cloud.Config) { c.Region = "" }, "Region"},
		"endpoint":         {func(c *cloud.Config) { c.Endpoint = "" }, "endpoint"},
		"credentials":      {func(c *cloud.Config) { c.CredentialsFile = "" }, "credentials"},
	} {
		c := good
		tt.change(&c)
		if err := c.Validate(); (err == nil) != (tt.says == "") || err != nil && !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: %v, want %q", name, err, tt.says)
		}
	}
}

// TestEnsureRole may run twice: the role that exists is kept, its policy and its portfolio are seen to again.
func TestEnsureRole(t *testing.T) {
	t.Parallel()
	e := newEndpoint(t)
	c := connect(t, e)
	for range 2 {
		e.inside, e.everything = false, true // as an earlier version left it
		if err := c.EnsureRole(t.Context(), cloud.ByOrganizations); err != nil {
			t.Fatal(err)
		}
		if !e.role || !e.inside || e.everything {
			t.Errorf("role %v, in the portfolio %v, allowed everything %v", e.role, e.inside, e.everything)
		}
	}
	var trust, allowed string
	for _, f := range e.forms {
		switch f.Get("Action") {
		case "CreateRole":
			trust = f.Get("AssumeRolePolicyDocument")
		case "PutRolePolicy":
			allowed = f.Get("PolicyDocument")
		}
	}
	if want, err := c.RolePolicy(cloud.ByOrganizations); err != nil || allowed != want || !strings.Contains(want, "organizations:MoveAccount") {
		t.Errorf("the role is allowed %s, %v", allowed, err)
	}
	for _, must := range []string{"arn:aws:iam::" + account + ":root", "sts:AssumeRole", "sts:SetSourceIdentity"} {
		if !strings.Contains(trust, must) {
			t.Errorf("trust policy without %s: %s", must, trust)
		}
	}
}

// TestSessions: one session per requester, in their name, kept until it expires or is forgotten.
func TestSessions(t *testing.T) {
	t.Parallel()
	e := newEndpoint(t)
	s := cloud.NewSessions(connect(t, e))
	for _, who := range []string{"ada", "ada", "bob", "ada"} {
		if _, err := s.For(t.Context(), who); err != nil {
			t.Fatal(err)
		}
	}
	// The first AssumeRole found no role: it was made, and assumed with a second call.
	if got := e.count("AssumeRole"); got != 3 || e.count("CreateRole") != 1 {
		t.Errorf("%d AssumeRole and %d CreateRole, want 3 and 1", got, e.count("CreateRole"))
	}
	names := map[string]int{}
	for _, f := range e.forms {
		if f.Get("Action") == "AssumeRole" {
			names[f.Get("SourceIdentity")+"/"+f.Get("RoleSessionName")]++
			if got := f.Get("RoleArn"); got != "arn:aws:iam::"+account+":role/AccountFactoryExecution" {
				t.Errorf("assumed %s", got)
			}
		}
	}
	if names["ada/ada"] != 2 || names["bob/bob"] != 1 {
		t.Errorf("sessions: %v", names)
	}
	s.Forget("ada")
	e.mu.Lock()
	e.role = false // as after a reset
	e.mu.Unlock()
	clients, err := s.For(t.Context(), "ada")
	if err != nil || e.count("CreateRole") != 2 {
		t.Fatalf("after a reset: %v, %d CreateRole", err, e.count("CreateRole"))
	}
	if _, err := clients.STS.GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{}); err != nil {
		t.Fatal(err)
	}
	if key := e.keys[len(e.keys)-1]; !strings.HasPrefix(key, "ASIA") {
		t.Errorf("signed with %s, want the session's key", key)
	}
}

// TestSessions_Expiring replaces a session shortly before its end.
func TestSessions_Expiring(t *testing.T) {
	t.Parallel()
	e := newEndpoint(t)
	e.role, e.lifetime = true, time.Minute // less than what a session must have left
	s := cloud.NewSessions(connect(t, e))
	for range 3 {
		if _, err := s.For(t.Context(), "ada"); err != nil {
			t.Fatal(err)
		}
	}
	if got := e.count("AssumeRole"); got != 3 {
		t.Errorf("%d AssumeRole, want one each time", got)
	}
}

// TestAs uses a person's own credentials.
func TestAs(t *testing.T) {
	t.Parallel()
	e := newEndpoint(t)
	person := connect(t, e).As(credentials.NewStaticCredentialsProvider("ASIAPERSON", "s", "t"))
	if _, err := person.STS.GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{}); err != nil {
		t.Fatal(err)
	}
	if key := e.keys[len(e.keys)-1]; key != "ASIAPERSON" {
		t.Errorf("signed with %s", key)
	}
}
