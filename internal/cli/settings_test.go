package cli

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// TestSettings: a flag wins over the environment, the environment over the file, the file over the default.
func TestSettings(t *testing.T) {
	t.Parallel()
	file := write(t, "config.yaml", "region: from-file\nspeed: 5\nempty: true\nrandom-seed: 18446744073709551615\naccount-operations: 3\naccount-id: 012345678901\nauth: off\n")
	groups := write(t, "groups.yaml", "oidc-role:\n  - CN=Team,OU=x=operator\n  - b=viewer\n")
	text := write(t, "text.yaml", "oidc-role: |\n  a=operator\n  b=viewer\n")
	for _, tc := range []struct {
		name string
		args []string
		env  map[string]string
		flag string
		want string
	}{
		{"default", nil, nil, "region", "us-east-1"},
		{"file", []string{"--config", file}, nil, "region", "from-file"},
		{"file named by the environment", nil, map[string]string{"ACCOUNTFACTORY_CONFIG": file}, "region", "from-file"},
		{"environment over file", []string{"--config", file}, map[string]string{"ACCOUNTFACTORY_REGION": "from-env"}, "region", "from-env"},
		{"flag over both", []string{"--config", file, "--region", "from-flag"}, map[string]string{"ACCOUNTFACTORY_REGION": "from-env"}, "region", "from-flag"},
		{"a flag set to its default counts", []string{"--config", file, "--region", "us-east-1"}, nil, "region", "us-east-1"},
		{"a number where text is meant", []string{"--config", file}, nil, "speed", "5"},
		{"an account id that starts with 0", []string{"--config", file}, nil, "account-id", "012345678901"},
		{"off without quotes", []string{"--config", file}, nil, "auth", "off"},
		{"a large number", []string{"--config", file}, nil, "random-seed", "18446744073709551615"},
		{"a boolean", []string{"--config", file}, nil, "empty", "true"},
		{"a list", []string{"--config", groups}, nil, "oidc-role", "[\"CN=Team,OU=x=operator\nb=viewer\"]"},
		{"a list as lines", []string{"--config", text}, nil, "oidc-role", "[\"a=operator\nb=viewer\n\"]"},
		{"lines from the environment", nil, map[string]string{"ACCOUNTFACTORY_OIDC_ROLE": "a=operator\nb=viewer"}, "oidc-role", "[\"a=operator\nb=viewer\"]"},
		{"a repeated flag", []string{"--oidc-role", "a=operator", "--oidc-role", "b=viewer"}, nil, "oidc-role", "[a=operator,b=viewer]"},
		{"dashes in a name", nil, map[string]string{"ACCOUNTFACTORY_ACCOUNT_OPERATIONS": "7"}, "account-operations", "7"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			flags, err := fill(t, tc.env, tc.args...)
			if err != nil {
				t.Fatal(err)
			}
			if got := flags.Lookup(tc.flag).Value.String(); got != tc.want {
				t.Errorf("--%s is %s, want %s", tc.flag, got, tc.want)
			}
		})
	}
}

// fill parses the arguments of serve and fills in the rest.
func fill(t *testing.T, env map[string]string, args ...string) (*pflag.FlagSet, error) {
	t.Helper()
	a := &app{env: lookup(env)}
	cmd := newServe(a)
	if err := cmd.ParseFlags(args); err != nil {
		t.Fatal(err)
	}
	config, err := cmd.Flags().GetString("config")
	if err != nil {
		t.Fatal(err)
	}
	return cmd.Flags(), a.fillFlags(cmd.Flags(), config)
}

// TestSettings_Typed: a server that is named on the command line is the one that is asked, whatever the environment names.
func TestSettings_Typed(t *testing.T) {
	t.Parallel()
	env := map[string]string{"ACCOUNTFACTORY_SERVER": "https://accounts.example.com", "ACCOUNTFACTORY_AS": "111122223333/Some"}
	for _, tc := range []struct {
		args []string
		want string
	}{
		{nil, " --server https://accounts.example.com --as 111122223333/Some"},
		{[]string{"--data", "here"}, " --data here --as 111122223333/Some"},
		{[]string{"--data", "here", "--profile", "dev"}, " --data here --profile dev"},
		{[]string{"--server", "http://localhost:4580"}, " --server http://localhost:4580 --as 111122223333/Some"},
	} {
		a, c := &app{env: lookup(env)}, connection{}
		cmd := &cobra.Command{}
		c.flags(cmd)
		if err := cmd.ParseFlags(tc.args); err != nil {
			t.Fatal(err)
		}
		for range 2 { // as commands do
			if err := a.fillFlags(cmd.Flags(), ""); err != nil {
				t.Fatal(err)
			}
		}
		if got := c.again(); got != tc.want {
			t.Errorf("%v: %q, want %q", tc.args, got, tc.want)
		}
	}
}

