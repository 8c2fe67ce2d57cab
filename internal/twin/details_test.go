package twin_test

import (
	"net/url"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

// TestGetAccountAuthorizationDetails walks an account's details in pages of one, and filtered.
func TestGetAccountAuthorizationDetails(t *testing.T) {
	t.Parallel()
	f := setup(t)
	ctx, c := t.Context(), f.enter(t, f.named(t, "Audit")).IAM
	ann := aws.String("ann")
	doc := aws.String(denyDocument)
	if _, err := c.CreateUser(ctx, &iam.CreateUserInput{UserName: ann, Tags: []types.Tag{{Key: aws.String("team"), Value: aws.String("a")}}}); err != nil {
		t.Fatal(err)
	}
	own, err := c.CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: aws.String("own"), PolicyDocument: doc})
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []func() error{
		func() error {
			_, err := c.CreateGroup(ctx, &iam.CreateGroupInput{GroupName: aws.String("team")})
			return err
		},
		func() error {
			_, err := c.AddUserToGroup(ctx, &iam.AddUserToGroupInput{GroupName: aws.String("team"), UserName: ann})
			return err
		},
		func() error {
			_, err := c.PutUserPolicy(ctx, &iam.PutUserPolicyInput{UserName: ann, PolicyName: aws.String("inline"), PolicyDocument: doc})
			return err
		},
		func() error {
			_, err := c.AttachUserPolicy(ctx, &iam.AttachUserPolicyInput{UserName: ann, PolicyArn: own.Policy.Arn})
			return err
		},
	} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
	var users []types.UserDetail
	var seen []string
	for p := iam.NewGetAccountAuthorizationDetailsPaginator(c, &iam.GetAccountAuthorizationDetailsInput{MaxItems: aws.Int32(1)}); p.HasMorePages(); {
		page, err := p.NextPage(ctx)
		if err != nil {
			t.Fatal(err)
		}
		users = append(users, page.UserDetailList...)
		for _, g := range page.GroupDetailList {
			seen = append(seen, "group "+*g.GroupName)
		}
		for _, r := range page.RoleDetailList {
			seen = append(seen, "role "+*r.RoleName)
		}
		for _, p := range page.Policies {
			seen = append(seen, "policy "+*p.PolicyName)
			text, err := url.QueryUnescape(aws.ToString(p.PolicyVersionList[0].Document))
			if *p.PolicyName == "own" && (err != nil || text != denyDocument || *p.AttachmentCount != 1) {
				t.Errorf("own: %q attached %d times, %v", text, *p.AttachmentCount, err)
			}
		}
	}
	if len(users) != 1 || len(users[0].GroupList) != 1 || len(users[0].UserPolicyList) != 1 || len(users[0].AttachedManagedPolicies) != 1 || len(users[0].Tags) != 1 {
		t.Errorf("users: %+v", users)
	}
	for _, want := range []string{"group team", "role AWSControlTowerExecution", "policy own", "policy AdministratorAccess"} {
		if !slices.Contains(seen, want) {
			t.Errorf("%s is not among %q", want, seen)
		}
	}
	if slices.Contains(seen, "policy IAMUserChangePassword") {
		t.Error("a policy of AWS that nobody has is shown")
	}
	out, err := c.GetAccountAuthorizationDetails(ctx, &iam.GetAccountAuthorizationDetailsInput{Filter: []types.EntityType{types.EntityTypeGroup, types.EntityTypeLocalManagedPolicy}})
	if err != nil || len(out.GroupDetailList) != 1 || len(out.Policies) != 1 || len(out.UserDetailList)+len(out.RoleDetailList) != 0 {
		t.Errorf("filtered: %+v, %v", out, err)
	}
}
