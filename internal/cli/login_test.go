package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"accountfactory/internal/cli"
	"accountfactory/internal/twin/identitycenter"
	"accountfactory/test/harness"
)

const password = "Correct-horse-1"

// machine is a running twin, and a home folder in which somebody works with it.
type machine struct {
	harness.Ready
	data, home string
}

// output is what a command writes, while it runs.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

func setup(t *testing.T) *machine {
	t.Helper()
	return running(t, "twin")
}

// running starts a server by a command of its own.
func running(t *testing.T, command ...string) *machine {
	t.Helper()
	m := &machine{data: t.TempDir(), home: t.TempDir()}
	ready := filepath.Join(t.TempDir(), "ready.json")
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan int, 1)
	log := &output{}
	go func() {
		ended <- m.run(ctx, log, log, append(command, "--data", m.data, "--aws", "localhost:0", "--console", "localhost:0", "--ready-file", ready)...)
	}()
	t.Cleanup(func() {
		stop()
		if code := <-ended; code != 0 {
			t.Errorf("the server ended with %d: %s", code, log.String())
		}
	})
	soon, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	err := harness.Poll(soon, 10*time.Millisecond, func() (bool, error) {
		body, err := os.ReadFile(ready)
		if os.IsNotExist(err) {
			return false, nil
		}
		return true, json.Unmarshal(body, &m.Ready)
	})
	if err != nil {
		t.Fatal(err, log.String())
	}
	return m
}

// run runs a command line as one does in the home folder.
func (m *machine) run(ctx context.Context, out, errOut io.Writer, args ...string) int {
	env := func(name string) (string, bool) {
		if name == "HOME" {
			return m.home, true
		}
		return "", false
	}
	return cli.Run(ctx, args, env, cli.Streams{In: strings.NewReader(""), Out: out, Err: errOut})
}

// command runs a command to its end.
func (m *machine) command(t *testing.T, args ...string) (code int, out, errOut string) {
	t.Helper()
	var o, e output
	code = m.run(t.Context(), &o, &e, append(args, "--data", m.data)...)
	return code, o.String(), e.String()
}

// browser is the requester's, signed in by the invitation that first start wrote to the outbox.
func (m *machine) browser(t *testing.T) *harness.Browser {
	t.Helper()
	var box struct{ Mails []identitycenter.Mail }
	code, out, errOut := m.command(t, "lab", "outbox")
	if err := json.Unmarshal([]byte(out), &box); err != nil || code != 0 {
		t.Fatalf("outbox: %d %v %s", code, err, errOut)
	}
	b := harness.NewBrowser(m.Console)
	for _, mail := range box.Mails {
		if mail.To == "requester@example.com" {
			if _, err := b.Get(t.Context(), mail.Link); err != nil {
				t.Fatal(err)
			}
		}
	}
	if _, err := b.Submit(t.Context(), "choose", map[string]string{"password": password, "again": password}); err != nil {
		t.Fatal(err)
	}
	return b
}

// login runs login and decides in the browser that it asks for.
func (m *machine) login(t *testing.T, b *harness.Browser, decision string) (code int, out, errOut string) {
	t.Helper()
	var o, e output
	ended := make(chan int, 1)
	go func() { ended <- m.run(t.Context(), &o, &e, "login", "--data", m.data) }()
	page := regexp.MustCompile(`http://\S+`)
	soon, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := harness.Poll(soon, 10*time.Millisecond, func() (bool, error) { return page.MatchString(e.String()), nil }); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Get(t.Context(), page.FindString(e.String())); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Submit(t.Context(), "approve", map[string]string{"decision": decision}); err != nil {
		t.Fatal(err)
	}
	return <-ended, o.String(), e.String()
}

func TestLogin(t *testing.T) {
	t.Parallel()
	m := setup(t)
	creds := []string{"creds", "--account", m.Account, "--role", "AWSServiceCatalogEndUserAccess"}
	if code, _, errOut := m.command(t, creds...); code != 1 || !strings.Contains(errOut, "you are not signed in") {
		t.Errorf("before login: %d %s", code, errOut)
	}
	b := m.browser(t)
	if code, _, errOut := m.login(t, b, "deny"); code != 3 || !strings.Contains(errOut, "you have denied the request") {
		t.Errorf("denied: %d %s", code, errOut)
	}
	if code, out, errOut := m.login(t, b, "allow"); code != 0 || !strings.HasPrefix(out, "Signed in until ") {
		t.Fatalf("login: %d %s %s", code, out, errOut)
	}
	code, out, errOut := m.command(t, creds...)
	var c struct {
		Version                                    int
		AccessKeyId, SecretAccessKey, SessionToken string //nolint:revive // AWS's spelling
		Expiration                                 time.Time
	}
	if err := json.Unmarshal([]byte(out), &c); err != nil || code != 0 || c.Version != 1 || !c.Expiration.After(time.Unix(0, 0)) {
		t.Fatalf("creds: %d %v %s", code, err, errOut)
	}
	who := m.caller(t, credentials.NewStaticCredentialsProvider(c.AccessKeyId, c.SecretAccessKey, c.SessionToken))
	if !strings.Contains(who, ":assumed-role/AWSReservedSSO_AWSServiceCatalogEndUserAccess_") || !strings.HasSuffix(who, "/requester") {
		t.Errorf("the credentials are %s's", who)
	}
	if code, _, errOut := m.command(t, "creds", "--account", m.Account, "--role", "AWSAdministratorAccess"); code != 3 || !strings.Contains(errOut, "No access") {
		t.Errorf("a role one has not: %d %s", code, errOut)
	}
	if code, _, errOut := m.command(t, "logout"); code != 0 {
		t.Errorf("logout: %d %s", code, errOut)
	}
	if code, _, errOut := m.command(t, creds...); code != 1 || !strings.Contains(errOut, "you are not signed in") {
		t.Errorf("after logout: %d %s", code, errOut)
	}
	if files, err := filepath.Glob(filepath.Join(m.home, ".aws", "sso", "cache", "*")); err != nil || len(files) > 0 {
		t.Errorf("logout leaves %v, %v", files, err)
	}
}

