package policy_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/policy"
)

func TestGlobal(t *testing.T) {
	t.Parallel()
	type keys = map[string][]string
	mfa := true
	tagged := ana
	tagged.Tags = map[string]string{"Team": "red", "Empty": ""}
	always := func(k keys) keys {
		for key, value := range (keys{"aws:PrincipalIsAWSService": {"false"}, "aws:ViaAWSService": {"false"}, "aws:SecureTransport": {"false"}}) {
			if k[key] == nil {
				k[key] = value
			}
		}
		return k
	}
	for _, tc := range []struct {
		name string
		who  policy.Principal
		env  policy.Environment
		want keys
	}{
		{name: "a user has a name and tags", who: tagged, want: keys{
			"aws:PrincipalType": {"User"}, "aws:PrincipalAccount": {own}, "aws:PrincipalArn": {userARN}, "aws:userid": {ana.UserID},
			"aws:username": {"ana"}, "aws:PrincipalTag/Team": {"red"}, "aws:PrincipalTag/Empty": {""},
		}},
		{name: "a role session has the role's ARN and no name", who: builder, want: keys{
			"aws:PrincipalType": {"AssumedRole"}, "aws:PrincipalAccount": {own}, "aws:PrincipalArn": {roleARN}, "aws:userid": {builder.UserID},
		}},
		{name: "root", who: root, want: keys{
			"aws:PrincipalType": {"Account"}, "aws:PrincipalAccount": {own}, "aws:PrincipalArn": {root.ARN}, "aws:userid": {own},
		}},
		{name: "a federated user", who: fed, want: keys{
			"aws:PrincipalType": {"FederatedUser"}, "aws:PrincipalAccount": {own}, "aws:PrincipalArn": {federated}, "aws:userid": {own + ":ana"},
		}},
		{name: "a service", who: tower, want: keys{"aws:PrincipalIsAWSService": {"true"}, "aws:PrincipalServiceName": {"controltower.amazonaws.com"}}},
		{name: "nobody", who: anonymous, want: keys{"aws:PrincipalType": {"Anonymous"}}},
		{
			name: "what surrounds a request", who: anonymous,
			env: policy.Environment{
				At: time.Unix(1767225600, 0), OrgID: "o-1", OrgPaths: []string{"o-1/r-1/"}, OrgManagement: own, ResourceOrgPath: "o-2/r-2/", SourceIP: "203.0.113.9", UserAgent: "cli", RequestedRegion: "eu-west-1",
				SecureTransport: true, ResourceAccount: other, ResourceOrgID: "o-2", TokenIssued: time.Unix(1767225599, 0), SourceIdentity: "ana", MFA: &mfa,
			},
			want: keys{
				"aws:PrincipalType": {"Anonymous"}, "aws:CurrentTime": {"2026-01-01T00:00:00Z"}, "aws:EpochTime": {"1767225600"}, "aws:PrincipalOrgID": {"o-1"},
				"aws:PrincipalOrgPaths": {"o-1/r-1/"}, "aws:SourceIp": {"203.0.113.9"}, "aws:UserAgent": {"cli"}, "aws:RequestedRegion": {"eu-west-1"},
				"aws:SecureTransport": {"true"}, "aws:ResourceAccount": {other}, "aws:ResourceOrgID": {"o-2"}, "aws:TokenIssueTime": {"2025-12-31T23:59:59Z"},
				"aws:PrincipalOrgMasterAccountId": {own}, "aws:ResourceOrgPaths": {"o-2/r-2/"}, "aws:SourceIdentity": {"ana"}, "aws:MultiFactorAuthPresent": {"true"},
			},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(always(tc.want), policy.Global(tc.who, tc.env)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
