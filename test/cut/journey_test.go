package cut

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"

	"accountfactory/internal/factory"
	"accountfactory/test/harness"
)

// call is one API call of a journey, and the how manieth of its operation it is.
type call struct {
	Service, Operation string
	N                  int
}

// journey is a request of a kind, and what there must be before it.
type journey struct {
	name    string
	in      factory.Input
	prepare func(r *rig, p factory.Provisioner)
	wants   map[factory.Provisioner][]string // writes it must make, or it is not the journey it says
}

const vendee = "team@example.com"

// launch is a request for an account.
func launch() factory.Input {
	return factory.Input{Parameters: factory.Parameters{
		Name: "team", AccountEmail: vendee, OU: "Sandbox", SSOUserEmail: "lead@example.com", SSOUserFirstName: "Lea", SSOUserLastName: "Lead",
	}}
}

// furnished is a launch that carries all it can.
func furnished() factory.Input {
	in := launch()
	in.Tags = map[string]string{"team": "red", "cost": "42"}
	in.Contacts = []factory.Contact{{Type: "SECURITY", Name: "Sam", Title: "Guard", Email: "sam@example.com", Phone: "+1 555 0100"}}
	in.Grant = []factory.Access{{User: "lead@example.com", PermissionSet: "Reading"}}
	return in
}

