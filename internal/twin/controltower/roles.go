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
	if audit := s.auditAccount(tx); who[:4] == "aws-" && audit != "" {
		principal = fmt.Sprintf(`{"AWS":"arn:aws:iam::%s:role/%s"}`, audit, who)
	}
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":` + principal + `,"Action":"sts:AssumeRole"}]}`
}

func (s *Service) auditAccount(tx *state.Tx) string {
	for b := range s.tables.baselines.All(tx) {
		if b.Baseline == s.baselineARN(auditBaseline) {
			return b.Target[strings.LastIndexByte(b.Target, '/')+1:]
		}
	}
	return ""
}
