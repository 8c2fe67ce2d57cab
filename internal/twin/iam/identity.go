package iam

import (
	"maps"
	"strings"

	"accountfactory/internal/arn"
	"accountfactory/internal/policy"
	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

// Identity gives who a caller is and the policies that speak for them, as they stand now: identity policies, boundary and
// session policies. The zero Principal, who is allowed nothing, stands for a caller whose credentials are gone.
func (s *Service) Identity(tx *state.Tx, caller wire.Caller) (policy.Principal, policy.Policies) {
	if strings.HasPrefix(caller.AccessKeyID, temporaryPrefix) {
		n := s.sessions.Get(tx, caller.AccessKeyID)
		if n == nil || !s.lives(tx, n) {
			return policy.Principal{}, policy.Policies{}
		}
		return s.sessionIdentity(tx, n)
	}
	k := s.keys.Get(tx, caller.AccessKeyID)
	if k == nil {
		return policy.Principal{}, policy.Policies{}
	}
	if k.owner() == policy.Root {
		return rootPrincipal(k.AccountID), policy.Policies{}
	}
	return s.userIdentity(tx, s.users.rows.Get(tx, key(k.AccountID, k.User)))
}

// Environment gives the part of a request's environment that lies in the caller's credentials: when a session was issued
// and its source identity. The rest is the endpoint's to add.
func (s *Service) Environment(tx *state.Tx, caller wire.Caller) policy.Environment {
	n := s.sessions.Get(tx, caller.AccessKeyID)
	if n == nil {
		return policy.Environment{}
	}
	without := false // the twin has no MFA devices
	return policy.Environment{TokenIssued: n.Issued, SourceIdentity: n.SourceIdentity, MFA: &without}
}

func rootPrincipal(accountID string) policy.Principal {
	return policy.Principal{AccountID: accountID, ARN: rootARN(accountID), Type: policy.Root, UserID: accountID}
}

func (s *Service) userIdentity(tx *state.Tx, u *User) (policy.Principal, policy.Policies) {
	if u == nil {
		return policy.Principal{}, policy.Policies{}
	}
	who := policy.Principal{AccountID: u.AccountID, ARN: u.ARN(), Type: policy.User, UserID: u.ID, Tags: u.Tags}
	p := s.entityPolicies(tx, &u.Entity)
	for m := range s.groupsOf.Of(tx, u.key()) {
		if g := s.groups.rows.Get(tx, key(m.AccountID, m.Group)); g != nil {
			p.Identity = s.appendPolicies(tx, p.Identity, &g.Entity)
		}
	}
	return who, p
}

func (s *Service) sessionIdentity(tx *state.Tx, n *Session) (who policy.Principal, p policy.Policies) {
	switch n.Type {
	case policy.AssumedRole:
		r := s.roles.rows.Get(tx, key(n.AccountID, n.Name))
		who = policy.Principal{Type: policy.AssumedRole, RoleARN: r.ARN(), Tags: withTags(r.Tags, n.Tags)}
		p = s.entityPolicies(tx, &r.Entity)
	case policy.User:
		return s.userIdentity(tx, s.sessionUser(tx, n))
	case policy.FederatedUser:
		who, p = s.userIdentity(tx, s.sessionUser(tx, n))
		who = policy.Principal{Type: policy.FederatedUser, RoleARN: who.ARN, Tags: withTags(who.Tags, n.Tags)}
		if n.EntityID == n.AccountID { // made by the root user, whose permission no policy states
			who.RoleARN, who.Tags = rootARN(n.AccountID), n.Tags
			p.Identity = s.managedNamed(tx, nil, administratorAccess)
		}
		p.HasSession = true
	case policy.Root:
		return rootPrincipal(n.AccountID), p
	case policy.Service, policy.Anonymous:
		return who, p
	}
	who.AccountID, who.ARN, who.UserID = n.AccountID, n.ARN, n.UserID
	s.limit(tx, n, &p)
	return who, p
}

// limit adds the policies given when the session was made.
func (s *Service) limit(tx *state.Tx, n *Session, p *policy.Policies) {
	for _, document := range n.Policies {
		p.Session = append(p.Session, s.documents.named("session policy", document))
	}
	for _, a := range n.PolicyARNs {
		p.Session = s.managedNamed(tx, p.Session, a)
	}
	p.HasSession = p.HasSession || len(n.Policies)+len(n.PolicyARNs) > 0
}

// entityPolicies gives the policies of one user, group or role.
func (s *Service) entityPolicies(tx *state.Tx, e *Entity) policy.Policies {
	p := policy.Policies{Identity: s.appendPolicies(tx, make([]policy.Named, 0, len(e.Managed)+len(e.Inline)), e)}
	if e.Boundary != "" {
		// A boundary whose policy is gone allows nothing, which is what a document nobody can read says.
		p.Boundary = &policy.Named{Name: e.Boundary}
		if b := s.managedNamed(tx, nil, e.Boundary); len(b) > 0 {
			p.Boundary = &b[0]
		}
	}
	return p
}

func (s *Service) appendPolicies(tx *state.Tx, to []policy.Named, e *Entity) []policy.Named {
	for _, a := range e.Managed {
		to = s.managedNamed(tx, to, a)
	}
	for _, name := range sortedKeys(e.Inline) {
		to = append(to, s.documents.named(name, e.Inline[name]))
	}
	return to
}

// managedNamed appends the managed policy of this ARN, when there is one.
func (s *Service) managedNamed(tx *state.Tx, to []policy.Named, policyARN string) []policy.Named {
	if m := s.managed[policyARN]; m != nil {
		return append(to, policy.Named{Name: policyARN, Document: m.parsed})
	}
	if p := s.policyByARN(tx, policyARN); p != nil {
		return append(to, s.documents.named(policyARN, p.document()))
	}
	return to
}

// ResourcePolicy gives the trust policy that judges an STS action on a role, for policy.Policies.Resource with Trust set,
// and nil for every other resource. A role that does not exist trusts nobody.
func (s *Service) ResourcePolicy(tx *state.Tx, action, resource string) *policy.Named {
	if !strings.HasPrefix(action, "sts:") {
		return nil
	}
	accountID, path, name, ok := splitARN(resource, "role")
	if !ok {
		return nil
	}
	r := s.Role(tx, accountID, name)
	if r == nil || r.Path != path || !s.active(tx, accountID) {
		return &policy.Named{Name: resource, Document: &policy.Document{}}
	}
	named := s.documents.named(resource, r.Trust)
	return &named
}

// splitARN takes the ARN of a user, group, role or policy apart.
func splitARN(text, kind string) (accountID, path, name string, ok bool) {
	a, err := arn.Parse(text)
	rest, found := strings.CutPrefix(a.Resource, kind+"/")
	if err != nil || !found || a.Service != "iam" || a.Region != "" {
		return "", "", "", false
	}
	cut := strings.LastIndexByte(rest, '/') + 1
	return a.AccountID, "/" + rest[:cut], rest[cut:], rest[cut:] != ""
}

// withTags gives base with over laid upon it.
func withTags(base, over map[string]string) map[string]string {
	if len(over) == 0 {
		return base
	}
	out := maps.Clone(over)
	for k, v := range base {
		if _, ok := foldedTag(over, k); !ok {
			out[k] = v
		}
	}
	return out
}

// foldedTag finds a tag; keys of tags do not differ by case alone.
func foldedTag(tags map[string]string, name string) (key string, ok bool) {
	for k := range tags {
		if strings.EqualFold(k, name) {
			return k, true
		}
	}
	return "", false
}
