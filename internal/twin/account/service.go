package account

import (
	"accountfactory/internal/twin/organizations"
	"accountfactory/internal/twin/state"
)

// Principal is the service's name for trusted access and delegated administration.
const Principal = "account.amazonaws.com"

// Config is what Account Management is made with.
type Config struct {
	Region string // home Region: where it is one that must be enabled, it is from the start
}

// Service is AWS Account Management.
type Service struct {
	state  *state.Store
	org    *organizations.Service
	config Config
	tables
}

// New declares the service's tables and operations on a store that is not open yet.
func New(st *state.Store, org *organizations.Service, cfg Config) *Service {
	s := &Service{state: st, org: org, config: cfg, tables: define(st)}
	st.Handle(regionKind, s.regionStep)
	st.Handle(emailKind, s.emailStep)
	org.OnCreated(s.inherit)
	org.OnGone(s.forget)
	return s
}

// inherit gives a new account the management account's contact, as AWS does.
// Source: Account Management Reference Guide, "Update the primary contact for your AWS account".
func (s *Service) inherit(tx *state.Tx, st *organizations.CreateStatus) {
	if c := s.contacts.Get(tx, s.org.Organization(tx).ManagementID); c != nil && st.AccountID != "" {
		own := *c
		own.AccountID = st.AccountID
		s.contacts.Put(tx, &own)
	}
}

// forget drops what is known of an account that ceases to exist.
func (s *Service) forget(tx *state.Tx, accountID string) {
	s.contacts.Delete(tx, accountID)
	s.updates.Delete(tx, accountID)
	for _, op := range tx.Running(emailKind, accountID) {
		tx.Cancel(op.ID)
	}
	for _, kind := range alternateTypes {
		s.alternates.Delete(tx, alternateKey(accountID, kind))
	}
	for _, r := range s.regionsOf(tx, accountID) {
		s.regions.Delete(tx, r.key())
		for _, op := range tx.Running(regionKind, r.key()) {
			tx.Cancel(op.ID)
		}
	}
}
