package organizations

import (
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"accountfactory/internal/twin/state"
)

// Organization is the one organization. There is none after a start without seed.
type Organization struct {
	ID           string // o-…
	RootID       string // r-…
	ManagementID string
	FeatureSet   string             // ALL or CONSOLIDATED_BILLING
	SCPs         bool               // whether the root has service control policies enabled
	Types        []types.PolicyType `json:",omitempty"` // other policy types the root has enabled
	Created      time.Time
	RootTags     []Tag `json:",omitempty"`
	AccountLimit int   `json:",omitempty"` // instead of the account quota of the configuration
}

// Account is an account of the organization, the management account included.
type Account struct {
	ID           string
	Email        string // as it was given; unique in any case
	Name         string
	Parent       string // root or OU
	JoinedMethod string // CREATED, or INVITED for the management account
	Joined       time.Time
	State        State
	Closed       time.Time `json:",omitzero"`  // when its closure was asked for; counts towards the closing quota
	RoleName     string    `json:",omitempty"` // the role it was created with
	Tags         []Tag     `json:",omitempty"`
	Standalone   bool      `json:",omitempty"` // may leave the organization; see SetStandalone
	Created      time.Time `json:",omitzero"`  // of an account that was there before it joined
}

// State is a phase of an account's life, by AWS's name.
type State string

// The states an account goes through. AWS's PENDING_ACTIVATION and SUSPENDED (by AWS itself) do not occur here.
const (
	Active         State = "ACTIVE"
	PendingClosure State = "PENDING_CLOSURE" // CloseAccount was accepted; the closing step moves it on
	Closed         State = "CLOSED"          // listed, but unusable; gone after 90 days
)

// OU is an organizational unit.
type OU struct {
	ID     string // ou-<root>-…
	Name   string // unique among its siblings
	Parent string // root or OU
	Tags   []Tag  `json:",omitempty"`
}

// CreateStatus is a request to create an account: as long as it is IN_PROGRESS what is to be made, afterwards how it ended.
type CreateStatus struct {
	ID            string // car-…
	Name          string
	Email         string
	RoleName      string
	Tags          []Tag  `json:",omitempty"`
	By            string `json:",omitempty"` // ARN of the caller
	State         string // IN_PROGRESS, SUCCEEDED or FAILED
	AccountID     string `json:",omitempty"` // once SUCCEEDED
	FailureReason string `json:",omitempty"` // once FAILED
	Requested     time.Time
	Completed     time.Time `json:",omitzero"`
}

// Tag is a tag of an account, OU, root or policy.
type Tag struct{ Key, Value string }

// Policy is a policy of the organization, of any type.
type Policy struct {
	ID          string           // p-…
	Type        types.PolicyType `json:",omitempty"` // "" is a service control policy, see Kind
	Name        string           // unique, whatever the type
	Description string           `json:",omitempty"`
	Content     string           // as it was given
	AWSManaged  bool             `json:",omitempty"`
	Tags        []Tag            `json:",omitempty"`
	Changed     time.Time        `json:",omitzero"` // of management policies: when the content was last changed
}

// ResourcePolicy is the one policy of the organization as a resource: what members may do of what is the management
// account's alone otherwise.
type ResourcePolicy struct {
	ID      string // rp-…
	Content string // as it was given
	Tags    []Tag  `json:",omitempty"`
}

// attachment says that a policy is attached to a root, OU or account.
type attachment struct {
	Target, Policy string
	// Order is set for management policies, which take effect in the order in which they were attached.
	Order *order `json:",omitempty"`
}

// order is a place among the policies of one type on one target.
type order struct {
	N     int
	Since time.Time
}

// trustedService is a service that may act in the organization's accounts.
type trustedService struct {
	Principal string
	Enabled   time.Time
}

// delegation makes a member account the administrator of a service.
type delegation struct {
	AccountID, Principal string
	Since                time.Time
}

// spentEmail is an e-mail of an account that is gone. AWS never lets it be used again.
type spentEmail struct{ Email string }

// formerMember is an account outside the organization: it left, or never was a member. Its id and e-mail stay taken.
type formerMember struct {
	ID, Email, Name string
	Left            time.Time `json:",omitzero"`
	Created         time.Time `json:",omitzero"`
}

