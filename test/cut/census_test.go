package cut

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/account"
	actypes "github.com/aws/aws-sdk-go-v2/service/account/types"
	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	ssotypes "github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// census is everything a request can change, by names, for ids differ from run to run.
type census struct {
	Request                                                        string
	Accounts, Creations, Products, Users, Sets, Assignments, Entry []string
	Operations                                                     int // of the twin, left under way
}

func (r *rig) census() census {
	r.t.Helper()
	var c census
	accounts, err := r.Organizations.ListAccounts(r.ctx, &organizations.ListAccountsInput{})
	r.must(err)
	instances, err := r.SSOAdmin.ListInstances(r.ctx, &ssoadmin.ListInstancesInput{})
	r.must(err)
	i := instances.Instances[0]
	users, people := r.users(i.IdentityStoreId)
	emails := map[string]string{}
	sets := r.sets(i.InstanceArn, &c)
	for _, a := range accounts.Accounts {
		email := aws.ToString(a.Email)
		emails[*a.Id] = email
		c.Accounts = append(c.Accounts, strings.Join([]string{email, aws.ToString(a.Name), string(a.State), "in", r.place(a.Id), strings.Join(r.tags(a.Id), " "), r.guard(*a.Id)}, " "))
		c.Assignments = append(c.Assignments, r.assignments(i, a.Id, email, sets, people)...)
		if *a.Id != management && a.State == "ACTIVE" {
			c.Entry = append(c.Entry, email+" "+r.enter(*a.Id))
		}
	}
	c.Users, c.Products, c.Creations = users, r.products(emails), r.creations()
	var under struct{ Operations []any }
	r.must(r.lab.Do(r.ctx, "GET", "/_twin/operations", nil, &under))
	c.Operations = len(under.Operations)
	for _, list := range [][]string{c.Accounts, c.Creations, c.Products, c.Users, c.Sets, c.Assignments, c.Entry} {
		slices.Sort(list)
	}
	return c
}

// guard gives an account's security contact.
func (r *rig) guard(id string) string {
	in := &account.GetAlternateContactInput{AlternateContactType: actypes.AlternateContactTypeSecurity, AccountId: &id}
	if id == management {
		in.AccountId = nil
	}
	out, err := r.Account.GetAlternateContact(r.ctx, in)
	if err != nil {
		return "" // none, or nobody is trusted with it
	}
	return aws.ToString(out.AlternateContact.Name)
}

func (r *rig) place(id *string) string {
	r.t.Helper()
	parents, err := r.Organizations.ListParents(r.ctx, &organizations.ListParentsInput{ChildId: id})
	r.must(err)
	ou, err := r.Organizations.DescribeOrganizationalUnit(r.ctx, &organizations.DescribeOrganizationalUnitInput{OrganizationalUnitId: parents.Parents[0].Id})
	if err != nil {
		return "the root"
	}
	return aws.ToString(ou.OrganizationalUnit.Name)
}

// tags gives an account's, without the request's id.
func (r *rig) tags(id *string) (out []string) {
	r.t.Helper()
	list, err := r.Organizations.ListTagsForResource(r.ctx, &organizations.ListTagsForResourceInput{ResourceId: id})
	r.must(err)
	for _, t := range list.Tags {
		value := aws.ToString(t.Value)
		if strings.HasPrefix(value, "req-") {
			value = "a request"
		}
		out = append(out, aws.ToString(t.Key)+"="+value)
	}
	return out
}

func (r *rig) users(store *string) (names []string, people map[string]string) {
	r.t.Helper()
	people = map[string]string{}
	list, err := r.IdentityStore.ListUsers(r.ctx, &identitystore.ListUsersInput{IdentityStoreId: store})
	r.must(err)
	for _, u := range list.Users {
		names = append(names, aws.ToString(u.UserName)+" "+aws.ToString(u.DisplayName))
		people[aws.ToString(u.UserId)] = aws.ToString(u.UserName)
	}
	groups, err := r.IdentityStore.ListGroups(r.ctx, &identitystore.ListGroupsInput{IdentityStoreId: store})
	r.must(err)
	for _, g := range groups.Groups {
		people[aws.ToString(g.GroupId)] = aws.ToString(g.DisplayName)
	}
	return names, people
}

// sets gives the permission sets' names, and notes each with its policies.
func (r *rig) sets(instance *string, c *census) map[string]string {
	r.t.Helper()
	out := map[string]string{}
	list, err := r.SSOAdmin.ListPermissionSets(r.ctx, &ssoadmin.ListPermissionSetsInput{InstanceArn: instance})
	r.must(err)
	for _, arn := range list.PermissionSets {
		set, err := r.SSOAdmin.DescribePermissionSet(r.ctx, &ssoadmin.DescribePermissionSetInput{InstanceArn: instance, PermissionSetArn: &arn})
		r.must(err)
		policies, err := r.SSOAdmin.ListManagedPoliciesInPermissionSet(r.ctx, &ssoadmin.ListManagedPoliciesInPermissionSetInput{InstanceArn: instance, PermissionSetArn: &arn})
		r.must(err)
		out[arn] = aws.ToString(set.PermissionSet.Name)
		line := out[arn]
		for _, p := range policies.AttachedManagedPolicies {
			line += " " + aws.ToString(p.Name)
		}
		c.Sets = append(c.Sets, line)
	}
	return out
}

func (r *rig) assignments(i ssotypes.InstanceMetadata, id *string, email string, sets, people map[string]string) (out []string) {
	r.t.Helper()
	for arn, name := range sets {
		list, err := r.SSOAdmin.ListAccountAssignments(r.ctx, &ssoadmin.ListAccountAssignmentsInput{InstanceArn: i.InstanceArn, AccountId: id, PermissionSetArn: &arn})
		r.must(err)
		for _, a := range list.AccountAssignments {
			out = append(out, email+" "+name+" "+people[aws.ToString(a.PrincipalId)])
		}
	}
	return out
}

func (r *rig) products(emails map[string]string) (out []string) {
	r.t.Helper()
	list, err := r.Catalog.SearchProvisionedProducts(r.ctx, &servicecatalog.SearchProvisionedProductsInput{
		AccessLevelFilter: &types.AccessLevelFilter{Key: types.AccessLevelFilterKeyAccount, Value: aws.String("self")}, PageSize: 100,
	})
	r.must(err)
	for _, p := range list.ProvisionedProducts {
		out = append(out, aws.ToString(p.Name)+" "+string(p.Status)+" "+emails[aws.ToString(p.PhysicalId)])
	}
	return out
}

func (r *rig) creations() (out []string) {
	r.t.Helper()
	list, err := r.Organizations.ListCreateAccountStatus(r.ctx, &organizations.ListCreateAccountStatusInput{})
	r.must(err)
	for _, s := range list.CreateAccountStatuses {
		out = append(out, aws.ToString(s.AccountName)+" "+string(s.State))
	}
	return out
}

// enter says whether the management account can administer an account.
func (r *rig) enter(id string) string {
	role := "arn:aws:iam::" + id + ":role/AWSControlTowerExecution"
	if _, err := r.STS.AssumeRole(r.ctx, &sts.AssumeRoleInput{RoleArn: &role, RoleSessionName: aws.String("census")}); err != nil {
		return "closed"
	}
	return "open"
}
