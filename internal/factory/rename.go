package factory

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	accounts "github.com/aws/aws-sdk-go-v2/service/account"
)

// StepRename gives an account another name. Stored: never renamed.
const StepRename = "rename"

// OpRename is how AWS calls it.
const OpRename = "PutAccountName"

// rename gives the account the name asked for. Twice is safe: the name is looked at first, and the same name put again
// changes nothing. The provisioned product keeps the name it was launched with, as AWS has it.
func rename(ctx context.Context, w *work) (outcome, error) {
	name, err := w.accountName(ctx)
	if err != nil {
		return outcome{}, err
	}
	if name == w.r.NewName {
		return w.goOn(fmt.Sprintf("The account is called %q.", name)), nil
	}
	if !w.r.sent() {
		if out, stops := w.stopping(); stops {
			return out, nil
		}
		text := fmt.Sprintf("Sends %s: account %s from %q to %q.", OpRename, w.r.AccountID, name, w.r.NewName)
		if err := w.save(ctx, outcome{text: text, change: func(r *Request) { w.intend(r, OpRename) }}); err != nil {
			return outcome{}, err
		}
	}
	if _, err := w.aws.Account.PutAccountName(ctx, &accounts.PutAccountNameInput{AccountId: &w.r.AccountID, AccountName: &w.r.NewName}); err != nil {
		return w.unmanagedCall(OpRename, err)
	}
	return w.goOn("AWS took " + OpRename + "."), nil
}

// goOn leaves a step that needs no account operation, with what is running said.
func (w *work) goOn(text string) outcome {
	return outcome{done: true, text: text, change: func(r *Request) { r.State, r.WaitReason, r.Progress.Intent = StateRunning, "", nil }}
}

// unmanagedCall is AWS's error to a call that Control Tower has no part in: nothing runs on after it.
func (w *work) unmanagedCall(op string, err error) (outcome, error) {
	if transient(err) {
		return outcome{}, err
	}
	return outcome{}, failedCall(op, err)
}

// accountName gives the account's name as Account Management has it: Organizations shows a new one late.
func (w *work) accountName(ctx context.Context) (string, error) {
	out, err := w.aws.Account.GetAccountInformation(ctx, &accounts.GetAccountInformationInput{AccountId: &w.r.AccountID})
	if err != nil {
		return "", err
	}
	return aws.ToString(out.AccountName), nil
}

// checkNewName looks at the name an account is to get.
func checkNewName(sub subject, name string) Check {
	c := checkName(name)
	if c.Result == CheckOK && name == sub.Name {
		c = bad(CheckNewName, fmt.Sprintf("the account is called %q already", name), "leave the name out")
	}
	c.Name = CheckNewName
	return c
}
