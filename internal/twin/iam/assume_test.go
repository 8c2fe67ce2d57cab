package iam

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sts"
	ststypes "github.com/aws/aws-sdk-go-v2/service/sts/types"
	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/policy"
	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

// assume does AssumeRole as the endpoint does: checks, authorisation, handler.
func (b *bundle) assume(t testing.TB, ctx context.Context, in *sts.AssumeRoleInput) (*sts.AssumeRoleOutput, error) {
	t.Helper()
	if in.RoleSessionName == nil {
		in.RoleSessionName = ptr("me")
	}
	checks, err := b.checkAssumeRole(ctx, in)
	if err != nil {
		return nil, err
	}
	if sentence := b.authorize(t, ctx, checks); sentence != "" {
		return nil, denied("%s", sentence)
	}
	return b.AssumeRole(ctx, in)
}

func TestAssumeRole_Session(t *testing.T) {
	t.Parallel()
	b := setup(t)
	out := must[*sts.AssumeRoleOutput](t)(b.assume(t, b.ctx, &sts.AssumeRoleInput{RoleArn: ptr(execution), RoleSessionName: ptr("jane@example.com")}))
	if got, want := *out.AssumedRoleUser.Arn, "arn:aws:sts::444455556666:assumed-role/AWSControlTowerExecution/jane@example.com"; got != want {
		t.Errorf("session %s, want %s", got, want)
	}
	if got, want := *out.Credentials.Expiration, noon.Add(time.Hour); !got.Equal(want) {
		t.Errorf("ends at %v, want %v", got, want)
	}
	if !strings.HasPrefix(*out.Credentials.AccessKeyId, "ASIA") || len(*out.Credentials.SecretAccessKey) != 40 || len(*out.Credentials.SessionToken) < 100 {
		t.Errorf("credentials %q, secret of %d, token of %d", *out.Credentials.AccessKeyId, len(*out.Credentials.SecretAccessKey), len(*out.Credentials.SessionToken))
	}
	ctx := b.as(t, *out.Credentials.AccessKeyId)
	me := must[*sts.GetCallerIdentityOutput](t)(b.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{}))
	if diff := cmp.Diff([]string{member, *out.AssumedRoleUser.Arn, *out.AssumedRoleUser.AssumedRoleId}, []string{*me.Account, *me.Arn, *me.UserId}); diff != "" {
		t.Errorf("identity of the session (-want +got):\n%s", diff)
	}
	if sentence := b.authorize(t, ctx, []wire.Check{{Action: "iam:CreateUser", Resource: "*"}}); sentence != "" {
		t.Errorf("the role's administrator may not: %s", sentence)
	}
	info := must[*sts.GetAccessKeyInfoOutput](t)(b.GetAccessKeyInfo(ctx, &sts.GetAccessKeyInfoInput{AccessKeyId: out.Credentials.AccessKeyId}))
	if *info.Account != member {
		t.Errorf("the key is of account %s, want %s", *info.Account, member)
	}
}

