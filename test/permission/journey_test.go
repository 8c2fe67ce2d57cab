package permission

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/account"
	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	idtypes "github.com/aws/aws-sdk-go-v2/service/identitystore/types"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	ssotypes "github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	"accountfactory/internal/factory"
	"accountfactory/test/harness"
)

// journey is something the factory does, and what there must be before it.
type journey struct {
	prepare func(r *rig)
	do      func(r *rig) result
	past    bool // a landing zone that is there: of the provisioner that has no need of one
	product bool // only of the provisioner that launches Account Factory's
}

// of reports whether a provisioner makes the journey, and whether it makes it where Control Tower is.
func (j journey) of(way factory.Provisioner) (makes, tower bool) {
	makes = (!j.past || way == factory.ByOrganizations) && (!j.product || way == factory.ByServiceCatalog)
	return makes, j.past || way == factory.ByServiceCatalog
}

const vendee = "team@example.com"

func launch() factory.Input {
	return factory.Input{Parameters: factory.Parameters{
		Name: "team", AccountEmail: vendee, OU: "Sandbox", SSOUserEmail: "lead@example.com", SSOUserFirstName: "Lea", SSOUserLastName: "Lead",
	}}
}

func about(kind factory.Kind, change func(*factory.Input)) factory.Input {
	in := factory.Input{Kind: kind, Options: factory.Options{Account: vendee}}
	if change != nil {
		change(&in)
	}
	return in
}

func nina(in *factory.Input) {
	in.SSOUserEmail, in.SSOUserFirstName, in.SSOUserLastName = "nina@example.com", "Nina", "New"
}

func asks(in factory.Input) func(*rig) result {
	return func(r *rig) result { r.t.Helper(); return r.request(in) }
}

// journeys are all kinds of requests; update is there with each thing it can change.
var journeys = map[string]journey{
	"connect": {prepare: nothing, do: func(r *rig) result {
		key, err := r.server.Credentials().Retrieve(r.ctx)
		r.must(err)
		_, err = r.connect(key.AccessKeyID, key.SecretAccessKey, r.server.Identity().OrganizationID)
		return failed(err)
	}},
	"launch":              {prepare: nothing, do: asks(launch())},
	"past a landing zone": {prepare: nothing, do: asks(launch()), past: true},
	"launch with everything": {prepare: func(r *rig) {
		r.reading()
		r.person("lead@example.com")
		r.trust()
	}, do: func(r *rig) result {
		in := launch()
		in.Tags = map[string]string{"team": "red"}
		in.Contacts = []factory.Contact{{Type: "SECURITY", Name: "Sam", Title: "Guard", Email: "sam@example.com", Phone: "+1 555 0100"}}
		in.Grant = []factory.Access{{User: "lead@example.com", PermissionSet: "Reading"}}
		return r.request(in)
	}},
	"answer lost": {prepare: lost, do: func(r *rig) result {
		r.renew()
		return r.drive(r.open())
	}},
	"enroll":                        {prepare: free, do: asks(about(factory.KindEnroll, func(in *factory.Input) { nina(in); in.OU = "Sandbox" }))},
	"move":                          {prepare: vended, do: asks(about(factory.KindUpdate, func(in *factory.Input) { in.OU = "Security" }))},
	"rename":                        {prepare: func(r *rig) { vended(r); r.trust() }, do: asks(about(factory.KindUpdate, func(in *factory.Input) { in.NewName = "renamed" }))},
	"e-mail":                        {prepare: func(r *rig) { vended(r); r.trust() }, do: func(r *rig) result { return changeEmail(r, false) }},
	"e-mail, the code given to AWS": {prepare: func(r *rig) { vended(r); r.trust() }, do: func(r *rig) result { return changeEmail(r, true) }},
	"hand over": {prepare: vended, do: asks(about(factory.KindUpdate, func(in *factory.Input) {
		nina(in)
		in.RemoveOldAccess = true
	}))},
	"access": {prepare: vended, do: asks(about(factory.KindAccess, func(in *factory.Input) {
		in.Grant = []factory.Access{{User: "lead@example.com", PermissionSet: "Reading"}}
		in.Revoke = []factory.Access{{User: "lead@example.com", PermissionSet: "AWSAdministratorAccess"}}
	}))},
	"group's access": {prepare: vended, do: asks(about(factory.KindAccess, func(in *factory.Input) {
		in.Grant = []factory.Access{{Group: "Auditors", PermissionSet: "Reading"}}
	}))},
	"unmanage": {prepare: vended, do: asks(about(factory.KindUnmanage, nil))},
	"close":    {prepare: vended, do: asks(about(factory.KindClose, nil))},
	"repair": {prepare: half, do: asks(about(factory.KindRepair, func(in *factory.Input) {
		in.OU, in.SSOUserEmail, in.SSOUserFirstName, in.SSOUserLastName = "Sandbox", "lead@example.com", "Lea", "Lead"
	}))},
	"quota": {prepare: nothing, do: func(r *rig) result {
		plan, err := r.svc.Check(r.ctx, r.who, r.Catalog, launch())
		r.must(err)
		i := slices.IndexFunc(plan.Checks, func(c factory.Check) bool { return c.Name == factory.CheckAccountQuota })
		return result{strings.HasSuffix(plan.Checks[i].Seen, "by Service Quotas"), plan.Checks[i].Seen}
	}},
	"automatic limit": {prepare: nothing, product: true, do: func(r *rig) result {
		r.must(r.svc.ChangeQueue(r.ctx, r.who, factory.QueueChange{Auto: new(0)}))
		q, err := r.db.Queue(r.ctx)
		r.must(err)
		return result{q.Limit == 1, fmt.Sprintf("a limit of %d; %s", q.Limit, &r.log)} // the twin's Control Tower works on one account at once
	}},
	"hook's credentials": {prepare: vended, do: func(r *rig) result {
		_, err := r.server.Environment(r.ctx, r.account(), "hook", time.Hour)
		return failed(err)
	}},
}

