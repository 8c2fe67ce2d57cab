package iam

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/aws/smithy-go"

	"accountfactory/internal/clock"
	"accountfactory/internal/policy"
	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

const (
	management = "111122223333"
	member     = "444455556666"
	adminKey   = "AKIAADMINADMINADMIN1"
	bobKey     = "AKIABOBBOBBOBBOBBOB1"
	execution  = "arn:aws:iam::444455556666:role/AWSControlTowerExecution"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// hand is a wall clock that tests move.
type hand struct {
	mu sync.Mutex
	at time.Time
}

func (h *hand) Now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.at
}

func (h *hand) move(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.at = h.at.Add(d)
}

// bundle is a service with a management account, whose users are admin and bob, who may do nothing, and a member account.
type bundle struct {
	*Service
	wall *hand
	ctx  context.Context // of admin
	bob  context.Context
}

func setup(t testing.TB) *bundle {
	t.Helper()
	b := &bundle{wall: &hand{at: noon}}
	st := state.New(state.Options{Path: filepath.Join(t.TempDir(), "twin.db"), Seed: 7, Wall: clock.Fixed(noon)})
	b.Service = New(st, Config{ManagementAccountID: management, Region: "eu-west-1", Wall: b.wall})
	if _, err := st.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	b.update(t, func(tx *state.Tx) {
		b.PutAccount(tx, management)
		b.PutUser(tx, management, "admin", []string{administratorAccess})
		b.PutAccessKey(tx, management, "admin", adminKey, "admin secret")
		b.PutUser(tx, management, "bob", nil)
		b.PutAccessKey(tx, management, "bob", bobKey, "bob secret")
		b.AddMember(tx, member, "AWSControlTowerExecution", management)
	})
	b.ctx, b.bob = b.as(t, adminKey), b.as(t, bobKey)
	return b
}

func (b *bundle) update(t testing.TB, f func(tx *state.Tx)) {
	t.Helper()
	if err := b.state.Update(context.Background(), func(tx *state.Tx) error { f(tx); return nil }); err != nil {
		t.Fatal(err)
	}
}

// as gives the context of a request signed with this key.
func (b *bundle) as(t testing.TB, keyID string) context.Context {
	t.Helper()
	k, err := b.Lookup(t.Context(), keyID)
	if err != nil {
		t.Fatalf("look up %s: %v", keyID, err)
	}
	return wire.WithRequest(t.Context(), &wire.Request{Caller: k.Caller, Region: "eu-west-1", At: b.wall.Now()})
}

// authorize judges checks as the endpoint does, without SCPs. It gives AWS's sentence, "" for a permission.
func (b *bundle) authorize(t testing.TB, ctx context.Context, checks []wire.Check) (sentence string) {
	t.Helper()
	caller := wire.RequestFrom(ctx).Caller
	_ = b.state.View(func(tx *state.Tx) error {
		who, policies := b.Identity(tx, caller)
		environment := b.Environment(tx, caller)
		for _, c := range checks {
			keys := policy.Global(who, environment)
			for k, v := range c.Context {
				keys[k] = v
			}
			r := policy.Request{Principal: who, Action: c.Action, Resource: c.Resource, Context: keys}
			if accountID, _, _, ok := splitARN(c.Resource, "role"); ok {
				r.ResourceAccountID = accountID
			}
			policies.Resource = b.ResourcePolicy(tx, c.Action, c.Resource)
			policies.Trust = policies.Resource != nil
			if d := policy.Evaluate(r, policies); !d.Allowed {
				sentence = d.Message(r)
				return nil
			}
		}
		return nil
	})
	return sentence
}

// code gives the error code a client would see: the type's name without Exception for what the SDK models.
func code(err error) string {
	var known smithy.APIError
	var plain interface{ ErrorCode() string }
	switch {
	case err == nil:
		return ""
	case errors.As(err, &known):
		return known.ErrorCode()
	case errors.As(err, &plain):
		return plain.ErrorCode()
	}
	return err.Error()
}

// message gives an error's message.
func message(err error) string {
	var m interface{ ErrorMessage() string }
	if errors.As(err, &m) {
		return m.ErrorMessage()
	}
	return ""
}

func must[T any](t testing.TB) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func ptr[T any](v T) *T { return &v }
