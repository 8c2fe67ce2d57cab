package iam

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/policy"
	"accountfactory/internal/twin/state"
)

const (
	allowS3    = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}`
	denyBucket = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"s3:*","Resource":"arn:aws:s3:::secret"}]}`
	allowEC2   = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ec2:*","Resource":"*"}]}`
	conditions = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::${aws:username}","Condition":{"StringEquals":{"s3:prefix":"a"}}}]}`
	aliceARN   = "arn:aws:iam::" + management + ":user/alice"
)

// told is a result in short: the decision, then each statement as policy@line:column-line:column.
func told(r types.EvaluationResult) string {
	return string(r.EvalDecision) + statements(r.MatchedStatements)
}

func statements(list []types.Statement) string {
	var b strings.Builder
	for _, s := range list {
		fmt.Fprintf(&b, " %s@%d:%d-%d:%d", *s.SourcePolicyId, s.StartPosition.Line, s.StartPosition.Column, s.EndPosition.Line, s.EndPosition.Column)
	}
	return b.String()
}

func TestSimulateCustomPolicy(t *testing.T) {
	t.Parallel()
	b := setup(t)
	resource := func(effect, principal string) *string {
		return ptr(`{"Version":"2012-10-17","Statement":[{"Effect":"` + effect + `","Principal":{"AWS":"` + principal + `"},"Action":"s3:*","Resource":"arn:aws:s3:::plain"}]}`)
	}
	for _, tc := range []struct {
		name string
		in   iam.SimulateCustomPolicyInput
		want []string
	}{
		{"allowed", iam.SimulateCustomPolicyInput{PolicyInputList: []string{allowS3}}, []string{"allowed PolicyInputList.1@1:38-1:87"}},
		{"implicit denial names no statement", iam.SimulateCustomPolicyInput{PolicyInputList: []string{allowEC2}}, []string{"implicitDeny"}},
		{"explicit denial names the denying one alone", iam.SimulateCustomPolicyInput{PolicyInputList: []string{allowS3, denyBucket}, ResourceArns: []string{"arn:aws:s3:::secret"}}, []string{"explicitDeny PolicyInputList.2@1:84-1:151"}},
		{"every statement that allows", iam.SimulateCustomPolicyInput{PolicyInputList: []string{allowS3, denyBucket}, ResourceArns: []string{"arn:aws:s3:::plain"}}, []string{"allowed PolicyInputList.1@1:38-1:87 PolicyInputList.2@1:38-1:84"}},
		{"one result per action", iam.SimulateCustomPolicyInput{PolicyInputList: []string{allowS3}, ActionNames: []string{"s3:GetObject", "ec2:RunInstances"}}, []string{"allowed PolicyInputList.1@1:38-1:87", "implicitDeny"}},
		{"the worst of several resources", iam.SimulateCustomPolicyInput{PolicyInputList: []string{denyBucket}, ResourceArns: []string{"arn:aws:s3:::plain", "arn:aws:s3:::secret"}}, []string{"explicitDeny PolicyInputList.1@1:84-1:151"}},
		{"a boundary that is silent", iam.SimulateCustomPolicyInput{PolicyInputList: []string{allowS3}, PermissionsBoundaryPolicyInputList: []string{allowEC2}}, []string{"implicitDeny"}},
		{"a boundary that denies", iam.SimulateCustomPolicyInput{PolicyInputList: []string{allowS3}, PermissionsBoundaryPolicyInputList: []string{denyBucket}, ResourceArns: []string{"arn:aws:s3:::secret"}}, []string{"explicitDeny PermissionsBoundaryPolicyInputList.1@1:84-1:151"}},
		{"a boundary that allows", iam.SimulateCustomPolicyInput{PolicyInputList: []string{allowS3}, PermissionsBoundaryPolicyInputList: []string{allowS3}}, []string{"allowed PolicyInputList.1@1:38-1:87 PermissionsBoundaryPolicyInputList.1@1:38-1:87"}},
		{"a resource policy allows its user", iam.SimulateCustomPolicyInput{PolicyInputList: []string{allowEC2}, ResourceArns: []string{"arn:aws:s3:::plain"}, CallerArn: ptr(aliceARN), ResourcePolicy: resource("Allow", aliceARN)}, []string{"allowed ResourcePolicy@1:38-1:163"}},
		{"a resource policy denies", iam.SimulateCustomPolicyInput{PolicyInputList: []string{allowS3}, ResourceArns: []string{"arn:aws:s3:::plain"}, CallerArn: ptr(aliceARN), ResourcePolicy: resource("Deny", management)}, []string{"explicitDeny ResourcePolicy@1:38-1:138"}},
		{"another account's resource needs both", iam.SimulateCustomPolicyInput{PolicyInputList: []string{allowEC2}, ResourceArns: []string{"arn:aws:s3:::plain"}, CallerArn: ptr(aliceARN), ResourcePolicy: resource("Allow", aliceARN), ResourceOwner: ptr("arn:aws:iam::" + member + ":root")}, []string{"implicitDeny"}},
		{"another account's resource has both", iam.SimulateCustomPolicyInput{PolicyInputList: []string{allowS3}, ResourceArns: []string{"arn:aws:s3:::plain"}, CallerArn: ptr(aliceARN), ResourcePolicy: resource("Allow", aliceARN), ResourceOwner: ptr("arn:aws:iam::" + member + ":root")}, []string{"allowed ResourcePolicy@1:38-1:163 PolicyInputList.1@1:38-1:87"}},
		{"conditions are met by the context", iam.SimulateCustomPolicyInput{PolicyInputList: []string{conditions}, ResourceArns: []string{"arn:aws:s3:::alice"}, CallerArn: ptr(aliceARN), ContextEntries: []types.ContextEntry{entry("S3:Prefix", types.ContextKeyTypeEnumString, "a")}}, []string{"allowed PolicyInputList.1@1:38-1:161"}},
		{"a key given counts before the caller's", iam.SimulateCustomPolicyInput{PolicyInputList: []string{conditions}, ResourceArns: []string{"arn:aws:s3:::alice"}, CallerArn: ptr(aliceARN), ContextEntries: []types.ContextEntry{entry("s3:prefix", types.ContextKeyTypeEnumString, "a"), entry("aws:username", types.ContextKeyTypeEnumString, "bob")}}, []string{"implicitDeny"}},
		{"levels of SCPs allow", iam.SimulateCustomPolicyInput{PolicyInputList: []string{allowS3}, OrderedOrganizationPolicyInputList: levels(denyBucket, allowS3)}, []string{"allowed PolicyInputList.1@1:38-1:87"}},
		{"a level of SCPs is silent", iam.SimulateCustomPolicyInput{PolicyInputList: []string{allowS3}, OrderedOrganizationPolicyInputList: levels(allowS3, allowEC2)}, []string{"implicitDeny"}},
		{"a level of SCPs denies, and is not shown", iam.SimulateCustomPolicyInput{PolicyInputList: []string{allowS3}, ResourceArns: []string{"arn:aws:s3:::secret"}, OrderedOrganizationPolicyInputList: levels(denyBucket)}, []string{"explicitDeny"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if tc.in.ActionNames == nil {
				tc.in.ActionNames = []string{"s3:GetObject"}
			}
			out := must[*iam.SimulateCustomPolicyOutput](t)(b.SimulateCustomPolicy(b.ctx, &tc.in))
			var got []string
			for _, r := range out.EvaluationResults {
				got = append(got, told(r))
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func entry(name string, kind types.ContextKeyTypeEnum, values ...string) types.ContextEntry {
	return types.ContextEntry{ContextKeyName: &name, ContextKeyType: kind, ContextKeyValues: values}
}

func levels(documents ...string) (out []types.OrderedOrganizationPolicyType) {
	for _, d := range documents {
		out = append(out, types.OrderedOrganizationPolicyType{ServiceControlPolicyInputList: []string{d}})
	}
	return out
}

// What a result tells beside its decision.
func TestSimulate_Details(t *testing.T) {
	t.Parallel()
	b := setup(t)
	simulate := func(in iam.SimulateCustomPolicyInput) types.EvaluationResult {
		in.ActionNames = []string{"s3:GetObject"}
		return must[*iam.SimulateCustomPolicyOutput](t)(b.SimulateCustomPolicy(b.ctx, &in)).EvaluationResults[0]
	}
	anywhere := simulate(iam.SimulateCustomPolicyInput{PolicyInputList: []string{conditions}})
	if anywhere.EvalDecisionDetails != nil || anywhere.ResourceSpecificResults != nil || anywhere.OrganizationsDecisionDetail != nil || anywhere.PermissionsBoundaryDecisionDetail != nil {
		t.Errorf("on everything: %+v", anywhere)
	}
	if diff := cmp.Diff([]string{"aws:username", "s3:prefix"}, anywhere.MissingContextValues); diff != "" {
		t.Errorf("missing context values (-want +got):\n%s", diff)
	}
	own := simulate(iam.SimulateCustomPolicyInput{
		PolicyInputList: []string{denyBucket}, ResourceArns: []string{"arn:aws:s3:::plain", "arn:aws:s3:::secret"}, CallerArn: ptr(aliceARN),
		PermissionsBoundaryPolicyInputList: []string{allowEC2}, OrderedOrganizationPolicyInputList: levels(allowS3),
	})
	if own.EvalDecisionDetails == nil || len(own.EvalDecisionDetails) != 0 {
		t.Errorf("in one account the details are %v, want them empty and there", own.EvalDecisionDetails)
	}
	if *own.EvalResourceName != "*" || own.PermissionsBoundaryDecisionDetail.AllowedByPermissionsBoundary || !own.OrganizationsDecisionDetail.AllowedByOrganizations {
		t.Errorf("%+v", own)
	}
	var each []string
	for _, r := range own.ResourceSpecificResults {
		each = append(each, *r.EvalResourceName+" "+string(r.EvalResourceDecision)+statements(r.MatchedStatements))
	}
	if diff := cmp.Diff([]string{"arn:aws:s3:::plain implicitDeny", "arn:aws:s3:::secret explicitDeny PolicyInputList.1@1:84-1:151"}, each); diff != "" {
		t.Errorf("resources (-want +got):\n%s", diff)
	}
	across := simulate(iam.SimulateCustomPolicyInput{
		PolicyInputList: []string{allowS3}, ResourceArns: []string{"arn:aws:s3:::plain"}, CallerArn: ptr(aliceARN), ResourceOwner: ptr("arn:aws:iam::" + member + ":root"),
		ResourcePolicy: ptr(`{"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::plain"}}`),
	})
	want := map[string]types.PolicyEvaluationDecisionType{"IAM Policy": "allowed", "Resource Policy": "explicitDeny"}
	if diff := cmp.Diff(want, across.EvalDecisionDetails); diff != "" {
		t.Errorf("across accounts (-want +got):\n%s", diff)
	}
	if got := across.MatchedStatements[0]; got.SourcePolicyType != "Resource Policy" || *got.SourcePolicyId != "ResourcePolicy" {
		t.Errorf("%+v", got)
	}
	barred := simulate(iam.SimulateCustomPolicyInput{PolicyInputList: []string{allowS3}, ResourceArns: []string{"arn:aws:s3:::plain"}, OrderedOrganizationPolicyInputList: levels(allowEC2)})
	if barred.OrganizationsDecisionDetail.AllowedByOrganizations || barred.EvalDecisionDetails != nil {
		t.Errorf("barred by SCPs: %+v", barred)
	}
}

func TestSimulateCustomPolicy_Refuses(t *testing.T) {
	t.Parallel()
	b := setup(t)
	everyone := ptr(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::plain"}}`)
	for _, tc := range []struct {
		name, want string
		in         iam.SimulateCustomPolicyInput
	}{
		{"a wildcard in an action", "without wildcards", iam.SimulateCustomPolicyInput{ActionNames: []string{"s3:*"}}},
		{"an action without service", "ActionNames are not valid", iam.SimulateCustomPolicyInput{ActionNames: []string{"GetObject"}}},
		{"a resource that is no ARN", "ResourceNames are not in a valid ARN format: bucket.", iam.SimulateCustomPolicyInput{ResourceArns: []string{"bucket"}}},
		{"everything and something", "ResourceNames are not in a valid ARN format: *.", iam.SimulateCustomPolicyInput{ResourceArns: []string{"*", "arn:aws:s3:::plain"}}},
		{"no JSON", "PolicyInputList.1: This policy contains invalid Json", iam.SimulateCustomPolicyInput{PolicyInputList: []string{"{"}}},
		{"a policy of a resource", "should not specify a principal", iam.SimulateCustomPolicyInput{PolicyInputList: []string{*everyone}}},
		{"two boundaries", "one policy at most", iam.SimulateCustomPolicyInput{PermissionsBoundaryPolicyInputList: []string{allowS3, allowS3}}},
		{"a boundary that is none", "PermissionsBoundaryPolicyInputList.1", iam.SimulateCustomPolicyInput{PermissionsBoundaryPolicyInputList: []string{"{}"}}},
		{"an SCP that is none", "OrderedOrganizationPolicyInputList.2.1", iam.SimulateCustomPolicyInput{OrderedOrganizationPolicyInputList: levels(allowS3, "{}")}},
		{"a session as caller", "Invalid caller", iam.SimulateCustomPolicyInput{CallerArn: ptr("arn:aws:sts::" + management + ":assumed-role/a/b")}},
		{"a resource policy without caller", "Caller cannot be null or empty", iam.SimulateCustomPolicyInput{ResourcePolicy: everyone, ResourceArns: []string{"arn:aws:s3:::plain"}}},
		{"a resource policy of another resource", "not applicable to the resource arn:aws:s3:::other", iam.SimulateCustomPolicyInput{ResourcePolicy: everyone, CallerArn: ptr(aliceARN), ResourceArns: []string{"arn:aws:s3:::plain", "arn:aws:s3:::other"}}},
		{"an owner without ARN", "'111122223333' is not a valid as a Resource Owner.", iam.SimulateCustomPolicyInput{ResourceOwner: ptr(management)}},
		{"a number that is none", "Invalid value ten", iam.SimulateCustomPolicyInput{ContextEntries: []types.ContextEntry{entry("s3:max-keys", types.ContextKeyTypeEnumNumeric, "ten")}}},
		{"one of several addresses is none", "Invalid value home", iam.SimulateCustomPolicyInput{ContextEntries: []types.ContextEntry{entry("aws:SourceIp", types.ContextKeyTypeEnumIpList, "10.0.0.1", "home")}}},
		{"several values of a key with one", "one value at most", iam.SimulateCustomPolicyInput{ContextEntries: []types.ContextEntry{entry("aws:username", types.ContextKeyTypeEnumString, "a", "b")}}},
		{"a key twice", "Duplicate context key", iam.SimulateCustomPolicyInput{ContextEntries: []types.ContextEntry{entry("a:B", types.ContextKeyTypeEnumString, "a"), entry("A:b", types.ContextKeyTypeEnumString, "a")}}},
		{"a key without type", "Invalid context entry", iam.SimulateCustomPolicyInput{ContextEntries: []types.ContextEntry{entry("a:B", "", "a")}}},
		{"a scenario there is not", "Invalid ResourceHandlingOption", iam.SimulateCustomPolicyInput{ResourceHandlingOption: ptr("EC2-Classic")}},
		{"a scenario without its image", "needs a resource of the type image", iam.SimulateCustomPolicyInput{ResourceHandlingOption: ptr("EC2-VPC-EBS"), ResourceArns: []string{"arn:aws:ec2:eu-west-1:111122223333:instance/*"}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if tc.in.ActionNames == nil {
				tc.in.ActionNames = []string{"s3:GetObject"}
			}
			if tc.in.PolicyInputList == nil {
				tc.in.PolicyInputList = []string{allowS3}
			}
			_, err := b.SimulateCustomPolicy(b.ctx, &tc.in)
			if code(err) != "InvalidInput" || !strings.Contains(message(err), tc.want) {
				t.Errorf("got %v, want InvalidInput with %q", err, tc.want)
			}
		})
	}
}

// alice has a managed policy, an inline one, one of a group and a boundary.
func (b *bundle) alice(t *testing.T) {
	t.Helper()
	b.update(t, func(tx *state.Tx) {
		b.PutUser(tx, management, "alice", []string{"arn:aws:iam::aws:policy/ReadOnlyAccess"})
	})
	must[*iam.PutUserPolicyOutput](t)(b.PutUserPolicy(b.ctx, &iam.PutUserPolicyInput{UserName: ptr("alice"), PolicyName: ptr("own"), PolicyDocument: ptr(allowS3)}))
	must[*iam.CreateGroupOutput](t)(b.CreateGroup(b.ctx, &iam.CreateGroupInput{GroupName: ptr("team")}))
	must[*iam.PutGroupPolicyOutput](t)(b.PutGroupPolicy(b.ctx, &iam.PutGroupPolicyInput{GroupName: ptr("team"), PolicyName: ptr("shared"), PolicyDocument: ptr(conditions)}))
	must[*iam.AddUserToGroupOutput](t)(b.AddUserToGroup(b.ctx, &iam.AddUserToGroupInput{GroupName: ptr("team"), UserName: ptr("alice")}))
	must[*iam.CreatePolicyOutput](t)(b.CreatePolicy(b.ctx, &iam.CreatePolicyInput{PolicyName: ptr("Fence"), PolicyDocument: ptr(denyBucket)}))
	must[*iam.PutUserPermissionsBoundaryOutput](t)(b.PutUserPermissionsBoundary(b.ctx, &iam.PutUserPermissionsBoundaryInput{UserName: ptr("alice"), PermissionsBoundary: ptr("arn:aws:iam::" + management + ":policy/Fence")}))
}

func TestSimulatePrincipalPolicy(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.alice(t)
	b.UseControls(func(_ *state.Tx, accountID string) ([][]policy.Named, bool) {
		scp, err := policy.Parse(strings.ReplaceAll(denyBucket, "secret", "vault"))
		if err != nil {
			t.Error(err)
		}
		return [][]policy.Named{{{Name: "scp", Document: scp}}}, accountID == management
	})
	group, execute := "arn:aws:iam::"+management+":group/team", "arn:aws:iam::"+management+":role/x"
	b.update(t, func(tx *state.Tx) {
		b.PutRole(tx, management, RoleSpec{Name: "x", Trust: trustAccount(management), Inline: map[string]string{"in": allowEC2}})
	})
	prefix := []types.ContextEntry{entry("s3:prefix", types.ContextKeyTypeEnumString, "a")}
	without := func(ids ...types.PolicyIdentifier) []types.PolicyIdentifier { return ids }
	for _, tc := range []struct {
		name, source, action, resource, want string
		in                                   iam.SimulatePrincipalPolicyInput
	}{
		{"a user's own policy, the boundary", aliceARN, "s3:PutObject", "arn:aws:s3:::plain", "allowed user_alice_own@1:38-1:87 Fence@1:38-1:84", iam.SimulatePrincipalPolicyInput{}},
		{"a group's with the user's name", aliceARN, "s3:PutObject", "arn:aws:s3:::alice", "allowed user_alice_own@1:38-1:87 group_team_shared@1:38-1:161 Fence@1:38-1:84", iam.SimulatePrincipalPolicyInput{ContextEntries: prefix}},
		{"as another user", aliceARN, "s3:PutObject", "arn:aws:s3:::alice", "allowed user_alice_own@1:38-1:87 Fence@1:38-1:84", iam.SimulatePrincipalPolicyInput{ContextEntries: prefix, CallerArn: ptr("arn:aws:iam::" + management + ":user/bob")}},
		{"the boundary denies", aliceARN, "s3:PutObject", "arn:aws:s3:::secret", "explicitDeny Fence@1:84-1:151", iam.SimulatePrincipalPolicyInput{}},
		{"an SCP denies", aliceARN, "s3:PutObject", "arn:aws:s3:::vault", "explicitDeny", iam.SimulatePrincipalPolicyInput{}},
		{"a group", group, "s3:PutObject", "arn:aws:s3:::plain", "implicitDeny", iam.SimulatePrincipalPolicyInput{}},
		{"a role", execute, "ec2:RunInstances", "*", "allowed role_x_in@1:38-1:88", iam.SimulatePrincipalPolicyInput{}},
		{"a further policy", execute, "s3:PutObject", "*", "allowed PolicyInputList.1@1:38-1:87", iam.SimulatePrincipalPolicyInput{PolicyInputList: []string{allowS3}}},
		{"another boundary", aliceARN, "s3:PutObject", "*", "implicitDeny", iam.SimulatePrincipalPolicyInput{PermissionsBoundaryPolicyInputList: []string{allowEC2}}},
		{"without SCPs", aliceARN, "s3:PutObject", "arn:aws:s3:::vault", "allowed user_alice_own@1:38-1:87 Fence@1:38-1:84", iam.SimulatePrincipalPolicyInput{PolicyExclusionList: without(&types.PolicyIdentifierMemberPolicyType{Value: "scp"})}},
		{"without the boundary", aliceARN, "s3:PutObject", "arn:aws:s3:::secret", "allowed user_alice_own@1:38-1:87", iam.SimulatePrincipalPolicyInput{PolicyExclusionList: without(&types.PolicyIdentifierMemberPolicyType{Value: "permission-boundary"})}},
		{"without inline policies", aliceARN, "s3:PutObject", "*", "implicitDeny", iam.SimulatePrincipalPolicyInput{PolicyExclusionList: without(&types.PolicyIdentifierMemberPolicyType{Value: "inline"})}},
		{"without this inline policy", aliceARN, "s3:PutObject", "*", "implicitDeny", iam.SimulatePrincipalPolicyInput{PolicyExclusionList: without(&types.PolicyIdentifierMemberInlinePolicyIdentifier{Value: types.InlinePolicyIdentifierType{AttachmentType: types.AttachmentTypeUser, AttachmentName: ptr("al*"), PolicyName: ptr("own")}})}},
		{"without AWS's policies", aliceARN, "organizations:ListRoots", "*", "implicitDeny", iam.SimulatePrincipalPolicyInput{PolicyExclusionList: without(&types.PolicyIdentifierMemberPolicyArn{Value: "arn:aws:iam::aws:policy/Read*"})}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tc.in.PolicySourceArn, tc.in.ActionNames, tc.in.ResourceArns = &tc.source, []string{tc.action}, []string{tc.resource}
			r := must[*iam.SimulatePrincipalPolicyOutput](t)(b.SimulatePrincipalPolicy(b.ctx, &tc.in)).EvaluationResults[0]
			if got := told(r); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
			if barred := strings.HasSuffix(tc.resource, "vault") && tc.want == "explicitDeny"; r.OrganizationsDecisionDetail == nil || r.OrganizationsDecisionDetail.AllowedByOrganizations == barred {
				t.Errorf("organizations: %+v", r.OrganizationsDecisionDetail)
			}
		})
	}
}

func TestSimulatePrincipalPolicy_Refuses(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.alice(t)
	b.update(t, func(tx *state.Tx) {
		b.PutRole(tx, management, RoleSpec{Name: "odd", Trust: trustAccount(management), Inline: map[string]string{"in": "{"}})
	})
	for _, tc := range []struct {
		source, want string
		exclusion    types.PolicyIdentifier
	}{
		{source: "arn:aws:iam::" + management + ":user/nobody", want: "NoSuchEntity"},
		{source: "arn:aws:iam::" + management + ":group/nobody", want: "NoSuchEntity"},
		{source: "arn:aws:iam::" + management + ":role/nobody", want: "NoSuchEntity"},
		{source: "arn:aws:iam::" + management + ":user/team/alice", want: "NoSuchEntity"},
		{source: execution, want: "NoSuchEntity"},
		{source: "arn:aws:sts::" + management + ":assumed-role/x/y", want: "InvalidInput"},
		{source: "arn:aws:iam::" + management + ":role/odd", want: "PolicyEvaluation"},
		{source: aliceARN, exclusion: &types.PolicyIdentifierMemberPolicyArn{Value: "arn:aws:iam::*:policy/x"}, want: "InvalidInput"},
		{source: aliceARN, exclusion: &types.PolicyIdentifierMemberPolicyArn{Value: "arn:aws:iam::aws:policy/*x*"}, want: "InvalidInput"},
		{source: aliceARN, exclusion: &types.PolicyIdentifierMemberInlinePolicyIdentifier{}, want: "InvalidInput"},
	} {
		in := &iam.SimulatePrincipalPolicyInput{PolicySourceArn: &tc.source, ActionNames: []string{"s3:GetObject"}}
		if tc.exclusion != nil {
			in.PolicyExclusionList = []types.PolicyIdentifier{tc.exclusion}
		}
		if _, err := b.SimulatePrincipalPolicy(b.ctx, in); code(err) != tc.want {
			t.Errorf("%s %v: %v, want %s", tc.source, tc.exclusion, err, tc.want)
		}
	}
}

// TestSimulate_Pages goes through the results by pages; none is on two.
func TestSimulate_Pages(t *testing.T) {
	t.Parallel()
	b := setup(t)
	in := &iam.SimulateCustomPolicyInput{PolicyInputList: []string{allowS3}, MaxItems: ptr(int32(2))}
	for i := range 5 {
		in.ActionNames = append(in.ActionNames, fmt.Sprint("s3:Get", i))
	}
	var got []string
	for {
		out := must[*iam.SimulateCustomPolicyOutput](t)(b.SimulateCustomPolicy(b.ctx, in))
		for _, r := range out.EvaluationResults {
			got = append(got, *r.EvalActionName)
		}
		if out.IsTruncated != (out.Marker != nil) || len(out.EvaluationResults) > 2 {
			t.Fatalf("page %+v", out)
		}
		if in.Marker = out.Marker; in.Marker == nil {
			break
		}
	}
	if !slices.Equal(got, in.ActionNames) {
		t.Errorf("walked %q, want %q", got, in.ActionNames)
	}
	in.Marker = ptr("bogus")
	if _, err := b.SimulateCustomPolicy(b.ctx, in); code(err) != "ValidationError" {
		t.Errorf("a bogus marker: %v", err)
	}
}

func TestGetContextKeys(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.alice(t)
	custom := must[*iam.GetContextKeysForCustomPolicyOutput](t)(b.GetContextKeysForCustomPolicy(b.ctx, &iam.GetContextKeysForCustomPolicyInput{PolicyInputList: []string{allowS3, conditions}}))
	if diff := cmp.Diff([]string{"aws:username", "s3:prefix"}, custom.ContextKeyNames); diff != "" {
		t.Errorf("of policies (-want +got):\n%s", diff)
	}
	principal := must[*iam.GetContextKeysForPrincipalPolicyOutput](t)(b.GetContextKeysForPrincipalPolicy(b.ctx, &iam.GetContextKeysForPrincipalPolicyInput{
		PolicySourceArn: ptr(aliceARN), PolicyInputList: []string{`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true","S3:Prefix":"true"}}}}`},
	}))
	if diff := cmp.Diff([]string{"aws:username", "s3:prefix", "aws:SecureTransport"}, principal.ContextKeyNames); diff != "" {
		t.Errorf("of a user, a group and policies (-want +got):\n%s", diff)
	}
	if _, err := b.GetContextKeysForCustomPolicy(b.ctx, &iam.GetContextKeysForCustomPolicyInput{PolicyInputList: []string{"{}"}}); code(err) != "InvalidInput" {
		t.Errorf("of no policy: %v", err)
	}
	if _, err := b.GetContextKeysForPrincipalPolicy(b.ctx, &iam.GetContextKeysForPrincipalPolicyInput{PolicySourceArn: ptr(aliceARN + "x")}); code(err) != "NoSuchEntity" {
		t.Errorf("of nobody: %v", err)
	}
}
