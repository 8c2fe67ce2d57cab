package account

import (
	"time"

	"accountfactory/internal/twin/state"
)

// contact is an account's primary contact.
type contact struct {
	AccountID                                         string
	FullName, PhoneNumber                             string
	AddressLine1, AddressLine2, AddressLine3          string
	City, DistrictOrCounty, StateOrRegion, PostalCode string
	CountryCode, CompanyName, WebsiteURL              string
}

// alternate is one of an account's alternate contacts.
type alternate struct {
	AccountID, Type                        string // BILLING, OPERATIONS or SECURITY
	Name, Title, EmailAddress, PhoneNumber string
}

// region is a Region of an account whose status is no longer what it was at first.
type region struct {
	AccountID, Name string
	Status          string // ENABLING, ENABLED, DISABLING or DISABLED; the region step moves it on
}

func (r *region) key() string { return r.AccountID + "/" + r.Name }

// update is an account's latest change of its primary e-mail.
type update struct {
	AccountID string
	Email     string // the new one
	Code      string `json:",omitempty"` // what was mailed there; gone once accepted
	Status    string // PENDING until the code comes, ACCEPTED until the e-mail step, then COMPLETED or FAILED
	Started   time.Time
	Changed   time.Time // when Status last did
}

type tables struct {
	contacts   *state.Table[contact]
	alternates *state.Table[alternate] // by account/type
	regions    *state.Table[region]    // by account/name
	updates    *state.Table[update]
}

func define(st *state.Store) tables {
	return tables{
		contacts:   state.Define(st, "account.contacts", 1, func(c *contact) string { return c.AccountID }),
		alternates: state.Define(st, "account.alternates", 1, func(a *alternate) string { return alternateKey(a.AccountID, a.Type) }),
		regions:    state.Define(st, "account.regions", 1, (*region).key),
		updates:    state.Define(st, "account.updates", 1, func(u *update) string { return u.AccountID }),
	}
}

func alternateKey(accountID, kind string) string { return accountID + "/" + kind }