func TestAssumeRole_Trust(t *testing.T) {
	t.Parallel()
	const (
		local  = "arn:aws:iam::111122223333:role/local"
		direct = "arn:aws:iam::111122223333:role/direct"
		tool   = "arn:aws:iam::111122223333:role/team/tool"
		closed = "arn:aws:iam::444455556666:role/closed"
		guest  = "arn:aws:iam::444455556666:role/guest"
	)
	trust := func(principal, condition string) string {
		return `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":` + principal + `,"Action":["sts:AssumeRole","sts:TagSession","sts:SetSourceIdentity"]` + condition + `}}`
	}
	b := setup(t)
	b.update(t, func(tx *state.Tx) {
		b.PutRole(tx, management, RoleSpec{Name: "local", Trust: trustAccount(management)})
		b.PutRole(tx, management, RoleSpec{Name: "direct", Trust: trust(`{"AWS":"arn:aws:iam::111122223333:user/bob"}`, "")})
		b.PutRole(tx, management, RoleSpec{Name: "tool", Path: "/team/", Trust: trust(`{"AWS":"111122223333"}`, `,"Condition":{"StringEquals":{"sts:ExternalId":"4711"}}`)})
		b.PutRole(tx, member, RoleSpec{Name: "closed", Trust: trust(`{"Service":"lambda.amazonaws.com"}`, "")})
		b.PutRole(tx, member, RoleSpec{Name: "guest", Trust: trust(`{"AWS":"arn:aws:iam::111122223333:user/bob"}`, "")})
	})
	refusal := func(user, role string) string {
		return "User: arn:aws:iam::111122223333:user/" + user + " is not authorized to perform: sts:AssumeRole on resource: " + role
	}
	for _, tc := range []struct {
		name   string
		ctx    context.Context
		in     sts.AssumeRoleInput
		denied string // how the sentence begins
	}{
		{name: "other account, both sides allow", ctx: b.ctx, in: sts.AssumeRoleInput{RoleArn: ptr(execution)}},
		{name: "other account, caller's policies silent", ctx: b.bob, in: sts.AssumeRoleInput{RoleArn: ptr(execution)}, denied: refusal("bob", execution)},
		{name: "other account, trust names the user, own policies silent", ctx: b.bob, in: sts.AssumeRoleInput{RoleArn: ptr(guest)}, denied: refusal("bob", guest)},
		{name: "other account, trust silent", ctx: b.ctx, in: sts.AssumeRoleInput{RoleArn: ptr(closed)}, denied: refusal("admin", closed)},
		{name: "own account, trust leaves it to policies that allow", ctx: b.ctx, in: sts.AssumeRoleInput{RoleArn: ptr(local)}},
		{name: "own account, trust leaves it to policies that are silent", ctx: b.bob, in: sts.AssumeRoleInput{RoleArn: ptr(local)}, denied: refusal("bob", local)},
		{name: "own account, trust names the user", ctx: b.bob, in: sts.AssumeRoleInput{RoleArn: ptr(direct)}},
		{name: "external id missing", ctx: b.ctx, in: sts.AssumeRoleInput{RoleArn: ptr(tool)}, denied: refusal("admin", tool)},
		{name: "external id wrong", ctx: b.ctx, in: sts.AssumeRoleInput{RoleArn: ptr(tool), ExternalId: ptr("1")}, denied: refusal("admin", tool)},
		{name: "external id right", ctx: b.ctx, in: sts.AssumeRoleInput{RoleArn: ptr(tool), ExternalId: ptr("4711")}},
		{name: "path left out", ctx: b.ctx, in: sts.AssumeRoleInput{RoleArn: ptr("arn:aws:iam::111122223333:role/tool"), ExternalId: ptr("4711")}, denied: refusal("admin", "arn:aws:iam::111122223333:role/tool")},
		{name: "no such role", ctx: b.ctx, in: sts.AssumeRoleInput{RoleArn: ptr("arn:aws:iam::444455556666:role/none")}, denied: refusal("admin", "arn:aws:iam::444455556666:role/none")},
		{name: "no such account", ctx: b.ctx, in: sts.AssumeRoleInput{RoleArn: ptr("arn:aws:iam::999999999999:role/x")}, denied: refusal("admin", "arn:aws:iam::999999999999:role/x")},
		{name: "tags without leave", ctx: b.ctx, in: sts.AssumeRoleInput{RoleArn: ptr(execution), Tags: []ststypes.Tag{{Key: ptr("a"), Value: ptr("b")}}}, denied: "User: arn:aws:iam::111122223333:user/admin is not authorized to perform: sts:TagSession"},
		{name: "tags with leave", ctx: b.bob, in: sts.AssumeRoleInput{RoleArn: ptr(direct), Tags: []ststypes.Tag{{Key: ptr("a"), Value: ptr("b")}}}},
		{name: "source identity without leave", ctx: b.ctx, in: sts.AssumeRoleInput{RoleArn: ptr(execution), SourceIdentity: ptr("jane")}, denied: "User: arn:aws:iam::111122223333:user/admin is not authorized to perform: sts:SetSourceIdentity"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			out, err := b.assume(t, tc.ctx, &tc.in)
			switch {
			case tc.denied == "" && err != nil:
				t.Error(err)
			case tc.denied != "" && (code(err) != "AccessDenied" || !strings.HasPrefix(message(err), tc.denied)):
				t.Errorf("got %v, %v\nwant AccessDenied: %s…", out, err, tc.denied)
			}
		})
	}
}

