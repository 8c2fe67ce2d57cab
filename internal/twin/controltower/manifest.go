package controltower

import (
	"bytes"
	"encoding/json"
	"slices"

	"accountfactory/internal/arn"
	"accountfactory/internal/twin/organizations"
	"accountfactory/internal/twin/state"
)

// manifest is a landing zone's, of either form. Source: Control Tower user guide, "Launch your landing zone using the APIs",
// and for 4.0 "Key changes".
type manifest struct {
	GovernedRegions       []string     `json:"governedRegions,omitempty"`
	OrganizationStructure *structure   `json:"organizationStructure,omitempty"` // not in 4.0
	CentralizedLogging    *integration `json:"centralizedLogging,omitempty"`
	SecurityRoles         *integration `json:"securityRoles,omitempty"`
	AccessManagement      *integration `json:"accessManagement,omitempty"`
	Backup                *integration `json:"backup,omitempty"`
	Config                *integration `json:"config,omitempty"` // only in 4.0
}

type structure struct {
	Security *named `json:"security,omitempty"`
	Sandbox  *named `json:"sandbox,omitempty"`
}

type named struct {
	Name string `json:"name"`
}

type integration struct {
	AccountID      string          `json:"accountId,omitempty"`
	Enabled        *bool           `json:"enabled,omitempty"`
	Configurations json.RawMessage `json:"configurations,omitempty"`
}

func (i *integration) on() bool { return i != nil && i.Enabled != nil && *i.Enabled }

// account gives the account of an integration that is on.
func (i *integration) account() string {
	if i.on() {
		return i.AccountID
	}
	return ""
}

// parseManifest reads a manifest and checks its form for a version.
func parseManifest(raw json.RawMessage, version, home string) (m manifest, err error) {
	if len(raw) == 0 || string(raw) == "null" {
		if version != zone40 {
			return m, invalid("The landing zone manifest is required for version %s.", version)
		}
		return m, nil
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&m); err != nil {
		return m, invalid("The landing zone manifest does not match the schema of version %s: %s.", version, err)
	}
	if len(m.GovernedRegions) > 0 && !slices.Contains(m.GovernedRegions, home) {
		return m, invalid("The governed Regions must include the home Region %s.", home)
	}
	if version == zone40 {
		return m, m.check40()
	}
	return m, m.check33()
}

func (m *manifest) check33() error {
	o := m.OrganizationStructure
	switch {
	case len(m.GovernedRegions) == 0:
		return invalid("The landing zone manifest must name governedRegions.")
	case m.Config != nil:
		return invalid("The landing zone manifest does not match the schema of version %s: config is not allowed.", zone33)
	case o == nil || o.Security == nil || o.Security.Name == "":
		return invalid("The landing zone manifest must name organizationStructure.security.name.")
	case o.Sandbox != nil && o.Sandbox.Name == "":
		return invalid("organizationStructure.sandbox must have a name.")
	case m.CentralizedLogging == nil || !arn.IsAccountID(m.CentralizedLogging.AccountID):
		return invalid("centralizedLogging.accountId must be an account id of twelve digits.")
	case m.SecurityRoles == nil || !arn.IsAccountID(m.SecurityRoles.AccountID):
		return invalid("securityRoles.accountId must be an account id of twelve digits.")
	case m.SecurityRoles.AccountID == m.CentralizedLogging.AccountID:
		return invalid("The accounts for logging and for security must not be the same.")
	case m.AccessManagement == nil || m.AccessManagement.Enabled == nil:
		return invalid("accessManagement.enabled is required.")
	}
	return nil
}

func (m *manifest) check40() error {
	if m.OrganizationStructure != nil {
		return invalid("The landing zone manifest does not match the schema of version %s: organizationStructure is not allowed.", zone40)
	}
	for _, part := range []struct {
		name    string
		part    *integration
		account bool
	}{
		{"accessManagement", m.AccessManagement, false},
		{"backup", m.Backup, false},
		{"centralizedLogging", m.CentralizedLogging, true},
		{"config", m.Config, true},
		{"securityRoles", m.SecurityRoles, true},
	} {
		switch {
		case part.part == nil:
		case part.part.Enabled == nil:
			return invalid("%s.enabled is required.", part.name)
		case part.account && part.part.on() && !arn.IsAccountID(part.part.AccountID):
			return invalid("%s.accountId must be an account id of twelve digits.", part.name)
		}
	}
	if !m.Config.on() && (m.SecurityRoles.on() || m.AccessManagement.on() || m.Backup.on()) {
		return invalid("securityRoles, accessManagement and backup cannot be enabled while config is not.")
	}
	return nil
}

// logArchive and audit give the shared accounts, "" for none. Version 3.3 has no switch for either.
func (m *manifest) logArchive(version string) string {
	if version == zone40 {
		return m.CentralizedLogging.account()
	}
	return m.CentralizedLogging.AccountID
}

func (m *manifest) audit(version string) string {
	if version == zone40 {
		return m.SecurityRoles.account()
	}
	return m.SecurityRoles.AccountID
}

// accounts gives all accounts the manifest names, each once.
func (m *manifest) accounts(version string) []string {
	var out []string
	for _, id := range []string{m.logArchive(version), m.audit(version), m.Config.account()} {
		if id != "" && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

// checkAccounts checks the manifest's accounts against the organization.
func (s *Service) checkAccounts(tx *state.Tx, m *manifest, version string) error {
	parents := map[string]bool{}
	for _, id := range m.accounts(version) {
		a := s.org.Account(tx, id)
		switch {
		case a == nil || a.State != organizations.Active:
			return invalid("The account %s is not an active account of the organization.", id)
		case id == s.config.ManagementAccountID:
			return invalid("The management account cannot be used as a shared account.")
		}
		parents[a.Parent] = true
		if ou := s.org.OU(tx, a.Parent); version == zone40 && (ou == nil || ou.Parent != s.org.RootID(tx)) {
			return invalid("The account %s must be in an organizational unit directly under the root.", id)
		}
	}
	if version == zone40 && len(parents) > 1 {
		return invalid("The accounts of all integrations must be in the same organizational unit.")
	}
	return nil
}
