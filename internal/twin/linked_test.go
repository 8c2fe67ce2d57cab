package twin_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/organizations"

	"accountfactory/test/harness"
)

// linkedRoles gives the names of the service-linked roles of an account.
func linkedRoles(t *testing.T, c *harness.Clients) (names []string) {
	t.Helper()
	out, err := c.IAM.ListRoles(t.Context(), &iam.ListRolesInput{PathPrefix: aws.String("/aws-service-role/")})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range out.Roles {
		names = append(names, *r.RoleName)
	}
	return names
}

// TestServiceLinkedRoles holds that Organizations and Identity Center have their roles in every account, the seeded ones, a
// created one, and that a role in use cannot be deleted.
func TestServiceLinkedRoles(t *testing.T) {
	t.Parallel()
	f := setup(t)
	ctx := t.Context()
	want := []string{"AWSServiceRoleForOrganizations", "AWSServiceRoleForSSO"}
	if got := linkedRoles(t, f.Clients); !slices.Equal(got, want) {
		t.Errorf("management has %q, want %q", got, want)
	}
	member := f.enter(t, f.named(t, "Audit"))
	if got := linkedRoles(t, member); !slices.Equal(got, want) {
		t.Errorf("a member has %q, want %q", got, want)
	}
	if _, err := f.Organizations.CreateAccount(ctx, &organizations.CreateAccountInput{AccountName: aws.String("Fresh"), Email: aws.String("fresh@example.com"), RoleName: aws.String("AWSControlTowerExecution")}); err != nil {
		t.Fatal(err)
	}
	fresh := ""
	err := harness.Poll(ctx, 5*time.Millisecond, func() (bool, error) {
		out, err := f.Organizations.ListCreateAccountStatus(ctx, &organizations.ListCreateAccountStatusInput{})
		if err != nil || out.CreateAccountStatuses[0].AccountId == nil {
			return false, err
		}
		fresh = *out.CreateAccountStatuses[0].AccountId
		return true, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := linkedRoles(t, f.enter(t, &fresh)); !slices.Equal(got, want) {
		t.Errorf("a new account has %q, want %q", got, want)
	}
	_, err = member.IAM.DeleteRole(ctx, &iam.DeleteRoleInput{RoleName: &want[0]})
	wantCode(t, err, "UnmodifiableEntity")
	for name, resource := range map[string]string{want[0]: ":organization/o-", want[1]: ":role/aws-reserved/sso.amazonaws.com/"} {
		status := f.unlink(t, member, name)
		if status.Status != types.DeletionTaskStatusTypeFailed || len(status.Reason.RoleUsageList) != 1 || !strings.Contains(status.Reason.RoleUsageList[0].Resources[0], resource) {
			t.Errorf("%s: %+v, want it in use by a resource with %s", name, status, resource)
		}
	}
}

// unlink deletes a service-linked role and tells how that ended.
func (f *fixture) unlink(t *testing.T, c *harness.Clients, name string) (out *iam.GetServiceLinkedRoleDeletionStatusOutput) {
	t.Helper()
	task, err := c.IAM.DeleteServiceLinkedRole(t.Context(), &iam.DeleteServiceLinkedRoleInput{RoleName: &name})
	if err != nil {
		t.Fatal(err)
	}
	err = harness.Poll(t.Context(), 5*time.Millisecond, func() (bool, error) {
		out, err = c.IAM.GetServiceLinkedRoleDeletionStatus(t.Context(), &iam.GetServiceLinkedRoleDeletionStatusInput{DeletionTaskId: task.DeletionTaskId})
		return err == nil && (out.Status == types.DeletionTaskStatusTypeSucceeded || out.Status == types.DeletionTaskStatusTypeFailed), err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
