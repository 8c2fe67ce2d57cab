package factory

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	"github.com/aws/aws-sdk-go-v2/service/identitystore/document"
	idtypes "github.com/aws/aws-sdk-go-v2/service/identitystore/types"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	ssotypes "github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"
)

// The writes of a change of access, by AWS's names.
const (
	OpAssign   = "CreateAccountAssignment"
	OpUnassign = "DeleteAccountAssignment"
)

func (a Access) principalType() ssotypes.PrincipalType {
	if a.Group != "" {
		return ssotypes.PrincipalTypeGroup
	}
	return ssotypes.PrincipalTypeUser
}

// changeAccess makes the first change that is not there yet, and goes on once all are. Twice is safe: what is asked for
// is a state, and each turn looks how far it is. AWS has no token here: an answer that was lost shows in that state, or
// as a conflict while it is being made.
func changeAccess(ctx context.Context, w *work) (outcome, error) {
	if w.r.Progress.RecordID != "" {
		return w.followAssignment(ctx)
	}
	c, lacks, err := w.missingChange(ctx)
	if err != nil {
		return outcome{}, err
	}
	if lacks {
		return w.changeOne(ctx, c)
	}
	if w.r.CancelRequested {
		return w.changesStay(), nil
	}
	return outcome{done: true, change: func(r *Request) { r.State, r.Progress.Intent, r.WaitReason = StateRunning, nil, "" }}, nil
}

// changesStay ends a request that somebody wanted cancelled while its access was changed.
func (w *work) changesStay() outcome {
	text := "Cancelled as asked. The changes so far stay."
	if w.r.Kind == KindLaunch {
		text += " " + w.r.leftovers()
	}
	return outcome{end: StateCancelled, text: text}
}

// missingChange gives the first change of access that is not made.
func (w *work) missingChange(ctx context.Context) (Change, bool, error) {
	for _, c := range w.r.Progress.Target.Changes {
		if there, err := w.assigned(ctx, c); err != nil || there == c.Remove {
			return c, err == nil, err
		}
	}
	return Change{}, false, nil
}

// assigned reports whether an assignment is there.
func (w *work) assigned(ctx context.Context, c Change) (bool, error) {
	l, err := w.landscape(ctx, w.aws, false)
	if err != nil {
		return false, err
	}
	return hasAssignment(ctx, w.aws, l.ssoInstance, c.PermissionSetARN, w.r.AccountID, c.principalType(), c.PrincipalID)
}

func (w *work) changeOne(ctx context.Context, c Change) (outcome, error) {
	if w.r.CancelRequested {
		return w.changesStay(), nil
	}
	op := OpAssign
	if c.Remove {
		op = OpUnassign
	}
	if !w.r.sent() || w.r.Progress.Intent.Of != c.String() { // or that of a change whose answer was lost, and which is made
		if err := w.save(ctx, outcome{text: "Sends " + op + ": " + c.String() + ".", change: func(r *Request) {
			r.State = StateRunning
			w.intend(r, op)
			r.Progress.Intent.Of = c.String()
		}}); err != nil {
			return outcome{}, err
		}
	}
	status, err := w.assign(ctx, c)
	switch {
	case isCode(err, "ConflictException"):
		return outcome{again: true, wait: w.cfg.Retry.after(w.r.Progress.Tries), text: onceIn(w.r.Progress.Tries, "Identity Center is at this assignment already. Looking again.")}, nil
	case c.Remove && isCode(err, "ResourceNotFoundException"):
		// An earlier sending had taken effect, maybe one the SDK repeated: looked at again, as every turn does.
		return outcome{again: true, wait: w.cfg.poll(0), change: func(r *Request) { r.Progress.Intent = nil }}, nil
	case err != nil && transient(err):
		return outcome{}, err
	case err != nil:
		return outcome{}, failedCall(op, err)
	}
	return w.assignmentStatus(status)
}

// assign sends one change.
func (w *work) assign(ctx context.Context, c Change) (*ssotypes.AccountAssignmentOperationStatus, error) {
	l, err := w.landscape(ctx, w.aws, false)
	if err != nil {
		return nil, err
	}
	if c.Remove {
		out, err := w.aws.SSO.DeleteAccountAssignment(ctx, &ssoadmin.DeleteAccountAssignmentInput{
			InstanceArn: &l.ssoInstance, PermissionSetArn: &c.PermissionSetARN, PrincipalId: &c.PrincipalID, PrincipalType: c.principalType(),
			TargetId: &w.r.AccountID, TargetType: ssotypes.TargetTypeAwsAccount,
		})
		if err != nil {
			return nil, err
		}
		return present(out.AccountAssignmentDeletionStatus, aStatus)
	}
	out, err := w.aws.SSO.CreateAccountAssignment(ctx, &ssoadmin.CreateAccountAssignmentInput{
		InstanceArn: &l.ssoInstance, PermissionSetArn: &c.PermissionSetARN, PrincipalId: &c.PrincipalID, PrincipalType: c.principalType(),
		TargetId: &w.r.AccountID, TargetType: ssotypes.TargetTypeAwsAccount,
	})
	if err != nil {
		return nil, err
	}
	return present(out.AccountAssignmentCreationStatus, aStatus)
}

