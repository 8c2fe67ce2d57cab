package iam

import (
	"context"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"accountfactory/internal/policy"
	"accountfactory/internal/twin/state"
)

// trustSize is the quota for trust policies, in characters.
const trustSize = 2048

// protected reports that the role belongs to a service, which alone may change it: the roles of Identity Center and
// service-linked roles.
func (r *Role) protected() error {
	if r.Service == "" {
		return nil
	}
	return protectedRole(r.Name)
}

// CreateRole makes a role.
func (s *Service) CreateRole(ctx context.Context, in *iam.CreateRoleInput, _ ...func(*iam.Options)) (*iam.CreateRoleOutput, error) {
	tags, err := readTags(in.Tags)
	if err != nil {
		return nil, err
	}
	path := aws.ToString(in.Path)
	if strings.HasPrefix(path, "/aws-service-role/") || strings.HasPrefix(path, "/aws-reserved/") {
		return nil, invalid("The specified value for path is invalid. %s is reserved for roles that AWS makes.", path)
	}
	out := &iam.CreateRoleOutput{}
	return out, s.state.Update(ctx, func(tx *state.Tx) error {
		account := accountOf(ctx)
		if err := s.roles.vacancy(tx, account, *in.RoleName); err != nil {
			return err
		}
		if err := s.checkTrust(tx, *in.AssumeRolePolicyDocument); err != nil {
			return err
		}
		if err := s.checkBoundary(tx, account, in.PermissionsBoundary); err != nil {
			return err
		}
		r := &Role{
			Entity: newEntity(tx, account, *in.RoleName, in.Path, rolePrefix), Description: aws.ToString(in.Description),
			Trust: *in.AssumeRolePolicyDocument, MaxSession: time.Hour,
		}
		if in.MaxSessionDuration != nil {
			r.MaxSession = time.Duration(*in.MaxSessionDuration) * time.Second
		}
		r.Boundary, r.Tags = aws.ToString(in.PermissionsBoundary), tags
		s.roles.rows.Put(tx, r)
		out.Role = r.full()
		out.Role.RoleLastUsed, out.Role.MaxSessionDuration = nil, nil // which CreateRole does not answer
		return nil
	})
}

// checkTrust refuses what is no trust policy, is too long or trusts somebody who does not exist.
func (s *Service) checkTrust(tx *state.Tx, document string) error {
	if err := checkDocument(document, policy.Trust); err != nil {
		return err
	}
	if policy.Size(document) > trustSize {
		return exceeded("Cannot exceed quota for ACLSizePerRole: %d", trustSize)
	}
	return s.checkTrusted(tx, document)
}

// GetRole gives a role.
func (s *Service) GetRole(ctx context.Context, in *iam.GetRoleInput, _ ...func(*iam.Options)) (*iam.GetRoleOutput, error) {
	out := &iam.GetRoleOutput{}
	return out, s.state.View(func(tx *state.Tx) error {
		r, err := s.roles.get(tx, accountOf(ctx), *in.RoleName)
		if err != nil {
			return err
		}
		out.Role = r.full()
		return nil
	})
}

// ListRoles gives the roles of the account in the order of their names.
func (s *Service) ListRoles(ctx context.Context, in *iam.ListRolesInput, _ ...func(*iam.Options)) (*iam.ListRolesOutput, error) {
	account := accountOf(ctx)
	p, err := newPage(in.Marker, in.MaxItems, "ListRoles", account, aws.ToString(in.PathPrefix))
	if err != nil {
		return nil, err
	}
	out := &iam.ListRolesOutput{}
	return out, s.state.View(func(tx *state.Tx) error {
		rows := matching(s.roles.of(tx, account, p.after), func(r *Role) bool { return under(r.Path, in.PathPrefix) })
		l := take(p, rows, func(r *Role) string { return r.key() }, (*Role).brief)
		out.Roles, out.Marker, out.IsTruncated = l.Items, l.Marker, l.Truncated
		return nil
	})
}

// UpdateRole changes a role's description and maximum session; what is not given stays.
func (s *Service) UpdateRole(ctx context.Context, in *iam.UpdateRoleInput, _ ...func(*iam.Options)) (*iam.UpdateRoleOutput, error) {
	change := s.changeRole
	if in.MaxSessionDuration == nil {
		change = s.describeRole
	}
	return &iam.UpdateRoleOutput{}, change(ctx, *in.RoleName, func(_ *state.Tx, r *Role) error {
		if in.Description != nil {
			r.Description = *in.Description
		}
		if in.MaxSessionDuration != nil {
			r.MaxSession = time.Duration(*in.MaxSessionDuration) * time.Second
		}
		return nil
	})
}

// UpdateRoleDescription changes a role's description.
func (s *Service) UpdateRoleDescription(ctx context.Context, in *iam.UpdateRoleDescriptionInput, _ ...func(*iam.Options)) (*iam.UpdateRoleDescriptionOutput, error) {
	out := &iam.UpdateRoleDescriptionOutput{}
	return out, s.describeRole(ctx, *in.RoleName, func(_ *state.Tx, r *Role) error {
		r.Description = *in.Description
		out.Role = r.full()
		return nil
	})
}

// UpdateAssumeRolePolicy replaces a role's trust policy.
func (s *Service) UpdateAssumeRolePolicy(ctx context.Context, in *iam.UpdateAssumeRolePolicyInput, _ ...func(*iam.Options)) (*iam.UpdateAssumeRolePolicyOutput, error) {
	return &iam.UpdateAssumeRolePolicyOutput{}, s.changeRole(ctx, *in.RoleName, func(tx *state.Tx, r *Role) error {
		r.Trust = *in.PolicyDocument
		return s.checkTrust(tx, r.Trust)
	})
}

func (s *Service) changeRole(ctx context.Context, name string, f func(*state.Tx, *Role) error) error {
	return s.state.Update(ctx, func(tx *state.Tx) error {
		return s.roles.change(tx, accountOf(ctx), name, func(r *Role) error { return f(tx, r) })
	})
}

// describeRole changes what may be changed of a service-linked role too: its description.
// Source: IAM User Guide, "Create a service-linked role", editing.
func (s *Service) describeRole(ctx context.Context, name string, f func(*state.Tx, *Role) error) error {
	return s.state.Update(ctx, func(tx *state.Tx) error {
		change := func(r *Role) error { return f(tx, r) }
		r, err := s.roles.get(tx, accountOf(ctx), name)
		if err != nil || !r.linked() {
			return s.roles.change(tx, accountOf(ctx), name, change)
		}
		next := *r
		if err := change(&next); err != nil {
			return err
		}
		s.dropRole(tx, r) // it may have been none, which a description does not fit into
		s.roles.rows.Put(tx, &next)
		return nil
	})
}

// deleteRole is the operation DeleteRole: it removes a role from which everything else has been removed. Its sessions end.
// The exported name is that of the function other services of the twin call.
func (s *Service) deleteRole(ctx context.Context, in *iam.DeleteRoleInput, _ ...func(*iam.Options)) (*iam.DeleteRoleOutput, error) {
	return &iam.DeleteRoleOutput{}, s.state.Update(ctx, func(tx *state.Tx) error {
		r, err := s.roles.get(tx, accountOf(ctx), *in.RoleName)
		if err != nil {
			return err
		}
		if err := r.protected(); err != nil {
			return err
		}
		if err := r.deletable(); err != nil {
			return err
		}
		s.roles.rows.Delete(tx, r.key())
		return nil
	})
}
