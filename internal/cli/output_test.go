package cli

import (
	"bytes"
	"flag"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/cloud"
	"accountfactory/internal/factory"
)

var update = flag.Bool("update", false, "write the golden files")

// example is three requests: one succeeded, one waiting, one failed. Tables show local time, so theirs is local.
func example(loc *time.Location) []factory.Detail {
	at := time.Date(2026, 3, 1, 9, 30, 0, 0, loc)
	one := func(id, name string, state factory.State) factory.Detail {
		return factory.Detail{Request: factory.Request{
			ID: id, Kind: factory.KindLaunch, State: state, Step: factory.StepVerify, CreatedAt: at, UpdatedAt: at, Generation: 1,
			Requester: "arn:aws:iam::123456789012:user/management",
			Parameters: factory.Parameters{
				Name: name, AccountEmail: name + "@example.com", OU: "Sandbox", SSOUserEmail: "ann@example.com", SSOUserFirstName: "Ann", SSOUserLastName: "Archer",
			},
		}}
	}
	done, waits, failed := one("req-bcdfghjkmnpq", "dev-1", factory.StateSucceeded), one("req-rstvwxz24567", "dev-2", factory.StateWaiting), one("req-zzzzzzzzzzzz", "dev-3", factory.StateFailed)
	done.AccountID = "111122223333"
	done.Timeline = []factory.Event{
		{At: at, Step: factory.StepCheck, Text: "Requested."},
		{At: at.Add(time.Minute), Step: factory.StepVerify, Text: "AWS is busy.", AWSCode: "ResourceInUseException", AWSMessage: "Try again later."},
	}
	waits.Position, waits.WaitingFor = 1, "a worker"
	failed.ErrorCode, failed.ErrorMessage, failed.Explanation = "InvalidParametersException", "no luck", "ProvisionProduct failed at AWS."
	return []factory.Detail{done, waits, failed}
}

func examplePlan() ([]factory.Input, []factory.Plan) {
	in := []factory.Input{{Parameters: factory.Parameters{Name: "dev-1", AccountEmail: "dev-1@example.com"}}, {Parameters: factory.Parameters{Name: "dev-2", AccountEmail: "dev-2@example.com"}}}
	return in, []factory.Plan{
		{
			Checks: []factory.Check{{Name: factory.CheckOU, Result: factory.CheckOK, Seen: "Sandbox is registered"}},
			Writes: []factory.Write{{
				Service: "servicecatalog", Operation: "ProvisionProduct", As: "the factory's role", Effect: "Creates the account.",
				Parameters: map[string]string{"ProductId": "prod-1", "ProvisioningParameters.AccountName": "dev-1"},
			}},
		},
		{Checks: []factory.Check{{Name: factory.CheckEmailFree, Result: factory.CheckFailed, Seen: "it is taken", Remedy: "use another"}}},
	}
}

