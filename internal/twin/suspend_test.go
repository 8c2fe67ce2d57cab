package twin_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"

	"accountfactory/test/harness"
)

// TestClosedAccount_KeysEnd holds that whoever was in an account when it was closed is out of it.
func TestClosedAccount_KeysEnd(t *testing.T) {
	t.Parallel()
	f := setup(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	id, _ := f.vend(t, "closing", nil)
	in := &sts.AssumeRoleInput{RoleArn: aws.String("arn:aws:iam::" + id + ":role/AWSControlTowerExecution"), RoleSessionName: aws.String("me")}
	out, err := f.STS.AssumeRole(ctx, in)
	if err != nil {
		t.Fatal(err)
	}
	inside := f.as(*out.Credentials.AccessKeyId, *out.Credentials.SecretAccessKey, *out.Credentials.SessionToken)
	if _, err := inside.STS.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{}); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Organizations.CloseAccount(ctx, &organizations.CloseAccountInput{AccountId: &id}); err != nil {
		t.Fatal(err)
	}
	err = harness.Poll(ctx, 5*time.Millisecond, func() (bool, error) {
		out, err := f.Organizations.DescribeAccount(ctx, &organizations.DescribeAccountInput{AccountId: &id})
		return err == nil && out.Account.State == types.AccountStateClosed, err
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = inside.STS.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	wantCode(t, err, "InvalidClientTokenId")
	_, err = f.STS.AssumeRole(ctx, in)
	wantCode(t, err, "AccessDenied")
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	var known smithy.APIError
	if !errors.As(err, &known) || known.ErrorCode() != code {
		t.Errorf("got %v, want %s", err, code)
	}
}

func TestGetAccessKeyLastUsed(t *testing.T) {
	t.Parallel()
	f := setup(t)
	if _, err := f.Organizations.ListRoots(t.Context(), &organizations.ListRootsInput{}); err != nil {
		t.Fatal(err)
	}
	out, err := f.IAM.GetAccessKeyLastUsed(t.Context(), &iam.GetAccessKeyLastUsedInput{AccessKeyId: aws.String(keyID)})
	if err != nil {
		t.Fatal(err)
	}
	if got := aws.ToString(out.AccessKeyLastUsed.ServiceName); got != "iam" || out.AccessKeyLastUsed.LastUsedDate == nil {
		t.Errorf("the key was last used for %q at %v, want iam, by this very call", got, out.AccessKeyLastUsed.LastUsedDate)
	}
}