func TestAssumeRole_Errors(t *testing.T) {
	t.Parallel()
	const open = "arn:aws:iam::111122223333:role/open"
	b := setup(t)
	b.update(t, func(tx *state.Tx) {
		b.PutRole(tx, management, RoleSpec{Name: "open", Trust: `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:*"}}`, MaxSession: 4 * time.Hour, Managed: []string{administratorAccess}})
		b.PutAccessKey(tx, management, "", "AKIAROOTROOTROOTROOT", "root secret")
	})
	first := must[*sts.AssumeRoleOutput](t)(b.assume(t, b.ctx, &sts.AssumeRoleInput{
		RoleArn: ptr(open), SourceIdentity: ptr("jane"), Tags: []ststypes.Tag{{Key: ptr("Team"), Value: ptr("a")}, {Key: ptr("own"), Value: ptr("x")}}, TransitiveTagKeys: []string{"team"},
	}))
	chained := b.as(t, *first.Credentials.AccessKeyId)
	tag := func(k, v string) ststypes.Tag { return ststypes.Tag{Key: &k, Value: &v} }
	for _, tc := range []struct {
		name, code, message string
		ctx                 context.Context
		in                  sts.AssumeRoleInput
	}{
		{name: "no role ARN", code: "ValidationError", message: "arn:aws:iam::111122223333:user/bob is invalid", in: sts.AssumeRoleInput{RoleArn: ptr("arn:aws:iam::111122223333:user/bob")}},
		{name: "longer than the role allows", code: "ValidationError", message: "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.", in: sts.AssumeRoleInput{RoleArn: ptr(open), DurationSeconds: ptr(int32(14401))}},
		{name: "as long as the role allows", in: sts.AssumeRoleInput{RoleArn: ptr(open), DurationSeconds: ptr(int32(14400))}},
		{name: "chained longer than an hour", ctx: chained, code: "ValidationError", message: "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.", in: sts.AssumeRoleInput{RoleArn: ptr(open), DurationSeconds: ptr(int32(3601))}},
		{name: "chained for an hour", ctx: chained, in: sts.AssumeRoleInput{RoleArn: ptr(open), DurationSeconds: ptr(int32(3600))}},
		{name: "root", ctx: b.as(t, "AKIAROOTROOTROOTROOT"), code: "AccessDenied", message: "Roles may not be assumed by root accounts.", in: sts.AssumeRoleInput{RoleArn: ptr(open)}},
		{name: "policy that is none", code: "MalformedPolicyDocument", message: "This policy contains invalid Json", in: sts.AssumeRoleInput{RoleArn: ptr(open), Policy: ptr("{")}},
		{name: "policy of nobody", code: "MalformedPolicyDocument", message: "Policy arn:aws:iam::aws:policy/None does not exist or is not attachable.", in: sts.AssumeRoleInput{RoleArn: ptr(open), PolicyArns: []ststypes.PolicyDescriptorType{{Arn: ptr("arn:aws:iam::aws:policy/None")}}}},
		{name: "tags too large", code: "PackedPolicyTooLarge", message: "Packed size of session tags consumes 168% of allotted space.", in: sts.AssumeRoleInput{RoleArn: ptr(open), Tags: []ststypes.Tag{tag("a", strings.Repeat("x", 256)), tag("b", strings.Repeat("x", 256)), tag("c", strings.Repeat("x", 256))}}},
		{name: "policies too large", code: "PackedPolicyTooLarge", message: "Packed policy consumes 103% of allotted space, please use smaller policy.", in: sts.AssumeRoleInput{
			RoleArn: ptr(open), Tags: []ststypes.Tag{tag("a", strings.Repeat("x", 256))},
			Policy: ptr(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:` + strings.Repeat("x", 860) + `","Resource":"*"}}`),
		}},
		{name: "same tag twice", code: "InvalidParameterValue", message: "Duplicate tag keys found. Please note that Tag keys are case insensitive.", in: sts.AssumeRoleInput{RoleArn: ptr(open), Tags: []ststypes.Tag{tag("a", "1"), tag("A", "2")}}},
		{name: "transitive key without its tag", code: "InvalidParameterValue", message: "The specified transitive tag key must be included in the requested tags.", in: sts.AssumeRoleInput{RoleArn: ptr(open), TransitiveTagKeys: []string{"a"}}},
		{name: "transitive tag set anew", ctx: chained, code: "InvalidParameterValue", message: "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.", in: sts.AssumeRoleInput{RoleArn: ptr(open), Tags: []ststypes.Tag{tag("TEAM", "b")}}},
		{name: "source identity changed", ctx: chained, code: "AccessDenied", message: "User: " + *first.AssumedRoleUser.Arn + " is not authorized to perform: sts:SetSourceIdentity on resource: " + open, in: sts.AssumeRoleInput{RoleArn: ptr(open), SourceIdentity: ptr("joe")}},
		{name: "MFA code", code: "AccessDenied", message: "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.", in: sts.AssumeRoleInput{RoleArn: ptr(open), SerialNumber: ptr("arn:aws:iam::111122223333:mfa/x"), TokenCode: ptr("123456")}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if tc.ctx == nil {
				tc.ctx = b.ctx
			}
			_, err := b.assume(t, tc.ctx, &tc.in)
			if code(err) != tc.code || message(err) != tc.message {
				t.Errorf("got %v\nwant %s: %s", err, tc.code, tc.message)
			}
		})
	}
}

