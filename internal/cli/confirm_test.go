package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/credentials"

	"accountfactory/internal/cloud"
	"accountfactory/internal/console"
	"accountfactory/internal/factory"
)

// planning is a server that works on AWS and knows one account.
func planning(t *testing.T, kind string) *client {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in factory.Input
		_ = json.NewDecoder(r.Body).Decode(&in)
		plan := factory.Plan{AccountID: "111122223333", AccountName: "dev one"}
		if r.URL.Path != "/api/v1/checks" || in.Account != "dev@example.com" {
			plan = factory.Plan{Checks: []factory.Check{{Name: factory.CheckAccount, Result: factory.CheckFailed, Seen: "there is no such account"}}}
		}
		_ = json.NewEncoder(w).Encode(plan) // the client may be gone
	}))
	t.Cleanup(srv.Close)
	return &client{
		base: srv.URL, http: srv.Client(), about: console.About{Cloud: kind, OrganizationID: "o-abcdefghij"},
		signer: cloud.Signer{Credentials: credentials.NewStaticCredentialsProvider("AKIATEST", "secret", ""), Region: "eu-west-1", Endpoint: "http://aws.test", Audience: srv.URL},
	}
}

// TestConfirm: on AWS what makes or closes accounts is meant by whoever typed its name, or said for which organization.
func TestConfirm(t *testing.T) {
	t.Parallel()
	one := []factory.Input{{Parameters: factory.Parameters{Name: "dev one"}}}
	three := make([]factory.Input, 3)
	closing := []factory.Input{{Kind: factory.KindClose, Options: factory.Options{Account: "dev@example.com"}}}
	unknown := []factory.Input{{Kind: factory.KindClose, Options: factory.Options{Account: "nobody@example.com"}}}
	moving := []factory.Input{{Kind: factory.KindUpdate, Options: factory.Options{Account: "dev@example.com"}}}
	const org = "o-abcdefghij"
	for name, tt := range map[string]struct {
		inputs []factory.Input
		cloud  string
		sure   confirmation
		typed  string // on a terminal; "-" without one
		code   int
		says   []string
	}{
		"launched":             {inputs: one, typed: "dev one\n", says: []string{"organization " + org, `real account, "dev one"`, "costs nothing by itself", "90 days"}},
		"launched, otherwise":  {inputs: one, typed: "dev two\n", code: exitRefused, says: []string{`"dev two" is not "dev one"`, "nothing was asked for"}},
		"launched, no answer":  {inputs: one, typed: "", code: exitRefused},
		"a file":               {inputs: three, typed: "3\n", says: []string{"3 real accounts"}},
		"a file, otherwise":    {inputs: three, typed: "yes\n", code: exitRefused},
		"closed":               {inputs: closing, typed: "dev one\n", says: []string{`closes account 111122223333, "dev one", for good`, "only AWS Support", "90 days"}},
		"closed, otherwise":    {inputs: closing, typed: "111122223333\n", code: exitRefused},
		"closed, no such":      {inputs: unknown, typed: "dev one\n", code: exitRefused, says: []string{"there is no such account"}},
		"moved":                {inputs: moving, typed: "-"},
		"a script":             {inputs: one, typed: "-", sure: confirmation{true, org}},
		"a script for another": {inputs: one, typed: "-", sure: confirmation{true, "o-somebodyels"}, code: exitUsage, says: []string{"works on " + org}},
		"a script for any":     {inputs: one, typed: "-", sure: confirmation{yes: true}, code: exitUsage, says: []string{"--organization " + org}},
		"a script, unsure":     {inputs: one, typed: "-", code: exitUsage, says: []string{"--yes --organization " + org}},
		"a script, halfway":    {inputs: closing, typed: "-", sure: confirmation{organization: org}, code: exitUsage, says: []string{"--yes"}},
		"the twin":             {inputs: one, typed: "-", cloud: cloud.KindTwin},
		"another twin":         {inputs: moving, typed: "-", cloud: cloud.KindTwin, sure: confirmation{organization: "o-somebodyels"}, code: exitUsage},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var said bytes.Buffer
			kind := tt.cloud
			if kind == "" {
				kind = cloud.KindAWS
			}
			l := &launch{app: &app{streams: Streams{In: strings.NewReader(tt.typed), Err: &said, Terminal: tt.typed != "-"}}, sure: tt.sure}
			err := l.confirm(t.Context(), planning(t, kind), tt.inputs)
			code := 0
			var exit *exitError
			if errors.As(err, &exit) {
				code = exit.code
			}
			if err != nil {
				said.WriteString(err.Error())
			}
			if code != tt.code || err != nil && code == 0 {
				t.Errorf("exit code %d, want %d: %v", code, tt.code, err)
			}
			for _, want := range tt.says {
				if !strings.Contains(said.String(), want) {
					t.Errorf("said %q, without %q", said.String(), want)
				}
			}
		})
	}
}

// TestConfirm_Typed: the name comes after what was asked for before it, from the same terminal.
func TestConfirm_Typed(t *testing.T) {
	t.Parallel()
	l := &launch{app: &app{streams: Streams{In: strings.NewReader("dev-1@example.com\nann@example.com\nAnn\nArcher\ndev-1\n"), Err: &bytes.Buffer{}, Terminal: true}}}
	l.input.Name, l.input.OU = "dev-1", "Sandbox"
	inputs, err := l.inputs()
	if err == nil {
		err = l.confirm(t.Context(), planning(t, cloud.KindAWS), inputs)
	}
	if err != nil {
		t.Error(err)
	}
}
