package factory

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	accounts "github.com/aws/aws-sdk-go-v2/service/account"
	actypes "github.com/aws/aws-sdk-go-v2/service/account/types"
)

// Steps of a change of an account's primary e-mail. Stored: never renamed. Source: Account Management Reference Guide,
// "Update the root user email": a code goes to the new address, and nothing changes without it.
const (
	StepEmailStart  = "email-start"  // AWS mails a code to the new address
	StepEmailCode   = "email-code"   // a person reads it there; AWS takes it
	StepEmailFollow = "email-follow" // until AWS has changed it
)

// The writes of such a change, by AWS's names.
const (
	OpEmailStart  = "StartPrimaryEmailUpdate"
	OpEmailAccept = "AcceptPrimaryEmailUpdate"
)

// startEmail has AWS mail a code and asks a person for it. Twice is safe: it mails another code, and the newest counts;
// where the address is changed already there is nothing to ask.
func startEmail(ctx context.Context, w *work) (outcome, error) {
	if changed, err := w.emailChanged(ctx); err != nil || changed {
		return w.emailIs(), err
	}
	if !w.r.sent() {
		if out, stops := w.stopping(); stops {
			return out, nil
		}
		text := fmt.Sprintf("Sends %s: account %s to %s.", OpEmailStart, w.r.AccountID, w.r.NewEmail)
		if err := w.save(ctx, outcome{text: text, change: func(r *Request) { r.State = StateRunning; w.intend(r, OpEmailStart) }}); err != nil {
			return outcome{}, err
		}
	}
	if _, err := w.aws.Account.StartPrimaryEmailUpdate(ctx, &accounts.StartPrimaryEmailUpdateInput{AccountId: &w.r.AccountID, PrimaryEmail: &w.r.NewEmail}); err != nil {
		return w.unmanagedCall(OpEmailStart, err)
	}
	return w.askCode("AWS mailed a code to " + w.r.NewEmail + ". The request waits for somebody who reads it there, and holds no account operation meanwhile."), nil
}

// askCode waits for the code of the newest mail.
func (w *work) askCode(text string) outcome {
	out := w.asking(Ask{
		For: AskCode, Who: "whoever reads " + w.r.NewEmail,
		What: fmt.Sprintf("give the code that AWS mailed to %s, which is to become the e-mail of account %s.", w.r.NewEmail, w.r.AccountID),
		Options: []Option{
			{ChoiceResend, "AWS mails another code; the newest counts"},
			{ChoiceCancel, "end the request; the account keeps the e-mail it has"},
		},
	}, StepEmailCode, text)
	forget := out.change
	out.change = func(r *Request) { forget(r); r.Progress.Code, r.Light = "", true } // from here on no account operation is needed
	return out
}

// acceptEmail gives AWS the code. Twice is safe: of a code that was taken, the change's status tells.
func acceptEmail(ctx context.Context, w *work) (outcome, error) {
	if w.r.Progress.Code == "" {
		return w.askCode("There is no code yet."), nil
	}
	if !w.r.sent() {
		if err := w.save(ctx, outcome{text: "Sends " + OpEmailAccept + ".", change: func(r *Request) { r.State = StateRunning; w.intend(r, OpEmailAccept) }}); err != nil {
			return outcome{}, err
		}
	}
	_, err := w.aws.Account.AcceptPrimaryEmailUpdate(ctx, &accounts.AcceptPrimaryEmailUpdateInput{
		AccountId: &w.r.AccountID, PrimaryEmail: &w.r.NewEmail, Otp: &w.r.Progress.Code,
	})
	if err == nil {
		return w.emailAccepted("AWS took the code."), nil
	}
	code, message := words(err)
	switch {
	case isCode(err, "ResourceNotFoundException"):
		return w.noEmailUpdate(ctx, code, message)
	case isCode(err, "ValidationException"):
		out := w.askCode("AWS did not take the code.")
		out.code, out.words = code, message
		return out, nil
	}
	return w.unmanagedCall(OpEmailAccept, err)
}

