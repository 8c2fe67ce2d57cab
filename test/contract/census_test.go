package contract

import (
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	"github.com/google/go-cmp/cmp"
)

// census is what there is: everything a launch makes.
type census struct {
	Accounts, Products, Users, Assignments, Requests, Creations []string
}

func (f *fixture) census() census {
	f.t.Helper()
	var c census
	accounts, err := f.Organizations.ListAccounts(f.ctx, &organizations.ListAccountsInput{})
	f.must(err)
	instances, err := f.SSOAdmin.ListInstances(f.ctx, &ssoadmin.ListInstancesInput{})
	f.must(err)
	instance := instances.Instances[0]
	for _, a := range accounts.Accounts {
		c.Accounts = append(c.Accounts, aws.ToString(a.Id)+" "+aws.ToString(a.Email))
		c.Assignments = append(c.Assignments, f.assignments(instance.InstanceArn, a.Id)...)
	}
	creations, err := f.Organizations.ListCreateAccountStatus(f.ctx, &organizations.ListCreateAccountStatusInput{})
	f.must(err)
	for _, s := range creations.CreateAccountStatuses {
		c.Creations = append(c.Creations, aws.ToString(s.Id)+" "+string(s.State))
	}
	products, err := f.Catalog.SearchProvisionedProducts(f.ctx, &servicecatalog.SearchProvisionedProductsInput{
		AccessLevelFilter: &types.AccessLevelFilter{Key: types.AccessLevelFilterKeyAccount, Value: aws.String("self")}, PageSize: 100,
	})
	f.must(err)
	for _, p := range products.ProvisionedProducts {
		c.Products = append(c.Products, aws.ToString(p.Name)+" "+string(p.Status))
	}
	users, err := f.IdentityStore.ListUsers(f.ctx, &identitystore.ListUsersInput{IdentityStoreId: instance.IdentityStoreId})
	f.must(err)
	for _, u := range users.Users {
		c.Users = append(c.Users, aws.ToString(u.UserName)+" "+aws.ToString(u.DisplayName))
	}
	requests, err := f.api.Requests(f.ctx)
	f.must(err)
	for _, r := range requests {
		c.Requests = append(c.Requests, r.ID+" "+string(r.State))
	}
	slices.Sort(c.Products)
	return c
}

func (f *fixture) assignments(instance, accountID *string) (out []string) {
	f.t.Helper()
	sets, err := f.SSOAdmin.ListPermissionSetsProvisionedToAccount(f.ctx, &ssoadmin.ListPermissionSetsProvisionedToAccountInput{InstanceArn: instance, AccountId: accountID})
	f.must(err)
	for _, set := range sets.PermissionSets {
		list, err := f.SSOAdmin.ListAccountAssignments(f.ctx, &ssoadmin.ListAccountAssignmentsInput{InstanceArn: instance, AccountId: accountID, PermissionSetArn: &set})
		f.must(err)
		for _, a := range list.AccountAssignments {
			out = append(out, aws.ToString(accountID)+" "+set+" "+aws.ToString(a.PrincipalId))
		}
	}
	return out
}

// unchanged compares what there is with what there was.
func unchanged(t *testing.T, how string, before, after census) {
	t.Helper()
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("%s left something (-before +after):\n%s", how, diff)
	}
}
