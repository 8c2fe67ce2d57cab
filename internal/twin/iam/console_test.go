package iam

import (
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sts"
	ststypes "github.com/aws/aws-sdk-go-v2/service/sts/types"

	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

// entry asks for a console session of credentials.
func (b *bundle) entry(t *testing.T, c *ststypes.Credentials, d time.Duration) (err error) {
	t.Helper()
	b.update(t, func(tx *state.Tx) {
		err = b.ConsoleEntry(tx, *c.AccessKeyId, Secret{*c.SecretAccessKey, *c.SessionToken}, d)
	})
	return err
}

func TestConsoleEntry(t *testing.T) {
	t.Parallel()
	b := setup(t)
	role := must[*sts.AssumeRoleOutput](t)(b.assume(t, b.ctx, &sts.AssumeRoleInput{RoleArn: ptr(execution)})).Credentials
	b.update(t, func(tx *state.Tx) {
		b.PutRole(tx, management, RoleSpec{Name: "Broker", Trust: trustAccount(management), Managed: []string{administratorAccess}})
	})
	broker := must[*sts.AssumeRoleOutput](t)(b.assume(t, b.ctx, &sts.AssumeRoleInput{RoleArn: ptr("arn:aws:iam::111122223333:role/Broker")})).Credentials
	chained := must[*sts.AssumeRoleOutput](t)(b.assume(t, b.as(t, *broker.AccessKeyId), &sts.AssumeRoleInput{RoleArn: ptr(execution)})).Credentials
	user := must[*sts.GetSessionTokenOutput](t)(b.GetSessionToken(b.ctx, &sts.GetSessionTokenInput{})).Credentials
	federated := must[*sts.GetFederationTokenOutput](t)(b.GetFederationToken(b.ctx, &sts.GetFederationTokenInput{Name: ptr("jane")})).Credentials
	with := func(c *ststypes.Credentials, change func(*ststypes.Credentials)) *ststypes.Credentials {
		changed := *c
		change(&changed)
		return &changed
	}
	for _, tc := range []struct {
		name string
		with *ststypes.Credentials
		d    time.Duration
		want error
	}{
		{"a role", role, 0, nil},
		{"a role, a quarter of an hour", role, 15 * time.Minute, nil},
		{"a role, beyond its maximum", role, 12 * time.Hour, nil},
		{"a role, too short", role, 15*time.Minute - time.Second, ErrDuration},
		{"a role, too long", role, 12*time.Hour + time.Second, ErrDuration},
		{"a chained role", chained, 0, nil},
		{"a chained role with a duration", chained, time.Hour, ErrChained},
		{"a federated user", federated, 0, nil},
		{"a federated user, 36 hours", federated, 36 * time.Hour, nil},
		{"a federated user, longer", federated, 37 * time.Hour, ErrDuration},
		{"a user's session", user, 0, ErrNoConsole},
		{"a wrong secret", with(role, func(c *ststypes.Credentials) { c.SecretAccessKey = user.SecretAccessKey }), 0, ErrNoSession},
		{"another's token", with(role, func(c *ststypes.Credentials) { c.SessionToken = user.SessionToken }), 0, ErrNoSession},
		{"no such key", with(role, func(c *ststypes.Credentials) { c.AccessKeyId = ptr("ASIANOTHERE") }), 0, ErrNoSession},
		{"a user's key", with(role, func(c *ststypes.Credentials) { c.AccessKeyId = ptr(adminKey) }), 0, ErrNoSession},
	} {
		if got := b.entry(t, tc.with, tc.d); !errors.Is(got, tc.want) {
			t.Errorf("%s: %v, want %v", tc.name, got, tc.want)
		}
	}
	b.wall.move(time.Hour)
	if got := b.entry(t, role, 12*time.Hour); !errors.Is(got, ErrNoSession) {
		t.Errorf("with expired credentials: %v", got)
	}
}

func TestConsoleSession(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := must[*sts.AssumeRoleOutput](t)(b.assume(t, b.ctx, &sts.AssumeRoleInput{RoleArn: ptr(execution)})).Credentials
	var own, long *Session
	b.update(t, func(tx *state.Tx) {
		own = must[*Session](t)(b.ConsoleSession(tx, *c.AccessKeyId, NewSecret(), 0))
		long = must[*Session](t)(b.ConsoleSession(tx, *c.AccessKeyId, NewSecret(), 12*time.Hour))
	})
	if own.ID == *c.AccessKeyId || own.Secret == *c.SecretAccessKey || own.Token == *c.SessionToken {
		t.Error("the console session has the credentials it was made of")
	}
	if !own.Expires.Equal(*c.Expiration) || !long.Expires.Equal(noon.Add(12*time.Hour)) {
		t.Errorf("they last until %v and %v", own.Expires, long.Expires)
	}
	if got := wire.RequestFrom(b.as(t, own.ID)).Caller.ARN; got != "arn:aws:sts::444455556666:assumed-role/AWSControlTowerExecution/me" {
		t.Errorf("the session is %s's", got)
	}
	b.wall.move(2 * time.Hour)
	b.update(t, func(tx *state.Tx) {
		if b.LiveSession(tx, own.ID) != nil || b.LiveSession(tx, long.ID) == nil {
			t.Error("after two hours the short one lives, or the long one does not")
		}
		if _, err := b.ConsoleSession(tx, *c.AccessKeyId, NewSecret(), 0); !errors.Is(err, ErrNoSession) {
			t.Errorf("of expired credentials: %v", err)
		}
		b.EndSession(tx, long.ID)
		if b.LiveSession(tx, long.ID) != nil {
			t.Error("an ended session lives")
		}
		again := must[*Session](t)(b.ConsoleSession(tx, *c.AccessKeyId, NewSecret(), time.Hour))
		b.DeleteRole(tx, member, "AWSControlTowerExecution")
		if b.LiveSession(tx, again.ID) != nil {
			t.Error("a session outlives its role")
		}
		if _, err := b.ConsoleSession(tx, *c.AccessKeyId, NewSecret(), time.Hour); !errors.Is(err, ErrNoSession) {
			t.Errorf("of a role that is gone: %v", err)
		}
	})
}