type tables struct {
	organization   *state.Table[Organization]
	accounts       *state.Table[Account]
	accountsByMail *state.Index[Account]
	accountsIn     *state.Index[Account]
	closures       *state.Index[Account]
	ous            *state.Table[OU]
	ousIn          *state.Index[OU]
	ousByName      *state.Index[OU]
	creations      *state.Table[CreateStatus]
	creationsBy    *state.Index[CreateStatus] // by State
	policies       *state.Table[Policy]
	policiesByName *state.Index[Policy]
	policiesOf     *state.Index[Policy] // by type
	resourcePolicy *state.Table[ResourcePolicy]
	attachments    *state.Table[attachment] // by target/policy
	attachedTo     *state.Index[attachment] // by policy
	trusted        *state.Table[trustedService]
	delegations    *state.Table[delegation] // by account/service
	delegatedFor   *state.Index[delegation] // by service
	spent          *state.Table[spentEmail]
	outside        *state.Table[formerMember]
	outsideByMail  *state.Index[formerMember]
	handshakes     *state.Table[Handshake]
	handshakesBy   *state.Index[Handshake] // by Action
	handshakesOf   *state.Index[Handshake] // by Parent
}

// The only keys of their tables.
const (
	theOrganization   = "organization"
	theResourcePolicy = "resource-policy"
)

func define(st *state.Store) tables {
	var t tables
	t.organization = state.Define(st, "organizations.organization", 1, func(*Organization) string { return theOrganization })
	t.accounts = state.Define(st, "organizations.accounts", 1, func(a *Account) string { return a.ID })
	t.accountsByMail = t.accounts.Unique("email", func(a *Account) (string, bool) { return folded(a.Email), true })
	t.accountsIn = t.accounts.Index("parent", func(a *Account) (string, bool) { return a.Parent, true })
	t.closures = t.accounts.Index("closed", func(a *Account) (string, bool) { return timeKey(a.Closed), !a.Closed.IsZero() })
	t.ous = state.Define(st, "organizations.ous", 1, func(o *OU) string { return o.ID })
	t.ousIn = t.ous.Index("parent", func(o *OU) (string, bool) { return o.Parent, true })
	t.ousByName = t.ous.Unique("name", func(o *OU) (string, bool) { return siblingKey(o.Parent, o.Name), true })
	t.creations = state.Define(st, "organizations.creations", 1, func(c *CreateStatus) string { return c.ID })
	t.creationsBy = t.creations.Index("state", func(c *CreateStatus) (string, bool) { return c.State, true })
	t.policies = state.Define(st, "organizations.policies", 1, func(p *Policy) string { return p.ID })
	t.policiesByName = t.policies.Unique("name", func(p *Policy) (string, bool) { return unzeroed(p.Name), true })
	t.policiesOf = t.policies.Index("type", func(p *Policy) (string, bool) { return string(p.Kind()), true })
	t.resourcePolicy = state.Define(st, "organizations.resource-policy", 1, func(*ResourcePolicy) string { return theResourcePolicy })
	t.attachments = state.Define(st, "organizations.attachments", 1, func(a *attachment) string { return a.Target + "/" + a.Policy })
	t.attachedTo = t.attachments.Index("policy", func(a *attachment) (string, bool) { return a.Policy, true })
	t.trusted = state.Define(st, "organizations.trusted", 1, func(s *trustedService) string { return s.Principal })
	t.delegations = state.Define(st, "organizations.delegations", 1, func(d *delegation) string { return d.AccountID + "/" + d.Principal })
	t.delegatedFor = t.delegations.Index("service", func(d *delegation) (string, bool) { return d.Principal, true })
	t.spent = state.Define(st, "organizations.spent", 1, func(e *spentEmail) string { return folded(e.Email) })
	t.outside = state.Define(st, "organizations.outside", 1, func(m *formerMember) string { return m.ID })
	t.outsideByMail = t.outside.Index("email", func(m *formerMember) (string, bool) { return folded(m.Email), true })
	t.handshakes = state.Define(st, "organizations.handshakes", 1, func(h *Handshake) string { return h.ID })
	t.handshakesBy = t.handshakes.Index("action", func(h *Handshake) (string, bool) { return string(h.Action), true })
	t.handshakesOf = t.handshakes.Index("parent", func(h *Handshake) (string, bool) { return h.Parent, h.Parent != "" })
	return t
}

// folded is an e-mail as it is compared: in any case.
func folded(email string) string { return strings.ToLower(unzeroed(email)) }

// unzeroed is a text fit for an index, which keeps the zero byte to itself.
func unzeroed(s string) string { return strings.ReplaceAll(s, "\x00", "\uFFFD") }

func siblingKey(parent, name string) string { return parent + "/" + unzeroed(name) }

// timeKey sorts as its time does.
func timeKey(t time.Time) string { return t.UTC().Format("20060102T150405.000") }
