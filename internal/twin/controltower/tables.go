package controltower

import (
	"encoding/json"
	"time"

	"accountfactory/internal/twin/servicecatalog"
	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

// LandingZone is the organization's landing zone; there is one at most.
type LandingZone struct {
	ARN         string
	Version     string
	Manifest    json.RawMessage
	Status      string   `json:",omitempty"` // a LandingZoneStatus; "" is ACTIVE
	Remediation []string `json:",omitempty"` // remediation types
}

// EnabledBaseline is a baseline enabled on a target: an OU, a shared account, or as child of its OU's an account.
type EnabledBaseline struct {
	ARN        string
	Baseline   string // ARN of the baseline
	Version    string
	Target     string                     // ARN of the OU or account
	Parent     string                     // ARN of the parent's enabled baseline, for a child
	Status     string                     // an EnablementStatus
	Operation  string                     // id of the last operation of the API; "" when it was none
	Parameters map[string]json.RawMessage `json:",omitempty"`
}

// EnabledControl is a control enabled on an OU.
type EnabledControl struct {
	ARN        string
	Control    string // name in the catalogue
	Identifier string // ARN as it was named when enabled
	OU         string // id
	Target     string // ARN of the OU
	Status     string
	Operation  string                     // id of the last operation; "" for one that came with its OU
	Parameters map[string]json.RawMessage `json:",omitempty"`
}

// ManagedAccount is an account enrolled through Account Factory, or on its way there.
type ManagedAccount struct {
	ProductID string // provisioned product
	AccountID string
	OU        string // where Control Tower put it; "" before it was moved
	SSOUser   string // user id
	Email     string // the account's, as Control Tower knows it; one changed elsewhere is news
	Enrolled  bool   // finished at least once
	Existing  bool   // the account was there before Control Tower
	Laid      bool   // the baseline's resources are there, so they are ours
}

// Operation is an account operation under way: it provisions, updates or unmanages one account.
type Operation struct {
	ID         string
	Action     servicecatalog.Action
	RecordID   string
	ProductID  string
	Parameters Parameters
	OU         string // resolved from ManagedOrganizationalUnit
	AccountID  string // once known
	CreateID   string // car-…, while Organizations creates the account
	Adopted    bool   // the account was there before this operation
	UserID     string
	Pending    []string // assignment requests under way
	Requested  time.Time
	Deadline   string                      `json:",omitempty"` // the state operation that ends it when it takes too long
	Begun      bool                        `json:",omitempty"` // something of the account was changed
	Refused    bool                        `json:",omitempty"` // it has asked for an assignment in vain, and asks again
	Failure    *servicecatalog.RecordError `json:",omitempty"` // while what was begun is remedied
}

// Work is an operation of Control Tower's own API: on the landing zone, a baseline or a control.
type Work struct {
	ID      string
	Class   string // the kind of its steps: kindZone, kindBaseline or kindControl
	Name    string // the API operation that began it
	Status  string // IN_PROGRESS, SUCCEEDED or FAILED
	Message string `json:",omitempty"`
	Start   time.Time
	End     time.Time `json:",omitzero"`
	Subject string    // ARN of what it changes
	OU      string    `json:",omitempty"` // id of the target
	Target  string    `json:",omitempty"` // ARN of the target
	Control string    `json:",omitempty"` // identifier of the control
	// What is asked for.
	Version     string                     `json:",omitempty"`
	Manifest    json.RawMessage            `json:",omitempty"`
	Remediation []string                   `json:",omitempty"`
	Parameters  map[string]json.RawMessage `json:",omitempty"`
	Caller      wire.Caller
	Todo        []string `json:",omitempty"` // accounts not yet done
}

// Inherit is an account on its way to what its new OU has: with a landing zone that remedies inheritance drift.
type Inherit struct {
	AccountID, OU string
	Enroll        bool // otherwise the account leaves Control Tower's care
	Since         time.Time
}

// Leftover is what a half-finished enrollment of an existing account left in it, until the account is moved to the root.
type Leftover struct{ AccountID, OU string }

// guard is a service control policy that Control Tower keeps on an OU, as it should be.
type guard struct {
	OU, Kind string
	Name     string // of the OU
	PolicyID string
	Content  string
}

type tagRow struct {
	ARN  string
	Tags map[string]string
}

type tables struct {
	zones      *state.Table[LandingZone]
	baselines  *state.Table[EnabledBaseline]
	byTarget   *state.Index[EnabledBaseline]
	byParent   *state.Index[EnabledBaseline]
	controls   *state.Table[EnabledControl]
	controlsOn *state.Index[EnabledControl]
	managed    *state.Table[ManagedAccount]
	byAccount  *state.Index[ManagedAccount]
	operations *state.Table[Operation]
	byCreate   *state.Index[Operation]
	opAccount  *state.Index[Operation]
	work       *state.Table[Work]
	running    *state.Index[Work]
	recent     *state.Index[Work]
	over       *state.Index[Work]
	inherits   *state.Table[Inherit]
	leftovers  *state.Table[Leftover]
	guards     *state.Table[guard]
	byPolicy   *state.Index[guard]
	drifts     *state.Table[Drift]
	conditions *state.Table[Condition]
	settings   *state.Table[Settings]
	tags       *state.Table[tagRow]
}

func defineTables(st *state.Store) tables {
	var t tables
	t.zones = state.Define(st, "controltower.landing_zones", 1, func(z *LandingZone) string { return z.ARN })
	t.baselines = state.Define(st, "controltower.enabled_baselines", 1, func(b *EnabledBaseline) string { return b.ARN })
	t.byTarget = t.baselines.Index("target", func(b *EnabledBaseline) (string, bool) { return b.Target, true })
	t.byParent = t.baselines.Index("parent", func(b *EnabledBaseline) (string, bool) { return b.Parent, b.Parent != "" })
	t.controls = state.Define(st, "controltower.enabled_controls", 1, func(c *EnabledControl) string { return c.ARN })
	t.controlsOn = t.controls.Index("ou", func(c *EnabledControl) (string, bool) { return c.OU, true })
	t.managed = state.Define(st, "controltower.managed_accounts", 1, func(m *ManagedAccount) string { return m.ProductID })
	t.byAccount = t.managed.Index("account", func(m *ManagedAccount) (string, bool) { return m.AccountID, m.AccountID != "" })
	t.operations = state.Define(st, "controltower.operations", 1, func(o *Operation) string { return o.ID })
	t.byCreate = t.operations.Index("create", func(o *Operation) (string, bool) { return o.CreateID, o.CreateID != "" })
	t.opAccount = t.operations.Index("account", func(o *Operation) (string, bool) { return o.AccountID, o.AccountID != "" })
	t.work = state.Define(st, "controltower.work", 1, func(w *Work) string { return w.ID })
	t.running = t.work.Index("running", func(w *Work) (string, bool) { return w.Class, w.Status == statusInProgress })
	t.recent = t.work.Index("recent", func(w *Work) (string, bool) { return w.Class + "/" + w.age(), true })
	t.over = t.work.Index("over", func(w *Work) (string, bool) { return w.End.UTC().Format(sortable), !w.End.IsZero() })
	t.inherits = state.Define(st, "controltower.inherits", 1, func(i *Inherit) string { return i.AccountID })
	t.leftovers = state.Define(st, "controltower.leftovers", 1, func(l *Leftover) string { return l.AccountID })
	t.guards = state.Define(st, "controltower.guards", 1, func(g *guard) string { return g.OU + "/" + g.Kind })
	t.byPolicy = t.guards.Index("policy", func(g *guard) (string, bool) { return g.PolicyID, g.PolicyID != "" })
	t.drifts = state.Define(st, "controltower.drifts", 1, func(d *Drift) string { return d.key() })
	t.conditions = state.Define(st, "controltower.conditions", 1, func(c *Condition) string { return c.key() })
	t.settings = state.Define(st, "controltower.settings", 1, func(*Settings) string { return "settings" })
	t.tags = state.Define(st, "controltower.tags", 1, func(r *tagRow) string { return r.ARN })
	return t
}
