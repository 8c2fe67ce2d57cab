package identitycenter

import (
	"context"
	"iter"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	sso "github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	"accountfactory/internal/twin/state"
)

// CreateAccountAssignment begins an assignment. One that is there already succeeds again.
func (s *Service) CreateAccountAssignment(ctx context.Context, in *ssoadmin.CreateAccountAssignmentInput, _ ...func(*ssoadmin.Options)) (*ssoadmin.CreateAccountAssignmentOutput, error) {
	return write(ctx, s, in.InstanceArn, func(tx *state.Tx, _ *Instance) (*ssoadmin.CreateAccountAssignmentOutput, error) {
		r, err := s.beginAssign(tx, Assignment{
			AccountID: *in.TargetId, PermissionSetARN: *in.PermissionSetArn, PrincipalType: string(in.PrincipalType), PrincipalID: *in.PrincipalId,
		}, false)
		if err != nil {
			return nil, err
		}
		return &ssoadmin.CreateAccountAssignmentOutput{AccountAssignmentCreationStatus: r.assignmentStatus()}, nil
	})
}

// DeleteAccountAssignment begins to remove an assignment. Its principal may be gone already.
func (s *Service) DeleteAccountAssignment(ctx context.Context, in *ssoadmin.DeleteAccountAssignmentInput, _ ...func(*ssoadmin.Options)) (*ssoadmin.DeleteAccountAssignmentOutput, error) {
	return write(ctx, s, in.InstanceArn, func(tx *state.Tx, _ *Instance) (*ssoadmin.DeleteAccountAssignmentOutput, error) {
		if _, err := s.set(tx, in.PermissionSetArn); err != nil {
			return nil, err
		}
		r, err := s.BeginUnassign(tx, Assignment{
			AccountID: *in.TargetId, PermissionSetARN: *in.PermissionSetArn, PrincipalType: string(in.PrincipalType), PrincipalID: *in.PrincipalId,
		})
		if err != nil {
			return nil, err
		}
		return &ssoadmin.DeleteAccountAssignmentOutput{AccountAssignmentDeletionStatus: r.assignmentStatus()}, nil
	})
}

// ListAccountAssignments lists who has a permission set in an account.
func (s *Service) ListAccountAssignments(ctx context.Context, in *ssoadmin.ListAccountAssignmentsInput, _ ...func(*ssoadmin.Options)) (*ssoadmin.ListAccountAssignmentsOutput, error) {
	return read(ctx, s, in.InstanceArn, func(tx *state.Tx, _ *Instance) (*ssoadmin.ListAccountAssignmentsOutput, error) {
		p, err := s.set(tx, in.PermissionSetArn)
		if err == nil {
			err = s.account(tx, *in.AccountId)
		}
		if err != nil {
			return nil, err
		}
		scope := "ListAccountAssignments/" + provisionKey(*in.AccountId, p.ARN)
		from, err := after(scope, in.NextToken)
		if err != nil {
			return nil, err
		}
		out := &ssoadmin.ListAccountAssignmentsOutput{}
		out.AccountAssignments, out.NextToken = page(scope, in.MaxResults, s.assignees(tx, *in.AccountId, p.ARN, from), (*Assignment).key,
			func(a *Assignment) sso.AccountAssignment {
				return sso.AccountAssignment{
					AccountId: &a.AccountID, PermissionSetArn: &a.PermissionSetARN, PrincipalId: &a.PrincipalID, PrincipalType: sso.PrincipalType(a.PrincipalType),
				}
			})
		return out, nil
	})
}