func TestAssumeRole_Chain(t *testing.T) {
	t.Parallel()
	b := setup(t)
	trust := `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sts:*"}}`
	b.update(t, func(tx *state.Tx) {
		b.PutRole(tx, management, RoleSpec{Name: "one", Trust: trust, Managed: []string{administratorAccess}, Tags: map[string]string{"team": "role's", "stage": "test"}})
		b.PutRole(tx, member, RoleSpec{Name: "two", Trust: trust, Managed: []string{administratorAccess}})
	})
	one := must[*sts.AssumeRoleOutput](t)(b.assume(t, b.ctx, &sts.AssumeRoleInput{
		RoleArn: ptr("arn:aws:iam::111122223333:role/one"), SourceIdentity: ptr("jane"), TransitiveTagKeys: []string{"Team"},
		Tags: []ststypes.Tag{{Key: ptr("Team"), Value: ptr("a")}, {Key: ptr("own"), Value: ptr("x")}},
	}))
	two := must[*sts.AssumeRoleOutput](t)(b.assume(t, b.as(t, *one.Credentials.AccessKeyId), &sts.AssumeRoleInput{RoleArn: ptr("arn:aws:iam::444455556666:role/two")}))
	if two.SourceIdentity == nil || *two.SourceIdentity != "jane" {
		t.Errorf("the second session has lost the source identity: %v", two.SourceIdentity)
	}
	tags := func(keyID string) map[string]string {
		ctx := b.as(t, keyID)
		var who policy.Principal
		_ = b.state.View(func(tx *state.Tx) error { who, _ = b.Identity(tx, wire.RequestFrom(ctx).Caller); return nil })
		return who.Tags
	}
	if diff := cmp.Diff(map[string]string{"Team": "a", "own": "x", "stage": "test"}, tags(*one.Credentials.AccessKeyId)); diff != "" {
		t.Errorf("tags of the first session: its own upon the role's (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]string{"Team": "a"}, tags(*two.Credentials.AccessKeyId)); diff != "" {
		t.Errorf("tags of the second session: what is transitive (-want +got):\n%s", diff)
	}
}

func TestAssumeRole_SessionPolicies(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, tc := range []struct {
		name            string
		in              sts.AssumeRoleInput
		list, createOrg bool
	}{
		{name: "none", in: sts.AssumeRoleInput{}, list: true, createOrg: true},
		{name: "inline", in: sts.AssumeRoleInput{Policy: ptr(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"organizations:List*","Resource":"*"}}`)}, list: true},
		{name: "managed", in: sts.AssumeRoleInput{PolicyArns: []ststypes.PolicyDescriptorType{{Arn: ptr("arn:aws:iam::aws:policy/AWSOrganizationsReadOnlyAccess")}}}, list: true},
		{name: "one that allows something else", in: sts.AssumeRoleInput{Policy: ptr(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}`)}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			tc.in.RoleArn = ptr(execution)
			out := must[*sts.AssumeRoleOutput](t)(b.assume(t, b.ctx, &tc.in))
			ctx := b.as(t, *out.Credentials.AccessKeyId)
			for action, want := range map[string]bool{"organizations:ListAccounts": tc.list, "organizations:CreateAccount": tc.createOrg} {
				sentence := b.authorize(t, ctx, []wire.Check{{Action: action, Resource: "*"}})
				if (sentence == "") != want {
					t.Errorf("%s: %q, want allowed: %v", action, sentence, want)
				}
			}
			if (out.PackedPolicySize != nil) != (tc.name != "none") {
				t.Errorf("packed size %v", out.PackedPolicySize)
			}
		})
	}
}

func TestAssumeRole_TakesEffectAtOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	out := must[*sts.AssumeRoleOutput](t)(b.assume(t, b.ctx, &sts.AssumeRoleInput{RoleArn: ptr(execution)}))
	ctx := b.as(t, *out.Credentials.AccessKeyId)
	ask := []wire.Check{{Action: "organizations:LeaveOrganization", Resource: "*"}}
	if sentence := b.authorize(t, ctx, ask); sentence != "" {
		t.Fatal(sentence)
	}
	b.update(t, func(tx *state.Tx) {
		b.PutRole(tx, member, RoleSpec{Name: "AWSControlTowerExecution", Trust: trustAccount(management), Managed: []string{"arn:aws:iam::aws:policy/AWSOrganizationsReadOnlyAccess"}})
	})
	if sentence := b.authorize(t, ctx, ask); !strings.Contains(sentence, "no identity-based policy allows") {
		t.Errorf("after the role lost its policy: %q", sentence)
	}
	b.update(t, func(tx *state.Tx) {
		b.PutRole(tx, member, RoleSpec{Name: "AWSControlTowerExecution", Trust: trustAccount(management), Managed: []string{administratorAccess}, Boundary: "arn:aws:iam::aws:policy/IAMFullAccess"})
	})
	if sentence := b.authorize(t, ctx, ask); !strings.Contains(sentence, "permissions boundary") {
		t.Errorf("with a boundary that leaves the action out: %q", sentence)
	}
}
