package identitycenter

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	sso "github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	"accountfactory/internal/twin/state"
)

// PutInlinePolicyToPermissionSet sets the inline policy, the only one a set has.
func (s *Service) PutInlinePolicyToPermissionSet(ctx context.Context, in *ssoadmin.PutInlinePolicyToPermissionSetInput, _ ...func(*ssoadmin.Options)) (*ssoadmin.PutInlinePolicyToPermissionSetOutput, error) {
	if err := checkDocument(*in.InlinePolicy); err != nil {
		return nil, err
	}
	return write(ctx, s, in.InstanceArn, func(tx *state.Tx, _ *Instance) (*ssoadmin.PutInlinePolicyToPermissionSetOutput, error) {
		p, err := s.set(tx, in.PermissionSetArn)
		if err != nil {
			return nil, err
		}
		s.changeSet(tx, p, func(p *PermissionSet) { p.Inline = *in.InlinePolicy })
		return &ssoadmin.PutInlinePolicyToPermissionSetOutput{}, nil
	})
}

// GetInlinePolicyForPermissionSet gives the inline policy, empty when there is none.
func (s *Service) GetInlinePolicyForPermissionSet(ctx context.Context, in *ssoadmin.GetInlinePolicyForPermissionSetInput, _ ...func(*ssoadmin.Options)) (*ssoadmin.GetInlinePolicyForPermissionSetOutput, error) {
	return read(ctx, s, in.InstanceArn, func(tx *state.Tx, _ *Instance) (*ssoadmin.GetInlinePolicyForPermissionSetOutput, error) {
		p, err := s.set(tx, in.PermissionSetArn)
		if err != nil {
			return nil, err
		}
		return &ssoadmin.GetInlinePolicyForPermissionSetOutput{InlinePolicy: &p.Inline}, nil
	})
}

// DeleteInlinePolicyFromPermissionSet removes the inline policy; without one it does nothing.
func (s *Service) DeleteInlinePolicyFromPermissionSet(ctx context.Context, in *ssoadmin.DeleteInlinePolicyFromPermissionSetInput, _ ...func(*ssoadmin.Options)) (*ssoadmin.DeleteInlinePolicyFromPermissionSetOutput, error) {
	return write(ctx, s, in.InstanceArn, func(tx *state.Tx, _ *Instance) (*ssoadmin.DeleteInlinePolicyFromPermissionSetOutput, error) {
		p, err := s.set(tx, in.PermissionSetArn)
		if err != nil {
			return nil, err
		}
		if p.Inline != "" {
			s.changeSet(tx, p, func(p *PermissionSet) { p.Inline = "" })
		}
		return &ssoadmin.DeleteInlinePolicyFromPermissionSetOutput{}, nil
	})
}

// PutPermissionsBoundaryToPermissionSet sets the boundary: a policy of AWS's, or one of each account's.
func (s *Service) PutPermissionsBoundaryToPermissionSet(ctx context.Context, in *ssoadmin.PutPermissionsBoundaryToPermissionSetInput, _ ...func(*ssoadmin.Options)) (*ssoadmin.PutPermissionsBoundaryToPermissionSetOutput, error) {
	given := in.PermissionsBoundary
	if (given.ManagedPolicyArn == nil) == (given.CustomerManagedPolicyReference == nil) {
		return nil, invalid("Either ManagedPolicyArn or CustomerManagedPolicyReference must be provided, and not both.")
	}
	boundary := &Boundary{ManagedARN: deref(given.ManagedPolicyArn)}
	if given.CustomerManagedPolicyReference != nil {
		boundary.Customer = new(reference(given.CustomerManagedPolicyReference))
	}
	return write(ctx, s, in.InstanceArn, func(tx *state.Tx, _ *Instance) (*ssoadmin.PutPermissionsBoundaryToPermissionSetOutput, error) {
		p, err := s.set(tx, in.PermissionSetArn)
		if err != nil {
			return nil, err
		}
		s.changeSet(tx, p, func(p *PermissionSet) { p.Boundary = boundary })
		return &ssoadmin.PutPermissionsBoundaryToPermissionSetOutput{}, nil
	})
}

// GetPermissionsBoundaryForPermissionSet gives the boundary.
func (s *Service) GetPermissionsBoundaryForPermissionSet(ctx context.Context, in *ssoadmin.GetPermissionsBoundaryForPermissionSetInput, _ ...func(*ssoadmin.Options)) (*ssoadmin.GetPermissionsBoundaryForPermissionSetOutput, error) {
	return read(ctx, s, in.InstanceArn, func(tx *state.Tx, _ *Instance) (*ssoadmin.GetPermissionsBoundaryForPermissionSetOutput, error) {
		p, err := s.set(tx, in.PermissionSetArn)
		if err != nil {
			return nil, err
		}
		if p.Boundary == nil {
			return nil, noBoundary(p)
		}
		out := &sso.PermissionsBoundary{ManagedPolicyArn: opt(p.Boundary.ManagedARN)}
		if ref := p.Boundary.Customer; ref != nil {
			out.CustomerManagedPolicyReference = new(ref.wire())
		}
		return &ssoadmin.GetPermissionsBoundaryForPermissionSetOutput{PermissionsBoundary: out}, nil
	})
}

// DeletePermissionsBoundaryFromPermissionSet removes the boundary.
func (s *Service) DeletePermissionsBoundaryFromPermissionSet(ctx context.Context, in *ssoadmin.DeletePermissionsBoundaryFromPermissionSetInput, _ ...func(*ssoadmin.Options)) (*ssoadmin.DeletePermissionsBoundaryFromPermissionSetOutput, error) {
	return write(ctx, s, in.InstanceArn, func(tx *state.Tx, _ *Instance) (*ssoadmin.DeletePermissionsBoundaryFromPermissionSetOutput, error) {
		p, err := s.set(tx, in.PermissionSetArn)
		if err != nil {
			return nil, err
		}
		if p.Boundary == nil {
			return nil, noBoundary(p)
		}
		s.changeSet(tx, p, func(p *PermissionSet) { p.Boundary = nil })
		return &ssoadmin.DeletePermissionsBoundaryFromPermissionSetOutput{}, nil
	})
}

func noBoundary(p *PermissionSet) error {
	return notFound("Could not find PermissionsBoundary for PermissionSet with id %s", lastPart(p.ARN))
}
