package identitycenter

import (
	"context"
	"iter"

	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	sso "github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	"accountfactory/internal/twin/state"
)

// ProvisionPermissionSet begins to bring a permission set's roles up to date, in one account or in all that have it.
func (s *Service) ProvisionPermissionSet(ctx context.Context, in *ssoadmin.ProvisionPermissionSetInput, _ ...func(*ssoadmin.Options)) (*ssoadmin.ProvisionPermissionSetOutput, error) {
	return write(ctx, s, in.InstanceArn, func(tx *state.Tx, _ *Instance) (*ssoadmin.ProvisionPermissionSetOutput, error) {
		p, err := s.set(tx, in.PermissionSetArn)
		if err != nil {
			return nil, err
		}
		one := in.TargetType == sso.ProvisionTargetTypeAwsAccount
		if one != (in.TargetId != nil) {
			return nil, invalid("TargetId must be provided when TargetType is AWS_ACCOUNT, and only then.")
		}
		if one {
			if err := s.account(tx, *in.TargetId); err != nil {
				return nil, err
			}
		}
		r := &Request{Kind: provisionKind, PermissionSetARN: p.ARN, AccountID: deref(in.TargetId)}
		if err := s.begin(tx, r, provisionStep, provisionTime); err != nil {
			return nil, err
		}
		return &ssoadmin.ProvisionPermissionSetOutput{PermissionSetProvisioningStatus: r.provisioningStatus()}, nil
	})
}

// stepProvision makes roles anew: that of one account, or those of all accounts a batch at a time. A batch that a crash
// undid is done again from where the request says it was.
func (s *Service) stepProvision(tx *state.Tx, op *state.Operation) error {
	if r := s.requests.Get(tx, op.Ref); r != nil && r.AccountID == "" {
		if rest := s.nextBatch(tx, r); len(rest) == batch {
			return s.provisionBatch(tx, op, r, rest)
		}
	}
	return s.step(tx, op, func(r *Request) error {
		p, err := s.set(tx, &r.PermissionSetARN)
		if err != nil {
			return err
		}
		if r.AccountID != "" {
			if err := s.account(tx, r.AccountID); err != nil {
				return err
			}
			return s.provision(tx, r.AccountID, p)
		}
		return s.provisionAll(tx, s.nextBatch(tx, r), p)
	})
}

// nextBatch gives the accounts that come next in a request for all of them.
func (s *Service) nextBatch(tx *state.Tx, r *Request) (accounts []*Provision) {
	for p := range s.accountsOf.OfAfter(tx, r.PermissionSetARN, r.At) {
		if accounts = append(accounts, p); len(accounts) == batch {
			break
		}
	}
	return accounts
}

func (s *Service) provisionBatch(tx *state.Tx, op *state.Operation, r *Request, accounts []*Provision) error {
	p, err := s.set(tx, &r.PermissionSetARN)
	if err == nil {
		err = s.provisionAll(tx, accounts, p)
	}
	if err != nil {
		s.end(tx, r, reasonOf(err))
		op.Done()
		return nil
	}
	s.requests.Change(tx, r.ID, func(r *Request) { r.At = accounts[len(accounts)-1].key() })
	op.Next(tx, provisionStep, 0)
	return nil
}

func (s *Service) provisionAll(tx *state.Tx, accounts []*Provision, p *PermissionSet) error {
	for _, a := range accounts {
		if err := s.provision(tx, a.AccountID, p); err != nil {
			return err
		}
	}
	return nil
}

// DescribePermissionSetProvisioningStatus shows how a ProvisionPermissionSet is coming along.
func (s *Service) DescribePermissionSetProvisioningStatus(ctx context.Context, in *ssoadmin.DescribePermissionSetProvisioningStatusInput, _ ...func(*ssoadmin.Options)) (*ssoadmin.DescribePermissionSetProvisioningStatusOutput, error) {
	return read(ctx, s, in.InstanceArn, func(tx *state.Tx, _ *Instance) (*ssoadmin.DescribePermissionSetProvisioningStatusOutput, error) {
		r, err := s.request(tx, provisionKind, in.ProvisionPermissionSetRequestId)
		if err != nil {
			return nil, err
		}
		return &ssoadmin.DescribePermissionSetProvisioningStatusOutput{PermissionSetProvisioningStatus: r.provisioningStatus()}, nil
	})
}

