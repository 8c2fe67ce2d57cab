package crash

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"

	"accountfactory/internal/factory"
	"accountfactory/test/harness"
)

// town is a factory and a twin with many people who ask for things at once, while somebody kills them: in one process, or
// each in its own.
type town struct {
	*life
	random *rand.Rand
	apart  bool
	where  string // address of the twin when apart
	org    string
	more   []string // settings of the factory when apart

	mu      sync.Mutex
	factory *harness.Process // the same as server, unless apart
	acked   map[string]string
	kills   map[string]int
	took    []time.Duration // to come up
}

func beginTown(t *testing.T, apart bool, more ...string) *town {
	t.Helper()
	seed := rand.Uint64()
	w := &town{
		life: begin(t, "--speed", "3000", "--account-operations", "5"), apart: apart, more: more, acked: map[string]string{}, kills: map[string]int{},
		random: rand.New(rand.NewPCG(seed, 0)), //nolint:gosec // kill times, not secrets
	}
	t.Logf("seed %d", seed)
	if !apart {
		w.serve()
		w.factory = w.server
		return w
	}
	w.where = freeAddress(t)
	w.server = w.start("twin")
	out, err := w.clients().Organizations.DescribeOrganization(w.ctx, &organizations.DescribeOrganizationInput{})
	w.must(err)
	w.org = aws.ToString(out.Organization.Id)
	t.Cleanup(func() {
		if w.factory != nil {
			w.factory.Kill()
		}
	})
	w.factory = w.start("factory")
	for _, args := range [][]string{{"setup-role", "--yes", "--organization", w.org, "--endpoint-url", "http://" + w.where}, {"queue", "resume", "--server", w.factory.Console}} {
		if out, err := harness.CommandIn(w.ctx, w.env(), binary, args...); err != nil || out.Code != 0 {
			t.Fatalf("%v: %v %+v", args, err, out)
		}
	}
	return w
}

// freeAddress gives a port for a twin that has to be where it was when it comes back. It is none of those that a system gives to
// whoever asks for any, as other tests do all the time: one of them could have it while the twin is dead.
func freeAddress(t *testing.T) string {
	t.Helper()
	const lowest, many = 20000, 10000
	for range 100 {
		address := fmt.Sprint("localhost:", lowest+rand.IntN(many)) //nolint:gosec // a port, not a secret
		if l, err := net.Listen("tcp", address); err == nil {
			_ = l.Close() // nobody has come
			return address
		}
	}
	t.Fatal("no port is free")
	return ""
}

// env lets the factory find the twin's management credentials as it would AWS's.
func (w *town) env() []string {
	return harness.Env(w.t.TempDir(), "AWS_SHARED_CREDENTIALS_FILE="+filepath.Join(w.data, "credentials"), "AWS_PROFILE=management")
}

// start brings one of the two up; apart, the factory works on the twin as if it were AWS.
func (w *town) start(which string) *harness.Process {
	w.t.Helper()
	var p *harness.Process
	var err error
	begun := clockNow()
	switch {
	case !w.apart:
		p, err = harness.Start(w.ctx, &w.log, binary, w.data, "serve", w.args...)
	case which == "twin":
		p, err = harness.Start(w.ctx, &w.log, binary, w.data, "twin", append([]string{"--aws", w.where}, w.args...)...)
	default:
		p, err = harness.StartIn(w.ctx, &w.log, w.env(), binary, w.data+"-factory", "serve", append(w.asAWS(), w.more...)...)
	}
	w.must(err)
	w.took = append(w.took, clockNow().Sub(begun))
	return p
}

// asAWS are the settings of a factory that takes the twin for AWS.
func (w *town) asAWS() []string {
	return []string{"--cloud", "aws", "--endpoint-url", "http://" + w.where, "--organization", w.org, "--account-operations", "5", "--daily-cap", "off"}
}

