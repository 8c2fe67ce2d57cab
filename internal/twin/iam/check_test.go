package iam

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"net/http"
	"net/url"
	"strings"
	"testing"

	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"accountfactory/internal/clock"
)

// TestAPI_Denials calls every operation as bob, who may do nothing, with every member that could say what it is about, and
// looks what he is denied on.
func TestAPI_Denials(t *testing.T) {
	t.Parallel()
	const of = "arn:aws:iam::111122223333:"
	want := map[string]string{
		of + "user/n": `CreateUser GetUser UpdateUser DeleteUser CreateAccessKey ListAccessKeys UpdateAccessKey DeleteAccessKey
			AttachUserPolicy DetachUserPolicy ListAttachedUserPolicies PutUserPolicy GetUserPolicy DeleteUserPolicy ListUserPolicies
			PutUserPermissionsBoundary DeleteUserPermissionsBoundary TagUser UntagUser ListUserTags ListGroupsForUser`,
		of + "user/bob": `GetAccessKeyLastUsed`, // whose key it is
		of + "group/n": `CreateGroup GetGroup UpdateGroup DeleteGroup AddUserToGroup RemoveUserFromGroup AttachGroupPolicy DetachGroupPolicy
			ListAttachedGroupPolicies PutGroupPolicy GetGroupPolicy DeleteGroupPolicy ListGroupPolicies`,
		of + "role/n": `CreateRole GetRole UpdateRole UpdateRoleDescription UpdateAssumeRolePolicy DeleteRole AttachRolePolicy DetachRolePolicy
			ListAttachedRolePolicies PutRolePolicy GetRolePolicy DeleteRolePolicy ListRolePolicies PutRolePermissionsBoundary
			DeleteRolePermissionsBoundary TagRole UntagRole ListRoleTags DeleteServiceLinkedRole`,
		of + "policy/n": `CreatePolicy GetPolicy DeletePolicy CreatePolicyVersion GetPolicyVersion ListPolicyVersions DeletePolicyVersion
			SetDefaultPolicyVersion ListEntitiesForPolicy TagPolicy UntagPolicy ListPolicyTags`,
		of + "user/": `ListUsers`, of + "group/": `ListGroups`, of + "role/": `ListRoles`,
		of + "role/aws-service-role/sso.amazonaws.com/AWSServiceRoleForSSO": `CreateServiceLinkedRole GetServiceLinkedRoleDeletionStatus`,
		of + "group/source": `SimulatePrincipalPolicy GetContextKeysForPrincipalPolicy`,
		"*":                 `SimulateCustomPolicy GetContextKeysForCustomPolicy ListPolicies CreateAccountAlias ListAccountAliases DeleteAccountAlias GetAccountSummary GetAccountAuthorizationDetails`,
	}
	resources := map[string]string{}
	for resource, operations := range want {
		for _, op := range strings.Fields(operations) {
			resources[op] = resource
		}
	}
	v := serve(t)
	served := v.iamAPI().Operations()
	if len(served) != len(resources) {
		t.Errorf("%d operations are served, the table here has %d", len(served), len(resources))
	}
	for _, op := range served {
		t.Run(op.Name, func(t *testing.T) {
			t.Parallel()
			got, status := v.query(t, op.Name)
			begins := "User: " + of + "user/bob is not authorized to perform: iam:" + op.Name + " on resource: " + resources[op.Name] + " because"
			if status != http.StatusForbidden || got.Code != "AccessDenied" || !strings.HasPrefix(got.Message, begins) {
				t.Errorf("%d %s: %s\nwant 403 AccessDenied: %s", status, got.Code, got.Message, begins)
			}
		})
	}
}

// failure is an error of a query service.
type failure struct {
	Code    string `xml:"Error>Code"`
	Message string `xml:"Error>Message"`
}

// query calls an operation of IAM as bob, as plain HTTP.
func (v *served) query(t *testing.T, operation string) (out failure, status int) {
	t.Helper()
	body := url.Values{
		"Action": {operation}, "Version": {"2010-05-08"}, "UserName": {"n"}, "GroupName": {"n"}, "RoleName": {"n"}, "PolicyName": {"n"},
		"PolicyArn": {"arn:aws:iam::111122223333:policy/n"}, "PolicyDocument": {allowAll}, "AssumeRolePolicyDocument": {allowAll}, "VersionId": {"v1"},
		"PermissionsBoundary": {administratorAccess}, "AccessKeyId": {bobKey}, "Status": {"Active"}, "Description": {"d"}, "AccountAlias": {"alias"},
		"PolicySourceArn": {"arn:aws:iam::111122223333:group/source"}, "ActionNames.member.1": {"s3:GetObject"}, "PolicyInputList.member.1": {allowAll},
		"AWSServiceName": {centerPrincipal}, "DeletionTaskId": {"task/aws-service-role/sso.amazonaws.com/AWSServiceRoleForSSO/x"},
		"Tags.member.1.Key": {"k"}, "Tags.member.1.Value": {"v"}, "TagKeys.member.1": {"k"},
	}.Encode()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, v.url+"/", bytes.NewBufferString(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	cfg := v.config(t, bobKey)
	keys, err := cfg.Credentials.Retrieve(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(body))
	if err := v4.NewSigner().SignHTTP(t.Context(), keys, r, hex.EncodeToString(sum[:]), "iam", "us-east-1", clock.Wall{}.Now()); err != nil {
		t.Fatal(err)
	}
	answer, err := cfg.HTTPClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	if err := xml.NewDecoder(answer.Body).Decode(&out); err != nil {
		t.Fatal(err)
	}
	return out, answer.StatusCode
}
