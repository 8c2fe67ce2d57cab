package identitycenter_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	sso "github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	"accountfactory/internal/twin/state"
)

func TestListInstances(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, tc := range []struct {
		name, account, region string
		scope                 sso.RegionScope
		want                  int
	}{
		{"at home", management, home, "", 1},
		{"by a member", member, home, "", 1},
		{"elsewhere", management, "us-east-1", "", 0},
		{"elsewhere, this Region", management, "us-east-1", sso.RegionScopeCurrentRegion, 0},
		{"elsewhere, all Regions", management, "us-east-1", sso.RegionScopeAllRegions, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			out, err := b.ListInstances(as(t, tc.account, tc.region), &ssoadmin.ListInstancesInput{RegionScope: tc.scope})
			must(t, err)
			if len(out.Instances) != tc.want || out.Instances == nil {
				t.Fatalf("%d instances, want %d", len(out.Instances), tc.want)
			}
			if tc.want == 1 && (*out.Instances[0].InstanceArn != *b.instance || *out.Instances[0].IdentityStoreId != *b.store || *out.Instances[0].OwnerAccountId != management) {
				t.Errorf("instance %+v", out.Instances[0])
			}
		})
	}
	_, err := b.ListInstances(admin(t), &ssoadmin.ListInstancesInput{NextToken: new("bad")})
	wantError(t, err, "ValidationException", "")
}

func TestInstance(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, err := b.UpdateInstance(admin(t), &ssoadmin.UpdateInstanceInput{InstanceArn: b.instance, Name: new("ours")})
	must(t, err)
	got, err := b.DescribeInstance(admin(t), &ssoadmin.DescribeInstanceInput{InstanceArn: b.instance})
	must(t, err)
	if *got.Name != "ours" || got.Status != sso.InstanceStatusActive || *got.PrimaryRegion != home || !*got.PermissionSetsEnabled || len(got.Regions) != 1 ||
		*got.IdentityStoreArn != "arn:aws:identitystore::"+management+":identitystore/"+*b.store {
		t.Errorf("described %+v", got)
	}
	_, err = b.DescribeInstance(admin(t), &ssoadmin.DescribeInstanceInput{InstanceArn: new("arn:aws:sso:::instance/ssoins-0000000000000000")})
	wantError(t, err, "AccessDeniedException", "")
	_, err = b.DescribeInstance(as(t, member, home), &ssoadmin.DescribeInstanceInput{InstanceArn: b.instance})
	wantError(t, err, "AccessDeniedException", "User: arn:aws:iam::"+member+":user/admin is not authorized to perform: sso:Op on resource: "+*b.instance)
	b.update(t, func(tx *state.Tx) error { // founded once
		if again := b.Found(tx); again.ARN() != *b.instance {
			t.Errorf("founded again as %s", again.ARN())
		}
		return nil
	})
}

func TestUpdateInstance_Refused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	custom := &sso.EncryptionConfiguration{KeyType: sso.KmsKeyTypeCustomerManagedKey}
	keyed := &sso.EncryptionConfiguration{KeyType: sso.KmsKeyTypeCustomerManagedKey, KmsKeyArn: new("arn:aws:kms:eu-west-1:111111111111:key/1")}
	for _, tc := range []struct {
		name, code string
		in         ssoadmin.UpdateInstanceInput
	}{
		{"both at once", "ValidationException", ssoadmin.UpdateInstanceInput{EncryptionConfiguration: custom, PermissionSetsEnabled: new(true)}},
		{"permission sets off", "ValidationException", ssoadmin.UpdateInstanceInput{PermissionSetsEnabled: new(false)}},
		{"no key", "ValidationException", ssoadmin.UpdateInstanceInput{EncryptionConfiguration: custom}},
		{"a key that is not there", "ResourceNotFoundException", ssoadmin.UpdateInstanceInput{EncryptionConfiguration: keyed}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tc.in.InstanceArn = b.instance
			_, err := b.UpdateInstance(admin(t), &tc.in)
			wantError(t, err, tc.code, "")
		})
	}
	_, err := b.UpdateInstance(admin(t), &ssoadmin.UpdateInstanceInput{
		InstanceArn: b.instance, EncryptionConfiguration: &sso.EncryptionConfiguration{KeyType: sso.KmsKeyTypeAwsOwnedKmsKey},
	})
	must(t, err)
}
