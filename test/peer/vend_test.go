package peer

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	orgtypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/factory"
	"accountfactory/test/harness"
)

// management is who moto says has our keys.
const management = "arn:aws:sts::123456789012:user/moto"

// bound is far beyond what a test here takes.
const bound = 4 * time.Minute

// world is a factory that works on moto as if it were AWS, past the front.
type world struct {
	t     *testing.T
	ctx   context.Context
	moto  *moto
	front *front
	api   harness.API
}

func setup(t *testing.T, trouble trouble, rules map[string]rule) *world {
	t.Helper()
	m := startMoto(t)
	w := &world{t: t, moto: m, front: newFront(t, m, trouble, rules)}
	var cancel context.CancelFunc
	w.ctx, cancel = context.WithTimeout(t.Context(), bound)
	t.Cleanup(cancel)
	env := harness.Env(t.TempDir(), "AWS_ACCESS_KEY_ID="+keyID, "AWS_SECRET_ACCESS_KEY="+keySecret)
	there := []string{"--organization", m.organization, "--endpoint-url", w.front.URL}
	if out, err := harness.CommandIn(w.ctx, env, harness.Binary(t), append([]string{"setup-role", "--yes", "--provisioner", "organizations"}, there...)...); err != nil || out.Code != 0 {
		t.Fatalf("setup-role: %+v %v", out, err)
	}
	log := &harness.Log{}
	p, err := harness.StartIn(w.ctx, log, env, harness.Binary(t), t.TempDir(), "serve",
		append([]string{"--cloud", "aws", "--provisioner", "organizations", "--operators", management}, there...)...)
	if err != nil {
		t.Fatalf("%v\n%s", err, log)
	}
	t.Cleanup(func() {
		p.Kill()
		if t.Failed() {
			t.Logf("the server said:\n%s", log)
		}
	})
	w.api = p.API(credentials.NewStaticCredentialsProvider(keyID, keySecret, ""))
	return w
}

// must ends the test.
func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// submit asks for something and gives its id.
func (w *world) submit(in factory.Input) string {
	w.t.Helper()
	var d factory.Detail
	w.must(w.api.Do(w.ctx, http.MethodPost, "/api/v1/requests", in, &d))
	return d.ID
}

// resume has the queue go on, which begins paused on AWS, with calls disturbed from there on.
func (w *world) resume(limit int) {
	w.t.Helper()
	w.front.begin()
	var out any
	w.must(w.api.Do(w.ctx, http.MethodPut, "/api/v1/queue", map[string]any{"mode": factory.ModeOpen, "limit": limit}, &out))
}

// succeeded waits until requests have ended, and wants them to have succeeded.
func (w *world) succeeded(ids ...string) []factory.Detail {
	w.t.Helper()
	var out []factory.Detail
	err := harness.Poll(w.ctx, 100*time.Millisecond, func() (bool, error) {
		all, err := w.api.Requests(w.ctx)
		out = slices.DeleteFunc(all, func(d factory.Detail) bool { return !slices.Contains(ids, d.ID) })
		open := slices.ContainsFunc(out, func(d factory.Detail) bool { return !d.State.Ended() && d.State != factory.StateNeedsDecision })
		return err == nil && len(out) == len(ids) && !open, err
	})
	for _, d := range out {
		if d.State != factory.StateSucceeded {
			w.t.Error(w.story(d))
		}
	}
	w.must(err)
	return out
}

// story is a request's timeline, for a test that fails.
func (w *world) story(d factory.Detail) string {
	if err := w.api.Do(w.t.Context(), http.MethodGet, "/api/v1/requests/"+d.ID, nil, &d); err != nil {
		return d.ID + ": " + err.Error()
	}
	out := fmt.Sprintf("%s %s %s: %s %s\n", d.ID, d.Kind, d.Name, d.State, d.ErrorMessage)
	for _, e := range d.Timeline {
		out += fmt.Sprintf("  %s %s %s\n", e.At.Format("04:05.000"), e.Step, e.Text)
	}
	return out
}

// launches are n accounts; each third has the owner of the first.
func launches(n int) []factory.Input {
	var out []factory.Input
	for i := range n {
		name := fmt.Sprintf("team-%d", i)
		owner := name
		if i%3 == 0 {
			owner = "team-0"
		}
		out = append(out, factory.Input{
			Parameters: factory.Parameters{
				Name: name, AccountEmail: name + "@example.com", OU: "Sandbox",
				SSOUserEmail: owner + "@people.example.com", SSOUserFirstName: "Ada", SSOUserLastName: "Lovelace",
			},
			Options: factory.Options{Tags: map[string]string{"team": name}},
		})
	}
	return out
}

// TestVend_LostAnswers: throttled, and with answers of calls that took effect lost, each write's first among them, each account
// is made once. moto makes a second account with an e-mail where AWS would not: only looking it up keeps the factory from it.
func TestVend_LostAnswers(t *testing.T) {
	t.Parallel()
	w := setup(t, trouble{seed: 1, throttled: 0.15, cut: 0.15}, uniform())
	w.vend(6)
}

// TestVend_StaleReads: on top of that a third of the reads are answered as it was up to three seconds ago.
func TestVend_StaleReads(t *testing.T) {
	t.Parallel()
	w := setup(t, trouble{seed: 2, throttled: 0.1, cut: 0.1, stale: 0.33, age: 3 * time.Second}, uniqueEmails(uniform()))
	w.vend(6)
}

func (w *world) vend(n int) {
	w.t.Helper()
	var ids []string
	for _, in := range launches(n) {
		ids = append(ids, w.submit(in))
	}
	w.resume(3)
	done := w.succeeded(ids...)
	w.front.end()
	w.t.Logf("%d accounts; calls: %s", len(done), w.front.figures())
	w.sees(done)
}

// sees looks at moto's own lists: each account is there once, where it should be, with its marks, its owner and its one assignment.
func (w *world) sees(done []factory.Detail) {
	w.t.Helper()
	want, got := map[string]string{}, map[string]string{}
	owners := map[string]bool{}
	for _, d := range done {
		want[d.AccountID] = fmt.Sprintf("%s %s ACTIVE in Sandbox, request %s, owner %s, assigned %s", d.Name, d.AccountEmail, d.ID, d.SSOUserEmail, d.SSOUserEmail)
		owners[d.SSOUserEmail] = true
	}
	for _, a := range w.moto.accounts(w.ctx, w.t) {
		id := aws.ToString(a.Id)
		if id == "123456789012" {
			continue
		}
		tags := w.moto.tags(w.ctx, w.t, id)
		got[id] = fmt.Sprintf("%s %s %s in %s, request %s, owner %s, assigned %s", aws.ToString(a.Name), aws.ToString(a.Email), a.Status, w.moto.unit(w.ctx, w.t, id),
			tags[factory.TagRequest], tags[factory.TagOwner], w.moto.assigned(w.ctx, w.t, id))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		w.t.Errorf("moto's accounts (-asked for +there):\n%s", diff)
	}
	if users := w.moto.users(w.ctx, w.t); len(users) != len(owners) {
		w.t.Errorf("moto's users %v, want one for each of %v", users, owners)
	}
	if sets := w.moto.sets(w.ctx, w.t); len(sets) != 1 {
		w.t.Errorf("moto's permission sets %v, want one", sets)
	}
}

func (m *moto) accounts(ctx context.Context, t *testing.T) (out []orgtypes.Account) {
	t.Helper()
	pages := organizations.NewListAccountsPaginator(m.Organizations, &organizations.ListAccountsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, page.Accounts...)
	}
	return out
}
