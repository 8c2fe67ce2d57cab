package crash

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"

	"accountfactory/internal/factory"
	"accountfactory/test/harness"
)

// rawLaunch provisions an account past the factory, as any other client of AWS may, and gives the product's id.
func (l *life) rawLaunch(name string) string {
	l.t.Helper()
	c := l.clients()
	found, err := c.Catalog.SearchProducts(l.ctx, &servicecatalog.SearchProductsInput{})
	l.must(err)
	id := found.ProductViewSummaries[0].ProductId
	product, err := c.Catalog.DescribeProduct(l.ctx, &servicecatalog.DescribeProductInput{Id: id})
	l.must(err)
	in := &servicecatalog.ProvisionProductInput{ProductId: id, ProvisioningArtifactId: product.ProvisioningArtifacts[0].Id, ProvisionedProductName: aws.String(name)}
	for k, v := range map[string]string{
		"AccountName": name, "AccountEmail": name + "@example.com", "SSOUserFirstName": "Olive", "SSOUserLastName": "Owner",
		"SSOUserEmail": name + "-owner@example.com", "ManagedOrganizationalUnit": l.sandbox(c),
	} {
		in.ProvisioningParameters = append(in.ProvisioningParameters, types.ProvisioningParameter{Key: aws.String(k), Value: aws.String(v)})
	}
	out, err := c.Catalog.ProvisionProduct(l.ctx, in)
	l.must(err)
	return aws.ToString(out.RecordDetail.ProvisionedProductId)
}

// sandbox is the OU as the product names it.
func (l *life) sandbox(c *harness.Clients) string {
	l.t.Helper()
	roots, err := c.Organizations.ListRoots(l.ctx, &organizations.ListRootsInput{})
	l.must(err)
	ous, err := c.Organizations.ListOrganizationalUnitsForParent(l.ctx, &organizations.ListOrganizationalUnitsForParentInput{ParentId: roots.Roots[0].Id})
	l.must(err)
	for _, ou := range ous.OrganizationalUnits {
		if aws.ToString(ou.Name) == "Sandbox" {
			return "Sandbox (" + aws.ToString(ou.Id) + ")"
		}
	}
	l.t.Fatal("no OU Sandbox")
	return ""
}

// until waits for a request to be as wanted.
func (l *life) until(name, what string, is func(*factory.Detail) bool) *factory.Detail {
	l.t.Helper()
	var last *factory.Detail
	err := harness.Poll(l.ctx, tick, func() (bool, error) {
		r, err := l.request(name)
		if err != nil || r == nil {
			return false, err
		}
		last = r
		return is(r), nil
	})
	if err != nil {
		l.t.Fatalf("%s: want %s: %v; last seen %s", name, what, err, show(last))
	}
	return last
}

func (l *life) launchAll(names ...string) {
	l.t.Helper()
	for _, name := range names {
		if out := l.launch(name); out.Code != 0 {
			l.t.Fatalf("launch %s: exit code %d: %s", name, out.Code, out.Err)
		}
	}
}

// TestOthersOperation: while another client's account is being made, three launches wait: the first for that operation,
// which its reason names with its product and who began it, the others for the first. None fails.
func TestOthersOperation(t *testing.T) {
	t.Parallel()
	l := begin(t)
	l.serve()
	l.arm(fault{Kind: "stuck", Service: "controltower", Step: "baseline", Count: 1})
	product := l.rawLaunch("theirs")
	op := l.stuck()
	names := []string{"first", "second", "third"}
	l.launchAll(names...)
	first := l.until("first", "a reason", func(r *factory.Detail) bool { return r.WaitingFor != "" && r.Position == 0 })
	for _, want := range []string{"theirs", product, "user/management", "1 of 1"} {
		if !strings.Contains(first.WaitingFor, want) {
			t.Errorf("the first waits for %q, which does not name %s", first.WaitingFor, want)
		}
	}
	for i, name := range names[1:] {
		r := l.until(name, "a place", func(r *factory.Detail) bool { return r.Position == i+1 })
		if !strings.Contains(r.WaitingFor, first.ID) {
			t.Errorf("%s waits for %q, want it to name %s", name, r.WaitingFor, first.ID)
		}
	}
	l.release(op)
	l.allWhole(names...)
}

// TestCancel: one that waits is cancelled at once and leaves nothing; one at work in AWS ends when that does, and says
// that the account is there.
func TestCancel(t *testing.T) {
	t.Parallel()
	l := begin(t)
	l.serve()
	l.arm(fault{Kind: "stuck", Service: "controltower", Step: "baseline", Count: 1})
	l.launchAll("working", "waiting")
	op := l.stuck()
	for _, name := range []string{"waiting", "working"} {
		if out := l.cli("request", "cancel", l.find(name).ID); out.Code != 0 {
			t.Fatalf("cancel %s: exit code %d: %s", name, out.Code, out.Err)
		}
	}
	if r := l.find("waiting"); r.State != factory.StateCancelled {
		t.Errorf("the waiting one is %s", r.State)
	}
	if r := l.find("working"); r.State != factory.StateRunning || !r.CancelRequested {
		t.Errorf("the one at work is %s", r.State)
	}
	l.kill() // the wish survives
	l.serve()
	l.release(op)
	l.whole("working", vended("working", created))
	d, err := l.detail(l.find("working").ID)
	l.must(err)
	if !strings.Contains(timeline(&d), "came too late") {
		t.Errorf("the timeline does not say that cancelling came too late:\n%s", timeline(&d))
	}
	l.whole("waiting", outcome{State: factory.StateCancelled})
	// Its e-mail and name are free again.
	if out := l.launch("waiting"); out.Code != 0 {
		t.Errorf("launch after cancel: exit code %d: %s", out.Code, out.Err)
	}
}

// TestRetryAdopts: what failed half-way is retried; the account that is there is finished, whichever step failed.
func TestRetryAdopts(t *testing.T) {
	t.Parallel()
	for _, step := range []string{"move-account", "baseline", "sso-user", "assign", "finish"} {
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			l := begin(t)
			l.serve()
			l.arm(fault{Kind: "fail", Service: "controltower", Step: step, Reason: "no luck", Count: 1})
			if out := l.launch(account, "--wait"); out.Code != 1 || !strings.Contains(out.Err, "no luck") {
				t.Errorf("launch --wait: exit code %d: %s", out.Code, out.Err)
			}
			l.retry(l.find(account).ID)
			l.until(account, "an end", func(r *factory.Detail) bool { return r.State == factory.StateSucceeded })
			l.whole(account, vended(account, createFailed, updated))
		})
	}
}

// TestAccountOperations: with a limit of five, five are at work in AWS at once and the sixth waits.
func TestAccountOperations(t *testing.T) {
	t.Parallel()
	l := begin(t, "--account-operations", "5")
	l.serve()
	l.arm(fault{Kind: "stuck", Service: "controltower", Step: "baseline", Count: 6})
	names := []string{"one", "two", "three", "four", "five", "six"}
	l.launchAll(names...)
	var stopped []operation
	l.must(harness.Poll(l.ctx, tick, func() (bool, error) {
		stopped = l.stopped()
		return len(stopped) == 5, nil
	}))
	if r := l.find("six"); r.Position != 1 || !strings.Contains(r.WaitingFor, "5 of 5") {
		t.Errorf("the sixth: %s", show(r))
	}
	for _, op := range stopped {
		l.release(op)
	}
	l.release(l.stuck())
	l.allWhole(names...)
}
