package permission

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
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

	serverName = "factory-server"
	policyName = "documented"
)

// rig is a twin that stands in for AWS, and a factory that works on it as a server on AWS would: from an identity that may
// do what is documented for it, under a role that setup-role made. Nothing runs by itself: the test takes the turns.
type rig struct {
	*harness.Clients // of an administrator, for what is there before
	t                *testing.T
	ctx              context.Context
	dir, endpoint    string
	way              factory.Provisioner
	external         bool   // users come from an identity provider
	home             string // the Region that the factory takes for the home Region
	lab              *cloud.Lab
	setup            *cloud.Cloud // as an administrator
	server           *cloud.Cloud // as the server
	db               *factorydb.DB
	svc              *factory.Service
	who              factory.Caller
	calls            calls
	log              bytes.Buffer // of the service, which the test alone has take turns
}

// calls keeps which operations the factory called.
type calls struct {
	mu   sync.Mutex
	made map[string]bool
}

func (c *calls) observe(service, operation, _ string, _ time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.made == nil {
		c.made = map[string]bool{}
	}
	c.made[prefixes[service]+":"+operation] = true
}

func (c *calls) has(action string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.made[action]
}

func (c *calls) add(more *calls) {
	more.mu.Lock()
	defer more.mu.Unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.made == nil {
		c.made = map[string]bool{}
	}
	maps.Copy(c.made, more.made)
}

var pace = factory.Pace{
	Poll:  factory.Backoff{Min: time.Millisecond, Max: 5 * time.Millisecond},
	Retry: factory.Backoff{Min: time.Millisecond, Max: 5 * time.Millisecond},
	Busy:  factory.Backoff{Min: time.Millisecond, Max: 5 * time.Millisecond}, LandscapeAge: time.Hour,
}

// open starts a twin, with Control Tower or without, and a factory upon it.
func open(t *testing.T, way factory.Provisioner, tower bool) *rig {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute) // for all that a test does
	r := &rig{t: t, ctx: ctx, dir: t.TempDir(), way: way, home: region}
	tw, err := twin.Open(ctx, twin.Config{
		Dir: r.dir, Region: region, ManagementAccountID: management, AccessKeyID: keyID, SecretAccessKey: secret,
		PortalURL: "http://portal.test/start", Empty: !tower, Log: slog.New(slog.DiscardHandler),
	})
	r.must(err)
	srv := httptest.NewServer(tw)
	r.endpoint = srv.URL
	provider := credentials.NewStaticCredentialsProvider(keyID, secret, "")
	r.Clients = harness.NewClients(aws.Config{Region: region, BaseEndpoint: &r.endpoint, Credentials: provider, HTTPClient: cloud.NewHTTPClient()})
	r.lab = &cloud.Lab{Endpoint: srv.URL, Region: region, Credentials: provider}
	if !tower {
		r.must(harness.Organize(ctx, r.Clients, r.lab))
	}
	r.factory()
	t.Cleanup(func() {
		srv.Close()
		r.must(r.db.Close())
		r.must(tw.Close())
		cancel()
	})
	return r
}

// connect reaches the twin as AWS, with these keys.
func (r *rig) connect(id, key, organization string, change ...func(*cloud.Config)) (*cloud.Cloud, error) {
	file := filepath.Join(r.t.TempDir(), "credentials")
	if err := os.WriteFile(file, fmt.Appendf(nil, "[management]\naws_access_key_id = %s\naws_secret_access_key = %s\n", id, key), 0o600); err != nil {
		return nil, err
	}
	c := cloud.Config{
		Kind: cloud.KindAWS, Endpoint: r.endpoint, Region: r.home, CredentialsFile: file, Organization: organization, Backoff: time.Millisecond, Observe: r.calls.observe,
	}
	for _, f := range change {
		f(&c)
	}
	return cloud.Connect(r.ctx, c)
}

// factory makes role and server what is documented, and a service of the two.
func (r *rig) factory() {
	r.t.Helper()
	org, err := r.Organizations.DescribeOrganization(r.ctx, &organizations.DescribeOrganizationInput{})
	r.must(err)
	id := aws.ToString(org.Organization.Id)
	r.setup, err = r.connect(keyID, secret, id)
	r.must(err)
	r.must(r.setup.EnsureRole(r.ctx, string(r.way)))
	key, of := r.user(serverName, r.setup.Scope().ServerPermissions(string(r.way)))
	r.server, err = r.connect(key, of, id)
	r.must(err)
	r.db, err = factorydb.Open(r.ctx, factorydb.Config{Path: filepath.Join(r.dir, "factory.db"), Limit: 1, Log: slog.New(slog.DiscardHandler)})
	r.must(err)
	r.who = factory.Caller{ARN: r.setup.Identity().CallerARN, AccountID: management, Operator: true}
	r.renew()
}

