package iam

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"accountfactory/internal/clock"
	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

// served is a bundle behind a real endpoint, spoken to by AWS's own clients.
type served struct {
	*bundle
	url string
}

func serve(t testing.TB) *served {
	t.Helper()
	v := &served{bundle: setup(t)}
	v.wall.move(clock.Wall{}.Now().Sub(noon)) // clients sign with the time it is
	e, err := wire.NewEndpoint(wire.Config{
		Services: v.API(), Keys: v, Region: "eu-west-1",
		Authorize: func(ctx context.Context, _ *wire.Request, checks []wire.Check) error {
			if sentence := v.authorize(t, ctx, checks); sentence != "" {
				return denied("%s", sentence)
			}
			return nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(e)
	t.Cleanup(srv.Close)
	v.url = srv.URL
	return v
}

func (v *served) config(t testing.TB, keyID string) aws.Config {
	t.Helper()
	k, err := v.Lookup(t.Context(), keyID)
	if err != nil {
		t.Fatalf("look up %s: %v", keyID, err)
	}
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return aws.Config{
		Region: "eu-west-1", BaseEndpoint: &v.url, RetryMaxAttempts: 1, HTTPClient: &http.Client{Transport: transport},
		Credentials: credentials.NewStaticCredentialsProvider(keyID, k.Secret, k.SessionToken),
	}
}

// client gives a client of IAM that signs with a key.
func (v *served) client(t testing.TB, keyID string) *iam.Client {
	t.Helper()
	return iam.NewFromConfig(v.config(t, keyID))
}

// wantError fails the test unless err is this error of AWS's.
func wantError(t testing.TB, err error, wantCode, wantMessage string) {
	t.Helper()
	if code(err) != wantCode || message(err) != wantMessage {
		t.Errorf("got %v\nwant %s: %s", err, wantCode, wantMessage)
	}
}

func TestEndpoint_Session(t *testing.T) {
	t.Parallel()
	v := serve(t)
	out := must[*sts.AssumeRoleOutput](t)(sts.NewFromConfig(v.config(t, adminKey)).AssumeRole(t.Context(), &sts.AssumeRoleInput{RoleArn: ptr(execution), RoleSessionName: ptr("me")}))
	session := v.config(t, *out.Credentials.AccessKeyId)
	me := must[*sts.GetCallerIdentityOutput](t)(sts.NewFromConfig(session).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{}))
	if *me.Arn != "arn:aws:sts::444455556666:assumed-role/AWSControlTowerExecution/me" {
		t.Errorf("I am %s", *me.Arn)
	}
	inMember := iam.NewFromConfig(session)
	must[*iam.CreateUserOutput](t)(inMember.CreateUser(t.Context(), &iam.CreateUserInput{UserName: ptr("only-here")}))
	_, err := v.client(t, adminKey).GetUser(t.Context(), &iam.GetUserInput{UserName: ptr("only-here")})
	wantError(t, err, "NoSuchEntity", "The user with name only-here cannot be found.")

	_, err = sts.NewFromConfig(v.config(t, bobKey)).AssumeRole(t.Context(), &sts.AssumeRoleInput{RoleArn: ptr(execution), RoleSessionName: ptr("me")})
	if code(err) != "AccessDenied" || !strings.HasPrefix(message(err), "User: arn:aws:iam::111122223333:user/bob is not authorized to perform: sts:AssumeRole on resource: "+execution) {
		t.Errorf("bob: %v", err)
	}
	_, err = sts.NewFromConfig(v.config(t, adminKey)).AssumeRole(t.Context(), &sts.AssumeRoleInput{RoleArn: ptr(execution), RoleSessionName: ptr("me"), DurationSeconds: ptr(int32(60))})
	if code(err) != "ValidationError" {
		t.Errorf("a minute: %v", err)
	}
	must[*sts.GetCallerIdentityOutput](t)(sts.NewFromConfig(v.config(t, bobKey)).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{}))
}

func TestEndpoint_SessionTokenCannotCallIAM(t *testing.T) {
	t.Parallel()
	v := serve(t)
	out := must[*sts.GetSessionTokenOutput](t)(sts.NewFromConfig(v.config(t, adminKey)).GetSessionToken(t.Context(), &sts.GetSessionTokenInput{}))
	_, err := v.client(t, *out.Credentials.AccessKeyId).ListUsers(t.Context(), &iam.ListUsersInput{})
	wantError(t, err, "InvalidClientTokenId", "The security token included in the request is invalid")
}

func TestChecks(t *testing.T) {
	t.Parallel()
	const user, role = "arn:aws:iam::111122223333:user/", "arn:aws:iam::111122223333:role/"
	v := serve(t)
	v.update(t, func(tx *state.Tx) {
		v.PutRole(tx, management, RoleSpec{Name: "tool", Path: "/team/", Trust: trustAccount(management), Tags: map[string]string{"owner": "bob"}})
	})
	bob := v.client(t, bobKey)
	for _, tc := range []struct {
		name      string
		statement string // of bob's inline policy
		call      func(ctx context.Context) error
		allowed   bool
		refusal   string // beginning of the sentence behind the user's name
	}{
		{name: "nothing allowed", statement: `"Effect":"Deny","Action":"s3:*","Resource":"*"`, call: func(ctx context.Context) error {
			_, err := bob.CreateUser(ctx, &iam.CreateUserInput{UserName: ptr("n"), Path: ptr("/p/")})
			return err
		}, refusal: "iam:CreateUser on resource: " + user + "p/n because"},
		{name: "another's key", statement: `"Effect":"Allow","Action":"iam:*","Resource":"` + user + `${aws:username}"`, call: func(ctx context.Context) error {
			_, err := bob.CreateAccessKey(ctx, &iam.CreateAccessKeyInput{UserName: ptr("admin")})
			return err
		}, refusal: "iam:CreateAccessKey on resource: " + user + "admin because"},
		{name: "own key", statement: `"Effect":"Allow","Action":"iam:*","Resource":"` + user + `${aws:username}"`, call: func(ctx context.Context) error {
			_, err := bob.ListAccessKeys(ctx, &iam.ListAccessKeysInput{})
			return err
		}, allowed: true},
		{name: "by path", statement: `"Effect":"Allow","Action":"iam:GetRole","Resource":"` + role + `team/*"`, call: func(ctx context.Context) error {
			_, err := bob.GetRole(ctx, &iam.GetRoleInput{RoleName: ptr("tool")})
			return err
		}, allowed: true},
		{name: "by a tag of the role", statement: `"Effect":"Allow","Action":"iam:*","Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/owner":"${aws:username}"}}`, call: func(ctx context.Context) error {
			_, err := bob.UpdateRole(ctx, &iam.UpdateRoleInput{RoleName: ptr("tool"), Description: ptr("x")})
			return err
		}, allowed: true},
		{name: "one policy only", statement: `"Effect":"Allow","Action":"iam:AttachRolePolicy","Resource":"*","Condition":{"ArnEquals":{"iam:PolicyARN":"arn:aws:iam::aws:policy/ReadOnlyAccess"}}`, call: func(ctx context.Context) error {
			_, err := bob.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{RoleName: ptr("tool"), PolicyArn: ptr(administratorAccess)})
			return err
		}, refusal: "iam:AttachRolePolicy on resource: " + role + "team/tool because"},
		{name: "boundary demanded and given", statement: `"Effect":"Allow","Action":"iam:CreateUser","Resource":"*","Condition":{"StringEquals":{"iam:PermissionsBoundary":"arn:aws:iam::aws:policy/ReadOnlyAccess"}}`, call: func(ctx context.Context) error {
			_, err := bob.CreateUser(ctx, &iam.CreateUserInput{UserName: ptr("bounded"), PermissionsBoundary: ptr("arn:aws:iam::aws:policy/ReadOnlyAccess")})
			return err
		}, allowed: true},
		{name: "boundary demanded and left out", statement: `"Effect":"Allow","Action":"iam:CreateUser","Resource":"*","Condition":{"StringEquals":{"iam:PermissionsBoundary":"arn:aws:iam::aws:policy/ReadOnlyAccess"}}`, call: func(ctx context.Context) error {
			_, err := bob.CreateUser(ctx, &iam.CreateUserInput{UserName: ptr("unbounded")})
			return err
		}, refusal: "iam:CreateUser on resource: " + user + "unbounded because"},
		{name: "tags at creation need leave to tag", statement: `"Effect":"Allow","Action":"iam:CreateUser","Resource":"*"`, call: func(ctx context.Context) error {
			_, err := bob.CreateUser(ctx, &iam.CreateUserInput{UserName: ptr("tagged"), Tags: []types.Tag{{Key: ptr("a"), Value: ptr("b")}}})
			return err
		}, refusal: "iam:TagUser on resource: " + user + "tagged because"},
		{name: "only this tag", statement: `"Effect":"Allow","Action":"iam:TagRole","Resource":"*","Condition":{"ForAllValues:StringEquals":{"aws:TagKeys":["a"]}}`, call: func(ctx context.Context) error {
			_, err := bob.TagRole(ctx, &iam.TagRoleInput{RoleName: ptr("tool"), Tags: []types.Tag{{Key: ptr("b"), Value: ptr("b")}}})
			return err
		}, refusal: "iam:TagRole on resource: " + role + "team/tool because"},
		{name: "new name forbidden", statement: `"Effect":"Allow","Action":"iam:UpdateUser","Resource":"` + user + `bob"`, call: func(ctx context.Context) error {
			_, err := bob.UpdateUser(ctx, &iam.UpdateUserInput{UserName: ptr("bob"), NewUserName: ptr("admin2")})
			return err
		}, refusal: "iam:UpdateUser on resource: " + user + "admin2 because"},
		{name: "lists", statement: `"Effect":"Allow","Action":"iam:ListRoles","Resource":"` + role + `team/*"`, call: func(ctx context.Context) error {
			_, err := bob.ListRoles(ctx, &iam.ListRolesInput{})
			return err
		}, refusal: "iam:ListRoles on resource: " + role + " because"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			v.update(t, func(tx *state.Tx) {
				_ = v.users.change(tx, management, "bob", func(u *User) error {
					u.Inline = map[string]string{"x": `{"Version":"2012-10-17","Statement":{` + tc.statement + `}}`}
					return nil
				})
			})
			err := tc.call(t.Context())
			begins := "User: " + user + "bob is not authorized to perform: " + tc.refusal
			if tc.allowed && err != nil || !tc.allowed && (code(err) != "AccessDenied" || !strings.HasPrefix(message(err), begins)) {
				t.Errorf("got %v\nwant %s", err, begins)
			}
		})
	}
}