// TestOutput compares what is printed with testdata; -update writes it.
func TestOutput(t *testing.T) {
	t.Parallel()
	local, utc := example(time.Local), example(time.UTC) //nolint:gosmopolitan // tables show local time
	inputs, plans := examplePlan()
	for name, show := range map[string]func(*app) error{
		"requests.txt": func(a *app) error {
			return a.print("table", local, func(w *tabwriter.Writer) { requestTable(w, local) })
		},
		"requests.json": func(a *app) error { return a.print("json", utc, nil) },
		"requests.yaml": func(a *app) error { return a.print("yaml", utc, nil) },
		"none.txt":      func(a *app) error { return a.print("table", nil, func(w *tabwriter.Writer) { requestTable(w, nil) }) },
		"none.json":     func(a *app) error { return a.print("json", []factory.Detail{}, nil) },
		"request.txt": func(a *app) error {
			return a.print("table", local[0], func(w *tabwriter.Writer) { detailTable(w, local[0], "") })
		},
		"failed.txt": func(a *app) error {
			return a.print("table", local[2], func(w *tabwriter.Writer) { detailTable(w, local[2], "") })
		},
		"plan.txt": func(a *app) error {
			return a.print("table", plans, func(w *tabwriter.Writer) { planTable(w, inputs, plans) })
		},
		"plan.json": func(a *app) error { return a.print("json", plans, nil) },
		"env.sh": func(a *app) error {
			return a.printEnv("sh", []variable{{"AWS_ENDPOINT_URL", "http://localhost:4566"}, {"AWS_SHARED_CREDENTIALS_FILE", "/it's/here"}}, "http://localhost:4566", "2.9.19")
		},
		"env.json": func(a *app) error { return a.printEnv("json", []variable{{"AWS_REGION", "eu-west-1"}}, "", "") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			if err := show(&app{streams: Streams{Out: &out}}); err != nil {
				t.Fatal(err)
			}
			golden(t, name, out.Bytes())
		})
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestEnded: how a followed request ends decides the exit code.
func TestEnded(t *testing.T) {
	t.Parallel()
	for state, code := range map[factory.State]int{
		factory.StateSucceeded: exitDone, factory.StateFailed: exitFailed, factory.StateNeedsDecision: exitPerson, factory.StateCancelled: exitFailed,
		factory.StateRunning: exitUnreachable, factory.StateWaiting: exitUnreachable, factory.StateWaitingForPerson: exitPerson,
	} {
		d := factory.Detail{Request: factory.Request{ID: "req-1", State: state}}
		if err := (&launch{}).ended(d); (err == nil) != (code == exitDone) || err != nil && exitCode(err) != code {
			t.Errorf("%s: %v", state, err)
		}
	}
}

// TestWorst: of several requests one that failed fails all, and one whose end is not known goes before one that waits.
func TestWorst(t *testing.T) {
	t.Parallel()
	ends := func(states ...factory.State) (out []error) {
		for _, s := range states {
			out = append(out, (&launch{}).ended(factory.Detail{Request: factory.Request{State: s}}))
		}
		return out
	}
	if err := worst(ends(factory.StateSucceeded, factory.StateSucceeded)); err != nil {
		t.Error(err)
	}
	for code, of := range map[int][]error{
		exitFailed:      ends(factory.StateSucceeded, factory.StateWaitingForPerson, factory.StateRunning, factory.StateFailed),
		exitUnreachable: ends(factory.StateWaitingForPerson, factory.StateRunning),
		exitPerson:      ends(factory.StateSucceeded, factory.StateNeedsDecision),
	} {
		if err := worst(of); exitCode(err) != code {
			t.Errorf("%d: %v", code, err)
		}
	}
}

// TestFollow_Cut: a server that dies while a request is followed is no failure of the request.
func TestFollow_Cut(t *testing.T) {
	t.Parallel()
	for name, sent := range map[string]string{"at work": `data: {"id":"req-1","state":"running"}` + "\n\n", "before anything was seen": ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				_, _ = io.WriteString(w, sent) // the client may be gone
				_ = http.NewResponseController(w).Flush()
				panic(http.ErrAbortHandler)
			}))
			t.Cleanup(srv.Close)
			l := &launch{app: &app{streams: Streams{Out: io.Discard, Err: io.Discard}}, output: "table"}
			api := planning(t, cloud.KindTwin)
			api.base = srv.URL
			if err := l.follow(t.Context(), api, "req-1"); exitCode(err) != exitUnreachable {
				t.Errorf("%d: %v", exitCode(err), err)
			}
		})
	}
}

// TestReadsEndpoint: which AWS CLIs take AWS_ENDPOINT_URL.
func TestReadsEndpoint(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]bool{"2.9.19": false, "2.12.7": false, "2.13.0": true, "2.31.2": true, "3.0.0": true, "1.28.9": false, "1.29.0": true, "1.44.1": true, "x": false} {
		if got := readsEndpoint(version); got != want {
			t.Errorf("%s: %v, want %v", version, got, want)
		}
	}
}

// TestNote: why a request is where it is, as a phrase that stands alone and after "waiting".
func TestNote(t *testing.T) {
	t.Parallel()
	of := func(change func(*factory.Detail)) factory.Detail {
		d := factory.Detail{Request: factory.Request{State: factory.StateWaiting}}
		change(&d)
		return d
	}
	for _, tc := range []struct {
		d           factory.Detail
		note, state string
	}{
		{of(func(*factory.Detail) {}), "", "waiting"},
		{of(func(d *factory.Detail) { d.WaitingFor = "its time" }), "waits for its time", "waiting (waits for its time)"},
		{of(func(d *factory.Detail) { d.Position, d.WaitingFor = 2, "req-1" }), "position 2: waits for req-1", "waiting (position 2: waits for req-1)"},
		{of(func(d *factory.Detail) { d.State, d.Step = factory.StateRunning, "follow" }), "step follow", "running"},
	} {
		if n, s := note(tc.d), state(tc.d); n != tc.note || s != tc.state {
			t.Errorf("%q and %q, want %q and %q", n, s, tc.note, tc.state)
		}
	}
}

// TestSoon: a time of another day has its date.
func TestSoon(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 23, 30, 0, 0, time.Local) //nolint:gosmopolitan // tables show local time
	for in, want := range map[time.Duration]string{10 * time.Minute: "23:40:00", time.Hour: "2026-03-02 00:30:00"} {
		if got := soon(now.Add(in), now); got != want {
			t.Errorf("in %s: %s, want %s", in, got, want)
		}
	}
}
