package iam

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"accountfactory/internal/arn"
	"accountfactory/internal/twin/state"
)

// Deletion is the task of deleting a service-linked role.
type Deletion struct {
	ID        string // "task/aws-service-role/<service>/<role>/<uuid>"
	AccountID string
	Role      string // name
	RoleID    string
	Status    types.DeletionTaskStatusType
	Reason    string  `json:",omitempty"` // of a failure
	Usage     []Usage `json:",omitempty"`
	Begun     time.Time
}

// Usage says where a service still uses its role.
type Usage struct {
	Region    string
	Resources []string // ARNs
}

// Usages tells what a service uses its role in an account for; with anything, the role cannot be deleted.
type Usages func(tx *state.Tx, accountID, principal string) []Usage

// UseUsages says who knows what service-linked roles are used for; without, they are not used. Call it before the store
// opens.
func (s *Service) UseUsages(u Usages) { s.usages = u }

const (
	deleteLinkedKind = "iam.DeleteServiceLinkedRole"
	deleteLinked     = "DeleteServiceLinkedRole"
	askService       = "ask" // the service is asked whether it uses the role
	removeLinked     = "remove"
	deletionTakes    = 2 * time.Second // each step
	deletionKept     = 7 * 24 * time.Hour
)

// DeleteServiceLinkedRole begins the deletion of a role. The service decides; GetServiceLinkedRoleDeletionStatus tells.
func (s *Service) DeleteServiceLinkedRole(ctx context.Context, in *iam.DeleteServiceLinkedRoleInput, _ ...func(*iam.Options)) (*iam.DeleteServiceLinkedRoleOutput, error) {
	out := &iam.DeleteServiceLinkedRoleOutput{}
	return out, s.state.Update(ctx, func(tx *state.Tx) error {
		account := accountOf(ctx)
		r, err := s.roles.get(tx, account, *in.RoleName)
		if err != nil {
			return err
		}
		if !r.linked() {
			return noSuch("The service-linked role with name %s cannot be found.", r.Name)
		}
		old := slices.Collect(s.deletionsOf.Of(tx, account))
		for _, d := range old {
			if d.RoleID == r.ID && d.Status != types.DeletionTaskStatusTypeFailed {
				out.DeletionTaskId = &d.ID
				return nil
			}
			if d.Begun.Before(tx.Now().Add(-deletionKept)) {
				s.deletions.Delete(tx, d.ID)
			}
		}
		d := &Deletion{
			ID: "task" + linkedPath + r.Service + "/" + r.Name + "/" + arn.UUID(tx), AccountID: account, Role: r.Name, RoleID: r.ID,
			Status: types.DeletionTaskStatusTypeNotStarted, Begun: tx.Now(),
		}
		s.deletions.Put(tx, d)
		tx.Begin(deleteLinkedKind, d.ID, askService, tx.Pace(deletionTakes))
		out.DeletionTaskId = &d.ID
		return nil
	})
}

// deletionStep asks the service, and then removes the role.
func (s *Service) deletionStep(tx *state.Tx, op *state.Operation) error {
	d := s.deletions.Get(tx, op.Ref)
	if d == nil {
		op.Done()
		return nil
	}
	if f := tx.TakeFault(state.FaultPoint{Service: "iam", Operation: deleteLinked, Step: op.Step, Account: d.AccountID}); f != nil {
		if f.Kind == state.FaultStuck {
			op.Stuck = true
			return nil
		}
		s.endDeletion(tx, op, types.DeletionTaskStatusTypeFailed, f.Reason, nil)
		return nil
	}
	r := s.Role(tx, d.AccountID, d.Role)
	if r == nil || r.ID != d.RoleID {
		s.endDeletion(tx, op, types.DeletionTaskStatusTypeSucceeded, "", nil)
		return nil
	}
	if used := s.usages(tx, d.AccountID, r.Service); len(used) > 0 {
		s.endDeletion(tx, op, types.DeletionTaskStatusTypeFailed, "The role is in use by resources of "+r.Service+".", used)
		return nil
	}
	if op.Step == askService {
		s.deletions.Change(tx, d.ID, func(d *Deletion) { d.Status = types.DeletionTaskStatusTypeInProgress })
		op.Next(tx, removeLinked, tx.Pace(deletionTakes))
		return nil
	}
	s.dropRole(tx, r)
	s.endDeletion(tx, op, types.DeletionTaskStatusTypeSucceeded, "", nil)
	return nil
}

func (s *Service) endDeletion(tx *state.Tx, op *state.Operation, status types.DeletionTaskStatusType, reason string, used []Usage) {
	s.deletions.Change(tx, op.Ref, func(d *Deletion) { d.Status, d.Reason, d.Usage = status, reason, used })
	op.Done()
}

// GetServiceLinkedRoleDeletionStatus tells how a deletion goes, and why it failed.
func (s *Service) GetServiceLinkedRoleDeletionStatus(ctx context.Context, in *iam.GetServiceLinkedRoleDeletionStatusInput, _ ...func(*iam.Options)) (*iam.GetServiceLinkedRoleDeletionStatusOutput, error) {
	if _, _, ok := deletionTask(*in.DeletionTaskId); !ok {
		return nil, invalidInput("Invalid deletion task id: %s", *in.DeletionTaskId)
	}
	out := &iam.GetServiceLinkedRoleDeletionStatusOutput{}
	return out, s.state.View(func(tx *state.Tx) error {
		d := s.deletions.Get(tx, *in.DeletionTaskId)
		if d == nil || d.AccountID != accountOf(ctx) {
			return noSuch("The deletion task %s cannot be found.", *in.DeletionTaskId)
		}
		out.Status = d.Status
		if d.Status == types.DeletionTaskStatusTypeFailed {
			out.Reason = &types.DeletionTaskFailureReasonType{Reason: &d.Reason}
			for _, u := range d.Usage {
				out.Reason.RoleUsageList = append(out.Reason.RoleUsageList, types.RoleUsageType{Region: &u.Region, Resources: u.Resources})
			}
		}
		return nil
	})
}

// deletionTask reads service and role out of a task's id.
func deletionTask(id string) (principal, role string, ok bool) {
	parts := strings.Split(id, "/")
	if len(parts) != 5 || parts[0] != "task" || "/"+parts[1]+"/" != linkedPath || parts[4] == "" {
		return "", "", false
	}
	return parts[2], parts[3], true
}
