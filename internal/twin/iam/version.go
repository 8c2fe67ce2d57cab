package iam

import (
	"context"
	"iter"
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"accountfactory/internal/twin/state"
)

const versionsPerPolicy = 5

func versionID(n int) *string {
	s := "v" + strconv.Itoa(n)
	return &s
}

// version finds a version of a policy by its id.
func (p *Policy) version(policyARN, id string) (int, error) {
	for i, v := range p.Versions {
		if *versionID(v.Number) == id {
			return i, nil
		}
	}
	return 0, noSuch("Policy %s version %s does not exist or is not attachable.", policyARN, id)
}

// show gives a version as answers carry it. Only GetPolicyVersion shows the document.
func (v Version) show(p *Policy) types.PolicyVersion {
	return types.PolicyVersion{CreateDate: date(v.Created), IsDefaultVersion: v.Number == p.Default, VersionId: versionID(v.Number)}
}

// CreatePolicyVersion adds a version to a customer managed policy.
func (s *Service) CreatePolicyVersion(ctx context.Context, in *iam.CreatePolicyVersionInput, _ ...func(*iam.Options)) (*iam.CreatePolicyVersionOutput, error) {
	if err := checkManagedDocument(*in.PolicyDocument); err != nil {
		return nil, err
	}
	out := &iam.CreatePolicyVersionOutput{}
	return out, s.changePolicy(ctx, *in.PolicyArn, func(tx *state.Tx, p *Policy) error {
		if len(p.Versions) >= versionsPerPolicy {
			return exceeded("A managed policy can have up to %d versions. Before you create a new version, you must delete an existing version.", versionsPerPolicy)
		}
		p.Last++
		v := Version{Number: p.Last, Document: *in.PolicyDocument, Created: tx.Now()}
		p.Versions = append(slices.Clone(p.Versions), v)
		p.Updated = tx.Now()
		if in.SetAsDefault {
			p.Default = v.Number
		}
		shown := v.show(p)
		out.PolicyVersion = &shown
		return nil
	})
}

// GetPolicyVersion gives a version of a managed policy with its document.
func (s *Service) GetPolicyVersion(ctx context.Context, in *iam.GetPolicyVersionInput, _ ...func(*iam.Options)) (*iam.GetPolicyVersionOutput, error) {
	out := &iam.GetPolicyVersionOutput{}
	return out, s.state.View(func(tx *state.Tx) error {
		p, err := s.anyPolicy(tx, accountOf(ctx), *in.PolicyArn)
		if err != nil {
			return err
		}
		i, err := p.version(*in.PolicyArn, *in.VersionId)
		if err != nil {
			return err
		}
		shown := p.Versions[i].show(p)
		shown.Document = encoded(p.Versions[i].Document)
		out.PolicyVersion = &shown
		return nil
	})
}

// ListPolicyVersions lists the versions of a managed policy, the newest first.
func (s *Service) ListPolicyVersions(ctx context.Context, in *iam.ListPolicyVersionsInput, _ ...func(*iam.Options)) (*iam.ListPolicyVersionsOutput, error) {
	pg, err := newPage(in.Marker, in.MaxItems, "ListPolicyVersions", accountOf(ctx), *in.PolicyArn)
	if err != nil {
		return nil, err
	}
	out := &iam.ListPolicyVersionsOutput{}
	return out, s.state.View(func(tx *state.Tx) error {
		p, err := s.anyPolicy(tx, accountOf(ctx), *in.PolicyArn)
		if err != nil {
			return err
		}
		l := take(pg, p.versionsBelow(pg.after), func(v Version) string { return strconv.Itoa(v.Number) }, func(v Version) types.PolicyVersion { return v.show(p) })
		out.Versions, out.Marker, out.IsTruncated = l.Items, l.Marker, l.Truncated
		return nil
	})
}

// versionsBelow gives the versions from the newest, those older than one when its number is given.
func (p *Policy) versionsBelow(number string) iter.Seq[Version] {
	limit, err := strconv.Atoi(number)
	return func(yield func(Version) bool) {
		for _, v := range slices.Backward(p.Versions) {
			if (err != nil || v.Number < limit) && !yield(v) {
				return
			}
		}
	}
}

// DeletePolicyVersion removes a version that is not the default.
func (s *Service) DeletePolicyVersion(ctx context.Context, in *iam.DeletePolicyVersionInput, _ ...func(*iam.Options)) (*iam.DeletePolicyVersionOutput, error) {
	return &iam.DeletePolicyVersionOutput{}, s.changePolicy(ctx, *in.PolicyArn, func(_ *state.Tx, p *Policy) error {
		i, err := p.version(*in.PolicyArn, *in.VersionId)
		if err != nil {
			return err
		}
		if p.Versions[i].Number == p.Default {
			return conflict("Cannot delete the default version of a policy.")
		}
		p.Versions = slices.Delete(slices.Clone(p.Versions), i, i+1)
		return nil
	})
}

// SetDefaultPolicyVersion says which version of a customer managed policy counts.
func (s *Service) SetDefaultPolicyVersion(ctx context.Context, in *iam.SetDefaultPolicyVersionInput, _ ...func(*iam.Options)) (*iam.SetDefaultPolicyVersionOutput, error) {
	return &iam.SetDefaultPolicyVersionOutput{}, s.changePolicy(ctx, *in.PolicyArn, func(tx *state.Tx, p *Policy) error {
		i, err := p.version(*in.PolicyArn, *in.VersionId)
		if err != nil {
			return err
		}
		p.Default, p.Updated = p.Versions[i].Number, tx.Now()
		return nil
	})
}