// user makes an IAM user who may do just this, and gives their key.
func (r *rig) user(name string, may []cloud.Permission) (id, secret string) {
	r.t.Helper()
	return r.userOf(r.IAM, name, may)
}

// userOf is user in whichever account a client is of.
func (r *rig) userOf(c *iam.Client, name string, may []cloud.Permission) (id, secret string) {
	r.t.Helper()
	_, err := c.CreateUser(r.ctx, &iam.CreateUserInput{UserName: &name})
	r.must(err)
	text, err := cloud.Policy(may)
	r.must(err)
	_, err = c.PutUserPolicy(r.ctx, &iam.PutUserPolicyInput{UserName: &name, PolicyName: aws.String(policyName), PolicyDocument: &text})
	r.must(err)
	key, err := c.CreateAccessKey(r.ctx, &iam.CreateAccessKeyInput{UserName: &name})
	r.must(err)
	return *key.AccessKey.AccessKeyId, *key.AccessKey.SecretAccessKey
}

func (r *rig) allowUser(name string, may []cloud.Permission) {
	r.t.Helper()
	text, err := cloud.Policy(may)
	r.must(err)
	_, err = r.IAM.PutUserPolicy(r.ctx, &iam.PutUserPolicyInput{UserName: &name, PolicyName: aws.String(policyName), PolicyDocument: &text})
	r.must(err)
}

// allowRole lets the factory's role do just this: the policy that setup-role puts there is put anew.
func (r *rig) allowRole(may []cloud.Permission) {
	r.t.Helper()
	text, err := cloud.Policy(may)
	r.must(err)
	name := aws.String(cloud.RoleName)
	has, err := r.IAM.ListRolePolicies(r.ctx, &iam.ListRolePoliciesInput{RoleName: name})
	r.must(err)
	attached, err := r.IAM.ListAttachedRolePolicies(r.ctx, &iam.ListAttachedRolePoliciesInput{RoleName: name})
	r.must(err)
	if len(has.PolicyNames) != 1 || len(attached.AttachedPolicies) != 0 {
		r.t.Fatalf("the role has the policies %q and %v, want its own alone", has.PolicyNames, attached.AttachedPolicies)
	}
	_, err = r.IAM.PutRolePolicy(r.ctx, &iam.PutRolePolicyInput{RoleName: name, PolicyName: &has.PolicyNames[0], PolicyDocument: &text})
	r.must(err)
}

// renew makes the service another one, which has seen nothing yet.
func (r *rig) renew() {
	who := r.server.Identity()
	r.svc = factory.New(factory.Config{
		Store: r.db, Sessions: factory.CloudSessions{Cloud: cloud.NewSessions(r.server)}, Log: slog.New(slog.NewTextHandler(&r.log, nil)), Pace: pace,
		Provisioner: r.way, ProvisionerForce: r.way == factory.ByOrganizations, ExternalIdentity: r.external,
		Binding: factory.Binding{Kind: who.Kind, OrganizationID: who.OrganizationID, ManagementAccount: who.ManagementAccount, Region: region},
	})
}

func (r *rig) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

// result is how something ended: well, or with what was said.
type result struct {
	ok   bool
	said string
}

func failed(err error) result { return result{err == nil, fmt.Sprint(err)} }

// request asks for something and takes its turns until it has ended, waits for a person, or was denied something.
func (r *rig) request(in factory.Input) result {
	r.t.Helper()
	d, err := r.svc.Submit(r.ctx, r.who, r.Catalog, in)
	if err != nil {
		return failed(err)
	}
	return r.drive(d.ID)
}

func (r *rig) drive(id string) result {
	r.t.Helper()
	for {
		row, err := r.db.Get(r.ctx, id)
		r.must(err)
		d, err := r.svc.Get(r.ctx, r.who, id)
		r.must(err)
		if said := story(d); !row.Slot || strings.Contains(said, "not authorized to perform") {
			return result{d.State == factory.StateSucceeded, said}
		}
		wait, _ := r.svc.Turn(r.ctx, id, row.Generation)
		select {
		case <-time.After(wait):
		case <-r.ctx.Done():
			r.t.Fatalf("does not come to an end:\n%s", story(d))
		}
	}
}

func (r *rig) succeeds(in factory.Input) {
	r.t.Helper()
	if got := r.request(in); !got.ok {
		r.t.Fatal(got.said)
	}
}

func story(d factory.Detail) (s string) {
	for _, e := range d.Timeline {
		s += fmt.Sprintf("%s: %s %s %s\n", e.Step, e.Text, e.AWSCode, e.AWSMessage)
	}
	return fmt.Sprintf("%s %s %s\n%s", d.ID, d.State, d.Explanation, s)
}
