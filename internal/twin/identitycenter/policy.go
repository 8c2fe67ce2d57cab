package identitycenter

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	sso "github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	"accountfactory/internal/twin/state"
)

// AttachManagedPolicyToPermissionSet adds an AWS managed policy.
func (s *Service) AttachManagedPolicyToPermissionSet(ctx context.Context, in *ssoadmin.AttachManagedPolicyToPermissionSetInput, _ ...func(*ssoadmin.Options)) (*ssoadmin.AttachManagedPolicyToPermissionSetOutput, error) {
	return write(ctx, s, in.InstanceArn, func(tx *state.Tx, _ *Instance) (*ssoadmin.AttachManagedPolicyToPermissionSetOutput, error) {
		p, err := s.set(tx, in.PermissionSetArn)
		if err != nil {
			return nil, err
		}
		if slices.Contains(p.Managed, *in.ManagedPolicyArn) {
			return nil, conflict("Permission set with id %s already has a typed link attachment to a managed policy with %s", lastPart(p.ARN), *in.ManagedPolicyArn)
		}
		if p.policies() >= policyLimit {
			return nil, quota("ManagedPolicy", policyLimit, lastPart(p.ARN))
		}
		s.changeSet(tx, p, func(p *PermissionSet) { p.Managed = append(slices.Clone(p.Managed), *in.ManagedPolicyArn) })
		return &ssoadmin.AttachManagedPolicyToPermissionSetOutput{}, nil
	})
}

func (p *PermissionSet) policies() int { return len(p.Managed) + len(p.Customer) }

// DetachManagedPolicyFromPermissionSet takes an AWS managed policy away.
func (s *Service) DetachManagedPolicyFromPermissionSet(ctx context.Context, in *ssoadmin.DetachManagedPolicyFromPermissionSetInput, _ ...func(*ssoadmin.Options)) (*ssoadmin.DetachManagedPolicyFromPermissionSetOutput, error) {
	return write(ctx, s, in.InstanceArn, func(tx *state.Tx, _ *Instance) (*ssoadmin.DetachManagedPolicyFromPermissionSetOutput, error) {
		p, err := s.set(tx, in.PermissionSetArn)
		if err != nil {
			return nil, err
		}
		at := slices.Index(p.Managed, *in.ManagedPolicyArn)
		if at < 0 {
			return nil, notFound("Could not find ManagedPolicy with arn %s", *in.ManagedPolicyArn)
		}
		s.changeSet(tx, p, func(p *PermissionSet) { p.Managed = slices.Delete(slices.Clone(p.Managed), at, at+1) })
		return &ssoadmin.DetachManagedPolicyFromPermissionSetOutput{}, nil
	})
}

// ListManagedPoliciesInPermissionSet lists the AWS managed policies of a set by ARN.
func (s *Service) ListManagedPoliciesInPermissionSet(ctx context.Context, in *ssoadmin.ListManagedPoliciesInPermissionSetInput, _ ...func(*ssoadmin.Options)) (*ssoadmin.ListManagedPoliciesInPermissionSetOutput, error) {
	return read(ctx, s, in.InstanceArn, func(tx *state.Tx, _ *Instance) (*ssoadmin.ListManagedPoliciesInPermissionSetOutput, error) {
		p, err := s.set(tx, in.PermissionSetArn)
		if err != nil {
			return nil, err
		}
		scope := "ListManagedPolicies/" + p.ARN
		from, err := after(scope, in.NextToken)
		if err != nil {
			return nil, err
		}
		all := slices.DeleteFunc(slices.Sorted(slices.Values(p.Managed)), func(policy string) bool { return policy <= from })
		out := &ssoadmin.ListManagedPoliciesInPermissionSetOutput{}
		out.AttachedManagedPolicies, out.NextToken = page(scope, in.MaxResults, slices.Values(all), func(policy string) string { return policy },
			func(policy string) sso.AttachedManagedPolicy {
				return sso.AttachedManagedPolicy{Arn: &policy, Name: new(lastPart(policy))}
			})
		return out, nil
	})
}