// strike kills one of the processes and brings it up again.
func (w *town) strike() {
	w.t.Helper()
	which := "factory and twin"
	if w.apart {
		which = []string{"factory", "twin"}[w.random.IntN(2)]
	}
	w.kills[which]++
	w.deaths++
	old := w.factory
	if which == "twin" {
		old = w.server
	}
	old.Kill()
	p := w.start(which)
	w.mu.Lock()
	defer w.mu.Unlock()
	if which != "twin" {
		w.factory = p
	}
	if which != "factory" {
		w.server = p
	}
}

// procs gives the processes there are now.
func (w *town) procs() (twin, factory *harness.Process) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.server, w.factory
}

func (w *town) api(key string) (harness.API, error) {
	twin, f := w.procs()
	c, err := twin.Management(w.ctx)
	if err != nil {
		return harness.API{}, err
	}
	r := f.Ready
	r.AWS = twin.AWS
	return r.API(c.Config.Credentials).Keyed(key), nil
}

// ask makes a call of the API until something answers: what is asked may be dying, or coming up.
func (w *town) ask(method, path, key string, in, out any) (refused *harness.Refusal, err error) {
	err = harness.Poll(w.ctx, 50*time.Millisecond, func() (bool, error) {
		api, err := w.api(key)
		if err == nil {
			err = api.Do(w.ctx, method, path, in, out)
		}
		refused = nil
		if errors.As(err, &refused) {
			switch refused.Status {
			case http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity:
				return true, nil
			}
		}
		return err == nil, nil
	})
	return refused, err
}

// walk does one person's errands through whatever deaths there are.
func (w *town) walk(e errands, name string) error {
	if err := e.before(w, name); err != nil {
		return err
	}
	for i, one := range e.list {
		key := fmt.Sprintf("%s-%d", name, i)
		var d factory.Detail
		refused, err := w.ask(http.MethodPost, "/api/v1/requests", key, one.in(name), &d)
		if err != nil {
			return err
		}
		if refused != nil {
			return fmt.Errorf("errand %d of %s is not taken: %w", i, name, refused)
		}
		w.mu.Lock()
		w.acked[key] = d.ID
		w.mu.Unlock()
		if err := w.ended(d.ID, one.ends); err != nil {
			return fmt.Errorf("errand %d of %s: %w", i, name, err)
		}
	}
	return nil
}

func (w *town) ended(id string, want factory.State) error {
	var d factory.Detail
	err := harness.Poll(w.ctx, 50*time.Millisecond, func() (bool, error) {
		d = factory.Detail{}
		refused, err := w.ask(http.MethodGet, "/api/v1/requests/"+id, "", nil, &d)
		if err == nil && refused != nil {
			err = refused
		}
		return d.State.Ended() && d.State != "" || d.State == factory.StateNeedsDecision, err
	})
	if err == nil && d.State != want {
		err = fmt.Errorf("it ended as %s, want %s", d.State, want)
	}
	if err != nil {
		return fmt.Errorf("%w\n%s", err, show(&d))
	}
	return nil
}

// left gives what a person's errands left, with their name taken out, so that two can be compared.
func (w *town) left(name string) (out outcome) {
	w.t.Helper()
	var list struct{ Requests []factory.Detail }
	refused, err := w.ask(http.MethodGet, "/api/v1/requests", "", nil, &list)
	if err != nil || refused != nil {
		w.t.Fatalf("%v, %v", refused, err)
	}
	first := factory.Detail{}
	for _, r := range list.Requests {
		if r.AccountEmail == name+"@example.com" {
			first = r
			break
		}
	}
	out, _ = w.look(name, &first)
	for _, list := range [][]string{out.Accounts, out.Creations, out.Products, out.Assignments, out.Events} {
		for i := range list {
			list[i] = strings.ReplaceAll(list[i], name, "NAME")
		}
	}
	out.Told, out.Operations = false, 0 // of the launch, and of others
	return out
}

func soaking() bool { return os.Getenv("ACCOUNTFACTORY_SOAK") == "1" }
