package servicequotas

import (
	"cmp"
	"slices"

	"accountfactory/internal/twin/state"
)

// globalRegion is where quotas of services without Regions are shown.
const globalRegion = "us-east-1"

// service is one whose quotas are known here.
type service struct {
	code, name string
	region     string // empty: the home Region
	quotas     []quota
}

// quota is one of its quotas. applied gives what an account has, where that is not the default.
type quota struct {
	code, name, description string
	standard                float64
	adjustable, global      bool
	applied                 func(s *Service, tx *state.Tx, accountID string) float64
}

// catalogue gives the services in the order of their codes. Organizations' code and name are those AWS shows; of Control
// Tower's quotas AWS documents names and defaults only ("Request a quota increase", Control Tower user guide), so their
// codes are the twin's own.
func catalogue() []service {
	return []service{
		{code: "controltower", name: "AWS Control Tower", quotas: []quota{
			{
				code: "L-00000AC1", name: "Concurrent account operations", standard: 5, adjustable: true, applied: (*Service).operations,
				description: "The maximum number of concurrent account operations that can be performed at the same time.",
			},
			{
				code: "L-00000AC2", name: "Number of accounts in a single OU", standard: 300,
				description: "The maximum number of AWS Control Tower managed accounts that can be present in one OU.",
			},
			{
				code: "L-00000AC3", name: "Concurrent operations for organizational units (OUs)", standard: 1,
				description: "The maximum number of concurrent OU-related operations that can be performed at the same time.",
			},
		}},
		{code: "organizations", name: "AWS Organizations", region: globalRegion, quotas: []quota{{
			code: "L-E619E033", name: "Default maximum number of accounts", standard: 10, adjustable: true, global: true, applied: (*Service).accounts,
			description: "The default maximum number of accounts allowed in an organization.",
		}}},
	}
}

// operations is how many accounts this Control Tower works on at once.
func (s *Service) operations(_ *state.Tx, accountID string) float64 {
	if accountID != s.config.ManagementAccountID {
		return 0
	}
	return float64(s.config.AccountOperations)
}

// accounts is how many accounts the organization may have; others than its management account have no organization to fill.
func (s *Service) accounts(tx *state.Tx, accountID string) float64 {
	if accountID != s.config.ManagementAccountID {
		return 0
	}
	return float64(s.org.AccountLimit(tx))
}

// value gives what an account has of a quota.
func (q quota) value(s *Service, tx *state.Tx, accountID string) float64 {
	if q.applied == nil {
		return q.standard
	}
	return cmp.Or(q.applied(s, tx, accountID), q.standard)
}

// find gives a service, also one whose quotas are shown in another Region: then it has none.
func (s *Service) find(code, region string) (service, error) {
	all := catalogue()
	i := slices.IndexFunc(all, func(sv service) bool { return sv.code == code })
	if i < 0 {
		return service{}, errNoSuchService()
	}
	if sv := all[i]; cmp.Or(sv.region, s.config.Region) == region {
		return sv, nil
	}
	all[i].quotas = nil
	return all[i], nil
}

func (sv service) find(code string) (quota, error) {
	i := slices.IndexFunc(sv.quotas, func(q quota) bool { return q.code == code })
	if i < 0 {
		return quota{}, errNoSuchQuota()
	}
	return sv.quotas[i], nil
}
