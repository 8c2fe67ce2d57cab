package iam

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

func TestExists(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.update(t, func(tx *state.Tx) {
		b.groups.rows.Put(tx, &Group{newEntity(tx, management, "devs", ptr("/x/"), groupPrefix)})
		b.memberships.Put(tx, &Membership{AccountID: management, Group: "devs", User: "bob"})
		b.policies.Put(tx, &Policy{AccountID: management, Name: "p", Path: "/", Default: 1, Versions: []Version{{Number: 1, Document: allowAll}}})
	})
	_ = b.state.View(func(tx *state.Tx) error {
		for principal, want := range map[string]bool{
			"arn:aws:iam::111122223333:user/bob": true, "arn:aws:iam::111122223333:user/x/bob": false, "arn:aws:iam::444455556666:user/bob": false,
			"arn:aws:iam::111122223333:group/x/devs": true, "arn:aws:iam::111122223333:group/devs": false, execution: true, "arn:aws:iam::111122223333:root": false, "bob": false,
		} {
			if got := b.HasPrincipal(tx, principal); got != want {
				t.Errorf("principal %s: %v", principal, got)
			}
		}
		for policyARN, want := range map[string]bool{
			administratorAccess: true, "arn:aws:iam::111122223333:policy/p": true, "arn:aws:iam::111122223333:policy/q": false, "arn:aws:iam::aws:policy/None": false,
		} {
			if got := b.HasPolicy(tx, management, policyARN); got != want {
				t.Errorf("policy %s: %v", policyARN, got)
			}
		}
		if b.HasPolicy(tx, member, "arn:aws:iam::111122223333:policy/p") {
			t.Error("an account can attach another's policy")
		}
		if diff := cmp.Diff([]string{"arn:aws:iam::111122223333:group/x/devs"}, b.GroupARNs(tx, wire.RequestFrom(b.bob).Caller)); diff != "" {
			t.Errorf("bob's groups (-want +got):\n%s", diff)
		}
		if got := b.GroupARNs(tx, wire.RequestFrom(b.ctx).Caller); got != nil {
			t.Errorf("admin's groups: %v", got)
		}
		return nil
	})
}
