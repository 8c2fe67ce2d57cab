package iam

import (
	"context"
	"iter"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"accountfactory/internal/policy"
	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

// Quotas of customer managed policies. Source: IAM User Guide, "IAM and AWS STS quotas".
const (
	policiesPerAccount = 1500
	policySize         = 6144
)

// policiesOf gives the customer managed policies of an account after the key given.
func (s *Service) policiesOf(tx *state.Tx, accountID, after string) iter.Seq[*Policy] {
	return inAccount(tx, s.policies, accountID, after, func(p *Policy) string { return p.AccountID })
}

func (p *Policy) key() string { return key(p.AccountID, p.Name) }

// policyByARN gives a customer managed policy, or nil.
func (s *Service) policyByARN(tx *state.Tx, policyARN string) *Policy {
	accountID, path, name, ok := splitARN(policyARN, "policy")
	if !ok {
		return nil
	}
	p := s.policies.Get(tx, key(accountID, name))
	if p == nil || p.Path != path || p.Name != name {
		return nil
	}
	return p
}

// anyPolicy gives a managed policy of the account or of AWS, the latter in the form of a row.
func (s *Service) anyPolicy(tx *state.Tx, accountID, policyARN string) (*Policy, error) {
	if m := s.managed[policyARN]; m != nil {
		return m.row(), nil
	}
	if p := s.policyByARN(tx, policyARN); p != nil && p.AccountID == accountID {
		return p, nil
	}
	return nil, noSuch("Policy %s was not found.", policyARN)
}

// row gives an AWS managed policy the form of a customer's. Its account is "aws", as in its ARN.
func (m *managedPolicy) row() *Policy {
	return &Policy{
		AccountID: "aws", Name: m.Name, Path: m.Path, ID: m.id, Description: m.Description, Created: m.Created, Updated: m.Created,
		Default: 1, Last: 1, Versions: []Version{{Number: 1, Document: m.text, Created: m.Created}},
	}
}

// changePolicy changes a customer managed policy; AWS's cannot be changed.
func (s *Service) changePolicy(ctx context.Context, policyARN string, f func(*state.Tx, *Policy) error) error {
	return s.state.Update(ctx, func(tx *state.Tx) error {
		p, err := s.anyPolicy(tx, accountOf(ctx), policyARN)
		if err != nil {
			return err
		}
		if p.AccountID == "aws" {
			return s.notChangeable(ctx, policyARN)
		}
		next := *p
		if err := f(tx, &next); err != nil {
			return err
		}
		s.policies.Put(tx, &next)
		return nil
	})
}

func (s *Service) notChangeable(ctx context.Context, policyARN string) error {
	r := wire.RequestFrom(ctx)
	return notAuthorized(r.Caller, "iam:"+r.Operation, policyARN)
}

// CreatePolicy makes a customer managed policy.
func (s *Service) CreatePolicy(ctx context.Context, in *iam.CreatePolicyInput, _ ...func(*iam.Options)) (*iam.CreatePolicyOutput, error) {
	tags, err := readTags(in.Tags)
	if err != nil {
		return nil, err
	}
	if err := checkManagedDocument(*in.PolicyDocument); err != nil {
		return nil, err
	}
	out := &iam.CreatePolicyOutput{}
	return out, s.state.Update(ctx, func(tx *state.Tx) error {
		e := newEntity(tx, accountOf(ctx), *in.PolicyName, in.Path, policyPrefix)
		if s.policies.Get(tx, e.key()) != nil {
			return exists("A policy called %s already exists. Duplicate names are not allowed.", e.Name)
		}
		n := 0
		for range s.policiesOf(tx, e.AccountID, "") {
			n++
		}
		if n >= policiesPerAccount {
			return exceeded("Cannot exceed quota for PoliciesPerAccount: %d", policiesPerAccount)
		}
		p := &Policy{
			AccountID: e.AccountID, Name: e.Name, Path: e.Path, ID: e.ID, Description: aws.ToString(in.Description), Created: e.Created,
			Updated: e.Created, Default: 1, Last: 1, Versions: []Version{{Number: 1, Document: *in.PolicyDocument, Created: e.Created}}, Tags: tags,
		}
		s.policies.Put(tx, p)
		out.Policy = p.show(0, 0)
		out.Policy.Description, out.Policy.Tags = nil, shownTags(p.Tags)
		return nil
	})
}

func checkManagedDocument(document string) error {
	if err := checkDocument(document, policy.Identity); err != nil {
		return err
	}
	if policy.Size(document) > policySize {
		return exceeded("Cannot exceed quota for PolicySize: %d", policySize)
	}
	return nil
}

// show gives a policy as answers carry it, but for its tags.
func (p *Policy) show(attached, bounding int32) *types.Policy {
	a := p.ARN()
	return &types.Policy{
		Arn: &a, AttachmentCount: &attached, CreateDate: date(p.Created), DefaultVersionId: versionID(p.Default), Description: optional(p.Description),
		IsAttachable: true, Path: &p.Path, PermissionsBoundaryUsageCount: &bounding, PolicyId: &p.ID, PolicyName: &p.Name, UpdateDate: date(p.Updated),
	}
}

// GetPolicy gives a managed policy without its document, which GetPolicyVersion gives.
func (s *Service) GetPolicy(ctx context.Context, in *iam.GetPolicyInput, _ ...func(*iam.Options)) (*iam.GetPolicyOutput, error) {
	out := &iam.GetPolicyOutput{}
	return out, s.state.View(func(tx *state.Tx) error {
		p, err := s.anyPolicy(tx, accountOf(ctx), *in.PolicyArn)
		if err != nil {
			return err
		}
		attached, bounding := s.holders(tx, accountOf(ctx))
		out.Policy = p.show(attached[*in.PolicyArn], bounding[*in.PolicyArn])
		out.Policy.Tags = shownTags(p.Tags)
		return nil
	})
}

// DeletePolicy removes a customer managed policy that nobody has and that has one version left.
func (s *Service) DeletePolicy(ctx context.Context, in *iam.DeletePolicyInput, _ ...func(*iam.Options)) (*iam.DeletePolicyOutput, error) {
	return &iam.DeletePolicyOutput{}, s.state.Update(ctx, func(tx *state.Tx) error {
		p, err := s.anyPolicy(tx, accountOf(ctx), *in.PolicyArn)
		if err != nil {
			return err
		}
		if p.AccountID == "aws" {
			return s.notChangeable(ctx, *in.PolicyArn)
		}
		if attached, bounding := s.holders(tx, p.AccountID); attached[*in.PolicyArn]+bounding[*in.PolicyArn] > 0 {
			return conflict("Cannot delete a policy attached to entities.")
		}
		if len(p.Versions) > 1 {
			return conflict("This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.")
		}
		s.policies.Delete(tx, p.key())
		return nil
	})
}

func sortedKeys[V any](m map[string]V) []string {
	if len(m) == 0 { // most have none
		return nil
	}
	return slices.Sorted(maps.Keys(m))
}
