package organizations_test

import (
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/twin/organizations"
	"accountfactory/internal/twin/state"
)

// All that is known is read back from the file, a creation under way included.
func TestRestart(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "twin.db")
	type everything struct {
		Org      organizations.Organization
		Accounts []*organizations.Account
		OUs      []*organizations.OU
		Levels   [][]organizations.Attached
		Creation organizations.CreateStatus
		Running  int
		Trusted  bool
		Admin    bool
		Resource organizations.ResourcePolicy
		Tags     string // effective policy
		Since    time.Time
	}
	var accountID, creationID string
	look := func(s *organizations.Service, st *state.Store) (e everything) {
		_ = st.View(func(tx *state.Tx) error {
			content, since, err := s.Effective(tx, accountID, tagType)
			must(t, err)
			e = everything{
				Resource: *s.ResourcePolicy(tx), Tags: content, Since: since,
				Org: *s.Organization(tx), Accounts: slices.Collect(s.Accounts(tx)), OUs: slices.Collect(s.AllOUs(tx)),
				Levels: s.ServiceControlPolicies(tx, accountID), Creation: *s.CreateStatusOf(tx, creationID),
				Running: len(tx.Running("organizations.CreateAccount", creationID)),
				Trusted: s.TrustsService(tx, "sso.amazonaws.com"), Admin: s.IsDelegated(tx, accountID),
			}
			return nil
		})
		return e
	}
	open := func() (*organizations.Service, *state.Store) {
		st := state.New(state.Options{Path: path, Seed: 1, Speed: 0.001})
		s := organizations.New(st, &members{roles: map[string]string{}}, organizations.Config{ManagementAccountID: management})
		_, err := st.Open(t.Context())
		must(t, err)
		return s, st
	}
	s, st := open()
	var ou string
	must(t, st.Update(t.Context(), func(tx *state.Tx) error {
		s.Found(tx, "owner@example.com", "Owner")
		made, err := s.AddOU(tx, s.RootID(tx), "A", []organizations.Tag{{Key: "k", Value: "v"}})
		must(t, err)
		ou = made.ID
		accountID = s.AddAccount(tx, organizations.Account{Name: "x", Email: "x@example.com", Parent: ou}).ID
		p, err := s.AddPolicy(tx, "deny", "", denyAll, nil)
		must(t, err)
		must(t, s.Attach(tx, p.ID, ou))
		must(t, s.TrustService(tx, "sso.amazonaws.com"))
		must(t, s.Delegate(tx, accountID, "sso.amazonaws.com"))
		must(t, s.Close(tx, s.AddAccount(tx, organizations.Account{Name: "y", Email: "y@example.com"}).ID))
		begun, err := s.BeginCreateAccount(tx, organizations.NewAccount{Name: "z", Email: "z@example.com", By: "arn:aws:iam::1:user/u"})
		must(t, err)
		creationID = begun.ID
		return nil
	}))
	// The first of two tag policies wins, also when its id is the later one in the table.
	w := &twin{Service: s, t: t, store: st, ctx: as(management)}
	w.view(func(tx *state.Tx) { w.root = s.RootID(tx) })
	must(t, w.enable(tagType))
	for _, key := range []string{"z", "a", "y", "b"} {
		id, err := w.make(tagType, key, `{"tags":{"k":{"tag_key":{"@@assign":"`+key+`"}}}}`)
		must(t, err)
		must(t, w.attach(id, ou))
	}
	_, err := w.putResourcePolicy(granting(`"*"`, `"organizations:List*"`), types.Tag{Key: new("team"), Value: new("a")})
	must(t, err)
	want := look(s, st)
	must(t, st.Close())

	s, st = open()
	defer func() { _ = st.Close() }()
	if diff := cmp.Diff(want, look(s, st)); diff != "" {
		t.Errorf("after the restart (-before +after):\n%s", diff)
	}
	if want.Running != 1 || !want.Trusted || !want.Admin || len(want.Levels) != 3 || len(want.Accounts) != 3 ||
		want.Tags != `{"tags":{"k":{"tag_key":"z"}}}` || len(want.Resource.Tags) != 1 {
		t.Errorf("before the restart: %+v", want)
	}
}
