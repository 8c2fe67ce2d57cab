//go:build fixtures

package upgrade

import (
	"bytes"
	"compress/gzip"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
	"time"

	_ "modernc.org/sqlite" // the database/sql driver "sqlite"

	"accountfactory/internal/factory"
	"accountfactory/test/harness"
)

// previous names the earlier version's program.
const previous = "ACCOUNTFACTORY_PREVIOUS"

// TestMake makes the fixtures. It is no test, and not among them without its build tag.
func TestMake(t *testing.T) {
	t.Parallel()
	binary := os.Getenv(previous)
	if binary == "" {
		t.Fatal(previous + ": name the program that makes the fixtures")
	}
	for _, engine := range []string{sqlite, postgres} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			makeFixture(t, binary, engine)
		})
	}
}

// old is the earlier version at work.
type old struct {
	t      *testing.T
	binary string
	data   string
	args   []string
	server *harness.Process
	log    harness.Log
}

func makeFixture(t *testing.T, binary, engine string) {
	t.Helper()
	o := &old{t: t, binary: binary, data: t.TempDir()}
	o.args = []string{"--account-operations", "5", "--access-key-id", fixtureKey, "--secret-access-key", fixtureSecret}
	var url string
	var shared *harness.Postgres
	if engine == postgres {
		shared, url = server.Database(t)
		logged(t, url)
		o.args = append(o.args, "--database", url)
	}
	o.serve("instant")
	for i := range 4 {
		o.launch(fmt.Sprintf("kept-%d", i), "--wait")
	}
	if err := o.server.Stop(); err != nil {
		t.Fatal(err)
	}
	o.serve("1") // AWS's minutes: nothing that is begun ends
	o.begin()
	all := o.await()
	o.server.Kill()
	to := filepath.Join("testdata", engine)
	if err := os.MkdirAll(to, 0o755); err != nil {
		t.Fatal(err)
	}
	keep(t, filepath.Join(to, twinFile), vacuumed(t, filepath.Join(o.data, "twin.db")))
	if engine == postgres {
		keep(t, filepath.Join(to, dumpFile), dumped(t, url))
		keep(t, filepath.Join(to, writesFile), writes(shared.Said()))
	} else {
		keep(t, filepath.Join(to, factoryFile), vacuumed(t, filepath.Join(o.data, "factory.db")))
	}
	body, err := json.MarshalIndent(all, "", "\t")
	if err == nil {
		err = os.WriteFile(filepath.Join(to, requestsFile), append(body, '\n'), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func (o *old) serve(speed string) {
	o.t.Helper()
	p, err := harness.Start(o.t.Context(), &o.log, o.binary, o.data, "serve", append([]string{"--speed", speed}, o.args...)...)
	if err != nil {
		o.t.Fatalf("%v\n%s", err, o.log.String())
	}
	o.t.Cleanup(p.Kill)
	o.server = p
}

// run runs a command of the earlier version, which has to succeed.
func (o *old) run(args ...string) string {
	o.t.Helper()
	got, err := harness.Command(o.t.Context(), o.binary, append(args, "--data", o.data)...)
	if err != nil || got.Code != 0 {
		o.t.Fatalf("%v: %v %+v", args, err, got)
	}
	return got.Out
}

func (o *old) launch(name string, more ...string) {
	o.t.Helper()
	o.run(append([]string{
		"launch", "--name", name, "--email", name + "@example.com", "--ou", "Sandbox",
		"--sso-email", name + "@people.example.com", "--sso-first", "Ada", "--sso-last", "Lovelace",
	}, more...)...)
}

// begin asks for what is to be left open: a launch whose ProvisionProduct is under way, kinds that follow what AWS does, a change
// of access, a closure that cools off, and launches that wait for a slot.
func (o *old) begin() {
	o.t.Helper()
	o.run("lab", "fault", "arm", "--kind", "delay", "--delay", "1h", "--service", "servicecatalog", "--operation", "ProvisionProduct", "--count", "1")
	o.launch("sending")
	o.step("sending", factory.StepProvision)
	o.launch("following")
	o.run("update", "kept-0@example.com", "--sso-email", "other@people.example.com", "--sso-first", "Grace", "--sso-last", "Hopper")
	o.run("unmanage", "kept-1@example.com")
	o.run("close", "kept-2@example.com", "--cool-off", "5s")
	o.run("access", "kept-3@example.com", "--grant", "group:AWSSecurityAuditors=AWSReadOnlyAccess")
	for i := range 3 {
		o.launch(fmt.Sprintf("waiting-%d", i))
	}
}

// step waits until a request has come to a step.
func (o *old) step(name, step string) {
	o.t.Helper()
	err := harness.Poll(o.t.Context(), 50*time.Millisecond, func() (bool, error) {
		return slices.ContainsFunc(o.requests(), func(d factory.Detail) bool { return d.Name == name && d.Step == step }), nil
	})
	if err != nil {
		o.t.Fatal(err)
	}
}

func (o *old) requests() (all []factory.Detail) {
	o.t.Helper()
	if err := json.Unmarshal([]byte(o.run("requests", "-o", "json")), &all); err != nil {
		o.t.Fatal(err)
	}
	return all
}

// await waits until the open requests are where nothing moves them for minutes, and gives all.
func (o *old) await() (out []left) {
	o.t.Helper()
	var all []factory.Detail
	err := harness.Poll(o.t.Context(), 100*time.Millisecond, func() (bool, error) {
		all = o.requests()
		following := 0
		for _, d := range all {
			if d.Step == factory.StepFollow && !d.State.Ended() {
				following++
			}
		}
		return following >= 3, nil
	})
	if err != nil {
		o.t.Fatal(err)
	}
	for _, d := range all {
		out = append(out, left{d.ID, d.Kind, d.Name, d.State, d.Step})
	}
	return out
}

// vacuumed gives a SQLite database as one file of no more than it needs.
func vacuumed(t *testing.T, path string) []byte {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	to := filepath.Join(t.TempDir(), "whole.db")
	if _, err := db.ExecContext(t.Context(), "VACUUM INTO ?", to); err != nil {
		t.Fatal(err)
	}
	body, err := os.ReadFile(to)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// dumped gives a PostgreSQL database as the statements that make it.
func dumped(t *testing.T, url string) []byte {
	t.Helper()
	out, err := exec.Command("pg_dump", "--no-owner", "--no-privileges", "--inserts", "--dbname", url).Output()
	if err != nil {
		t.Fatal(err)
	}
	return psqlsOwn.ReplaceAll(out, nil)
}

// psqlsOwn are lines of a dump that are for psql and no SQL.
var psqlsOwn = regexp.MustCompile(`(?m)^\\.*\n`)

// keep writes a file, compressed.
func keep(t *testing.T, path string, body []byte) {
	t.Helper()
	var out bytes.Buffer
	zipped, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.Copy(zipped, bytes.NewReader(body))
	if err == nil {
		err = zipped.Close()
	}
	if err == nil {
		err = os.WriteFile(path, out.Bytes(), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}
