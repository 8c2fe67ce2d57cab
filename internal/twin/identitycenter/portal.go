package identitycenter

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/sso"
	"github.com/aws/aws-sdk-go-v2/service/sso/types"

	"accountfactory/internal/twin/iam"
	"accountfactory/internal/twin/state"
)

// ListAccounts shows the accounts the bearer has a role in.
func (s *Service) ListAccounts(_ context.Context, in *sso.ListAccountsInput, _ ...func(*sso.Options)) (out *sso.ListAccountsOutput, err error) {
	err = s.asBearer(in.AccessToken, func(tx *state.Tx, u *User) error {
		scope := "ListAccounts/" + u.ID
		from, err := afterInPortal(scope, in.NextToken)
		if err != nil {
			return err
		}
		out = &sso.ListAccountsOutput{}
		out.AccountList, out.NextToken = page(scope, in.MaxResults, s.accountsFor(tx, u.ID, from), same, func(id string) types.AccountInfo {
			name, email, _ := s.accounts.AccountName(tx, id)
			return types.AccountInfo{AccountId: &id, AccountName: &name, EmailAddress: &email}
		})
		return nil
	})
	return out, err
}

// ListAccountRoles shows the roles the bearer has in an account, by the names of their permission sets.
func (s *Service) ListAccountRoles(_ context.Context, in *sso.ListAccountRolesInput, _ ...func(*sso.Options)) (out *sso.ListAccountRolesOutput, err error) {
	err = s.asBearer(in.AccessToken, func(tx *state.Tx, u *User) error {
		scope := "ListAccountRoles/" + u.ID + "/" + *in.AccountId
		from, err := afterInPortal(scope, in.NextToken)
		if err != nil {
			return err
		}
		sets := s.setsFor(tx, u.ID, *in.AccountId)
		if len(sets) == 0 {
			return noAccess()
		}
		names := each(sets, func(p *PermissionSet) string { return p.Name })
		slices.Sort(names)
		out = &sso.ListAccountRolesOutput{}
		out.RoleList, out.NextToken = page(scope, in.MaxResults, only(slices.Values(names), func(n string) bool { return n > from }), same, func(n string) types.RoleInfo {
			return types.RoleInfo{AccountId: in.AccountId, RoleName: &n}
		})
		return nil
	})
	return out, err
}