func (m *machine) caller(t *testing.T, c aws.CredentialsProvider) string {
	t.Helper()
	out, err := sts.New(sts.Options{Region: m.Region, BaseEndpoint: &m.AWS, Credentials: c}).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
	if err != nil {
		t.Fatal(err)
	}
	return *out.Arn
}

// profiles writes an AWS configuration with both kinds of profile, as docs/clients.md shows them.
func (m *machine) profiles(t *testing.T) (path string) {
	t.Helper()
	path = filepath.Join(m.home, ".aws", "config")
	text := `[sso-session accountfactory]
sso_start_url = ` + m.Console + `/start
sso_region = ` + m.Region + `
sso_registration_scopes = sso:account:access

[profile session]
sso_session = accountfactory
sso_account_id = ` + m.Account + `
sso_role_name = AWSServiceCatalogEndUserAccess
region = ` + m.Region + `

[profile legacy]
sso_start_url = ` + m.Console + `/start
sso_region = ` + m.Region + `
sso_account_id = ` + m.Account + `
sso_role_name = AWSServiceCatalogEndUserAccess
region = ` + m.Region + "\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// environ is the environment in which AWS's clients are pointed here.
func (m *machine) environ(profile string) []string {
	return []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + m.home, "AWS_PROFILE=" + profile, "AWS_ENDPOINT_URL=" + m.AWS, "AWS_ENDPOINT_URL_SSO=" + m.AWS,
		"AWS_ENDPOINT_URL_SSO_OIDC=" + m.AWS, "AWS_EC2_METADATA_DISABLED=true",
	}
}

// The SDK for Go and boto3 take what login left for them, in both kinds of profile, until it is taken back.
func TestLogin_ForOtherClients(t *testing.T) {
	t.Parallel()
	m := setup(t)
	b := m.browser(t)
	if code, _, errOut := m.login(t, b, "allow"); code != 0 {
		t.Fatalf("login: %d %s", code, errOut)
	}
	m.profiles(t)
	for _, client := range []struct {
		name    string
		need    func(*testing.T) // unless the client is here by itself
		command []string
	}{
		{"SDK for Go", nil, []string{os.Args[0], "-test.run=^TestHelperCaller$"}},
		{"boto3", func(t *testing.T) { t.Helper(); harness.NeedBoto3(t, harness.Boto3Endpoints) }, []string{"python3", "-c", "import boto3; print(boto3.client('sts').get_caller_identity()['Arn'])"}},
		{"AWS CLI", func(t *testing.T) { t.Helper(); harness.NeedNewerCLI(t) }, []string{"aws", "sts", "get-caller-identity", "--query", "Arn", "--output", "text"}},
	} {
		for _, profile := range []string{"session", "legacy"} {
			t.Run(client.name+" "+profile, func(t *testing.T) {
				if client.need != nil {
					client.need(t)
				}
				out, err := m.other(t, profile, client.command)
				if err != nil || !strings.Contains(out, ":assumed-role/AWSReservedSSO_AWSServiceCatalogEndUserAccess_") {
					t.Errorf("%v: %s", err, out)
				}
			})
		}
	}
	if _, err := b.Get(t.Context(), "/signin/"); err != nil {
		t.Fatal(err)
	}
	for _, form := range b.Page.Root.ID("sessions").FindAll(harness.Element("form", "")) {
		if _, err := b.SubmitForm(t.Context(), form, nil); err != nil {
			t.Fatal(err)
		}
	}
	if out, err := m.other(t, "legacy", []string{os.Args[0], "-test.run=^TestHelperCaller$"}); err == nil || !strings.Contains(out, "UnauthorizedException") {
		t.Errorf("after the sessions were ended: %v: %s", err, out)
	}
}

// other runs another program as its users do.
func (m *machine) other(t *testing.T, profile string, command []string) (string, error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), command[0], command[1:]...)
	cmd.Env = append(m.environ(profile), "ACCOUNTFACTORY_TEST_HELPER=1")
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// TestHelperCaller is no test: run by TestLogin_ForOtherClients it is a program with the SDK for Go, configured by nothing
// but its environment.
func TestHelperCaller(t *testing.T) { //nolint:paralleltest // a program of its own
	if os.Getenv("ACCOUNTFACTORY_TEST_HELPER") == "" {
		t.Skip("run by another test")
	}
	cfg, err := config.LoadDefaultConfig(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	out, err := sts.NewFromConfig(cfg).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
	if err != nil {
		t.Fatal(err)
	}
	t.Log(*out.Arn)
	_, _ = os.Stdout.WriteString(*out.Arn + "\n") // go test shows the log of failures only
}
