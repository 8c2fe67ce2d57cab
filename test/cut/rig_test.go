package cut

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/organizations"

	"accountfactory/internal/cloud"
	"accountfactory/internal/factory"
	"accountfactory/internal/factorydb"
	"accountfactory/internal/twin"
	"accountfactory/test/harness"
)

const (
	region     = "eu-west-1"
	management = "123456789012"
	keyID      = "AKIATESTTESTTESTTEST"
	secret     = "test/test/test/test/test/test/test/test1"
)

// rig is a twin and a factory upon it in this process. Nothing runs by itself: the test takes the turns.
type rig struct {
	*harness.Clients
	t   *testing.T
	ctx context.Context
	dir string
	lab *cloud.Lab
	log *watch
	db  *factorydb.DB
	svc *factory.Service
	who factory.Caller

	renew func() // makes svc another one, which has seen nothing yet
	end   func()
}

// watch keeps which calls a watching fault met.
type watch struct {
	slog.Handler
	mu    sync.Mutex
	calls []call
	fault string // id of the fault whose meetings are kept
}

func (w *watch) Handle(_ context.Context, r slog.Record) error {
	if r.Message != "fault strikes" {
		return nil
	}
	met := map[string]string{}
	r.Attrs(func(a slog.Attr) bool { met[a.Key] = a.Value.String(); return true })
	w.mu.Lock()
	defer w.mu.Unlock()
	if met["fault"] == w.fault {
		w.calls = append(w.calls, call{Service: met["service"], Operation: met["operation"]})
	}
	return nil
}

func (w *watch) Enabled(_ context.Context, l slog.Level) bool { return l >= slog.LevelWarn }

// met gives the calls in order, each with the how manieth of its operation it is.
func (w *watch) met() (out []call) {
	w.mu.Lock()
	defer w.mu.Unlock()
	seen := map[call]int{}
	for _, c := range w.calls {
		seen[c]++
		c.N = seen[c]
		out = append(out, c)
	}
	return out
}

// pace is as fast as a twin that takes no time allows.
var pace = factory.Pace{
	Poll:  factory.Backoff{Min: time.Millisecond, Max: 5 * time.Millisecond},
	Retry: factory.Backoff{Min: time.Millisecond, Max: 20 * time.Millisecond},
	Busy:  factory.Backoff{Min: time.Millisecond, Max: 20 * time.Millisecond}, LandscapeAge: time.Hour,
}

// open starts twin and factory on a folder, which a first start fills.
func open(t *testing.T, dir string, p factory.Provisioner) *rig {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute) // for all that a test does
	r := &rig{t: t, ctx: ctx, dir: dir, log: &watch{Handler: slog.DiscardHandler}}
	tw, err := twin.Open(ctx, twin.Config{
		Dir: dir, Region: region, ManagementAccountID: management, AccessKeyID: keyID, SecretAccessKey: secret,
		PortalURL: "http://portal.test/start", Empty: p == factory.ByOrganizations, Log: slog.New(r.log),
	})
	r.must(err)
	srv := httptest.NewServer(tw)
	provider := credentials.NewStaticCredentialsProvider(keyID, secret, "")
	r.Clients = harness.NewClients(aws.Config{Region: region, BaseEndpoint: aws.String(srv.URL), Credentials: provider, HTTPClient: cloud.NewHTTPClient()})
	r.lab = &cloud.Lab{Endpoint: srv.URL, Region: region, Credentials: provider}
	if p == factory.ByOrganizations {
		r.organize()
	}
	r.factory(dir, srv.URL, p)
	var once sync.Once
	r.end = func() {
		once.Do(func() {
			srv.Close()
			r.must(r.db.Close())
			r.must(tw.Close())
			cancel()
		})
	}
	t.Cleanup(r.end)
	return r
}

// organize makes an organization without Control Tower, once.
func (r *rig) organize() {
	r.t.Helper()
	if _, err := r.Organizations.DescribeOrganization(r.ctx, &organizations.DescribeOrganizationInput{}); err != nil {
		r.must(harness.Organize(r.ctx, r.Clients, r.lab))
	}
}

