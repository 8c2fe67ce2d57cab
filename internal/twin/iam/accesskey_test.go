package iam

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

func TestAccessKey_Life(t *testing.T) {
	t.Parallel()
	v := serve(t)
	c, ctx := v.client(t, adminKey), t.Context()
	made := must[*iam.CreateAccessKeyOutput](t)(c.CreateAccessKey(ctx, &iam.CreateAccessKeyInput{UserName: ptr("bob")})).AccessKey
	if len(*made.AccessKeyId) != 20 || len(*made.SecretAccessKey) != 40 || made.Status != types.StatusTypeActive {
		t.Errorf("key %s, secret of %d, %s", *made.AccessKeyId, len(*made.SecretAccessKey), made.Status)
	}
	whoami := func() error {
		cfg := v.config(t, adminKey)
		cfg.Credentials = staticKey(made)
		_, err := sts.NewFromConfig(cfg).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
		return err
	}
	wantError(t, whoami(), "", "")
	_, err := c.CreateAccessKey(ctx, &iam.CreateAccessKeyInput{UserName: ptr("bob")})
	wantError(t, err, "LimitExceeded", "Cannot exceed quota for AccessKeysPerUser: 2")
	_, err = c.CreateAccessKey(ctx, &iam.CreateAccessKeyInput{UserName: ptr("nobody")})
	wantError(t, err, "NoSuchEntity", "The user with name nobody cannot be found.")

	must[*iam.UpdateAccessKeyOutput](t)(c.UpdateAccessKey(ctx, &iam.UpdateAccessKeyInput{UserName: ptr("bob"), AccessKeyId: made.AccessKeyId, Status: types.StatusTypeInactive}))
	if err := whoami(); code(err) == "" {
		t.Error("an inactive key works")
	}
	keys := must[*iam.ListAccessKeysOutput](t)(c.ListAccessKeys(ctx, &iam.ListAccessKeysInput{UserName: ptr("bob")})).AccessKeyMetadata
	status := map[string]types.StatusType{}
	for _, k := range keys {
		status[*k.AccessKeyId] = k.Status
	}
	if diff := cmp.Diff(map[string]types.StatusType{bobKey: types.StatusTypeActive, *made.AccessKeyId: types.StatusTypeInactive}, status); diff != "" {
		t.Errorf("keys of bob (-want +got):\n%s", diff)
	}
	_, err = c.DeleteAccessKey(ctx, &iam.DeleteAccessKeyInput{UserName: ptr("admin"), AccessKeyId: made.AccessKeyId})
	wantError(t, err, "NoSuchEntity", "The Access Key with id "+*made.AccessKeyId+" cannot be found.")
	must[*iam.DeleteAccessKeyOutput](t)(c.DeleteAccessKey(ctx, &iam.DeleteAccessKeyInput{UserName: ptr("bob"), AccessKeyId: made.AccessKeyId}))
	if err := whoami(); code(err) != "InvalidClientTokenId" {
		t.Errorf("a deleted key: %v", err)
	}
}

func TestGetAccessKeyLastUsed(t *testing.T) {
	t.Parallel()
	v := serve(t)
	c := v.client(t, adminKey)
	last := func() *types.AccessKeyLastUsed {
		out := must[*iam.GetAccessKeyLastUsedOutput](t)(c.GetAccessKeyLastUsed(t.Context(), &iam.GetAccessKeyLastUsedInput{AccessKeyId: ptr(bobKey)}))
		if *out.UserName != "bob" {
			t.Errorf("the key is of %s", *out.UserName)
		}
		return out.AccessKeyLastUsed
	}
	if u := last(); *u.ServiceName != "N/A" || *u.Region != "N/A" || u.LastUsedDate != nil {
		t.Errorf("never used: %s %s %v", *u.ServiceName, *u.Region, u.LastUsedDate)
	}
	bob := wire.Caller{AccountID: management, AccessKeyID: bobKey}
	v.Used(bob, "organizations", "us-east-1")
	if u := last(); *u.ServiceName != "organizations" || *u.Region != "us-east-1" || !u.LastUsedDate.Equal(noon) {
		t.Errorf("used: %s %s %v", *u.ServiceName, *u.Region, u.LastUsedDate)
	}
	if err := v.state.SetClock(t.Context(), v.state.Clock().Advanced(time.Minute)); err != nil {
		t.Fatal(err)
	}
	v.Used(bob, "organizations", "us-east-1")
	if u := last(); !u.LastUsedDate.Equal(noon) {
		t.Errorf("a minute later the date moved to %v", u.LastUsedDate)
	}
	v.Used(bob, "iam", "us-east-1")
	if u := last(); *u.ServiceName != "iam" || !u.LastUsedDate.Equal(noon.Add(time.Minute)) {
		t.Errorf("another service: %s %v", *u.ServiceName, u.LastUsedDate)
	}
	v.update(t, func(tx *state.Tx) {
		v.PutUser(tx, member, "far", nil)
		v.PutAccessKey(tx, member, "far", "AKIAFARFARFARFARFAR2", "s")
	})
	_, err := c.GetAccessKeyLastUsed(t.Context(), &iam.GetAccessKeyLastUsedInput{AccessKeyId: ptr("AKIAFARFARFARFARFAR2")})
	wantError(t, err, "NoSuchEntity", "The Access Key with id AKIAFARFARFARFARFAR2 cannot be found.")
}
