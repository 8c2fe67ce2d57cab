package iam

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"accountfactory/internal/twin/state"
)

// link makes a service's role in an account as the service itself does, unless it is there.
func (s *Service) link(tx *state.Tx, accountID, principal string) {
	l := findLinkedService(principal)
	if s.roles.find(tx, accountID, l.role) == nil {
		s.setStanding(tx, accountID, principal, tx.Now())
	}
}

// LinkOrganizations makes the role that AWS Organizations keeps in each account of an organization.
// Source: Organizations User Guide, "AWS Organizations and service-linked roles".
func (s *Service) LinkOrganizations(tx *state.Tx, accountID string) {
	s.link(tx, accountID, organizationsPrincipal)
}

// LinkCenter makes the role that Identity Center keeps in each account of its organization.
// Source: Identity Center User Guide, "Using service-linked roles for IAM Identity Center".
func (s *Service) LinkCenter(tx *state.Tx, accountID string) { s.link(tx, accountID, centerPrincipal) }

// linked tells whether a role is a service-linked one, rather than one Identity Center keeps under /aws-reserved/.
func (r *Role) linked() bool { return r.Service != "" && strings.HasPrefix(r.Path, linkedPath) }

// CreateServiceLinkedRole makes a role that belongs to a service.
func (s *Service) CreateServiceLinkedRole(ctx context.Context, in *iam.CreateServiceLinkedRoleInput, _ ...func(*iam.Options)) (*iam.CreateServiceLinkedRoleOutput, error) {
	l := findLinkedService(*in.AWSServiceName)
	if l == nil {
		return nil, noSuch("The service principal %s does not exist or has no service-linked role.", *in.AWSServiceName)
	}
	if in.CustomSuffix != nil && !l.suffixed {
		return nil, invalidInput("Custom suffix is not allowed for %s", l.principal)
	}
	name := l.named(in.CustomSuffix)
	out := &iam.CreateServiceLinkedRoleOutput{}
	return out, s.state.Update(ctx, func(tx *state.Tx) error {
		account := accountOf(ctx)
		if s.roles.find(tx, account, name) != nil {
			return invalidInput("Service role name %s has been taken in this account, please try a different suffix.", name)
		}
		if err := s.roles.vacancy(tx, account, name); err != nil {
			return err
		}
		r := s.PutRole(tx, account, l.spec(name, aws.ToString(in.Description)))
		shown := r.brief()
		shown.MaxSessionDuration = nil // as CreateServiceLinkedRole answers
		out.Role = &shown
		return nil
	})
}

func (l *linkedService) named(suffix *string) string {
	if suffix == nil {
		return l.role
	}
	return l.role + "_" + *suffix
}

// checkAttachable refuses the policies that belong to service-linked roles.
func checkAttachable(policyARN string) error {
	if strings.HasPrefix(policyARN, servicePolicies) {
		return &types.PolicyNotAttachableException{Message: text("Cannot attach a Service Role Policy to a Customer Role.")}
	}
	return nil
}

// RolesUnder gives path and name of an account's roles whose path begins so.
func (s *Service) RolesUnder(tx *state.Tx, accountID, path string) (out []string) {
	for r := range s.roles.of(tx, accountID, "") {
		if strings.HasPrefix(r.Path, path) {
			out = append(out, r.Path+r.Name)
		}
	}
	return out
}
