package servicecatalog_test

import (
	"context"
	"errors"
	"maps"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"
	"github.com/aws/smithy-go"

	"accountfactory/internal/twin/servicecatalog"
	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

const (
	management  = "111111111111"
	region      = "eu-west-1"
	productType = "CONTROL_TOWER_ACCOUNT"

	// The role of the seeded requester, as associated, and a session of it.
	endUserRole    = "arn:aws:iam::" + management + ":role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_AWSServiceCatalogEndUserAccess_0123456789abcdef"
	endUserSession = "arn:aws:sts::" + management + ":assumed-role/AWSReservedSSO_AWSServiceCatalogEndUserAccess_0123456789abcdef/requester"
	colleague      = "arn:aws:sts::" + management + ":assumed-role/AWSReservedSSO_AWSServiceCatalogEndUserAccess_0123456789abcdef/colleague"
	admin          = "arn:aws:iam::" + management + ":user/admin"
	root           = "arn:aws:iam::" + management + ":root"
)

// provisioner is a fake: it takes every job, and remembers it, unless refuse says otherwise.
type provisioner struct {
	mu     sync.Mutex
	jobs   []servicecatalog.Job
	ous    []string
	refuse func(servicecatalog.Job) error
}

func (p *provisioner) Parameters(*state.Tx) []servicecatalog.Parameter {
	p.mu.Lock()
	defer p.mu.Unlock()
	return []servicecatalog.Parameter{
		{Key: "AccountName", Type: "String", Pattern: ".+"},
		{Key: "AccountEmail", Type: "String", Pattern: `[^\s@]+@[^\s@]+\.[^\s@]+`},
		{Key: "ManagedOrganizationalUnit", Type: "String", Allowed: append([]string(nil), p.ous...)},
	}
}

func (p *provisioner) Start(_ *state.Tx, job servicecatalog.Job) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.jobs = append(p.jobs, job)
	if p.refuse != nil {
		return p.refuse(job)
	}
	return nil
}

func (p *provisioner) last() servicecatalog.Job {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.jobs) == 0 {
		return servicecatalog.Job{}
	}
	return p.jobs[len(p.jobs)-1]
}

// fixture is a catalog with the Account Factory product, granted to the end user role and to nobody else.
type fixture struct {
	*servicecatalog.Service
	t         testing.TB
	store     *state.Store
	fake      *provisioner
	portfolio *servicecatalog.Portfolio
	product   *servicecatalog.Product
	artifact  string
}

func setup(t testing.TB) *fixture { return setupAt(t, 0) }

func setupAt(t testing.TB, speed float64) *fixture {
	t.Helper()
	store := state.New(state.Options{Path: filepath.Join(t.TempDir(), "twin.db"), Seed: 1, Speed: speed})
	f := &fixture{t: t, store: store, fake: &provisioner{ous: []string{"Sandbox (ou-ab12-abcdefgh)"}}}
	f.Service = servicecatalog.New(store, servicecatalog.Config{
		Region:  region,
		Account: func(*state.Tx) string { return management },
		RoleARN: func(_ *state.Tx, c wire.Caller) string {
			if c.ARN == endUserSession || c.ARN == colleague {
				return endUserRole
			}
			return "arn:aws:iam::" + c.AccountID + ":role/" + strings.Split(c.ARN, "/")[1]
		},
		Groups: func(_ *state.Tx, c wire.Caller) []string {
			if strings.HasSuffix(c.ARN, ":user/grouped") {
				return []string{"arn:aws:iam::" + management + ":group/builders"}
			}
			return nil
		},
		PrincipalExists: func(_ *state.Tx, arn string) bool { return !strings.HasSuffix(arn, "/nobody") },
		RoleNamed: func(_ *state.Tx, account, name string) string {
			if name == "nobody" {
				return ""
			}
			return "arn:aws:iam::" + account + ":role/" + name
		},
	})
	f.Register(productType, f.fake)
	if _, err := store.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	f.change(func(tx *state.Tx) {
		f.portfolio = f.AddPortfolio(tx, "AWS Control Tower Account Factory Portfolio", "AWS Control Tower", "Accounts")
		f.product = f.AddProduct(tx, servicecatalog.NewProduct{
			Name: "AWS Control Tower Account Factory", Owner: "AWS Control Tower", Type: productType,
			Artifacts: []servicecatalog.NewArtifact{{Name: "old"}, {Name: "AWS Control Tower Account Factory", Active: true}},
		})
		f.Associate(tx, f.product.ID, f.portfolio.ID)
		f.AddPrincipal(tx, f.portfolio.ID, endUserRole, types.PrincipalTypeIam)
	})
	arts, err := f.DescribeProduct(f.as(endUserSession), &sdk.DescribeProductInput{Id: &f.product.ID})
	if err != nil {
		t.Fatal(err)
	}
	f.artifact = *arts.ProvisioningArtifacts[0].Id
	return f
}