// ListPermissionSetProvisioningStatus lists requests, of one status when a filter says so.
func (s *Service) ListPermissionSetProvisioningStatus(ctx context.Context, in *ssoadmin.ListPermissionSetProvisioningStatusInput, _ ...func(*ssoadmin.Options)) (*ssoadmin.ListPermissionSetProvisioningStatusOutput, error) {
	return read(ctx, s, in.InstanceArn, func(tx *state.Tx, _ *Instance) (*ssoadmin.ListPermissionSetProvisioningStatusOutput, error) {
		out := &ssoadmin.ListPermissionSetProvisioningStatusOutput{}
		var err error
		out.PermissionSetsProvisioningStatus, out.NextToken, err = listRequests(s, tx, provisionKind, in.Filter, in.MaxResults, in.NextToken,
			func(r *Request) sso.PermissionSetProvisioningStatusMetadata {
				return sso.PermissionSetProvisioningStatusMetadata{RequestId: &r.ID, Status: sso.StatusValues(r.Status), CreatedDate: &r.Begun}
			})
		return out, err
	})
}

func (r *Request) provisioningStatus() *sso.PermissionSetProvisioningStatus {
	return &sso.PermissionSetProvisioningStatus{
		RequestId: &r.ID, Status: sso.StatusValues(r.Status), FailureReason: opt(r.Reason), CreatedDate: &r.Begun,
		AccountId: opt(r.AccountID), PermissionSetArn: &r.PermissionSetARN,
	}
}

// ListAccountsForProvisionedPermissionSet lists the accounts that have a permission set.
func (s *Service) ListAccountsForProvisionedPermissionSet(ctx context.Context, in *ssoadmin.ListAccountsForProvisionedPermissionSetInput, _ ...func(*ssoadmin.Options)) (*ssoadmin.ListAccountsForProvisionedPermissionSetOutput, error) {
	return read(ctx, s, in.InstanceArn, func(tx *state.Tx, _ *Instance) (*ssoadmin.ListAccountsForProvisionedPermissionSetOutput, error) {
		p, err := s.set(tx, in.PermissionSetArn)
		if err != nil {
			return nil, err
		}
		scope := "ListAccountsForProvisionedPermissionSet/" + p.ARN + "/" + string(in.ProvisioningStatus)
		from, err := after(scope, in.NextToken)
		if err != nil {
			return nil, err
		}
		out := &ssoadmin.ListAccountsForProvisionedPermissionSetOutput{}
		out.AccountIds, out.NextToken = page(scope, in.MaxResults, s.ofStatus(tx, s.accountsOf.OfAfter(tx, p.ARN, from), in.ProvisioningStatus),
			(*Provision).key, func(p *Provision) string { return p.AccountID })
		return out, nil
	})
}

// ListPermissionSetsProvisionedToAccount lists the permission sets an account has.
func (s *Service) ListPermissionSetsProvisionedToAccount(ctx context.Context, in *ssoadmin.ListPermissionSetsProvisionedToAccountInput, _ ...func(*ssoadmin.Options)) (*ssoadmin.ListPermissionSetsProvisionedToAccountOutput, error) {
	return read(ctx, s, in.InstanceArn, func(tx *state.Tx, _ *Instance) (*ssoadmin.ListPermissionSetsProvisionedToAccountOutput, error) {
		if err := s.account(tx, *in.AccountId); err != nil {
			return nil, err
		}
		scope := "ListPermissionSetsProvisionedToAccount/" + *in.AccountId + "/" + string(in.ProvisioningStatus)
		from, err := after(scope, in.NextToken)
		if err != nil {
			return nil, err
		}
		out := &ssoadmin.ListPermissionSetsProvisionedToAccountOutput{}
		out.PermissionSets, out.NextToken = page(scope, in.MaxResults, s.ofStatus(tx, s.provisioned(tx, *in.AccountId, from), in.ProvisioningStatus),
			(*Provision).key, func(p *Provision) string { return p.PermissionSetARN })
		return out, nil
	})
}

// ofStatus keeps the provisions whose role is, or is not, what the permission set says now.
func (s *Service) ofStatus(tx *state.Tx, rows iter.Seq[*Provision], status sso.ProvisioningStatus) iter.Seq[*Provision] {
	if status == "" {
		return rows
	}
	return only(rows, func(p *Provision) bool {
		set := s.sets.Get(tx, p.PermissionSetARN)
		latest := set != nil && set.Version == p.Version
		return latest == (status == sso.ProvisioningStatusLatestPermissionSetProvisioned)
	})
}
