package iam

import (
	"context"
	"iter"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"accountfactory/internal/twin/state"
)

// GetAccountSummary counts what the account holds, beside its quotas. What the twin has not got, such as MFA devices, counts
// as none.
func (s *Service) GetAccountSummary(ctx context.Context, _ *iam.GetAccountSummaryInput, _ ...func(*iam.Options)) (*iam.GetAccountSummaryOutput, error) {
	sum := map[string]int32{
		"AccessKeysPerUserQuota": keysPerUser, "AccountMFAEnabled": 0, "AccountPasswordPresent": 1, "AccountSigningCertificatesPresent": 0,
		"AssumeRolePolicySizeQuota": trustSize, "AttachedPoliciesPerGroupQuota": int32(groupLimits.managed), "AttachedPoliciesPerRoleQuota": int32(roleLimits.managed),
		"AttachedPoliciesPerUserQuota": int32(userLimits.managed), "GlobalEndpointTokenVersion": 2, "GroupPolicySizeQuota": int32(groupLimits.inline),
		"GroupsPerUserQuota": groupsPerUser, "GroupsQuota": int32(groupLimits.rows), "InstanceProfiles": 0, "InstanceProfilesQuota": 1000, "MFADevices": 0,
		"MFADevicesInUse": 0, "PoliciesQuota": policiesPerAccount, "PolicySizeQuota": policySize, "PolicyVersionsInUseQuota": 10000, "Providers": 0,
		"RolePolicySizeQuota": int32(roleLimits.inline), "RolesQuota": int32(roleLimits.rows), "ServerCertificates": 0, "ServerCertificatesQuota": 20,
		"SigningCertificatesPerUserQuota": 2, "UserPolicySizeQuota": int32(userLimits.inline), "UsersQuota": int32(userLimits.rows),
		"VersionsPerPolicyQuota": versionsPerPolicy,
	}
	return &iam.GetAccountSummaryOutput{SummaryMap: sum}, s.state.View(func(tx *state.Tx) error {
		account := accountOf(ctx)
		sum["Groups"] = count(s.groups.of(tx, account, ""))
		sum["Roles"] = count(s.roles.of(tx, account, ""))
		sum["Users"] = count(s.users.of(tx, account, ""))
		sum["Policies"] = count(s.policiesOf(tx, account, ""))
		sum["AccountAccessKeysPresent"] = min(1, count(s.keysOf.Of(tx, key(account, ""))))
		attached, _ := s.holders(tx, account)
		sum["PolicyVersionsInUse"] = int32(len(attached))
		return nil
	})
}

func count[T any](rows iter.Seq[T]) (n int32) {
	for range rows {
		n++
	}
	return n
}