// ListAccountAssignmentsForPrincipal lists where a principal has access; a user's includes what groups give them.
func (s *Service) ListAccountAssignmentsForPrincipal(ctx context.Context, in *ssoadmin.ListAccountAssignmentsForPrincipalInput, _ ...func(*ssoadmin.Options)) (*ssoadmin.ListAccountAssignmentsForPrincipalOutput, error) {
	account := ""
	if in.Filter != nil {
		account = deref(in.Filter.AccountId)
	}
	scope := "ListAccountAssignmentsForPrincipal/" + *in.PrincipalId + "/" + account
	return read(ctx, s, in.InstanceArn, func(tx *state.Tx, _ *Instance) (*ssoadmin.ListAccountAssignmentsForPrincipalOutput, error) {
		if err := s.principal(tx, string(in.PrincipalType), *in.PrincipalId); err != nil {
			return nil, err
		}
		from, err := after(scope, in.NextToken)
		if err != nil {
			return nil, err
		}
		out := &ssoadmin.ListAccountAssignmentsForPrincipalOutput{}
		out.AccountAssignments, out.NextToken = page(scope, in.MaxResults, s.accessFrom(tx, *in.PrincipalId, account, from),
			func(a *Assignment) string { return a.PrincipalID + "|" + a.key() },
			func(a *Assignment) sso.AccountAssignmentForPrincipal {
				return sso.AccountAssignmentForPrincipal{
					AccountId: &a.AccountID, PermissionSetArn: &a.PermissionSetARN, PrincipalId: &a.PrincipalID, PrincipalType: sso.PrincipalType(a.PrincipalType),
				}
			})
		return out, nil
	})
}

// principals gives a user and their groups, the user first; of a group only itself.
func (s *Service) principals(tx *state.Tx, id string) []string {
	var groups []string
	for m := range s.groupsOf.Of(tx, id) {
		groups = append(groups, m.GroupID)
	}
	slices.Sort(groups)
	return append([]string{id}, groups...)
}

// accessFrom gives the access of a principal after the place a page token names ("principal|key"), in one account unless
// that is "". A token whose principal the user has left meanwhile goes on with the next group.
func (s *Service) accessFrom(tx *state.Tx, id, account, token string) iter.Seq[*Assignment] {
	at, key, resumed := strings.Cut(token, "|")
	prefix := ""
	if account != "" {
		prefix = account + "/"
	}
	return func(yield func(*Assignment) bool) {
		for i, principal := range s.principals(tx, id) {
			from := prefix
			switch {
			case resumed && principal == at:
				from = key
			case resumed && at != id && (i == 0 || principal < at):
				continue
			}
			for a := range s.byPrincipal.OfAfter(tx, principal, from) {
				if !strings.HasPrefix(a.key(), prefix) {
					break
				}
				if !yield(a) {
					return
				}
			}
		}
	}
}

// DescribeAccountAssignmentCreationStatus shows how a CreateAccountAssignment is coming along.
func (s *Service) DescribeAccountAssignmentCreationStatus(ctx context.Context, in *ssoadmin.DescribeAccountAssignmentCreationStatusInput, _ ...func(*ssoadmin.Options)) (*ssoadmin.DescribeAccountAssignmentCreationStatusOutput, error) {
	return read(ctx, s, in.InstanceArn, func(tx *state.Tx, _ *Instance) (*ssoadmin.DescribeAccountAssignmentCreationStatusOutput, error) {
		r, err := s.request(tx, assignKind, in.AccountAssignmentCreationRequestId)
		if err != nil {
			return nil, err
		}
		return &ssoadmin.DescribeAccountAssignmentCreationStatusOutput{AccountAssignmentCreationStatus: r.assignmentStatus()}, nil
	})
}

// DescribeAccountAssignmentDeletionStatus shows how a DeleteAccountAssignment is coming along.
func (s *Service) DescribeAccountAssignmentDeletionStatus(ctx context.Context, in *ssoadmin.DescribeAccountAssignmentDeletionStatusInput, _ ...func(*ssoadmin.Options)) (*ssoadmin.DescribeAccountAssignmentDeletionStatusOutput, error) {
	return read(ctx, s, in.InstanceArn, func(tx *state.Tx, _ *Instance) (*ssoadmin.DescribeAccountAssignmentDeletionStatusOutput, error) {
		r, err := s.request(tx, unassignKind, in.AccountAssignmentDeletionRequestId)
		if err != nil {
			return nil, err
		}
		return &ssoadmin.DescribeAccountAssignmentDeletionStatusOutput{AccountAssignmentDeletionStatus: r.assignmentStatus()}, nil
	})
}

