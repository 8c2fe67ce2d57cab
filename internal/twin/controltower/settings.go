package controltower

import (
	"fmt"
	"net/netip"
	"slices"

	"accountfactory/internal/twin/state"
)

// Settings are those of Account Factory's own page in the Control Tower console, which has no API.
// Source: Control Tower user guide, "Configure Account Factory with Amazon VPC settings".
type Settings struct {
	// OrganizationalUnits that accounts may be provisioned in, by id; nil means all that are registered.
	OrganizationalUnits []string `json:"organizationalUnits"`
	Network             Network  `json:"network"`
}

// Network is the VPC that each new account gets.
type Network struct {
	InternetSubnet    bool     `json:"internetSubnet"`    // with a NAT gateway
	PrivateSubnets    int      `json:"privateSubnets"`    // at most, in each availability zone
	CIDR              string   `json:"cidr"`              // the same in every account
	Regions           []string `json:"regions"`           // where there is one; nil means every governed Region
	AvailabilityZones int      `json:"availabilityZones"` // of each VPC
	None              bool     `json:"none"`              // no Region at all: no VPC
}

// Settings gives those in effect: AWS's defaults until somebody changes them.
func (s *Service) Settings(tx *state.Tx) Settings {
	for row := range s.tables.settings.All(tx) {
		return *row
	}
	return Settings{Network: Network{PrivateSubnets: 1, CIDR: "172.31.0.0/16", AvailabilityZones: 3}}
}

// SettingsError says what is wrong with settings.
type SettingsError struct{ Problem string }

func (e SettingsError) Error() string { return e.Problem }

// PutSettings changes them. It returns a SettingsError for what the console would not take.
func (s *Service) PutSettings(tx *state.Tx, in Settings) error {
	for _, id := range in.OrganizationalUnits {
		if s.org.OU(tx, id) == nil || s.governed(tx, id) == nil {
			return SettingsError{fmt.Sprintf("organizationalUnits: %s is not a registered organizational unit", id)}
		}
	}
	if zone := s.theZone(tx); zone != nil {
		governed := reads[manifest](zone.Manifest).GovernedRegions
		for _, r := range in.Network.Regions {
			if !slices.Contains(governed, r) {
				return SettingsError{fmt.Sprintf("network.regions: %s is not governed", r)}
			}
		}
	}
	if err := in.Network.check(); err != nil {
		return err
	}
	s.tables.settings.Put(tx, &in)
	return nil
}

// blocks are the networks that a VPC may lie in.
var blocks = []string{"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"}

func (n Network) check() error {
	switch {
	case n.PrivateSubnets < 0 || n.PrivateSubnets > 2:
		return SettingsError{fmt.Sprintf("network.privateSubnets: %d is not 0, 1 or 2", n.PrivateSubnets)}
	case n.AvailabilityZones < 1 || n.AvailabilityZones > 3:
		return SettingsError{fmt.Sprintf("network.availabilityZones: %d is not 1, 2 or 3", n.AvailabilityZones)}
	}
	cidr, err := netip.ParsePrefix(n.CIDR)
	if err != nil || cidr != cidr.Masked() {
		return SettingsError{fmt.Sprintf("network.cidr: %q is not an IPv4 network such as 172.31.0.0/16", n.CIDR)}
	}
	for _, b := range blocks {
		if block := netip.MustParsePrefix(b); block.Contains(cidr.Addr()) && cidr.Bits() >= 16 && cidr.Bits() <= 24 {
			return nil
		}
	}
	return SettingsError{fmt.Sprintf("network.cidr: %s is not a /16 to /24 inside %v", n.CIDR, blocks)}
}

// vpc tells whether accounts get a VPC at all: not without subnets, nor without Regions ("Configure without a VPC").
func (n Network) vpc() bool { return !n.None && (n.InternetSubnet || n.PrivateSubnets > 0) }

// provisions tells whether accounts may be provisioned in an OU.
func (s *Service) provisions(tx *state.Tx, ouID string) bool {
	allowed := s.Settings(tx).OrganizationalUnits
	return s.Registered(tx, ouID) && (allowed == nil || slices.Contains(allowed, ouID))
}
