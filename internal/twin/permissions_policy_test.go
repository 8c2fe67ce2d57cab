package twin

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	oidctypes "github.com/aws/aws-sdk-go-v2/service/ssooidc/types"

	"accountfactory/internal/twin/iam"
	"accountfactory/internal/twin/state"
)

// probe gives a session in the management account whose role may do what a policy says; later calls change the policy.
func (w *world) probe(t *testing.T, statement string) key {
	t.Helper()
	w.update(t, func(tx *state.Tx) {
		w.twin.iam.PutRole(tx, w.management, iam.RoleSpec{
			Name: "probe", MaxSession: time.Hour,
			Trust:  `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"sts:AssumeRole"}]}`,
			Inline: map[string]string{"probe": `{"Version":"2012-10-17","Statement":[` + statement + `]}`},
		})
	})
	if k, ok := w.keys["probe"]; ok {
		return k
	}
	w.accounts["probe"] = w.management
	w.keys["probe"] = w.session(t, role{account: "probe", name: "probe"})
	return w.keys["probe"]
}

func quoted(names []string) string { return `["` + strings.Join(names, `","`) + `"]` }

// TestPermissions_ActionIsNeededAndEnough takes each action of each operation out of a policy that allows all else, and
// then allows the operation's actions alone.
func TestPermissions_ActionIsNeededAndEnough(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, s := range w.signed(t) {
		for _, op := range s.Operations() {
			var actions []string
			for _, c := range w.checks(t, s.Name(), op.Name) {
				if !slices.Contains(actions, c.Action) {
					actions = append(actions, c.Action)
				}
			}
			if len(actions) == 0 {
				continue // TestPermissions_EveryRowAsks knows them
			}
			for _, action := range actions {
				k := w.probe(t, `{"Effect":"Allow","NotAction":"`+action+`","Resource":"*"}`)
				err := w.call(t, w.asking, k, s.Name(), op.Name)
				who := "arn:aws:sts::111122223333:assumed-role/probe/requester is not authorized to perform: " + action + " on resource: "
				why := fmt.Sprintf(" because no identity-based policy allows the %s action", action)
				if !isDenied(err) || !strings.Contains(sentence(err), who) || !strings.HasSuffix(sentence(err), why) {
					t.Errorf("%s %s without %s: %v", s.Name(), op.Name, action, err)
				}
			}
			k := w.probe(t, `{"Effect":"Allow","Action":`+quoted(actions)+`,"Resource":"*"}`)
			if err := w.call(t, w.asking, k, s.Name(), op.Name); code(err) != codeAllowed {
				t.Errorf("%s %s with %v alone: %v", s.Name(), op.Name, actions, err)
			}
		}
	}
}

// sentence gives what a denial says; those of OAuth say it elsewhere.
func sentence(err error) string {
	var oauth *oidctypes.AccessDeniedException
	if errors.As(err, &oauth) {
		return aws.ToString(oauth.Error_description)
	}
	return err.Error()
}

// TestPermissions_ServiceControlPolicy denies everything at the root of the organization: the administrators of a member
// lose what can be denied, those of the management account nothing.
func TestPermissions_ServiceControlPolicy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.update(t, func(tx *state.Tx) {
		p, err := w.twin.org.AddPolicy(tx, "nothing", "", `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}`, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.twin.org.Attach(tx, p.ID, w.twin.org.RootID(tx)); err != nil {
			t.Fatal(err)
		}
	})
	for _, s := range w.signed(t) {
		for _, op := range s.Operations() {
			name := s.Name() + " " + op.Name
			if err := w.call(t, w.asking, w.keys["m.admin"], s.Name(), op.Name); code(err) != codeAllowed {
				t.Errorf("%s in the management account: %v", name, err)
			}
			err := w.call(t, w.asking, w.keys["v.owner"], s.Name(), op.Name)
			if len(w.checks(t, s.Name(), op.Name)) == 0 {
				if code(err) != codeAllowed {
					t.Errorf("%s, which nothing can deny: %v", name, err)
				}
				continue
			}
			if !isDenied(err) || !strings.HasSuffix(sentence(err), " with an explicit deny in a service control policy") {
				t.Errorf("%s in the member: %v", name, err)
			}
		}
	}
}

// TestPermissions_DelegatedAdministrator reads the organization from the audit account, with that account's own policies.
func TestPermissions_DelegatedAdministrator(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	reads := []string{"DescribeAccount", "ListParents", "ListAccountsForParent", "ListTagsForResource"}
	for _, op := range reads {
		if err := w.call(t, w.real, w.keys["a.admin"], "organizations", op); !isDenied(err) {
			t.Errorf("%s from an ordinary member: %v", op, err)
		}
	}
	w.update(t, func(tx *state.Tx) {
		if err := w.twin.org.TrustService(tx, "config.amazonaws.com"); err != nil {
			t.Fatal(err)
		}
		if err := w.twin.org.Delegate(tx, w.accounts["audit"], "config.amazonaws.com"); err != nil {
			t.Fatal(err)
		}
	})
	for _, op := range reads {
		if err := w.call(t, w.real, w.keys["a.admin"], "organizations", op); err != nil {
			t.Errorf("%s from a delegated administrator: %v", op, err)
		}
	}
	for _, op := range []string{"MoveAccount", "CloseAccount", "CreateAccount"} {
		if err := w.call(t, w.real, w.keys["a.admin"], "organizations", op); !isDenied(err) {
			t.Errorf("%s from a delegated administrator: %v", op, err)
		}
	}
	if err := w.call(t, w.real, w.keys["a.power"], "organizations", "DescribeAccount"); !isDenied(err) {
		t.Errorf("DescribeAccount from a role without it in the delegated account: %v", err)
	}
}
