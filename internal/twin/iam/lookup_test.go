package iam

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

func TestLookup(t *testing.T) {
	t.Parallel()
	b := setup(t)
	k := must[wire.Key](t)(b.Lookup(t.Context(), adminKey))
	_ = b.state.View(func(tx *state.Tx) error {
		want := wire.Key{Secret: "admin secret", Caller: wire.Caller{
			AccountID: management, ARN: "arn:aws:iam::111122223333:user/admin", AccessKeyID: adminKey, UserID: b.users.rows.Get(tx, key(management, "admin")).ID,
		}}
		if diff := cmp.Diff(want, k); diff != "" {
			t.Errorf("admin's key (-want +got):\n%s", diff)
		}
		return nil
	})
	if _, err := b.Lookup(t.Context(), "AKIANOBODYNOBODYNOBO"); !errors.Is(err, wire.ErrNoKey) {
		t.Errorf("unknown key: %v", err)
	}
	b.update(t, func(tx *state.Tx) { b.keys.Change(tx, bobKey, func(k *AccessKey) { k.Inactive = true }) })
	if _, err := b.Lookup(t.Context(), bobKey); !errors.Is(err, wire.ErrKeyInactive) {
		t.Errorf("inactive key: %v", err)
	}
	b.update(t, func(tx *state.Tx) { b.SuspendAccount(tx, management, true) })
	if _, err := b.Lookup(t.Context(), adminKey); !errors.Is(err, wire.ErrNoKey) {
		t.Errorf("key of a suspended account: %v", err)
	}
	b.update(t, func(tx *state.Tx) { b.SuspendAccount(tx, management, false) })
	if _, err := b.Lookup(t.Context(), adminKey); err != nil {
		t.Errorf("key of an account opened again: %v", err)
	}
	b.update(t, func(tx *state.Tx) { b.RemoveAccount(tx, management) })
	if _, err := b.Lookup(t.Context(), adminKey); !errors.Is(err, wire.ErrNoKey) {
		t.Errorf("key of a removed account: %v", err)
	}
}

func TestLookup_Session(t *testing.T) {
	t.Parallel()
	b := setup(t)
	session := func() (n *Session) {
		secret := NewSecret()
		b.update(t, func(tx *state.Tx) {
			n = must[*Session](t)(b.NewRoleSession(tx, RoleSession{AccountID: member, Role: "AWSControlTowerExecution", SessionName: "me", Duration: 15 * time.Minute, Secret: secret}))
		})
		return n
	}
	n := session()
	k := must[wire.Key](t)(b.Lookup(t.Context(), n.ID))
	want := wire.Key{Secret: n.Secret, SessionToken: n.Token, Expires: noon.Add(15 * time.Minute), Caller: wire.Caller{
		AccountID: member, ARN: "arn:aws:sts::444455556666:assumed-role/AWSControlTowerExecution/me", UserID: n.EntityID + ":me", AccessKeyID: n.ID,
	}}
	if diff := cmp.Diff(want, k); diff != "" {
		t.Errorf("key of a session (-want +got):\n%s", diff)
	}

	b.wall.move(48 * time.Hour)
	other := session()
	if _, err := b.Lookup(t.Context(), n.ID); !errors.Is(err, wire.ErrNoKey) {
		t.Errorf("a session ended long ago was not swept: %v", err)
	}
	b.update(t, func(tx *state.Tx) { b.DeleteRole(tx, member, "AWSControlTowerExecution") })
	b.update(t, func(tx *state.Tx) { b.AddMember(tx, member, "AWSControlTowerExecution", management) })
	if _, err := b.Lookup(t.Context(), other.ID); !errors.Is(err, wire.ErrNoKey) {
		t.Errorf("a session outlived its role: %v", err)
	}
}

func TestKeyID(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.update(t, func(tx *state.Tx) {
		for _, account := range []string{"000000000001", management, "999999999999"} {
			id := keyID(tx, keyPrefix, account)
			if got, ok := keyAccount(id); !ok || got != account || len(id) != 20 {
				t.Errorf("%s says account %q, want %s", id, got, account)
			}
		}
	})
	// A published id and its account: Tal Be'ery, "A short note on AWS KEY ID", 2023.
	if got, ok := keyAccount("ASIAQNZGKIQY56JQ7WML"); !ok || got != "029608264753" {
		t.Errorf("account %q %v", got, ok)
	}
	for _, id := range []string{"", "AKIA", "AIDAQNZGKIQY56JQ7WML", "ASIAQNZGKIQY56JQ7WM1"} {
		if _, ok := keyAccount(id); ok {
			t.Errorf("%q holds an account", id)
		}
	}
}

func BenchmarkLookup(b *testing.B) {
	f := setup(b)
	ctx := b.Context()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := f.Lookup(ctx, adminKey); err != nil {
			b.Fatal(err)
		}
	}
}
