package crash

import (
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	orgtypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	sctypes "github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/factory"
	"accountfactory/test/harness"
)

// outcome is what can be seen of a vend from outside, with ids left out: they differ from run to run.
type outcome struct {
	State       factory.State
	Accounts    []string // e-mail and OU
	Creations   []string // CreateAccount requests of Organizations for this e-mail, by state
	Products    []string // name and status
	Assignments []string
	Events      []string // name and state
	Mails       int      // to the new SSO user, as the lab lists them
	Files       int      // the same, in the outbox folder
	Operations  int      // left under way
	SameAccount bool     // request, product and organization name one account
	Told        bool     // the timeline ends with what was seen
}

// vended is the outcome of a launch with these lifecycle events.
func vended(name string, events ...string) outcome {
	return outcome{
		State: factory.StateSucceeded, Accounts: []string{name + "@example.com in Sandbox"}, Creations: []string{"SUCCEEDED"},
		Products:    []string{name + " AVAILABLE"},
		Assignments: []string{"GROUP AWSOrganizationsFullAccess", "GROUP AWSPowerUserAccess", "GROUP AWSReadOnlyAccess", "USER AWSAdministratorAccess"},
		Events:      events, Mails: 1, Files: 1, SameAccount: true, Told: true,
	}
}

// ownVended is the outcome of a launch that the factory does by itself: nobody is invited, and there is no product.
func ownVended(name string) outcome {
	return outcome{
		State: factory.StateSucceeded, Accounts: []string{name + "@example.com in Sandbox"}, Creations: []string{"SUCCEEDED"},
		Assignments: []string{"USER AWSAdministratorAccess"}, Told: true,
	}
}

const (
	created      = "CreateManagedAccount SUCCEEDED"
	createFailed = "CreateManagedAccount FAILED"
	updated      = "UpdateManagedAccount SUCCEEDED"
)

// whole compares what a vend left with what it should have.
func (l *life) whole(name string, want outcome) {
	l.t.Helper()
	r := l.await(name)
	got, accountID := l.look(name, r)
	l.hit += strings.Count(timeline(r), "Its worker was gone")
	if diff := cmp.Diff(want, got); diff != "" {
		l.t.Errorf("%s after %d deaths (-want +got):\n%s\nrequest %s\naccount %s", name, l.deaths, diff, show(r), accountID)
	}
}

// allWhole is whole for launches that overlap: what one has under way would be found with another.
func (l *life) allWhole(names ...string) {
	l.t.Helper()
	for _, name := range names {
		l.await(name)
	}
	for _, name := range names {
		l.whole(name, vended(name, created))
	}
}

func (l *life) look(name string, r *factory.Detail) (outcome, string) {
	l.t.Helper()
	c := l.clients()
	out := outcome{State: r.State}
	accountID := l.lookAccounts(c, name, &out)
	products := l.lookProducts(c, name, &out)
	if accountID != "" {
		out.Assignments = l.assignments(c, accountID)
	}
	out.SameAccount = len(products) == 1 && products[0] == accountID && r.AccountID == accountID
	l.lookLab(name, &out)
	if d, err := l.detail(r.ID); err == nil && len(d.Timeline) > 0 {
		out.Told = strings.HasPrefix(d.Timeline[len(d.Timeline)-1].Text, "Seen at AWS: account "+accountID)
		r.Timeline = d.Timeline
	}
	return out, accountID
}

func (l *life) lookAccounts(c *harness.Clients, name string, out *outcome) (id string) {
	l.t.Helper()
	for _, a := range l.accounts(c) {
		if !strings.EqualFold(aws.ToString(a.Email), name+"@example.com") {
			continue
		}
		id = aws.ToString(a.Id)
		parents, err := c.Organizations.ListParents(l.ctx, &organizations.ListParentsInput{ChildId: a.Id})
		l.must(err)
		place := "the root"
		if ou, err := c.Organizations.DescribeOrganizationalUnit(l.ctx, &organizations.DescribeOrganizationalUnitInput{OrganizationalUnitId: parents.Parents[0].Id}); err == nil {
			place = aws.ToString(ou.OrganizationalUnit.Name)
		}
		out.Accounts = append(out.Accounts, aws.ToString(a.Email)+" in "+place)
	}
	for _, s := range l.creations(c) {
		if aws.ToString(s.AccountName) == name {
			out.Creations = append(out.Creations, string(s.State))
		}
	}
	return id
}