// as gives the context of a call by this principal of its account in the home Region.
func (f *fixture) as(principal string) context.Context { return f.in(region, principal) }

func (f *fixture) in(region, principal string) context.Context {
	account := strings.Split(principal, ":")[4]
	return wire.WithRequest(f.t.Context(), &wire.Request{Region: region, Caller: wire.Caller{AccountID: account, ARN: principal, UserID: "AIDA", AccessKeyID: "AKIA"}})
}

func (f *fixture) change(do func(tx *state.Tx)) {
	f.t.Helper()
	if err := f.store.Update(f.t.Context(), func(tx *state.Tx) error { do(tx); return nil }); err != nil {
		f.t.Fatal(err)
	}
}

// await waits until the durable state satisfies a condition.
func (f *fixture) await(ok func(tx *state.Tx) bool) {
	f.t.Helper()
	deadline := time.After(time.Minute)
	for {
		changed := f.store.Changed()
		var done bool
		_ = f.store.View(func(tx *state.Tx) error { done = ok(tx); return nil })
		if done {
			return
		}
		select {
		case <-changed:
		case <-deadline:
			f.t.Fatal("waited in vain")
		}
	}
}

func (f *fixture) parameters(name string) []types.ProvisioningParameter {
	var out []types.ProvisioningParameter
	for _, kv := range [][2]string{{"AccountName", name}, {"AccountEmail", name + "@example.com"}, {"ManagedOrganizationalUnit", "Sandbox (ou-ab12-abcdefgh)"}} {
		out = append(out, types.ProvisioningParameter{Key: aws.String(kv[0]), Value: aws.String(kv[1])})
	}
	return out
}

func (f *fixture) ask(name string) *sdk.ProvisionProductInput {
	return &sdk.ProvisionProductInput{
		ProductId: &f.product.ID, ProvisioningArtifactId: &f.artifact, ProvisionedProductName: &name, ProvisionToken: aws.String("token-" + name),
		ProvisioningParameters: f.parameters(name),
	}
}

// provision launches a product as somebody and waits until the fake has the job.
func (f *fixture) provision(principal, name string) *types.RecordDetail {
	f.t.Helper()
	out, err := f.ProvisionProduct(f.as(principal), f.ask(name))
	if err != nil {
		f.t.Fatal(err)
	}
	f.awaitStatus(*out.RecordDetail.RecordId, types.RecordStatusInProgress)
	return out.RecordDetail
}

func (f *fixture) awaitStatus(recordID string, want types.RecordStatus) {
	f.t.Helper()
	f.await(func(*state.Tx) bool { return f.record(recordID).Status == want })
}

// launched is a product whose launch succeeded with this account.
func (f *fixture) launched(principal, name, account string) *types.ProvisionedProductDetail {
	f.t.Helper()
	r := f.provision(principal, name)
	f.change(func(tx *state.Tx) {
		f.Complete(tx, *r.RecordId, servicecatalog.Outcome{PhysicalID: account, Outputs: []servicecatalog.Output{
			{Key: "AccountId", Value: account, Description: "Managed Account Id"}, {Key: "AccountEmail", Value: name + "@example.com"},
		}})
	})
	return f.describe(*r.ProvisionedProductId)
}

func (f *fixture) record(id string) *types.RecordDetail {
	f.t.Helper()
	out, err := f.DescribeRecord(f.as(admin), &sdk.DescribeRecordInput{Id: &id})
	if err != nil {
		f.t.Fatal(err)
	}
	return out.RecordDetail
}

func (f *fixture) describe(id string) *types.ProvisionedProductDetail {
	f.t.Helper()
	out, err := f.DescribeProvisionedProduct(f.as(admin), &sdk.DescribeProvisionedProductInput{Id: &id})
	if err != nil {
		f.t.Fatal(err)
	}
	return out.ProvisionedProductDetail
}

// refused checks an error's code, and that its message holds a text.
func refused(t *testing.T, err error, code, text string) {
	t.Helper()
	var api smithy.APIError
	if !errors.As(err, &api) {
		t.Fatalf("got error %v, want %s", err, code)
	}
	if api.ErrorCode() != code || !strings.Contains(api.ErrorMessage(), text) {
		t.Errorf("got %s: %s\nwant %s: …%s…", api.ErrorCode(), api.ErrorMessage(), code, text)
	}
}

func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func tagMap(tags []types.Tag) map[string]string {
	out := map[string]string{}
	for _, t := range tags {
		out[*t.Key] = *t.Value
	}
	return maps.Clone(out)
}