// followAssignment asks how the change sent stands.
func (w *work) followAssignment(ctx context.Context) (outcome, error) {
	l, err := w.landscape(ctx, w.aws, false)
	if err != nil {
		return outcome{}, err
	}
	id := w.r.Progress.RecordID
	if in := w.r.Progress.Intent; in != nil && in.Operation == OpUnassign {
		out, err := w.aws.SSO.DescribeAccountAssignmentDeletionStatus(ctx, &ssoadmin.DescribeAccountAssignmentDeletionStatusInput{
			InstanceArn: &l.ssoInstance, AccountAssignmentDeletionRequestId: &id,
		})
		if err != nil {
			return w.statusGone(err)
		}
		return w.assignmentShown(out.AccountAssignmentDeletionStatus)
	}
	out, err := w.aws.SSO.DescribeAccountAssignmentCreationStatus(ctx, &ssoadmin.DescribeAccountAssignmentCreationStatusInput{
		InstanceArn: &l.ssoInstance, AccountAssignmentCreationRequestId: &id,
	})
	if err != nil {
		return w.statusGone(err)
	}
	return w.assignmentShown(out.AccountAssignmentCreationStatus)
}

func (w *work) assignmentShown(st *ssotypes.AccountAssignmentOperationStatus) (outcome, error) {
	st, err := present(st, aStatus)
	if err != nil {
		return outcome{}, err
	}
	return w.assignmentStatus(st)
}

// statusGone looks at the assignment itself when AWS shows no status of the change any more.
func (w *work) statusGone(err error) (outcome, error) {
	if !isCode(err, "ResourceNotFoundException") {
		return outcome{}, err
	}
	return outcome{again: true, wait: w.cfg.Retry.after(w.r.Progress.Tries), change: func(r *Request) {
		r.Progress.Intent, r.Progress.RecordID, r.Progress.RecordStatus = nil, "", ""
	}}, nil
}

// assignmentStatus goes by what AWS says of a change: a failure never passes silently.
func (w *work) assignmentStatus(st *ssotypes.AccountAssignmentOperationStatus) (outcome, error) {
	clear := func(r *Request) { r.Progress.Intent, r.Progress.RecordID, r.Progress.RecordStatus = nil, "", "" }
	switch st.Status {
	case ssotypes.StatusValuesSucceeded:
		return outcome{text: "AWS: SUCCEEDED.", change: clear}, nil
	case ssotypes.StatusValuesFailed:
		return outcome{}, &failure{code: string(st.Status), message: aws.ToString(st.FailureReason), text: fmt.Sprintf("%s failed at AWS.", w.r.Progress.Intent.Operation)}
	case ssotypes.StatusValuesInProgress:
	}
	id, age := aws.ToString(st.RequestId), w.clock.Now().Sub(w.r.Progress.Intent.At)
	if id == w.r.Progress.RecordID {
		return outcome{wait: w.cfg.poll(age)}, nil
	}
	return outcome{wait: w.cfg.poll(age), text: "AWS took it: request " + id + ".", change: func(r *Request) { r.Progress.RecordID = id }}, nil
}

// verifyChanges sees each change on the cloud. Twice is safe: it only reads.
func verifyChanges(ctx context.Context, w *work) (outcome, error) {
	c, lacks, err := w.missingChange(ctx)
	if err != nil {
		return outcome{}, err
	}
	if lacks {
		return outcome{}, &notYet{text: "AWS does not show it yet: " + c.String() + "."}
	}
	return outcome{end: StateSucceeded, text: fmt.Sprintf("Seen at AWS: all %d changes of access on account %s.", len(w.r.Progress.Target.Changes), w.r.AccountID)}, nil
}

// permissionSets gives the ARNs of all permission sets by name.
func permissionSets(ctx context.Context, a AWS, instance string) (map[string]string, error) {
	out := map[string]string{}
	pages := ssoadmin.NewListPermissionSetsPaginator(a.SSO, &ssoadmin.ListPermissionSetsInput{InstanceArn: &instance})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, arn := range page.PermissionSets {
			set, err := a.SSO.DescribePermissionSet(ctx, &ssoadmin.DescribePermissionSetInput{InstanceArn: &instance, PermissionSetArn: &arn})
			if err != nil {
				return nil, err
			}
			out[aws.ToString(set.PermissionSet.Name)] = arn
		}
	}
	return out, nil
}

// groupID gives the id of the group with a display name, empty when there is none.
func groupID(ctx context.Context, a AWS, store, name string) (string, error) {
	out, err := a.IdentityStore.GetGroupId(ctx, &identitystore.GetGroupIdInput{
		IdentityStoreId: &store,
		AlternateIdentifier: &idtypes.AlternateIdentifierMemberUniqueAttribute{Value: idtypes.UniqueAttribute{
			AttributePath: aws.String("displayName"), AttributeValue: document.NewLazyDocument(name),
		}},
	})
	var none *idtypes.ResourceNotFoundException
	if errors.As(err, &none) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return aws.ToString(out.GroupId), nil
}

func sortedKeys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }
