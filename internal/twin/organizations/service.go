package organizations

import (
	"cmp"

	"accountfactory/internal/twin/state"
)

// Members is what must know which accounts there are: IAM, which gives each its root user and its first role.
type Members interface {
	// AddMember makes the account known, with a role of this name that trusts the management account and may do everything.
	AddMember(tx *state.Tx, accountID, roleName, managementAccountID string)
	// RemoveAccount forgets the account and all that is in it.
	RemoveAccount(tx *state.Tx, accountID string)
}

// Config is what the organization is made with.
type Config struct {
	ManagementAccountID string
	// ManagementEmail and ManagementName are the management account's, for CreateOrganization; Found is told its own.
	ManagementEmail, ManagementName string
	Region                          string // home Region; Organizations itself is global
	Quotas                          Quotas
}

// Quotas are the limits AWS would raise on request. A zero means its default.
// Source: Organizations User Guide, "Quotas and service limits for AWS Organizations"; the SCP quotas as of May 2026.
type Quotas struct {
	Accounts       int // accounts, closed ones too until they are gone: 10,000 (AWS gives new organizations 10)
	Creations      int // accounts being created at once: 5
	Closures       int // accounts being closed at once: 3
	OUs            int // organizational units: 2,000
	Policies       int // service control policies: 10,000
	PolicySize     int // characters of a service control policy: 10,240
	PolicyPerScope int // service control policies on one root, OU or account: 10
}

func (q Quotas) withDefaults() Quotas {
	return Quotas{
		Accounts:       cmp.Or(q.Accounts, 10_000),
		Creations:      cmp.Or(q.Creations, 5),
		Closures:       cmp.Or(q.Closures, 3),
		OUs:            cmp.Or(q.OUs, 2_000),
		Policies:       cmp.Or(q.Policies, 10_000),
		PolicySize:     cmp.Or(q.PolicySize, 10_240),
		PolicyPerScope: cmp.Or(q.PolicyPerScope, 10),
	}
}

// Service is AWS Organizations.
type Service struct {
	state   *state.Store
	members Members
	config  Config
	quotas  Quotas
	tables
	hooks
}

// hooks are the listeners of other services.
type hooks struct {
	created []func(tx *state.Tx, st *CreateStatus)
	joined  []func(tx *state.Tx, accountID string)
	moved   []func(tx *state.Tx, accountID, from, to string)
	closed  []func(tx *state.Tx, accountID string)
	gone    []func(tx *state.Tx, accountID string)
	left    []func(tx *state.Tx, accountID string)
	policy  []func(tx *state.Tx, c PolicyChange)
	ouGone  []func(tx *state.Tx, ouID string)
	trust   []func(tx *state.Tx, principal string)
}

// New declares the service's tables and operations on a store that is not open yet.
func New(st *state.Store, members Members, cfg Config) *Service {
	s := &Service{state: st, members: members, config: cfg, quotas: cfg.Quotas.withDefaults(), tables: define(st)}
	st.Handle(createKind, s.createStep)
	st.Handle(closeKind, s.closeStep)
	st.Handle(handshakeKind, s.handshakeStep)
	return s
}

// OnCreated declares, before Open, what is called in the transaction in which a creation ends, well or not.
func (s *Service) OnCreated(f func(tx *state.Tx, st *CreateStatus)) {
	s.created = append(s.created, f)
}

// OnJoined declares, before Open, what is called in the transaction in which an account comes into the organization, the
// management account included.
func (s *Service) OnJoined(f func(tx *state.Tx, accountID string)) {
	s.joined = append(s.joined, f)
}

// OnMoved declares, before Open, what is called in the transaction that moves an account.
func (s *Service) OnMoved(f func(tx *state.Tx, accountID, from, to string)) {
	s.moved = append(s.moved, f)
}

// OnClosed declares, before Open, what is called in the transaction in which a closure completes: the account can no
// longer be used, but is listed for 90 days more.
func (s *Service) OnClosed(f func(tx *state.Tx, accountID string)) {
	s.closed = append(s.closed, f)
}

// OnGone declares, before Open, what is called in the transaction in which a closed account ceases to exist. Its row is
// there for the last time.
func (s *Service) OnGone(f func(tx *state.Tx, accountID string)) {
	s.gone = append(s.gone, f)
}

// OnLeft declares, before Open, what is called in the transaction in which an account leaves the organization. Its row is
// there for the last time.
func (s *Service) OnLeft(f func(tx *state.Tx, accountID string)) {
	s.left = append(s.left, f)
}