// noEmailUpdate tells a code that was taken before, its answer lost, from one whose time is over.
func (w *work) noEmailUpdate(ctx context.Context, code, message string) (outcome, error) {
	status, err := w.emailStatus(ctx)
	if err != nil {
		return outcome{}, err
	}
	if status == actypes.PrimaryEmailUpdateStatusAccepted || status == actypes.PrimaryEmailUpdateStatusCompleted {
		return w.emailAccepted("AWS had taken the code."), nil
	}
	out := w.askCode("AWS knows of no change that waits for a code any more: have another one sent.")
	out.code, out.words = code, message
	return out, nil
}

func (w *work) emailAccepted(text string) outcome {
	out := w.goOn(text)
	out.wait = w.cfg.poll(0)
	goOn := out.change
	out.change = func(r *Request) { goOn(r); r.Progress.Code = "" }
	return out
}

// followEmail waits until the address is changed. Twice is safe: it only reads.
func followEmail(ctx context.Context, w *work) (outcome, error) {
	if changed, err := w.emailChanged(ctx); err != nil || changed {
		return w.emailIs(), err
	}
	status, err := w.emailStatus(ctx)
	switch {
	case err != nil:
		return outcome{}, err
	case status == actypes.PrimaryEmailUpdateStatusFailed:
		return outcome{}, &failure{code: string(status), text: "AWS could not give the account " + w.r.NewEmail + ": another account may have it by now. Retry to be mailed another code."}
	}
	return outcome{wait: w.cfg.poll(w.clock.Now().Sub(w.r.UpdatedAt))}, nil
}

// emailIs goes on to the end once the address is changed.
func (w *work) emailIs() outcome {
	out := w.goOn("Account " + w.r.AccountID + " has the e-mail " + w.r.NewEmail + ".")
	out.done, out.next = false, StepVerify
	return out
}

// emailChanged reports whether the account has the new address. It is asked for as Account Management has it.
func (w *work) emailChanged(ctx context.Context) (bool, error) {
	out, err := w.aws.Account.GetPrimaryEmail(ctx, &accounts.GetPrimaryEmailInput{AccountId: &w.r.AccountID})
	if err != nil {
		return false, err
	}
	return EmailKey(aws.ToString(out.PrimaryEmail)) == EmailKey(w.r.NewEmail), nil
}

// emailStatus gives how the newest change stands, empty when there is none.
func (w *work) emailStatus(ctx context.Context) (actypes.PrimaryEmailUpdateStatus, error) {
	out, err := w.aws.Account.GetPrimaryEmailUpdateStatus(ctx, &accounts.GetPrimaryEmailUpdateStatusInput{AccountId: &w.r.AccountID})
	if isCode(err, "ResourceNotFoundException") {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return out.Status, nil
}

// lookEmail sees an address that was changed without this request: somebody gave the code to AWS themselves.
func lookEmail(ctx context.Context, w *work) (bool, string, error) {
	changed, err := w.emailChanged(ctx)
	if err != nil || changed {
		return changed, "Seen at AWS: the account has the e-mail " + w.r.NewEmail + ".", err
	}
	status, err := w.emailStatus(ctx)
	return status == actypes.PrimaryEmailUpdateStatusAccepted, "Seen at AWS: somebody gave the code.", err
}

// checkNewEmail looks at the address an account is to get.
func (s *Service) checkNewEmail(ctx context.Context, l *landscape, sub subject, email string) ([]Check, error) {
	checks := []Check{checkEmail(email)}
	if EmailKey(email) == EmailKey(sub.Email) {
		return append(checks, bad(CheckNewEmail, "account "+sub.ID+" has the e-mail "+sub.Email+" already", "leave the e-mail out")), nil
	}
	if checks[0].Result == CheckFailed {
		return checks, nil
	}
	free, err := s.checkEmailUnused(ctx, l, email)
	return append(append(checks, free...), note(CheckNewEmail, "AWS mails a code to "+email+", and the request waits until somebody gives it")), err
}
