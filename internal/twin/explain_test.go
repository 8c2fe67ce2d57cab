package twin_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/cloud"
)

// told is what the lab explains.
type told struct {
	Principal, Decision, Why, Message, EncodedMessage string
	Says                                              map[string]string
	Deciding, Applying                                []toldStatement
	Conditions                                        map[string][]string
}

type toldStatement struct {
	Kind, Policy, Name, AttachedTo, Sid, Effect string
	Statement, Line, Column, EndLine, EndColumn int
}

func (f *fixture) explain(t *testing.T, principal, action, resource string) (out told) {
	t.Helper()
	in := map[string]any{"principal": principal, "action": action, "resource": resource}
	if err := f.lab.Do(t.Context(), http.MethodPost, "/_twin/explain", in, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestExplain holds that a Deny on an OU denies in its accounts, not in the management account, and that the explanation
// names policy, statement and place; that what is explained is what happens; and that the encoded form can be decoded.
func TestExplain(t *testing.T) {
	t.Parallel()
	f := setup(t)
	ctx := t.Context()
	content := "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n    {\"Effect\": \"Allow\", \"Action\": \"*\", \"Resource\": \"*\"},\n    {\"Sid\": \"NoUsers\", \"Effect\": \"Deny\", \"Action\": \"iam:ListUsers\", \"Resource\": \"*\"}\n  ]\n}"
	made, err := f.Organizations.CreatePolicy(ctx, &organizations.CreatePolicyInput{Name: aws.String("NoLists"), Description: aws.String(""), Type: types.PolicyTypeServiceControlPolicy, Content: &content})
	if err != nil {
		t.Fatal(err)
	}
	policyARN := *made.Policy.PolicySummary.Arn
	audit := f.named(t, "Audit")
	parents, err := f.Organizations.ListParents(ctx, &organizations.ListParentsInput{ChildId: audit})
	if err != nil {
		t.Fatal(err)
	}
	ou := parents.Parents[0].Id
	if _, err := f.Organizations.AttachPolicy(ctx, &organizations.AttachPolicyInput{PolicyId: made.Policy.PolicySummary.Id, TargetId: ou}); err != nil {
		t.Fatal(err)
	}
	role := "arn:aws:iam::" + *audit + ":role/AWSControlTowerExecution"
	member := f.enter(t, audit)

	got := f.explain(t, role, "iam:ListUsers", "arn:aws:iam::"+*audit+":user/")
	want := []toldStatement{{Kind: "service-control", Policy: policyARN, Name: "NoLists", AttachedTo: *ou, Sid: "NoUsers", Effect: "Deny", Statement: 2, Line: 4, Column: 56, EndLine: 5, EndColumn: 85}}
	if diff := cmp.Diff(want, got.Deciding); diff != "" || got.Decision != "explicitDeny" {
		t.Errorf("decision %s (-want +got):\n%s", got.Decision, diff)
	}
	for _, names := range []string{policyARN, "statement 2 (NoUsers)"} {
		if !strings.Contains(got.Why, names) {
			t.Errorf("%q does not name %s", got.Why, names)
		}
	}
	_, err = member.IAM.ListUsers(ctx, &iam.ListUsersInput{})
	wantCode(t, err, "AccessDenied")
	if sentence := strings.ReplaceAll(got.Message, "/explain ", "/test "); err == nil || !strings.Contains(err.Error(), sentence) {
		t.Errorf("explained as %q, told %v", got.Message, err)
	}
	if got.Says["identity"] != "allowed" || got.Says["service-control"] != "explicitDeny" || got.Conditions["aws:PrincipalArn"][0] != role {
		t.Errorf("%+v", got)
	}

	management := f.explain(t, "arn:aws:iam::"+account+":user/management", "iam:ListUsers", "*")
	if management.Decision != "allowed" || management.EncodedMessage != "" || management.Message != "" || len(management.Deciding) != 1 || !strings.HasSuffix(management.Deciding[0].Policy, "policy/AdministratorAccess") {
		t.Errorf("management: %+v", management)
	}
	if _, err := f.IAM.ListUsers(ctx, &iam.ListUsersInput{}); err != nil {
		t.Errorf("management: %v", err)
	}

	decoded, err := member.STS.DecodeAuthorizationMessage(ctx, &sts.DecodeAuthorizationMessageInput{EncodedMessage: &got.EncodedMessage})
	if err != nil {
		t.Fatal(err)
	}
	var message struct {
		Allowed, ExplicitDeny bool
		MatchedStatements     struct {
			Items []struct{ StatementID, Effect string }
		}
		Context struct {
			Principal        struct{ Arn string }
			Action, Resource string
		}
	}
	if err := json.Unmarshal([]byte(*decoded.DecodedMessage), &message); err != nil {
		t.Fatal(err)
	}
	if message.Allowed || !message.ExplicitDeny || len(message.MatchedStatements.Items) != 1 || message.Context.Action != "iam:ListUsers" || message.Context.Principal.Arn != got.Principal {
		t.Errorf("decoded %s", *decoded.DecodedMessage)
	}
	_, err = f.STS.DecodeAuthorizationMessage(ctx, &sts.DecodeAuthorizationMessageInput{EncodedMessage: &got.EncodedMessage})
	wantCode(t, err, "InvalidAuthorizationMessageException")
}

func TestExplain_Principals(t *testing.T) {
	t.Parallel()
	f := setup(t)
	audit := *f.named(t, "Audit")
	trust := "arn:aws:iam::" + audit + ":role/AWSControlTowerExecution"
	for _, tc := range []struct{ name, principal, action, resource, decision, why string }{
		{"root", "arn:aws:iam::" + audit + ":root", "s3:PutObject", "*", "allowed", "root user"},
		{"a session", "arn:aws:sts::" + audit + ":assumed-role/AWSControlTowerExecution/test", "s3:PutObject", "*", "allowed", "AdministratorAccess"},
		{"across accounts, by trust", "arn:aws:iam::" + account + ":user/management", "sts:AssumeRole", trust, "allowed", "AdministratorAccess"},
		{"across accounts, not trusted", "arn:aws:iam::" + audit + ":root", "sts:AssumeRole", "arn:aws:iam::" + account + ":role/service-role/AWSControlTowerAdmin", "implicitDeny", "role trust policy"},
	} {
		if got := f.explain(t, tc.principal, tc.action, tc.resource); got.Decision != tc.decision || !strings.Contains(got.Why, tc.why) {
			t.Errorf("%s: %s, %q", tc.name, got.Decision, got.Why)
		}
	}
	for _, bad := range []map[string]string{
		{"principal": "arn:aws:iam::" + account + ":user/nobody", "action": "s3:GetObject"},
		{"principal": "arn:aws:iam::999999999999:root", "action": "s3:GetObject"},
		{"principal": "arn:aws:iam::" + account + ":root", "action": "s3:*"},
		{"principal": "arn:aws:iam::" + account + ":root", "actions": "s3:GetObject"},
	} {
		var refused *cloud.LabError
		if err := f.lab.Do(t.Context(), http.MethodPost, "/_twin/explain", bad, nil); !errors.As(err, &refused) || refused.Status != http.StatusBadRequest {
			t.Errorf("%v: %v, want a bad request", bad, err)
		}
	}
}

// TestExplain_GlobalKeys holds the condition keys that every request has to what AWS documents of them.
func TestExplain_GlobalKeys(t *testing.T) {
	t.Parallel()
	f := setup(t)
	audit := *f.named(t, "Audit")
	org, err := f.Organizations.DescribeOrganization(t.Context(), &organizations.DescribeOrganizationInput{})
	if err != nil {
		t.Fatal(err)
	}
	parents, err := f.Organizations.ListParents(t.Context(), &organizations.ListParentsInput{ChildId: &audit})
	if err != nil {
		t.Fatal(err)
	}
	role := "arn:aws:iam::" + audit + ":role/AWSControlTowerExecution"
	path := *org.Organization.Id + "/" + *f.root(t) + "/" + *parents.Parents[0].Id + "/"
	want := map[string][]string{
		"aws:PrincipalType": {"AssumedRole"}, "aws:PrincipalArn": {role}, "aws:PrincipalAccount": {audit}, "aws:PrincipalIsAWSService": {"false"},
		"aws:PrincipalOrgID": {*org.Organization.Id}, "aws:PrincipalOrgPaths": {path}, "aws:PrincipalOrgMasterAccountId": {account},
		"aws:ResourceAccount": {audit}, "aws:ResourceOrgID": {*org.Organization.Id}, "aws:ResourceOrgPaths": {path},
		"aws:SecureTransport": {"true"}, "aws:ViaAWSService": {"false"}, "aws:RequestedRegion": {"us-east-1"},
	}
	got := f.explain(t, role, "iam:ListUsers", "*").Conditions
	for _, changing := range []string{"aws:CurrentTime", "aws:EpochTime", "aws:userid"} {
		if len(got[changing]) != 1 {
			t.Errorf("%s is %q", changing, got[changing])
		}
		delete(got, changing)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for action, want := range map[string]string{"organizations:ListRoots": "us-east-1", "account:ListRegions": "us-east-1", "sts:AssumeRole": region, "sso:ListInstances": region} {
		if got := f.explain(t, role, action, "*").Conditions["aws:RequestedRegion"]; len(got) != 1 || got[0] != want {
			t.Errorf("%s is asked for in %q, want %s", action, got, want)
		}
	}
}