// TestSettings_Errors name where the wrong value stands.
func TestSettings_Errors(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, file string
		env        map[string]string
		want       []string
	}{
		{"unknown key", "region: eu-west-1\nregoin: eu-west-1\n", nil, []string{"config.yaml", "[2:1]", "regoin"}},
		{"key given twice", "region: a\nregion: b\n", nil, []string{"[2:1]", "region"}},
		{"not YAML", "region: [\n", nil, []string{"config.yaml", "[1:9]"}},
		{"a list where a map is meant", "- region\n", nil, []string{"config.yaml", "[1:1]"}},
		{"wrong type", "account-operations: many\n", nil, []string{"config.yaml", "[1:21]", "AccountOperations"}},
		{"a list where text is meant", "region: [a, b]\n", nil, []string{"config.yaml", "[1:9]"}},
		{"mail", "smtp-host: localhost:25\nsmtp-from: x@example.com\nsmtp-user: x\nsmtp-password: y\nsmtp-tls: ssl\n", nil, []string{"--smtp-tls", "ssl"}},
		{"mail password alone", "", map[string]string{"ACCOUNTFACTORY_SMTP_PASSWORD": "x"}, []string{"--smtp-host"}},
		{"environment", "", map[string]string{"ACCOUNTFACTORY_EMPTY": "perhaps"}, []string{"ACCOUNTFACTORY_EMPTY", "perhaps"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			args := []string{}
			if tc.file != "" {
				args = []string{"--config", write(t, "config.yaml", tc.file)}
			}
			got := runIn(t, tc.env, append([]string{"serve", "--data", t.TempDir(), "--aws", "localhost:0", "--console", "nowhere"}, args...)...)
			if got.code != exitUsage {
				t.Errorf("exit code %d", got.code)
			}
			for _, want := range tc.want {
				if !strings.Contains(got.err, want) {
					t.Errorf("said %q, without %q", got.err, want)
				}
			}
		})
	}
}

// TestSettings_EveryFlagHasAKey: what serve takes as a flag, the file takes as a key of that name.
func TestSettings_EveryFlagHasAKey(t *testing.T) {
	t.Parallel()
	keys := fileSettings{}.values()
	cmd := newServe(&app{})
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if _, ok := keys[f.Name]; !ok && f.Name != "config" && f.Name != "help" {
			t.Errorf("--%s has no key", f.Name)
		}
		delete(keys, f.Name)
	})
	for key := range keys {
		t.Errorf("the key %s has no flag", key)
	}
}

// TestSettings_Twin: what a shared file says for the factory is no concern of a twin alone, and of a misspelled key it is told.
func TestSettings_Twin(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ file, want string }{
		"the factory's": {"operators: arn:aws:iam::111122223333:role/ops\ndatabase: postgres://localhost/x\n", "--console"},
		"misspelled":    {"operator: x\n", "operator"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := run(t, "twin", "--data", t.TempDir(), "--aws", "localhost:0", "--console", "nowhere", "--config", write(t, "config.yaml", tc.file))
			if got.code != exitUsage || !strings.Contains(got.err, tc.want) {
				t.Errorf("exit code %d: %s", got.code, got.err)
			}
		})
	}
}

// TestSettings_NoSecrets: what is wrong with a file is said with its place, without the lines around it.
func TestSettings_NoSecrets(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ last, want string }{
		"an unknown key": {"speeed: 3", `[3:1] unknown field "speeed"`},
		"a wrong type":   {"account-quota: many", "[3:16] cannot unmarshal string"},
		"a key twice":    {"smtp-password: other", `[3:1] mapping key "smtp-password" already defined at [1:1]`},
		"no YAML":        {"region: [", "[3:9]"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := write(t, "config.yaml", "smtp-password: hunter2\nsecret-access-key: topsecret\n"+tc.last+"\n")
			_, err := fill(t, nil, "--config", file)
			if err == nil || !strings.Contains(err.Error(), file) || !strings.Contains(err.Error(), tc.want) || exitCode(err) != exitUsage {
				t.Fatalf("%v, want %s", err, tc.want)
			}
			if strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), "topsecret") {
				t.Errorf("it shows a secret: %v", err)
			}
		})
	}
}