// GetRoleCredentials gives credentials of a permission set's role in an account, as the bearer.
func (s *Service) GetRoleCredentials(ctx context.Context, in *sso.GetRoleCredentialsInput, _ ...func(*sso.Options)) (*sso.GetRoleCredentialsOutput, error) {
	secret := iam.NewSecret()
	var session *iam.Session
	err := s.state.Update(ctx, func(tx *state.Tx) error {
		_, u := s.Session(tx, AccessUse, deref(in.AccessToken))
		if u == nil {
			return unauthorized()
		}
		want, err := s.roleFor(tx, u, *in.AccountId, *in.RoleName)
		if err != nil {
			return err
		}
		want.Secret = secret
		session, err = s.roles.NewRoleSession(tx, want)
		if errors.Is(err, iam.ErrNoRole) {
			return noAccess()
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return &sso.GetRoleCredentialsOutput{RoleCredentials: &types.RoleCredentials{
		AccessKeyId: &session.ID, SecretAccessKey: &session.Secret, SessionToken: &session.Token, Expiration: session.Expires.UnixMilli(),
	}}, nil
}

// Logout ends the bearer's session. The console's is the portal's own: with it the browser is signed out.
func (s *Service) Logout(ctx context.Context, in *sso.LogoutInput, _ ...func(*sso.Options)) (*sso.LogoutOutput, error) {
	return &sso.LogoutOutput{}, s.state.Update(ctx, func(tx *state.Tx) error {
		p, _ := s.Session(tx, AccessUse, deref(in.AccessToken))
		if p == nil {
			return unauthorized()
		}
		s.EndSession(tx, p.ID)
		if p.Browser != "" {
			s.EndSession(tx, p.Browser)
		}
		return nil
	})
}

// asBearer reads as the user an access token is good for.
func (s *Service) asBearer(token *string, f func(tx *state.Tx, u *User) error) error {
	return s.state.View(func(tx *state.Tx) error {
		_, u := s.Session(tx, AccessUse, deref(token))
		if u == nil {
			return unauthorized()
		}
		return f(tx, u)
	})
}

// roleFor says which role session a user gets for a permission set in an account; it returns AWS's refusal when none.
func (s *Service) roleFor(tx *state.Tx, u *User, accountID, setName string) (iam.RoleSession, error) {
	for _, p := range s.setsFor(tx, u.ID, accountID) {
		if p.Name == setName {
			role := s.Provision(tx, accountID, p.ARN).Role
			return iam.RoleSession{AccountID: accountID, Role: role, SessionName: sessionName(u.UserName), Duration: p.Session()}, nil
		}
	}
	return iam.RoleSession{}, noAccess()
}

// setsFor gives the permission sets a user has in an account, where their role is there.
func (s *Service) setsFor(tx *state.Tx, userID, accountID string) (sets []*PermissionSet) {
	seen := map[string]bool{}
	for _, principal := range s.principals(tx, userID) {
		for p := range s.setsOf(tx, principal, accountID) {
			if !seen[p.ARN] {
				seen[p.ARN] = true
				sets = append(sets, p)
			}
		}
	}
	return sets
}

// setsOf gives the permission sets a user or group itself has in an account of the organization, where their role is there.
func (s *Service) setsOf(tx *state.Tx, principal, accountID string) iter.Seq[*PermissionSet] {
	return func(yield func(*PermissionSet) bool) {
		if _, _, ok := s.accounts.AccountName(tx, accountID); !ok {
			return
		}
		for a := range s.byPrincipal.OfAfter(tx, principal, accountID+"/") {
			if a.AccountID != accountID {
				return
			}
			p := s.PermissionSet(tx, a.PermissionSetARN)
			if p != nil && s.Provision(tx, accountID, p.ARN) != nil && !yield(p) {
				return
			}
		}
	}
}

// accountsFor gives the accounts after one that a user has a role in, in order. It merges the assignments of the user and
// of each group of theirs, skipping from account to account, so a page costs the same however many there are.
func (s *Service) accountsFor(tx *state.Tx, userID, after string) iter.Seq[string] {
	principals := s.principals(tx, userID)
	return func(yield func(string) bool) {
		heads := each(principals, func(p string) string { return s.nextAccount(tx, p, after) })
		for next := least(heads); next != ""; next = least(heads) {
			enters := false
			for i, principal := range principals {
				if heads[i] != next {
					continue
				}
				for range s.setsOf(tx, principal, next) {
					enters = true
					break
				}
				heads[i] = s.nextAccount(tx, principal, next)
			}
			if enters && !yield(next) {
				return
			}
		}
	}
}

// least gives the first of some account ids, "" when all are "".
func least(ids []string) (first string) {
	for _, id := range ids {
		if id != "" && (first == "" || id < first) {
			first = id
		}
	}
	return first
}

// nextAccount gives the first account after one in which a principal has an assignment, "" for none.
func (s *Service) nextAccount(tx *state.Tx, principal, after string) string {
	key := ""
	if after != "" {
		key = after + "0" // what follows the slash of the account's own keys
	}
	for a := range s.byPrincipal.OfAfter(tx, principal, key) {
		return a.AccountID
	}
	return ""
}

// sessionName makes a role session's name of a user name: what STS does not take is replaced, and 64 characters are kept.
func sessionName(userName string) string {
	name := strings.Map(func(r rune) rune {
		if r < 0x80 && (r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("_+=,.@-", r)) {
			return r
		}
		return '_'
	}, userName)
	if len(name) < 2 {
		name += "_"
	}
	return name[:min(len(name), 64)]
}

func same(s string) string { return s }
