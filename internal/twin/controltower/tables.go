package controltower

import (
	"encoding/json"
	"time"

	"accountfactory/internal/twin/servicecatalog"
	"accountfactory/internal/twin/state"
)

// LandingZone is the organization's landing zone; there is one at most.
type LandingZone struct {
	ARN      string
	Version  string
	Manifest json.RawMessage
}

// EnabledBaseline is a baseline enabled on a target: an OU, a shared account, or as child of its OU's an account.
type EnabledBaseline struct {
	ARN       string
	Baseline  string // ARN of the baseline
	Version   string
	Target    string // ARN of the OU or account
	Parent    string // ARN of the parent's enabled baseline, for a child
	Status    string // an EnablementStatus
	Operation string // id of the last operation
}

// ManagedAccount is an account enrolled through Account Factory, or on its way there.
type ManagedAccount struct {
	ProductID string // provisioned product
	AccountID string
	OU        string
	SSOUser   string // user id
	Enrolled  bool   // finished at least once
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
}

type tables struct {
	zones      *state.Table[LandingZone]
	baselines  *state.Table[EnabledBaseline]
	byTarget   *state.Index[EnabledBaseline]
	managed    *state.Table[ManagedAccount]
	byAccount  *state.Index[ManagedAccount]
	operations *state.Table[Operation]
	byCreate   *state.Index[Operation]
}

func defineTables(st *state.Store) tables {
	var t tables
	t.zones = state.Define(st, "controltower.landing_zones", 1, func(z *LandingZone) string { return z.ARN })
	t.baselines = state.Define(st, "controltower.enabled_baselines", 1, func(b *EnabledBaseline) string { return b.ARN })
	t.byTarget = t.baselines.Index("target", func(b *EnabledBaseline) (string, bool) { return b.Target, true })
	t.managed = state.Define(st, "controltower.managed_accounts", 1, func(m *ManagedAccount) string { return m.ProductID })
	t.byAccount = t.managed.Index("account", func(m *ManagedAccount) (string, bool) { return m.AccountID, m.AccountID != "" })
	t.operations = state.Define(st, "controltower.operations", 1, func(o *Operation) string { return o.ID })
	t.byCreate = t.operations.Index("create", func(o *Operation) (string, bool) { return o.CreateID, o.CreateID != "" })
	return t
}
