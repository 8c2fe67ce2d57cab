package cli

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/factory"
)

const entry = `- name: dev-1
  email: dev-1@example.com
  ou: Sandbox
  sso-email: ann@example.com
  sso-first: Ann
  sso-last: Archer
`

func TestLaunchFile(t *testing.T) {
	t.Parallel()
	l := &launch{app: &app{}, file: write(t, "accounts.yaml", entry+"  reason: new team\n"+strings.ReplaceAll(entry, "dev-1", "dev-2"))}
	l.input.Region, l.input.TagOptions = "eu-west-1", []string{"team=red"}
	got, err := l.inputs()
	if err != nil {
		t.Fatal(err)
	}
	account := func(name, reason string) factory.Input {
		return factory.Input{
			Parameters: factory.Parameters{
				Name: name, AccountEmail: name + "@example.com", OU: "Sandbox", SSOUserEmail: "ann@example.com", SSOUserFirstName: "Ann", SSOUserLastName: "Archer",
			},
			Reason: reason, Region: "eu-west-1", TagOptions: []string{"team=red"}, // flags that count for every account
		}
	}
	if diff := cmp.Diff([]factory.Input{account("dev-1", "new team"), account("dev-2", "")}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestLaunchFile_Errors are usage errors that say where.
func TestLaunchFile_Errors(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, text string
		want       []string
	}{
		{"empty", "", []string{"the list is empty"}},
		{"an empty list", "[]\n", []string{"the list is empty"}},
		{"no list", "name: dev-1\n", []string{"[1:"}},
		{"not YAML", entry + "  : : :\n", []string{"[7:"}},
		{"unknown field", entry + "  budget: 100\n", []string{"[7:3]", "budget"}},
		{"field given twice", entry + "  name: other\n", []string{"[7:3]", "name"}},
		{"wrong type", strings.Replace(entry, "Sandbox", "[a, b]", 1), []string{"[3:7]"}},
		{"missing fields", "- name: dev-1\n  email: dev-1@example.com\n", []string{"account 1 has no ou, sso-email, sso-first, sso-last"}},
		{"blank field", strings.Replace(entry, "Sandbox", `" "`, 1), []string{"account 1 has no ou"}},
		{"same e-mail twice", entry + strings.Replace(entry, "dev-1@", "DEV-1@", 1), []string{"accounts 1 and 2 have the same email DEV-1@example.com"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := run(t, "launch", "-f", write(t, "accounts.yaml", tc.text))
			if got.code != exitUsage || !strings.Contains(got.err, "accounts.yaml") {
				t.Errorf("exit code %d: %s", got.code, got.err)
			}
			for _, want := range tc.want {
				if !strings.Contains(got.err, want) {
					t.Errorf("said %q, without %q", got.err, want)
				}
			}
		})
	}
}

// TestPrompts: on a terminal what is missing is asked for, on standard error, and what was given is not.
func TestPrompts(t *testing.T) {
	t.Parallel()
	var errs bytes.Buffer
	l := &launch{app: &app{streams: Streams{In: strings.NewReader("dev-1@example.com\n  ann@example.com \nAnn\nArcher\n"), Err: &errs, Terminal: true}}}
	l.input.Name, l.input.OU = "dev-1", "Sandbox"
	got, err := l.inputs()
	if err != nil {
		t.Fatal(err)
	}
	want := []factory.Input{{Parameters: factory.Parameters{
		Name: "dev-1", AccountEmail: "dev-1@example.com", OU: "Sandbox", SSOUserEmail: "ann@example.com", SSOUserFirstName: "Ann", SSOUserLastName: "Archer",
	}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if asked := "Account e-mail: Owner's e-mail: Owner's first name: Owner's last name: "; errs.String() != asked {
		t.Errorf("asked %q, want %q", errs.String(), asked)
	}
}

func TestPrompts_NothingTyped(t *testing.T) {
	t.Parallel()
	l := &launch{app: &app{streams: Streams{In: strings.NewReader("dev-1\n"), Err: &bytes.Buffer{}, Terminal: true}}}
	_, err := l.inputs()
	var exit *exitError
	if !errors.As(err, &exit) || exit.code != exitUsage || !strings.Contains(err.Error(), "Account e-mail: nothing was typed") {
		t.Errorf("got %v", err)
	}
}

// TestPrompts_NoTerminal: without one nothing is asked, and the checks say what is missing.
func TestPrompts_NoTerminal(t *testing.T) {
	t.Parallel()
	var errs bytes.Buffer
	l := &launch{app: &app{streams: Streams{In: strings.NewReader("dev-1\n"), Err: &errs}}}
	if got, err := l.inputs(); err != nil || len(got) != 1 || got[0].Name != "" || errs.Len() > 0 {
		t.Errorf("got %v, %v, asked %q", got, err, errs.String())
	}
}
