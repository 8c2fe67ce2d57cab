package servicecatalog_test

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"accountfactory/internal/twin/servicecatalog"
	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

// A record that was about to start when the process ended starts after it, with the same caller and parameters.
func TestRestart(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "twin.db")
	open := func() (*fixture, *state.Store) {
		st := state.New(state.Options{Path: path, Seed: 1, Speed: 1})
		f := &fixture{t: t, store: st, fake: &provisioner{}}
		f.Service = servicecatalog.New(st, servicecatalog.Config{Region: region, Account: func(*state.Tx) string { return management }})
		f.Register(productType, f.fake)
		if _, err := st.Open(t.Context()); err != nil {
			t.Fatal(err)
		}
		return f, st
	}
	f, st := open()
	user := "arn:aws:sts::" + management + ":assumed-role/Deployer/run" // a role without a path, as RoleARN is not set
	if err := st.SetClock(t.Context(), st.Clock().Stopped()); err != nil {
		t.Fatal(err)
	}
	f.change(func(tx *state.Tx) {
		f.portfolio = f.AddPortfolio(tx, "P", "x", "")
		f.product = f.AddProduct(tx, servicecatalog.NewProduct{Name: "A", Owner: "x", Type: productType, Artifacts: []servicecatalog.NewArtifact{{Name: "v", Active: true}}})
		f.Associate(tx, f.product.ID, f.portfolio.ID)
		f.AddPrincipal(tx, f.portfolio.ID, "arn:aws:iam::"+management+":role/Deployer", types.PrincipalTypeIam)
	})
	in := f.ask("dev")
	in.ProvisioningArtifactId, in.ProvisioningArtifactName = nil, aws.String("v")
	r := must[*sdk.ProvisionProductOutput](t)(f.ProvisionProduct(f.as(user), in)).RecordDetail
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}

	f, st = open()
	defer func() { _ = st.Close() }()
	if got := f.record(*r.RecordId).Status; got != types.RecordStatusCreated {
		t.Errorf("record after the restart: %s", got)
	}
	again := must[*sdk.ProvisionProductOutput](t)(f.ProvisionProduct(f.as(user), in)).RecordDetail
	if *again.RecordId != *r.RecordId {
		t.Error("the token was forgotten")
	}
	if err := st.SetClock(t.Context(), st.Clock().Running()); err != nil {
		t.Fatal(err)
	}
	if err := st.SetClock(t.Context(), st.Clock().Advanced(60e9)); err != nil {
		t.Fatal(err)
	}
	f.awaitStatus(*r.RecordId, types.RecordStatusInProgress)
	want := servicecatalog.Job{
		Action: servicecatalog.Provision, RecordID: *r.RecordId, ProductID: *r.ProvisionedProductId, Name: "dev", FirstLaunch: true,
		Parameters: map[string]string{"AccountName": "dev", "AccountEmail": "dev@example.com", "ManagedOrganizationalUnit": "Sandbox (ou-ab12-abcdefgh)"},
		Caller:     wire.Caller{AccountID: management, ARN: user, UserID: "AIDA", AccessKeyID: "AKIA"},
	}
	if diff := cmp.Diff(want, f.fake.last()); diff != "" {
		t.Errorf("job (-want +got):\n%s", diff)
	}
}

// Patterns mean what the reference's ".*" and ".?" say.
func TestPatterns(t *testing.T) {
	t.Parallel()
	f := setup(t)
	rapid.Check(t, func(r *rapid.T) {
		pattern := rapid.StringMatching(`[ab/*?]{1,8}`).Draw(r, "pattern")
		name := rapid.StringMatching(`[ab/]{1,10}`).Draw(r, "name")
		like := regexp.MustCompile("^(?s)" + strings.NewReplacer("*", ".*", "?", ".?").Replace(pattern) + "$")
		f.change(func(tx *state.Tx) {
			f.portfolio = f.AddPortfolio(tx, "P", "x", "")
			p := f.AddProduct(tx, servicecatalog.NewProduct{Name: "A", Type: "TOY"})
			f.Associate(tx, p.ID, f.portfolio.ID)
			f.AddPrincipal(tx, f.portfolio.ID, "arn:aws:iam:::user/"+pattern, types.PrincipalTypeIamPattern)
			f.product = p
		})
		_, err := f.DescribeProduct(f.as("arn:aws:iam::"+management+":user/"+name), &sdk.DescribeProductInput{Id: &f.product.ID})
		if got, want := err == nil, like.MatchString(name); got != want {
			r.Fatalf("%s matches %s: %v, want %v", pattern, name, got, want)
		}
	})
}