// ListAccountAssignmentCreationStatus lists requests, of one status when a filter says so.
func (s *Service) ListAccountAssignmentCreationStatus(ctx context.Context, in *ssoadmin.ListAccountAssignmentCreationStatusInput, _ ...func(*ssoadmin.Options)) (*ssoadmin.ListAccountAssignmentCreationStatusOutput, error) {
	return read(ctx, s, in.InstanceArn, func(tx *state.Tx, _ *Instance) (*ssoadmin.ListAccountAssignmentCreationStatusOutput, error) {
		out := &ssoadmin.ListAccountAssignmentCreationStatusOutput{}
		var err error
		out.AccountAssignmentsCreationStatus, out.NextToken, err = listRequests(s, tx, assignKind, in.Filter, in.MaxResults, in.NextToken, (*Request).assignmentMetadata)
		return out, err
	})
}

// ListAccountAssignmentDeletionStatus lists requests, of one status when a filter says so.
func (s *Service) ListAccountAssignmentDeletionStatus(ctx context.Context, in *ssoadmin.ListAccountAssignmentDeletionStatusInput, _ ...func(*ssoadmin.Options)) (*ssoadmin.ListAccountAssignmentDeletionStatusOutput, error) {
	return read(ctx, s, in.InstanceArn, func(tx *state.Tx, _ *Instance) (*ssoadmin.ListAccountAssignmentDeletionStatusOutput, error) {
		out := &ssoadmin.ListAccountAssignmentDeletionStatusOutput{}
		var err error
		out.AccountAssignmentsDeletionStatus, out.NextToken, err = listRequests(s, tx, unassignKind, in.Filter, in.MaxResults, in.NextToken, (*Request).assignmentMetadata)
		return out, err
	})
}

// request gives a request of a kind, or AWS's error.
func (s *Service) request(tx *state.Tx, kind string, id *string) (*Request, error) {
	r := s.requests.Get(tx, deref(id))
	if r == nil || r.Kind != kind {
		return nil, notFound("Could not find request with id %s", deref(id))
	}
	return r, nil
}

func listRequests[O any](s *Service, tx *state.Tx, kind string, filter *sso.OperationStatusFilter, max *int32, token *string, show func(*Request) O) ([]O, *string, error) {
	index, value := s.byKind, kind
	if filter != nil && filter.Status != "" {
		index, value = s.byStatus, kind+"/"+string(filter.Status)
	}
	from, err := after(value, token)
	if err != nil {
		return nil, nil, err
	}
	out, next := page(value, max, index.OfAfter(tx, value, from), func(r *Request) string { return r.ID }, show)
	return out, next, nil
}

func (r *Request) assignmentStatus() *sso.AccountAssignmentOperationStatus {
	return &sso.AccountAssignmentOperationStatus{
		RequestId: &r.ID, Status: sso.StatusValues(r.Status), FailureReason: opt(r.Reason), CreatedDate: &r.Begun,
		TargetId: &r.AccountID, TargetType: sso.TargetTypeAwsAccount, PermissionSetArn: &r.PermissionSetARN,
		PrincipalType: sso.PrincipalType(r.PrincipalType), PrincipalId: &r.PrincipalID,
	}
}

func (r *Request) assignmentMetadata() sso.AccountAssignmentOperationStatusMetadata {
	return sso.AccountAssignmentOperationStatusMetadata{RequestId: &r.ID, Status: sso.StatusValues(r.Status), CreatedDate: &r.Begun}
}
