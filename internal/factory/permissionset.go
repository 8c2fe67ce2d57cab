package factory

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
)

// setDescription marks a permission set as made here.
const setDescription = "Made by Account Factory: full access to an account"

// ensurePermissionSet sees that there is a permission set for administrators, by the name Control Tower gives it. One that
// others made is taken as it is. Twice is safe: what is there is looked at first, and a conflict is looked at again.
func ensurePermissionSet(ctx context.Context, w *work) (outcome, error) {
	if out, stop := w.stopping(); stop {
		return out, nil
	}
	if w.administrator() == "" {
		return w.stepDone(""), nil
	}
	l, err := w.landscape(ctx, w.aws, false)
	if err != nil {
		return outcome{}, err
	}
	var none *notYet
	arn, err := w.admins.find(ctx, w.aws, l.ssoInstance)
	if errors.As(err, &none) {
		return w.makeSet(ctx, l.ssoInstance)
	}
	if err != nil {
		return outcome{}, err
	}
	whole, err := w.admins.isWhole(ctx, w.aws, l.ssoInstance, arn)
	if err != nil {
		w.admins.forget()
		return outcome{}, err
	}
	if whole {
		return w.stepDone("The permission set " + adminSet + " is there."), nil
	}
	return w.attachSet(ctx, l.ssoInstance, arn)
}

func (w *work) makeSet(ctx context.Context, instance string) (outcome, error) {
	if err := w.announce(ctx, OpCreateSet, "%s, which Identity Center does not have", adminSet); err != nil {
		return outcome{}, err
	}
	_, err := w.aws.Own.PermissionSets.CreatePermissionSet(ctx, &ssoadmin.CreatePermissionSetInput{
		InstanceArn: &instance, Name: aws.String(adminSet), Description: aws.String(setDescription),
	})
	if err != nil && !isCode(err, "ConflictException") {
		return outcome{}, w.refusedWrite(OpCreateSet, err)
	}
	return outcome{again: true, wait: w.cfg.poll(0)}, nil
}

func (w *work) attachSet(ctx context.Context, instance, arn string) (outcome, error) {
	if err := w.announce(ctx, OpAttachSet, "AdministratorAccess to %s", adminSet); err != nil {
		return outcome{}, err
	}
	_, err := w.aws.Own.PermissionSets.AttachManagedPolicyToPermissionSet(ctx, &ssoadmin.AttachManagedPolicyToPermissionSetInput{
		InstanceArn: &instance, PermissionSetArn: &arn, ManagedPolicyArn: aws.String(administratorPolicy),
	})
	if err != nil && !isCode(err, "ConflictException") {
		return outcome{}, w.refusedWrite(OpAttachSet, err)
	}
	return outcome{again: true, wait: w.cfg.poll(0)}, nil
}

// isWhole reports whether a permission set is others', or ours with its policy, and remembers it: somebody may have died
// between making it and giving it its policy.
func (s *adminSets) isWhole(ctx context.Context, a AWS, instance, arn string) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.whole == arn {
		return true, nil
	}
	set, err := a.SSO.DescribePermissionSet(ctx, &ssoadmin.DescribePermissionSetInput{InstanceArn: &instance, PermissionSetArn: &arn})
	if err != nil {
		return false, err
	}
	if aws.ToString(set.PermissionSet.Description) == setDescription {
		out, err := a.Own.PermissionSets.ListManagedPoliciesInPermissionSet(ctx, &ssoadmin.ListManagedPoliciesInPermissionSetInput{InstanceArn: &instance, PermissionSetArn: &arn})
		if err != nil || len(out.AttachedManagedPolicies) == 0 {
			return false, err
		}
	}
	s.whole = arn
	return true, nil
}
