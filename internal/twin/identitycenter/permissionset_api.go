package identitycenter

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	sso "github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	"accountfactory/internal/twin/state"
)

// CreatePermissionSet makes a permission set without policies.
func (s *Service) CreatePermissionSet(ctx context.Context, in *ssoadmin.CreatePermissionSetInput, _ ...func(*ssoadmin.Options)) (*ssoadmin.CreatePermissionSetOutput, error) {
	return write(ctx, s, in.InstanceArn, func(tx *state.Tx, _ *Instance) (*ssoadmin.CreatePermissionSetOutput, error) {
		tags, err := mergeTags(nil, in.Tags)
		if err != nil {
			return nil, err
		}
		p, err := s.PutPermissionSet(tx, SetSpec{
			Name: *in.Name, Description: deref(in.Description), SessionDuration: deref(in.SessionDuration), RelayState: deref(in.RelayState), Tags: tags,
		})
		if err != nil {
			return nil, err
		}
		return &ssoadmin.CreatePermissionSetOutput{PermissionSet: p.wire()}, nil
	})
}

// DescribePermissionSet shows a permission set without its policies.
func (s *Service) DescribePermissionSet(ctx context.Context, in *ssoadmin.DescribePermissionSetInput, _ ...func(*ssoadmin.Options)) (*ssoadmin.DescribePermissionSetOutput, error) {
	return read(ctx, s, in.InstanceArn, func(tx *state.Tx, _ *Instance) (*ssoadmin.DescribePermissionSetOutput, error) {
		p, err := s.set(tx, in.PermissionSetArn)
		if err != nil {
			return nil, err
		}
		return &ssoadmin.DescribePermissionSetOutput{PermissionSet: p.wire()}, nil
	})
}

// UpdatePermissionSet changes what is given and leaves the rest.
func (s *Service) UpdatePermissionSet(ctx context.Context, in *ssoadmin.UpdatePermissionSetInput, _ ...func(*ssoadmin.Options)) (*ssoadmin.UpdatePermissionSetOutput, error) {
	return write(ctx, s, in.InstanceArn, func(tx *state.Tx, _ *Instance) (*ssoadmin.UpdatePermissionSetOutput, error) {
		p, err := s.set(tx, in.PermissionSetArn)
		if err != nil {
			return nil, err
		}
		if in.SessionDuration != nil {
			if err := checkSession(*in.SessionDuration); err != nil {
				return nil, err
			}
		}
		s.changeSet(tx, p, func(p *PermissionSet) {
			given(&p.Description, in.Description)
			given(&p.RelayState, in.RelayState)
			given(&p.SessionDuration, in.SessionDuration)
		})
		return &ssoadmin.UpdatePermissionSetOutput{}, nil
	})
}

func given(dst, src *string) {
	if src != nil {
		*dst = *src
	}
}

// DeletePermissionSet removes a permission set that is provisioned nowhere.
func (s *Service) DeletePermissionSet(ctx context.Context, in *ssoadmin.DeletePermissionSetInput, _ ...func(*ssoadmin.Options)) (*ssoadmin.DeletePermissionSetOutput, error) {
	return write(ctx, s, in.InstanceArn, func(tx *state.Tx, _ *Instance) (*ssoadmin.DeletePermissionSetOutput, error) {
		p, err := s.set(tx, in.PermissionSetArn)
		if err == nil {
			err = s.removeSet(tx, p)
		}
		return &ssoadmin.DeletePermissionSetOutput{}, err
	})
}

// ListPermissionSets lists the ARNs of permission sets.
func (s *Service) ListPermissionSets(ctx context.Context, in *ssoadmin.ListPermissionSetsInput, _ ...func(*ssoadmin.Options)) (*ssoadmin.ListPermissionSetsOutput, error) {
	return read(ctx, s, in.InstanceArn, func(tx *state.Tx, _ *Instance) (*ssoadmin.ListPermissionSetsOutput, error) {
		from, err := after("ListPermissionSets", in.NextToken)
		if err != nil {
			return nil, err
		}
		name := func(p *PermissionSet) string { return p.ARN }
		out := &ssoadmin.ListPermissionSetsOutput{}
		out.PermissionSets, out.NextToken = page("ListPermissionSets", in.MaxResults, s.sets.After(tx, from), name, name)
		return out, nil
	})
}

func (p *PermissionSet) wire() *sso.PermissionSet {
	return &sso.PermissionSet{
		PermissionSetArn: &p.ARN, Name: &p.Name, Description: opt(p.Description), RelayState: opt(p.RelayState),
		SessionDuration: &p.SessionDuration, CreatedDate: &p.Created,
	}
}