// trust lets Account Management work on the organization's accounts.
func (r *rig) trust() {
	r.t.Helper()
	_, err := r.Organizations.EnableAWSServiceAccess(r.ctx, &organizations.EnableAWSServiceAccessInput{ServicePrincipal: aws.String("account.amazonaws.com")})
	r.must(err)
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

// journeys are all kinds; update is there with each thing it can change.
var journeys = []journey{
	{
		name: "launch", in: launch(), prepare: func(*rig, factory.Provisioner) {},
		wants: writes([]string{"ProvisionProduct"}, []string{"CreateAccount", "MoveAccount", "CreatePermissionSet", "AttachManagedPolicyToPermissionSet", "CreateUser", "CreateAccountAssignment"}),
	},
	{
		name: "launch for a user who is there", prepare: func(r *rig, _ factory.Provisioner) {
			in := launch()
			in.Name, in.AccountEmail = "other", "other@example.com"
			r.succeeds(in)
		}, in: launch(), wants: writes([]string{"ProvisionProduct"}, []string{"CreateAccount", "MoveAccount", "CreateAccountAssignment"}),
	},
	{
		name: "launch with everything", prepare: func(r *rig, _ factory.Provisioner) {
			in := launch()
			in.Name, in.AccountEmail = "other", "other@example.com"
			r.succeeds(in)
			r.reading()
			r.trust()
		}, in: furnished(), wants: writes([]string{"ProvisionProduct", "TagResource", "PutAlternateContact", "CreateAccountAssignment"},
			[]string{"CreateAccount", "TagResource", "PutAlternateContact", "CreateAccountAssignment"}),
	},
	{
		name: "enroll with everything", prepare: func(r *rig, p factory.Provisioner) { free(r, p); r.reading(); r.readers(); r.trust() },
		in: about(factory.KindEnroll, func(in *factory.Input) {
			nina(in)
			in.OU, in.Tags, in.Contacts = "Sandbox", furnished().Tags, furnished().Contacts
			in.Grant = []factory.Access{{Group: "Readers", PermissionSet: "Reading"}}
		}),
		wants: writes([]string{"ProvisionProduct", "TagResource", "PutAlternateContact", "CreateAccountAssignment"},
			[]string{"MoveAccount", "CreateUser", "TagResource", "PutAlternateContact", "CreateAccountAssignment"}),
	},
	{
		name: "new e-mail", prepare: func(r *rig, p factory.Provisioner) { vended(r, p); r.trust() },
		in:    about(factory.KindUpdate, func(in *factory.Input) { in.NewEmail = "renewed@example.com" }),
		wants: writes([]string{"StartPrimaryEmailUpdate", "AcceptPrimaryEmailUpdate"}, []string{"StartPrimaryEmailUpdate", "AcceptPrimaryEmailUpdate"}),
	},
	{
		name: "rename", prepare: func(r *rig, p factory.Provisioner) { vended(r, p); r.trust() },
		in:    about(factory.KindUpdate, func(in *factory.Input) { in.NewName = "renamed" }),
		wants: writes([]string{"PutAccountName"}, []string{"PutAccountName"}),
	},
	{
		name: "enroll", prepare: free, in: about(factory.KindEnroll, func(in *factory.Input) { nina(in); in.OU = "Sandbox" }),
		wants: writes([]string{"ProvisionProduct"}, []string{"MoveAccount", "CreateUser", "CreateAccountAssignment", "TagResource"}),
	},
	{
		name: "move", prepare: vended, in: about(factory.KindUpdate, func(in *factory.Input) { in.OU = "Security" }),
		wants: writes([]string{"UpdateProvisionedProduct"}, []string{"MoveAccount"}),
	},
	{
		name: "hand over", prepare: vended, in: about(factory.KindUpdate, func(in *factory.Input) { nina(in); in.RemoveOldAccess = true }),
		wants: writes([]string{"UpdateProvisionedProduct", "DeleteAccountAssignment"}, []string{"CreateUser", "CreateAccountAssignment", "DeleteAccountAssignment", "TagResource"}),
	},
	{
		name: "access", prepare: vended, in: about(factory.KindAccess, func(in *factory.Input) {
			in.Grant = []factory.Access{{User: "lead@example.com", PermissionSet: "Reading"}}
			in.Revoke = []factory.Access{{User: "lead@example.com", PermissionSet: "AWSAdministratorAccess"}}
		}),
		wants: writes([]string{"CreateAccountAssignment", "DeleteAccountAssignment"}, []string{"CreateAccountAssignment", "DeleteAccountAssignment"}),
	},
	{
		name: "unmanage", prepare: vended, in: about(factory.KindUnmanage, nil),
		wants: writes([]string{"TerminateProvisionedProduct"}, []string{"MoveAccount", "UntagResource"}),
	},
	{
		name: "close", prepare: vended, in: about(factory.KindClose, nil),
		wants: writes([]string{"TerminateProvisionedProduct", "CloseAccount"}, []string{"CloseAccount"}),
	},
	{
		name: "repair", prepare: half, in: about(factory.KindRepair, func(in *factory.Input) {
			in.OU, in.SSOUserEmail, in.SSOUserFirstName, in.SSOUserLastName = "Sandbox", "lead@example.com", "Lea", "Lead"
		}),
		wants: writes([]string{"UpdateProvisionedProduct"}, []string{"MoveAccount", "CreateUser", "CreateAccountAssignment"}),
	},
}

func writes(catalog, own []string) map[factory.Provisioner][]string {
	return map[factory.Provisioner][]string{factory.ByServiceCatalog: catalog, factory.ByOrganizations: own}
}

func (r *rig) succeeds(in factory.Input) {
	r.t.Helper()
	if d := r.do(in); d.State != factory.StateSucceeded {
		r.t.Fatal(story(d))
	}
}

// vended has the account, and a permission set beside the usual ones.
func vended(r *rig, _ factory.Provisioner) {
	r.t.Helper()
	r.succeeds(launch())
	r.reading()
}

// half has an account whose launch failed once it was made.
func half(r *rig, p factory.Provisioner) {
	r.t.Helper()
	if p == factory.ByServiceCatalog {
		r.arm(fault{Kind: "fail", Service: "controltower", Step: "baseline", Count: 1, Reason: "no luck"})
	} else {
		r.arm(fault{Kind: "error", Service: "organizations", Operation: "MoveAccount", Count: 1, Code: "AccessDeniedException", Reason: "no luck"})
	}
	if d := r.do(launch()); d.State != factory.StateFailed || d.AccountID == "" && p == factory.ByOrganizations {
		r.t.Fatal(story(d))
	}
}

// free has an account that Organizations made: with Control Tower's role for Control Tower, which wants it, else with
// Organizations' own.
func free(r *rig, p factory.Provisioner) {
	r.t.Helper()
	role := "AWSControlTowerExecution"
	if p == factory.ByOrganizations {
		role = "OrganizationAccountAccessRole"
	}
	out, err := r.Organizations.CreateAccount(r.ctx, &organizations.CreateAccountInput{AccountName: aws.String("team"), Email: aws.String(vendee), RoleName: &role})
	r.must(err)
	r.must(harness.Poll(r.ctx, time.Millisecond, func() (bool, error) {
		st, err := r.Organizations.DescribeCreateAccountStatus(r.ctx, &organizations.DescribeCreateAccountStatusInput{CreateAccountRequestId: out.CreateAccountStatus.Id})
		return err == nil && st.CreateAccountStatus.State == "SUCCEEDED", err
	}))
}