func nothing(*rig) {}

// vended has the account, and somebody and something to give access to.
func vended(r *rig) {
	r.t.Helper()
	r.succeeds(launch())
	r.reading()
	r.group("Auditors")
}

// lost has a request whose account is made, and which does not know it: the answer did not come.
func lost(r *rig) {
	r.t.Helper()
	operation, service := "ProvisionProduct", "servicecatalog"
	if r.way == factory.ByOrganizations {
		operation, service = "CreateAccount", "organizations"
	}
	const attempts = 3 // of an SDK client
	r.arm(map[string]any{"kind": "cut-after", "service": service, "operation": operation, "count": attempts})
	d, err := r.svc.Submit(r.ctx, r.who, r.Catalog, launch())
	r.must(err)
	for {
		row, err := r.db.Get(r.ctx, d.ID)
		r.must(err)
		if in := row.Progress.Intent; in != nil && row.Progress.Tries > 0 && in.Operation == operation {
			return
		}
		r.svc.Turn(r.ctx, d.ID, row.Generation)
	}
}

// open gives the request that has not ended.
func (r *rig) open() string {
	r.t.Helper()
	all, err := r.db.List(r.ctx, factory.Filter{Open: true})
	r.must(err)
	if len(all) != 1 {
		r.t.Fatalf("%d open requests, want 1", len(all))
	}
	return all[0].ID
}

// half has an account whose launch failed once it was made.
func half(r *rig) {
	r.t.Helper()
	if r.way == factory.ByServiceCatalog {
		r.arm(map[string]any{"kind": "fail", "service": "controltower", "step": "baseline", "count": 1, "reason": "no luck"})
	} else {
		r.arm(map[string]any{"kind": "error", "service": "organizations", "operation": "MoveAccount", "count": 1, "code": "AccessDeniedException", "reason": "no luck"})
	}
	if got := r.request(launch()); got.ok {
		r.t.Fatal(got.said)
	}
}

