package iam

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sts"

	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

func TestGetSessionToken(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.update(t, func(tx *state.Tx) { b.PutAccessKey(tx, management, "", "AKIAROOTROOTROOTROOT", "root secret") })
	for _, tc := range []struct {
		name    string
		key     string
		seconds *int32
		want    time.Duration
	}{
		{name: "user", key: adminKey, want: 12 * time.Hour},
		{name: "user, a quarter of an hour", key: adminKey, seconds: ptr(int32(900)), want: 15 * time.Minute},
		{name: "root", key: "AKIAROOTROOTROOTROOT", want: time.Hour},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			ctx := b.as(t, tc.key)
			out := must[*sts.GetSessionTokenOutput](t)(b.GetSessionToken(ctx, &sts.GetSessionTokenInput{DurationSeconds: tc.seconds}))
			if got := out.Credentials.Expiration.Sub(noon); got != tc.want {
				t.Errorf("lasts %v, want %v", got, tc.want)
			}
			session := b.as(t, *out.Credentials.AccessKeyId)
			got, want := wire.RequestFrom(session).Caller, wire.RequestFrom(ctx).Caller
			if got.ARN != want.ARN || got.UserID != want.UserID {
				t.Errorf("the session is %s (%s), want %s (%s)", got.ARN, got.UserID, want.ARN, want.UserID)
			}
			if sentence := b.authorize(t, session, []wire.Check{{Action: "organizations:CreateAccount", Resource: "*"}}); sentence != "" {
				t.Error(sentence)
			}
			if _, err := b.GetSessionToken(session, &sts.GetSessionTokenInput{}); code(err) != "AccessDenied" || message(err) != "Cannot call GetSessionToken with session credentials" {
				t.Errorf("a session asks for a session: %v", err)
			}
		})
	}
	if _, err := b.GetSessionToken(b.ctx, &sts.GetSessionTokenInput{SerialNumber: ptr("x"), TokenCode: ptr("123456")}); code(err) != "AccessDenied" {
		t.Errorf("with an MFA code: %v", err)
	}
	out := must[*sts.GetSessionTokenOutput](t)(b.GetSessionToken(b.ctx, &sts.GetSessionTokenInput{MinimumSessionTokenSize: ptr(int32(2048))}))
	if len(*out.Credentials.SessionToken) != 2048 || *out.SessionTokenSize != 2048 || *out.SessionTokenUtilization != 50 {
		t.Errorf("token of %d bytes, size %d, %d%%", len(*out.Credentials.SessionToken), *out.SessionTokenSize, *out.SessionTokenUtilization)
	}
}

func TestGetFederationToken(t *testing.T) {
	t.Parallel()
	b := setup(t)
	out := must[*sts.GetFederationTokenOutput](t)(b.GetFederationToken(b.ctx, &sts.GetFederationTokenInput{
		Name: ptr("jane"), Policy: ptr(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"organizations:List*","Resource":"*"}}`),
	}))
	if got, want := *out.FederatedUser.Arn+" "+*out.FederatedUser.FederatedUserId, "arn:aws:sts::111122223333:federated-user/jane 111122223333:jane"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	jane := b.as(t, *out.Credentials.AccessKeyId)
	if sentence := b.authorize(t, jane, []wire.Check{{Action: "organizations:ListAccounts", Resource: "*"}}); sentence != "" {
		t.Errorf("both policies allow: %s", sentence)
	}
	if sentence := b.authorize(t, jane, []wire.Check{{Action: "organizations:CreateAccount", Resource: "*"}}); sentence == "" {
		t.Error("the user's policies alone allowed")
	}
	if _, err := b.assume(t, jane, &sts.AssumeRoleInput{RoleArn: ptr(execution)}); code(err) != "AccessDenied" {
		t.Errorf("a federated user assumes a role: %v", err)
	}
	bare := must[*sts.GetFederationTokenOutput](t)(b.GetFederationToken(b.ctx, &sts.GetFederationTokenInput{Name: ptr("joe")}))
	if sentence := b.authorize(t, b.as(t, *bare.Credentials.AccessKeyId), []wire.Check{{Action: "organizations:ListAccounts", Resource: "*"}}); sentence == "" {
		t.Error("without session policies the federated user may do something")
	}
	checks := must[[]wire.Check](t)(b.checkGetFederationToken(b.bob, &sts.GetFederationTokenInput{Name: ptr("x")}))
	if sentence := b.authorize(t, b.bob, checks); sentence != "User: arn:aws:iam::111122223333:user/bob is not authorized to perform: sts:GetFederationToken on resource: arn:aws:sts::111122223333:federated-user/x because no identity-based policy allows the sts:GetFederationToken action" {
		t.Errorf("bob: %q", sentence)
	}
}
