package iam

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/clock"
	"accountfactory/internal/policy"
	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

func TestRestart(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "twin.db")
	open := func() (*state.Store, *Service) {
		st := state.New(state.Options{Path: path, Seed: 7, Wall: clock.Fixed(noon)})
		s := New(st, Config{ManagementAccountID: management, Wall: clock.Fixed(noon)})
		if _, err := st.Open(t.Context()); err != nil {
			t.Fatal(err)
		}
		return st, s
	}
	type seen struct {
		Key      wire.Key
		Who      policy.Principal
		Policies []string
		Limits   []string
		Boundary string
	}
	look := func(s *Service, id string) (out seen) {
		out.Key = must[wire.Key](t)(s.Lookup(t.Context(), id))
		_ = s.state.View(func(tx *state.Tx) error {
			var p policy.Policies
			out.Who, p = s.Identity(tx, out.Key.Caller)
			for _, n := range p.Identity {
				out.Policies = append(out.Policies, n.Name)
			}
			for _, n := range p.Session {
				out.Limits = append(out.Limits, n.Name)
			}
			out.Boundary = p.Boundary.Name
			return nil
		})
		return out
	}

	st, s := open()
	var n *Session
	err := st.Update(t.Context(), func(tx *state.Tx) (err error) {
		s.PutAccount(tx, member)
		s.PutRole(tx, member, RoleSpec{
			Name: "r", Path: "/p/", Trust: trustAccount(management), Managed: []string{administratorAccess}, Inline: map[string]string{"own": allowAll},
			Boundary: "arn:aws:iam::aws:policy/ReadOnlyAccess", Tags: map[string]string{"a": "1"},
		})
		n, err = s.NewRoleSession(tx, RoleSession{AccountID: member, Role: "r", SessionName: "me", Secret: NewSecret(), Policies: []string{allowAll}, Tags: map[string]string{"b": "2"}, SourceIdentity: "jane"})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	before := look(s, n.ID)
	if before.Who.RoleARN != "arn:aws:iam::444455556666:role/p/r" || len(before.Policies) != 2 || len(before.Limits) != 1 {
		t.Errorf("before: %+v", before)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	st, s = open()
	defer func() { _ = st.Close() }()
	if diff := cmp.Diff(before, look(s, n.ID)); diff != "" {
		t.Errorf("after a restart (-before +after):\n%s", diff)
	}
}
