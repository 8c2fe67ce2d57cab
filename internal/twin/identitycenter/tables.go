package identitycenter

import (
	"strings"

	"accountfactory/internal/twin/state"
)

// tables are the service's rows. Sign-in keeps what it knows of users in tables of its own, by user id.
type tables struct {
	instances *state.Table[Instance]

	users   *state.Table[User]
	byName  *state.Index[User] // lower case
	byEmail *state.Index[User] // lower case

	groups  *state.Table[Group]
	byTitle *state.Index[Group] // display name, lower case

	memberships *state.Table[Membership]
	membersOf   *state.Index[Membership] // by group
	groupsOf    *state.Index[Membership] // by user
	pairs       *state.Index[Membership] // group/user

	sets      *state.Table[PermissionSet]
	setByName *state.Index[PermissionSet]

	assignments *state.Table[Assignment] // account/set/type/principal
	byPrincipal *state.Index[Assignment] // principal id
	provisions  *state.Table[Provision]  // account/set
	accountsOf  *state.Index[Provision]  // by set
	federations *state.Table[federation] // account
	requests    *state.Table[Request]    // id
	byKind      *state.Index[Request]    // kind
	byStatus    *state.Index[Request]    // kind/status
	outstanding *state.Index[Request]    // what counts against the limit of ten
	working     *state.Index[Request]    // permission set, while in progress
	ended       *state.Index[Request]    // time of the end
	invitations *state.Table[Invitation] // SHA-256 of the token
	invitedUser *state.Index[Invitation] // user id

	sessions      *state.Table[PortalSession]
	sessionsOf    *state.Index[PortalSession] // user id
	sessionEnds   *state.Index[PortalSession] // time of the end, as in all below
	tokens        *state.Table[portalToken]   // SHA-256 of the token
	tokensOf      *state.Index[portalToken]   // session
	tokenEnds     *state.Index[portalToken]
	clients       *state.Table[Client]
	clientEnds    *state.Index[Client]
	devices       *state.Table[DeviceAuthorization] // SHA-256 of the device code
	devicesByCode *state.Index[DeviceAuthorization] // user code
	deviceEnds    *state.Index[DeviceAuthorization]
	codes         *state.Table[code] // SHA-256 of the code
	codeEnds      *state.Index[code]
}

func defineTables(st *state.Store) tables {
	var t tables
	t.instances = state.Define(st, "identitycenter.instances", 1, func(i *Instance) string { return i.ID })
	t.users = state.Define(st, "identitycenter.users", 1, func(u *User) string { return u.ID })
	t.byName = t.users.Unique("name", func(u *User) (string, bool) { return strings.ToLower(u.UserName), true })
	t.byEmail = t.users.Unique("email", func(u *User) (string, bool) { return strings.ToLower(u.Email()), u.Email() != "" })
	t.groups = state.Define(st, "identitycenter.groups", 1, func(g *Group) string { return g.ID })
	t.byTitle = t.groups.Unique("name", func(g *Group) (string, bool) { return strings.ToLower(g.DisplayName), true })
	t.memberships = state.Define(st, "identitycenter.memberships", 1, func(m *Membership) string { return m.ID })
	t.membersOf = t.memberships.Index("group", func(m *Membership) (string, bool) { return m.GroupID, true })
	t.groupsOf = t.memberships.Index("user", func(m *Membership) (string, bool) { return m.UserID, true })
	t.pairs = t.memberships.Unique("pair", func(m *Membership) (string, bool) { return m.GroupID + "/" + m.UserID, true })
	t.sets = state.Define(st, "identitycenter.permissionsets", 1, func(p *PermissionSet) string { return p.ARN })
	t.setByName = t.sets.Unique("name", func(p *PermissionSet) (string, bool) { return p.Name, true })
	t.defineAssignments(st)
	t.defineSessions(st)
	return t
}

func (t *tables) defineAssignments(st *state.Store) {
	t.assignments = state.Define(st, "identitycenter.assignments", 1, (*Assignment).key)
	t.byPrincipal = t.assignments.Index("principal", func(a *Assignment) (string, bool) { return a.PrincipalID, true })
	t.provisions = state.Define(st, "identitycenter.provisions", 1, (*Provision).key)
	t.accountsOf = t.provisions.Index("set", func(p *Provision) (string, bool) { return p.PermissionSetARN, true })
	t.federations = state.Define(st, "identitycenter.federations", 1, func(f *federation) string { return f.AccountID })
	t.requests = state.Define(st, "identitycenter.requests", 1, func(r *Request) string { return r.ID })
	t.byKind = t.requests.Index("kind", func(r *Request) (string, bool) { return r.Kind, true })
	t.byStatus = t.requests.Index("status", func(r *Request) (string, bool) { return r.Kind + "/" + r.Status, true })
	t.outstanding = t.requests.Index("outstanding", func(r *Request) (string, bool) {
		return "", r.Kind == assignKind && r.Status == inProgress && !r.Internal
	})
	t.working = t.requests.Index("working", func(r *Request) (string, bool) { return r.PermissionSetARN, r.Status == inProgress })
	t.ended = t.requests.Index("ended", func(r *Request) (string, bool) {
		return r.Ended.Format("20060102T150405.000"), r.Status != inProgress
	})
	t.invitations = state.Define(st, "identitycenter.invitations", 1, func(i *Invitation) string { return i.Hash })
	t.invitedUser = t.invitations.Index("user", func(i *Invitation) (string, bool) { return i.UserID, true })
}

func (t *tables) defineSessions(st *state.Store) {
	t.sessions = state.Define(st, "identitycenter.sessions", 1, func(p *PortalSession) string { return p.ID })
	t.sessionsOf = t.sessions.Index("user", func(p *PortalSession) (string, bool) { return p.UserID, true })
	t.sessionEnds = t.sessions.Index("expires", func(p *PortalSession) (string, bool) { return sortable(p.Expires), true })
	t.tokens = state.Define(st, "identitycenter.tokens", 1, func(k *portalToken) string { return k.Hash })
	t.tokensOf = t.tokens.Index("session", func(k *portalToken) (string, bool) { return k.SessionID, true })
	t.tokenEnds = t.tokens.Index("expires", func(k *portalToken) (string, bool) { return sortable(k.Expires), true })
	t.clients = state.Define(st, "identitycenter.clients", 1, func(c *Client) string { return c.ID })
	t.clientEnds = t.clients.Index("expires", func(c *Client) (string, bool) { return sortable(c.Expires), true })
	t.devices = state.Define(st, "identitycenter.devices", 1, func(d *DeviceAuthorization) string { return d.Hash })
	t.devicesByCode = t.devices.Unique("code", func(d *DeviceAuthorization) (string, bool) { return d.UserCode, true })
	t.deviceEnds = t.devices.Index("expires", func(d *DeviceAuthorization) (string, bool) { return sortable(d.Expires), true })
	t.codes = state.Define(st, "identitycenter.codes", 1, func(c *code) string { return c.Hash })
	t.codeEnds = t.codes.Index("expires", func(c *code) (string, bool) { return sortable(c.Expires), true })
}