// AttachCustomerManagedPolicyReferenceToPermissionSet adds a reference; whether an account has the policy shows when the
// set is provisioned there.
func (s *Service) AttachCustomerManagedPolicyReferenceToPermissionSet(ctx context.Context, in *ssoadmin.AttachCustomerManagedPolicyReferenceToPermissionSetInput, _ ...func(*ssoadmin.Options)) (*ssoadmin.AttachCustomerManagedPolicyReferenceToPermissionSetOutput, error) {
	return write(ctx, s, in.InstanceArn, func(tx *state.Tx, _ *Instance) (*ssoadmin.AttachCustomerManagedPolicyReferenceToPermissionSetOutput, error) {
		p, err := s.set(tx, in.PermissionSetArn)
		if err != nil {
			return nil, err
		}
		ref := reference(in.CustomerManagedPolicyReference)
		if slices.Contains(p.Customer, ref) {
			return nil, conflict("Given customer managed policy with name: %s  and path %s already attached", ref.Name, ref.Path)
		}
		if p.policies() >= policyLimit {
			return nil, &sso.ServiceQuotaExceededException{Message: text(
				"Cannot attach managed policy: number of attached managed policies is already at maximum %d", policyLimit)}
		}
		s.changeSet(tx, p, func(p *PermissionSet) { p.Customer = append(slices.Clone(p.Customer), ref) })
		return &ssoadmin.AttachCustomerManagedPolicyReferenceToPermissionSetOutput{}, nil
	})
}

// DetachCustomerManagedPolicyReferenceFromPermissionSet takes a reference away.
func (s *Service) DetachCustomerManagedPolicyReferenceFromPermissionSet(ctx context.Context, in *ssoadmin.DetachCustomerManagedPolicyReferenceFromPermissionSetInput, _ ...func(*ssoadmin.Options)) (*ssoadmin.DetachCustomerManagedPolicyReferenceFromPermissionSetOutput, error) {
	return write(ctx, s, in.InstanceArn, func(tx *state.Tx, _ *Instance) (*ssoadmin.DetachCustomerManagedPolicyReferenceFromPermissionSetOutput, error) {
		p, err := s.set(tx, in.PermissionSetArn)
		if err != nil {
			return nil, err
		}
		ref := reference(in.CustomerManagedPolicyReference)
		at := slices.Index(p.Customer, ref)
		if at < 0 {
			return nil, notFound("Given managed policy with name: %s  and path %s does not exist on PermissionSet", ref.Name, ref.Path)
		}
		s.changeSet(tx, p, func(p *PermissionSet) { p.Customer = slices.Delete(slices.Clone(p.Customer), at, at+1) })
		return &ssoadmin.DetachCustomerManagedPolicyReferenceFromPermissionSetOutput{}, nil
	})
}

// ListCustomerManagedPolicyReferencesInPermissionSet lists the references of a set by path and name.
func (s *Service) ListCustomerManagedPolicyReferencesInPermissionSet(ctx context.Context, in *ssoadmin.ListCustomerManagedPolicyReferencesInPermissionSetInput, _ ...func(*ssoadmin.Options)) (*ssoadmin.ListCustomerManagedPolicyReferencesInPermissionSetOutput, error) {
	return read(ctx, s, in.InstanceArn, func(tx *state.Tx, _ *Instance) (*ssoadmin.ListCustomerManagedPolicyReferencesInPermissionSetOutput, error) {
		p, err := s.set(tx, in.PermissionSetArn)
		if err != nil {
			return nil, err
		}
		scope := "ListCustomerManagedPolicies/" + p.ARN
		from, err := after(scope, in.NextToken)
		if err != nil {
			return nil, err
		}
		key := func(r PolicyReference) string { return r.Path + r.Name }
		all := slices.DeleteFunc(slices.Clone(p.Customer), func(r PolicyReference) bool { return key(r) <= from })
		slices.SortFunc(all, func(a, b PolicyReference) int { return strings.Compare(key(a), key(b)) })
		out := &ssoadmin.ListCustomerManagedPolicyReferencesInPermissionSetOutput{}
		out.CustomerManagedPolicyReferences, out.NextToken = page(scope, in.MaxResults, slices.Values(all), key, PolicyReference.wire)
		return out, nil
	})
}

func reference(r *sso.CustomerManagedPolicyReference) PolicyReference {
	ref := PolicyReference{Name: deref(r.Name), Path: deref(r.Path)}
	if ref.Path == "" {
		ref.Path = "/"
	}
	return ref
}

func (r PolicyReference) wire() sso.CustomerManagedPolicyReference {
	return sso.CustomerManagedPolicyReference{Name: &r.Name, Path: &r.Path}
}
