package contract

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"accountfactory/internal/factory"
	"accountfactory/internal/server"
)

// TestHook: after a launch a command runs with credentials for the new account; a hook that fails leaves the request as it
// is, and is run again by the command line.
func TestHook(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "hooks.yaml")
	if err := os.WriteFile(file, []byte(`
- {name: inside, on: [success], kinds: [launch], command: [/bin/sh, -c, "env > env; cat > input; mv input done"], dir: "`+dir+`"}
- {name: moody, on: [success], command: [/bin/sh, -c, "test -e ready"], dir: "`+dir+`", attempts: 1}
`), 0o600); err != nil {
		t.Fatal(err)
	}
	f := setup(t, func(c *server.Config) { c.Hooks = file })
	f.done(append(flags(good("one")), "--field", "ticket=ABC-1", "--wait")...)
	requests, err := f.api.Requests(f.ctx)
	f.must(err)
	d := f.told(requests[0].ID)
	f.inside(dir, d)
	moody := d.Hooks[0]
	if moody.Hook != "moody" {
		moody = d.Hooks[1]
	}
	if d.State != factory.StateSucceeded || moody.State != factory.HookFailed || !strings.Contains(moody.Result, "exit status 1") {
		t.Errorf("%s, %+v", d.State, d.Hooks)
	}
	f.must(os.WriteFile(filepath.Join(dir, "ready"), nil, 0o600))
	f.done("request", "hook", d.ID, moody.ID)
	for _, h := range f.told(d.ID).Hooks {
		if h.State != factory.HookDone {
			t.Errorf("after it was run again: %+v", h)
		}
	}
}

// told waits until no hook of a request is pending.
func (f *fixture) told(id string) factory.Detail {
	f.t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		var d factory.Detail
		f.must(f.api.Do(f.ctx, "GET", "/api/v1/requests/"+id, nil, &d))
		pending := len(d.Hooks) == 0
		for _, h := range d.Hooks {
			pending = pending || h.State == factory.HookPending
		}
		if !pending {
			return d
		}
		select {
		case <-f.ctx.Done():
			f.t.Fatalf("still pending: %+v", d.Hooks)
		case <-tick.C:
		}
	}
}

// inside asks the twin who the command's credentials are.
func (f *fixture) inside(dir string, d factory.Detail) {
	f.t.Helper()
	body, err := os.ReadFile(filepath.Join(dir, "env"))
	f.must(err)
	env := map[string]string{}
	for line := range strings.Lines(string(body)) {
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
		env[name] = value
	}
	cfg := f.Config.Copy()
	cfg.Credentials = credentials.NewStaticCredentialsProvider(env["AWS_ACCESS_KEY_ID"], env["AWS_SECRET_ACCESS_KEY"], env["AWS_SESSION_TOKEN"])
	cfg.BaseEndpoint = aws.String(env["AWS_ENDPOINT_URL"])
	me, err := sts.NewFromConfig(cfg).GetCallerIdentity(f.ctx, &sts.GetCallerIdentityInput{})
	f.must(err)
	if want := "assumed-role/AWSControlTowerExecution/accountfactory-" + d.ID; *me.Account != d.AccountID || !strings.HasSuffix(*me.Arn, want) {
		f.t.Errorf("the command is %s, want %s in %s", *me.Arn, want, d.AccountID)
	}
	input, err := os.ReadFile(filepath.Join(dir, "done"))
	f.must(err)
	var told struct{ Request factory.Request }
	f.must(json.Unmarshal(input, &told))
	if told.Request.Fields["ticket"] != "ABC-1" || told.Request.AccountID != d.AccountID {
		f.t.Errorf("told: %s", input)
	}
}
