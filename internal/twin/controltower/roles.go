package controltower

import (
	"fmt"
	"strings"

	"accountfactory/internal/twin/iam"
	"accountfactory/internal/twin/state"
)

// baselineRoles are the roles that Control Tower's stack sets leave in an account. The two execution roles are for
// functions of the audit account.
var baselineRoles = []struct{ name, trust, policy string }{
	{"aws-controltower-AdministratorExecutionRole", "aws-controltower-AuditAdministratorRole", "AdministratorAccess"},
	{"aws-controltower-ReadOnlyExecutionRole", "aws-controltower-AuditReadOnlyRole", "ReadOnlyAccess"},
	{"aws-controltower-ConfigRecorderRole", "config.amazonaws.com", "ReadOnlyAccess"},
	{"aws-controltower-ForwardSnsNotificationRole", "lambda.amazonaws.com", "service-role/AWSLambdaBasicExecutionRole"},
}

// serviceRoles are Control Tower's own in the management account. Without one of the first three the landing zone cannot be
// used until it is repaired (user guide, "Role drift").
var serviceRoles = []struct {
	name, service string
	needed        bool
}{
	{"AWSControlTowerAdmin", "controltower.amazonaws.com", true},
	{"AWSControlTowerCloudTrailRole", "cloudtrail.amazonaws.com", true},
	{"AWSControlTowerStackSetRole", "cloudformation.amazonaws.com", true},
	{"AWSControlTowerConfigAggregatorRoleForOrganizations", "config.amazonaws.com", false},
}

// putServiceRoles makes the roles that are missing.
func (s *Service) putServiceRoles(tx *state.Tx) {
	for _, r := range serviceRoles {
		if s.iam.Role(tx, s.config.ManagementAccountID, r.name) == nil {
			s.iam.PutRole(tx, s.config.ManagementAccountID, iam.RoleSpec{Name: r.name, Path: "/service-role/", Trust: s.trust(tx, r.service)})
		}
	}
}

// missingRoles gives the needed roles that somebody deleted.
func (s *Service) missingRoles(tx *state.Tx) (out []string) {
	for _, r := range serviceRoles {
		if r.needed && s.iam.Role(tx, s.config.ManagementAccountID, r.name) == nil {
			out = append(out, r.name)
		}
	}
	return out
}

func (s *Service) putBaselineRoles(tx *state.Tx, accountID string) {
	for _, r := range baselineRoles {
		s.iam.PutRole(tx, accountID, iam.RoleSpec{
			Name: r.name, Trust: s.trust(tx, r.trust), Managed: []string{"arn:aws:iam::aws:policy/" + r.policy},
		})
	}
}

func (s *Service) dropBaselineRoles(tx *state.Tx, accountID string) {
	for _, r := range baselineRoles {
		s.iam.DeleteRole(tx, accountID, r.name)
	}
}

// trust gives the trust policy for a service, or for a role of the audit account.
func (s *Service) trust(tx *state.Tx, who string) string {
	principal := fmt.Sprintf(`{"Service":%q}`, who)
	if audit := s.auditAccount(tx); strings.HasPrefix(who, "aws-") && audit != "" {
		principal = fmt.Sprintf(`{"AWS":"arn:aws:iam::%s:role/%s"}`, audit, who)
	}
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":` + principal + `,"Action":"sts:AssumeRole"}]}`
}

func (s *Service) auditAccount(tx *state.Tx) string {
	zone := s.theZone(tx)
	if zone == nil {
		return ""
	}
	m := reads[manifest](zone.Manifest)
	return m.audit(zone.Version)
}
