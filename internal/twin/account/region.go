package account

import (
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/account/types"

	"accountfactory/internal/twin/state"
)

// Statuses of Regions, by AWS's names.
const (
	byDefault = string(types.RegionOptStatusEnabledByDefault) // never changes
	disabled  = string(types.RegionOptStatusDisabled)         // an opt-in Region at first; EnableRegion moves it on
	enabling  = string(types.RegionOptStatusEnabling)         // the region step moves it on to ENABLED
	enabled   = string(types.RegionOptStatusEnabled)          // DisableRegion moves it on
	disabling = string(types.RegionOptStatusDisabling)        // the region step moves it on to DISABLED
)

const (
	regionKind = "account.Region"
	stepOpt    = "opt"
	regionTime = 5 * time.Minute // AWS: "a few minutes for most accounts"
	maxOpting  = 6               // Regions of one account on their way at once. Source: Account Management quotas
)

// Regions of the commercial partition, sorted. Those launched after March 2019 must be enabled.
// Source: Account Management Reference Guide, "Enable or disable AWS Regions in your account".
var (
	defaultRegions = []string{
		"ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ca-central-1", "eu-central-1", "eu-north-1",
		"eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2",
	}
	optInRegions = []string{
		"af-south-1", "ap-east-1", "ap-east-2", "ap-south-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7",
		"ca-west-1", "eu-central-2", "eu-south-1", "eu-south-2", "il-central-1", "me-central-1", "me-south-1", "mx-central-1",
	}
)

// allRegions gives the names of all Regions, sorted.
func allRegions() []string {
	all := slices.Concat(defaultRegions, optInRegions)
	slices.Sort(all)
	return all
}

// regionStatus gives the status of a Region in an account, "" for none of that name.
func (s *Service) regionStatus(tx *state.Tx, accountID, name string) string {
	if slices.Contains(defaultRegions, name) {
		return byDefault
	}
	if !slices.Contains(optInRegions, name) {
		return ""
	}
	if r := s.regions.Get(tx, accountID+"/"+name); r != nil {
		return r.Status
	}
	if name == s.config.Region {
		return enabled
	}
	return disabled
}

// regionsOf gives the Regions of an account that were ever enabled or disabled.
func (s *Service) regionsOf(tx *state.Tx, accountID string) []*region {
	var out []*region
	for r := range s.regions.From(tx, accountID+"/") {
		if r.AccountID != accountID {
			break
		}
		out = append(out, r)
	}
	return out
}

// opt sets a Region on its way from one status over another. What is on its way there, or there, is left alone.
func (s *Service) opt(tx *state.Tx, accountID, name, from, over, to string) error {
	status := s.regionStatus(tx, accountID, name)
	switch status {
	case "", byDefault:
		return errRegionTarget(name)
	case over, to:
		return nil
	case from:
	default:
		return errRegionBusy(status)
	}
	opting := 0
	for _, r := range s.regionsOf(tx, accountID) {
		if r.Status == enabling || r.Status == disabling {
			opting++
		}
	}
	if opting >= maxOpting {
		return errTooManyRegions()
	}
	r := &region{AccountID: accountID, Name: name, Status: over}
	s.regions.Put(tx, r)
	tx.Begin(regionKind, r.key(), stepOpt, tx.Pace(regionTime))
	return nil
}

// regionStep ends the enabling or disabling of a Region. A fault puts it back to where it came from.
func (s *Service) regionStep(tx *state.Tx, op *state.Operation) error {
	r := s.regions.Get(tx, op.Ref)
	operation, end, back := "EnableRegion", enabled, disabled
	if r.Status == disabling {
		operation, end, back = "DisableRegion", disabled, enabled
	}
	fault := tx.TakeFault(state.FaultPoint{Service: "account", Operation: operation, Step: op.Step, Account: r.AccountID})
	switch {
	case fault != nil && fault.Kind == state.FaultStuck:
		op.Stuck = true
		return nil
	case fault != nil:
		end = back
	}
	op.Done()
	s.regions.Change(tx, r.key(), func(r *region) { r.Status = end })
	return nil
}
