package iam

import (
	"strings"
	"time"

	"accountfactory/internal/arn"
	"accountfactory/internal/policy"
	"accountfactory/internal/twin/state"
)

// Account is an AWS account as IAM sees it.
type Account struct {
	ID        string
	Created   time.Time
	Alias     string `json:",omitempty"`
	Suspended bool   `json:",omitempty"` // closed: no key of it works, no role of it can be assumed

	// Since when it has the service-linked roles of Organizations and Identity Center, see implicit.
	OrganizationsRole time.Time `json:",omitzero"`
	CenterRole        time.Time `json:",omitzero"`
}

// Entity is what users, groups and roles have in common.
type Entity struct {
	AccountID string
	Name      string
	Path      string // "/" or "/a/b/"
	ID        string // AIDA…, AGPA…, AROA…
	Created   time.Time
	Managed   []string          `json:",omitempty"` // ARNs of attached managed policies, in the order they were attached
	Inline    map[string]string `json:",omitempty"` // name → document
	Boundary  string            `json:",omitempty"` // ARN of the managed policy that is the permissions boundary
	Tags      map[string]string `json:",omitempty"`
}

// User is an IAM user.
type User struct {
	Entity
}

// Group is an IAM group. Who is in it is kept as Memberships.
type Group struct {
	Entity
}

// Role is an IAM role.
type Role struct {
	Entity
	Description string `json:",omitempty"`
	Trust       string // trust policy
	MaxSession  time.Duration
	Service     string `json:",omitempty"` // the service that made the role and alone may change it
}

// ARN gives the role's ARN, with its path.
func (r *Role) ARN() string { return r.arn("role") }

// ARN gives the user's ARN, with its path.
func (u *User) ARN() string { return u.arn("user") }

// ARN gives the group's ARN, with its path.
func (g *Group) ARN() string { return g.arn("group") }

func (e *Entity) arn(kind string) string {
	return "arn:aws:iam::" + e.AccountID + ":" + kind + e.Path + e.Name
}

func (e *Entity) key() string { return key(e.AccountID, e.Name) }

// key gives the primary key of what has a name within its account. Names differ by more than case
// (IAM User Guide, "IAM and AWS STS quotas").
func key(accountID, name string) string { return accountID + "/" + strings.ToLower(name) }

// Membership is a user's being in a group.
type Membership struct {
	AccountID, Group, User string
}

func (m *Membership) key() string { return key(m.AccountID, m.Group+"/"+m.User) }

// Policy is a customer managed policy.
type Policy struct {
	AccountID   string
	Name        string
	Path        string
	ID          string // ANPA…
	Description string `json:",omitempty"`
	Created     time.Time
	Updated     time.Time
	Default     int // number of the default version
	Last        int // number of the last version made; numbers are not used twice
	Versions    []Version
	Tags        map[string]string `json:",omitempty"`
}

// Version is a version of a managed policy.
type Version struct {
	Number   int
	Document string
	Created  time.Time
}

// ARN gives the policy's ARN, with its path.
func (p *Policy) ARN() string { return arn.Make("iam", "", p.AccountID, "policy"+p.Path+p.Name) }

func (p *Policy) document() string {
	for _, v := range p.Versions {
		if v.Number == p.Default {
			return v.Document
		}
	}
	return ""
}

// AccessKey is a long-term key. It carries what Lookup needs, so that the way of every request is short.
type AccessKey struct {
	ID        string // AKIA…
	Secret    string
	AccountID string
	User      string `json:",omitempty"` // "" for the root user
	UserARN   string
	UserID    string
	Inactive  bool `json:",omitempty"`
	Created   time.Time
}

// Session is a set of temporary credentials.
type Session struct {
	ID        string // ASIA…
	Secret    string
	Token     string
	AccountID string
	Type      policy.PrincipalType // AssumedRole, FederatedUser; User or Root for GetSessionToken
	ARN       string               // as GetCallerIdentity shows it
	UserID    string
	Name      string    `json:",omitempty"` // of the role or user whose policies speak
	EntityID  string    // unique id of that role or user: the session ends with it
	Issued    time.Time // wall time, as is Expires
	Expires   time.Time

	Policies       []string          `json:",omitempty"` // session policies, documents
	PolicyARNs     []string          `json:",omitempty"` // session policies, managed
	Tags           map[string]string `json:",omitempty"`
	Transitive     []string          `json:",omitempty"` // keys of the tags that a chained session inherits
	SourceIdentity string            `json:",omitempty"`
	Chained        bool              `json:",omitempty"` // a role assumed with temporary credentials
}

// tables are the rows of the service.
type tables struct {
	accounts    *state.Table[Account]
	aliases     *state.Index[Account]
	users       class[User]
	groups      class[Group]
	roles       class[Role]
	memberships *state.Table[Membership]
	groupsOf    *state.Index[Membership]
	policies    *state.Table[Policy]
	keys        *state.Table[AccessKey]
	keysOf      *state.Index[AccessKey]
	sessions    *state.Table[Session]
	ending      *state.Index[Session]
	sessionsOf  *state.Index[Session]
	seals       *state.Table[seal]
	deletions   *state.Table[Deletion]
	deletionsOf *state.Index[Deletion]
}

func define(st *state.Store) tables {
	var t tables
	t.accounts = state.Define(st, "iam.accounts", 1, func(a *Account) string { return a.ID })
	t.aliases = t.accounts.Unique("alias", func(a *Account) (string, bool) { return a.Alias, a.Alias != "" })
	t.users = class[User]{kind: "user", limits: userLimits, entity: func(u *User) *Entity { return &u.Entity }}
	t.users.rows = state.Define(st, "iam.users", 1, func(u *User) string { return u.key() })
	t.groups = class[Group]{kind: "group", limits: groupLimits, entity: func(g *Group) *Entity { return &g.Entity }}
	t.groups.rows = state.Define(st, "iam.groups", 1, func(g *Group) string { return g.key() })
	t.roles = class[Role]{kind: "role", limits: roleLimits, entity: func(r *Role) *Entity { return &r.Entity }, protected: (*Role).protected}
	t.roles.rows = state.Define(st, "iam.roles", 1, func(r *Role) string { return r.key() })
	t.memberships = state.Define(st, "iam.memberships", 1, (*Membership).key)
	t.groupsOf = t.memberships.Index("user", func(m *Membership) (string, bool) { return key(m.AccountID, m.User), true })
	t.policies = state.Define(st, "iam.policies", 1, func(p *Policy) string { return key(p.AccountID, p.Name) })
	t.keys = state.Define(st, "iam.keys", 1, func(k *AccessKey) string { return k.ID })
	t.keysOf = t.keys.Index("user", func(k *AccessKey) (string, bool) { return key(k.AccountID, k.User), true })
	t.sessions = state.Define(st, "iam.sessions", 1, func(s *Session) string { return s.ID })
	t.ending = t.sessions.Index("expires", func(s *Session) (string, bool) { return s.Expires.UTC().Format(time.RFC3339), true })
	t.sessionsOf = t.sessions.Index("account", func(s *Session) (string, bool) { return s.AccountID, true })
	t.seals = state.Define(st, "iam.seals", 1, func(k *seal) string { return k.Name })
	t.deletions = state.Define(st, "iam.deletions", 1, func(d *Deletion) string { return d.ID })
	t.deletionsOf = t.deletions.Index("account", func(d *Deletion) (string, bool) { return d.AccountID, true })
	return t
}
