package factory

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

// Roles inside an account that the management account can assume: Control Tower's, by which the account can be enrolled
// some day, and the one Organizations makes where nobody names another.
const (
	executionRole = "AWSControlTowerExecution"
	accessRole    = "OrganizationAccountAccessRole"

	administratorPolicy = "arn:aws:iam::aws:policy/AdministratorAccess"
)

// ensureExecutionRole sees that the execution role can be assumed, and makes it through Organizations' role where it is not
// there. Twice is safe: whether it can be assumed is looked at first, and a role that exists is fine.
func ensureExecutionRole(ctx context.Context, w *work) (outcome, error) {
	if out, stop := w.stopping(); stop {
		return out, nil
	}
	_, err := w.aws.Own.Inside(ctx, w.r.AccountID, executionRole)
	if err == nil {
		return w.stepDone("The role " + executionRole + " can be assumed."), nil
	}
	if !noSuchRole(err) {
		return outcome{}, err
	}
	roles, err := w.aws.Own.Inside(ctx, w.r.AccountID, accessRole)
	if noSuchRole(err) {
		none := failedCall("AssumeRole of "+executionRole+" in account "+w.r.AccountID, err)
		none.text += " Make the role there, with AdministratorAccess, trusting the management account, then retry."
		if w.r.Kind != KindLaunch { // only an account just made may show its role late
			return outcome{}, none
		}
		return outcome{}, &notYet{text: fmt.Sprintf("Neither %s nor %s can be assumed in account %s.", executionRole, accessRole, w.r.AccountID), then: none}
	}
	if err != nil {
		return outcome{}, err
	}
	if err := w.announce(ctx, OpCreateRole, "%s in account %s", executionRole, w.r.AccountID); err != nil {
		return outcome{}, err
	}
	if err := w.makeExecutionRole(ctx, roles); err != nil {
		return outcome{}, w.refusedWrite(OpCreateRole, err)
	}
	return outcome{}, &notYet{text: "The role " + executionRole + " is made and cannot be assumed yet."}
}

// noSuchRole reports AWS's answer to assuming a role that is not there or does not trust us: the two are not told apart.
func noSuchRole(err error) bool { return isCode(err, deniedCodes...) }

func (w *work) makeExecutionRole(ctx context.Context, roles Roles) error {
	trust, err := json.Marshal(map[string]any{
		"Version": "2012-10-17",
		"Statement": []any{map[string]any{
			"Effect": "Allow", "Action": "sts:AssumeRole",
			"Principal": map[string]any{"AWS": "arn:aws:iam::" + w.cfg.Binding.ManagementAccount + ":root"},
		}},
	})
	if err != nil {
		return err
	}
	_, err = roles.CreateRole(ctx, &iam.CreateRoleInput{RoleName: aws.String(executionRole), AssumeRolePolicyDocument: aws.String(string(trust))})
	if err != nil && !isCode(err, "EntityAlreadyExists", "EntityAlreadyExistsException") {
		return err
	}
	_, err = roles.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{RoleName: aws.String(executionRole), PolicyArn: aws.String(administratorPolicy)})
	return err
}