func (l *life) accounts(c *harness.Clients) (all []orgtypes.Account) {
	l.t.Helper()
	for pages := organizations.NewListAccountsPaginator(c.Organizations, &organizations.ListAccountsInput{}); pages.HasMorePages(); {
		page, err := pages.NextPage(l.ctx)
		l.must(err)
		all = append(all, page.Accounts...)
	}
	return all
}

func (l *life) creations(c *harness.Clients) (all []orgtypes.CreateAccountStatus) {
	l.t.Helper()
	for pages := organizations.NewListCreateAccountStatusPaginator(c.Organizations, &organizations.ListCreateAccountStatusInput{}); pages.HasMorePages(); {
		page, err := pages.NextPage(l.ctx)
		l.must(err)
		all = append(all, page.CreateAccountStatuses...)
	}
	return all
}

// lookProducts gives the accounts of the products of that name, of whichever user.
func (l *life) lookProducts(c *harness.Clients, name string, out *outcome) (accounts []string) {
	l.t.Helper()
	pages := servicecatalog.NewSearchProvisionedProductsPaginator(c.Catalog, &servicecatalog.SearchProvisionedProductsInput{
		AccessLevelFilter: &sctypes.AccessLevelFilter{Key: sctypes.AccessLevelFilterKeyAccount, Value: aws.String("self")}, PageSize: 100,
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(l.ctx)
		l.must(err)
		for _, p := range page.ProvisionedProducts {
			if aws.ToString(p.Name) == name {
				out.Products = append(out.Products, name+" "+string(p.Status))
				accounts = append(accounts, aws.ToString(p.PhysicalId))
			}
		}
	}
	return accounts
}

func (l *life) assignments(c *harness.Clients, accountID string) []string {
	l.t.Helper()
	instances, err := c.SSOAdmin.ListInstances(l.ctx, &ssoadmin.ListInstancesInput{})
	l.must(err)
	instance := instances.Instances[0].InstanceArn
	sets, err := c.SSOAdmin.ListPermissionSetsProvisionedToAccount(l.ctx, &ssoadmin.ListPermissionSetsProvisionedToAccountInput{InstanceArn: instance, AccountId: &accountID})
	l.must(err)
	var out []string
	for _, set := range sets.PermissionSets {
		d, err := c.SSOAdmin.DescribePermissionSet(l.ctx, &ssoadmin.DescribePermissionSetInput{InstanceArn: instance, PermissionSetArn: &set})
		l.must(err)
		list, err := c.SSOAdmin.ListAccountAssignments(l.ctx, &ssoadmin.ListAccountAssignmentsInput{InstanceArn: instance, AccountId: &accountID, PermissionSetArn: &set})
		l.must(err)
		for _, a := range list.AccountAssignments {
			out = append(out, string(a.PrincipalType)+" "+aws.ToString(d.PermissionSet.Name))
		}
	}
	slices.Sort(out)
	return out
}

// lookLab counts events, mails and operations. The outbox folder may lag behind the outbox for a moment.
func (l *life) lookLab(name string, out *outcome) {
	l.t.Helper()
	var events struct {
		Events []struct {
			Detail struct {
				EventName           string
				ServiceEventDetails map[string]struct {
					State   string
					Account struct{ AccountName string }
				}
			}
		}
	}
	l.lab("GET", "/_twin/events", nil, &events)
	for _, e := range events.Events {
		for _, d := range e.Detail.ServiceEventDetails {
			if d.Account.AccountName == name {
				out.Events = append(out.Events, e.Detail.EventName+" "+d.State)
			}
		}
	}
	var mails struct{ Mails []struct{ To string } }
	l.lab("GET", "/_twin/outbox", nil, &mails)
	to := name + "-owner@example.com"
	for _, m := range mails.Mails {
		if m.To == to {
			out.Mails++
		}
	}
	l.must(harness.Poll(l.ctx, 5*time.Millisecond, func() (bool, error) {
		n, err := l.files(to)
		out.Files = n
		return n >= out.Mails, err
	}))
	var operations struct{ Operations []any }
	l.lab("GET", "/_twin/operations", nil, &operations)
	out.Operations = len(operations.Operations)
}

// files counts the outbox folder's mails to an address.
func (l *life) files(to string) (n int, err error) {
	mails, err := harness.Mails(l.data, to)
	return len(mails), err
}

func (l *life) must(err error) {
	l.t.Helper()
	if err != nil {
		l.t.Fatal(err)
	}
}