// free has an account that Organizations made: with Control Tower's role for Control Tower, which wants it, else with
// Organizations' own.
func free(r *rig) {
	r.t.Helper()
	role := "AWSControlTowerExecution"
	if r.way == factory.ByOrganizations {
		role = "OrganizationAccountAccessRole"
	}
	out, err := r.Organizations.CreateAccount(r.ctx, &organizations.CreateAccountInput{AccountName: aws.String("team"), Email: aws.String(vendee), RoleName: &role})
	r.must(err)
	r.must(harness.Poll(r.ctx, time.Millisecond, func() (bool, error) {
		st, err := r.Organizations.DescribeCreateAccountStatus(r.ctx, &organizations.DescribeCreateAccountStatusInput{CreateAccountRequestId: out.CreateAccountStatus.Id})
		return err == nil && st.CreateAccountStatus.State == "SUCCEEDED", err
	}))
}

// changeEmail asks for another e-mail, and answers with the code that was mailed there, also after somebody gave it to AWS.
func changeEmail(r *rig, given bool) result {
	r.t.Helper()
	const to = "other@example.com"
	got := r.request(about(factory.KindUpdate, func(in *factory.Input) { in.NewEmail = to }))
	if !strings.Contains(got.said, string(factory.StateWaitingForPerson)) {
		return got
	}
	code, err := harness.MailedCode(r.ctx, r.dir, to)
	r.must(err)
	if given {
		_, err := r.Account.AcceptPrimaryEmailUpdate(r.ctx, &account.AcceptPrimaryEmailUpdateInput{AccountId: aws.String(r.account()), PrimaryEmail: aws.String(to), Otp: &code})
		r.must(err)
	}
	id := r.open()
	_, err = r.svc.Answer(r.ctx, r.who, id, factory.Answer{Code: code})
	r.must(err)
	return r.drive(id)
}

// arm arms one of the lab's faults.
func (r *rig) arm(fault map[string]any) {
	r.t.Helper()
	r.must(r.lab.Do(r.ctx, http.MethodPost, "/_twin/faults", fault, nil))
}

// trust lets Account Management work on the organization's accounts.
func (r *rig) trust() {
	r.t.Helper()
	_, err := r.Organizations.EnableAWSServiceAccess(r.ctx, &organizations.EnableAWSServiceAccessInput{ServicePrincipal: aws.String("account.amazonaws.com")})
	r.must(err)
}

func (r *rig) instance() ssotypes.InstanceMetadata {
	r.t.Helper()
	instances, err := r.SSOAdmin.ListInstances(r.ctx, &ssoadmin.ListInstancesInput{})
	r.must(err)
	return instances.Instances[0]
}

// reading makes a permission set that is nobody's yet.
func (r *rig) reading() {
	r.t.Helper()
	_, err := r.SSOAdmin.CreatePermissionSet(r.ctx, &ssoadmin.CreatePermissionSetInput{InstanceArn: r.instance().InstanceArn, Name: aws.String("Reading")})
	r.must(err)
}

// account gives the id of the account that was vended.
func (r *rig) account() string {
	r.t.Helper()
	pages := organizations.NewListAccountsPaginator(r.Organizations, &organizations.ListAccountsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(r.ctx)
		r.must(err)
		for _, a := range page.Accounts {
			if aws.ToString(a.Email) == vendee {
				return *a.Id
			}
		}
	}
	r.t.Fatal("there is no account of " + vendee)
	return ""
}

// person makes an SSO user.
func (r *rig) person(email string) {
	r.t.Helper()
	_, err := r.IdentityStore.CreateUser(r.ctx, &identitystore.CreateUserInput{
		IdentityStoreId: r.instance().IdentityStoreId, UserName: &email, DisplayName: &email, Name: &idtypes.Name{GivenName: aws.String("Lea"), FamilyName: aws.String("Lead")},
		Emails: []idtypes.Email{{Value: &email, Primary: true}},
	})
	r.must(err)
}

func (r *rig) group(name string) {
	r.t.Helper()
	_, err := r.IdentityStore.CreateGroup(r.ctx, &identitystore.CreateGroupInput{IdentityStoreId: r.instance().IdentityStoreId, DisplayName: &name})
	r.must(err)
}
