package replica

import (
	"strings"
	"testing"

	"accountfactory/test/harness"
)

// launchArgs asks for an account by the command line.
func launchArgs(s *standIn, server *harness.Process, name string) []string {
	return []string{
		"launch", "--server", server.Console, "--name", name, "--email", name + "@example.com", "--ou", "Sandbox",
		"--sso-email", name + "@example.com", "--sso-first", "Ada", "--sso-last", "Lovelace", "--yes", "--organization", s.organization,
	}
}

// TestGuard_OtherOrganization: credentials that reach another organization than the one named change nothing.
func TestGuard_OtherOrganization(t *testing.T) {
	t.Parallel()
	s := standingIn(t)
	real := s.organization
	s.organization = "o-somebodyelse"
	s.asked()
	_, log, err := s.serve(t, t.TempDir())
	if err == nil {
		t.Fatal("it came up")
	}
	for _, want := range []string{real, "o-somebodyelse", "nothing was touched"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("it does not say %q: %s", want, log)
		}
	}
	if w := writes(s.asked()); len(w) > 0 {
		t.Errorf("it wrote: %v", w)
	}
}

// TestGuard_Paused: on AWS the first start makes no role and begins nothing until somebody resumes; an endpoint meant for
// other programs is not followed, and that is said.
func TestGuard_Paused(t *testing.T) {
	t.Parallel()
	s := standingIn(t)
	s.asked()
	p, log, err := s.serve(t, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	says(t, log, s.organization)
	if strings.Contains(log.String(), "rehearsal") {
		t.Errorf("the banner: %s", log)
	}
	if out, code := s.run(t, launchArgs(s, p, "team")...); code == 0 || !strings.Contains(out, "setup-role") {
		t.Errorf("launch without the role: exit code %d: %s", code, out)
	}
	setup := []string{"setup-role", "--organization", s.organization, "--endpoint-url", s.url}
	if out, code := s.run(t, setup...); code != 0 || !strings.Contains(out, "Nothing was done") {
		t.Errorf("setup-role: exit code %d: %s", code, out)
	}
	if w := writes(s.asked()); len(w) > 0 {
		t.Errorf("before anybody allowed it, it wrote: %v", w)
	}
	if out, code := s.run(t, append(setup, "--yes")...); code != 0 || !strings.Contains(out, "Done in "+s.organization) {
		t.Fatalf("setup-role --yes: exit code %d: %s", code, out)
	}
	s.asked()
	if out, code := s.run(t, launchArgs(s, p, "team")...); code != 0 || !strings.Contains(out, "waiting") {
		t.Errorf("launch: exit code %d: %s", code, out)
	}
	if out, code := s.run(t, "queue", "show", "--server", p.Console); code != 0 || !strings.Contains(out, "paused") {
		t.Errorf("queue: exit code %d: %s", code, out)
	}
	if w := writes(s.asked()); len(w) > 0 {
		t.Errorf("paused, it wrote: %v", w)
	}
	if out, code := s.run(t, "queue", "resume", "--server", p.Console); code != 0 {
		t.Fatalf("resume: exit code %d: %s", code, out)
	}
	unsure := launchArgs(s, p, "unsure")
	if out, code := s.run(t, unsure[:len(unsure)-3]...); code != 2 || !strings.Contains(out, "--yes --organization "+s.organization) {
		t.Errorf("a launch that nobody said is meant: exit code %d: %s", code, out)
	}
	if out, code := s.run(t, append(launchArgs(s, p, "other"), "--wait")...); code != 0 {
		t.Errorf("launch: exit code %d: %s", code, out)
	}
}

// TestGuard_Moved: a database that belongs to one organization refuses to work on another, whichever way it came there,
// and has asked only to read when it says so.
func TestGuard_Moved(t *testing.T) {
	t.Parallel()
	_, url := server.Database(t)
	for name, database := range map[string][]string{"data folder": nil, "PostgreSQL": {"--database", url}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			here, there := standingIn(t), standingIn(t)
			data := t.TempDir()
			p, _, err := here.serve(t, data, database...)
			if err != nil {
				t.Fatal(err)
			}
			if err := p.Stop(); err != nil {
				t.Fatal(err)
			}
			there.asked()
			_, log, err := there.serve(t, data, database...)
			if err == nil {
				t.Fatal("it came up")
			}
			for _, want := range []string{here.organization, there.organization} {
				if !strings.Contains(log.String(), want) {
					t.Errorf("it does not name %s: %s", want, log)
				}
			}
			if w := writes(there.asked()); len(w) > 0 {
				t.Errorf("it wrote: %v", w)
			}
			if _, _, err := here.serve(t, data, database...); err != nil {
				t.Errorf("back where it belongs: %v", err)
			}
		})
	}
}

// TestGuard_Endpoint: an address for AWS in the environment, meant for something else, is not followed.
func TestGuard_Endpoint(t *testing.T) {
	t.Parallel()
	s := standingIn(t)
	log := &harness.Log{}
	env := append(s.env(t), "AWS_ENDPOINT_URL=http://localhost:1", "AWS_ENDPOINT_URL_STS=http://localhost:2")
	p, err := harness.StartIn(t.Context(), log, env, harness.Binary(t), t.TempDir(), "serve",
		"--cloud", "aws", "--endpoint-url", s.url, "--organization", s.organization)
	if err != nil {
		t.Fatalf("%v: %s", err, log)
	}
	t.Cleanup(p.Kill)
	for _, name := range []string{"AWS_ENDPOINT_URL=", "AWS_ENDPOINT_URL_STS="} { // is not followed
		says(t, log, name)
	}
}