// factory makes a service on the folder's database, under the factory's own role.
func (r *rig) factory(dir, endpoint string, p factory.Provisioner) {
	r.t.Helper()
	file := filepath.Join(dir, "credentials")
	r.must(os.WriteFile(file, fmt.Appendf(nil, "[management]\naws_access_key_id = %s\naws_secret_access_key = %s\n", keyID, secret), 0o600))
	reached, err := cloud.Connect(r.ctx, cloud.Config{Kind: cloud.KindTwin, Endpoint: endpoint, Region: region, CredentialsFile: file, Backoff: time.Millisecond})
	r.must(err)
	r.must(reached.EnsureRole(r.ctx))
	log := slog.New(slog.DiscardHandler)
	r.db, err = factorydb.Open(r.ctx, factorydb.Config{Path: filepath.Join(dir, "factory.db"), Limit: 1, Log: log})
	r.must(err)
	who := reached.Identity()
	r.renew = func() {
		r.svc = factory.New(factory.Config{
			Store: r.db, Sessions: factory.CloudSessions{Cloud: cloud.NewSessions(reached)}, Log: log, Pace: pace, Provisioner: p,
			Binding: factory.Binding{Kind: who.Kind, OrganizationID: who.OrganizationID, ManagementAccount: who.ManagementAccount, Region: region},
		})
	}
	r.renew()
	r.who = factory.Caller{ARN: who.CallerARN, AccountID: management, Operator: true}
}

func (r *rig) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) submit(in factory.Input) string {
	r.t.Helper()
	d, err := r.svc.Submit(r.ctx, r.who, r.Catalog, in)
	r.must(err)
	return d.ID
}

// drive takes turns until the request holds no slot, and gives the code that it waits for.
func (r *rig) drive(id string) factory.Detail {
	r.t.Helper()
	for range 2000 {
		row, err := r.db.Get(r.ctx, id)
		r.must(err)
		if row.State == factory.StateWaitingForPerson {
			code, err := harness.MailedCode(r.ctx, r.dir, row.NewEmail)
			r.must(err)
			_, err = r.svc.Answer(r.ctx, r.who, id, factory.Answer{Code: code})
			r.must(err)
			continue
		}
		if !row.Slot {
			d, err := r.svc.Get(r.ctx, r.who, id)
			r.must(err)
			return d
		}
		wait, _ := r.svc.Turn(r.ctx, id, row.Generation)
		select {
		case <-time.After(wait):
		case <-r.ctx.Done():
			r.t.Fatal(r.ctx.Err())
		}
	}
	d, err := r.svc.Get(r.ctx, r.who, id)
	r.must(err)
	r.t.Fatalf("does not come to an end:\n%s", story(d))
	return d
}

func (r *rig) do(in factory.Input) factory.Detail { return r.drive(r.submit(in)) }

func story(d factory.Detail) (s string) {
	for _, e := range d.Timeline {
		s += fmt.Sprintf("%s %s: %s %s %s\n", e.At.Format("15:04:05.000"), e.Step, e.Text, e.AWSCode, e.AWSMessage)
	}
	return fmt.Sprintf("%s %s %s\n%s", d.ID, d.State, d.Explanation, s)
}

// fault is what the lab arms.
type fault struct {
	ID        string `json:"id,omitempty"`
	Kind      string `json:"kind"`
	Service   string `json:"service,omitempty"`
	Operation string `json:"operation,omitempty"`
	Step      string `json:"step,omitempty"`
	Code      string `json:"code,omitempty"`
	Reason    string `json:"reason,omitempty"`
	Delay     int    `json:"delay,omitempty"`
	Count     int    `json:"count,omitempty"`
	Skip      int    `json:"skip,omitempty"`
}

func (f fault) String() string {
	return fmt.Sprintf("%s.%s.%d.%s", f.Service, f.Operation, f.Skip+1, f.Kind)
}

func (r *rig) arm(f fault) (id string) {
	r.t.Helper()
	var armed fault
	r.must(r.lab.Do(r.ctx, http.MethodPost, "/_twin/faults", f, &armed))
	return armed.ID
}

// left gives how often a fault can still strike, 0 when it is used up, and takes it away.
func (r *rig) left(id string) (n int) {
	r.t.Helper()
	var all struct{ Faults []fault }
	r.must(r.lab.Do(r.ctx, http.MethodGet, "/_twin/faults", nil, &all))
	for _, f := range all.Faults {
		if f.ID == id {
			n = f.Count
			r.must(r.lab.Do(r.ctx, http.MethodDelete, "/_twin/faults/"+id, nil, nil))
		}
	}
	return n
}
