package factory

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	orgtypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"
)

// The writes of making accounts by ourselves, by AWS's names.
const (
	OpCreate        = "CreateAccount"
	OpMove          = "MoveAccount"
	OpTag           = "TagResource"
	OpUntag         = "UntagResource"
	OpCreateRole    = "CreateRole"
	OpCreateSet     = "CreatePermissionSet"
	OpAttachSet     = "AttachManagedPolicyToPermissionSet"
	OpCreateUser    = "CreateUser"
	emailTaken      = string(orgtypes.CreateAccountFailureReasonEmailAlreadyExists)
	anotherInFlight = string(orgtypes.CreateAccountFailureReasonConcurrentAccountModification)
)

// createAccount sends CreateAccount. AWS has no token for it. Twice is safe: the account carries the request's id from its
// first moment, and before it is sent again everything that could have come of the last time is looked up: the account,
// and creations under way or ended since the intent. Beyond that AWS makes no second account with an e-mail.
func createAccount(ctx context.Context, w *work) (outcome, error) {
	if out, stop := w.stopping(); stop && !w.r.sent() {
		return out, nil
	}
	if w.r.AccountID != "" { // of an earlier generation
		return w.created("", w.r.AccountID, noTime), nil
	}
	if out, found, err := w.lookForCreation(ctx); err != nil || found {
		return out, err
	}
	if out, stop := w.stopping(); stop { // its answer was lost, and AWS shows nothing of it: it is not sent again
		return out, nil
	}
	if err := w.announce(ctx, OpCreate, "account %q with the e-mail %s", w.r.Name, w.r.AccountEmail); err != nil {
		return outcome{}, err
	}
	out, err := w.aws.Own.Creations.CreateAccount(ctx, w.creation(), func(o *organizations.Options) {
		o.Retryer = aws.NopRetryer{} // the SDK's repetition of one that took effect would be a second one
	})
	if err != nil {
		return w.refusedCreation(err)
	}
	st, err := present(out.CreateAccountStatus, aStatus)
	if err != nil {
		return outcome{}, err
	}
	return outcome{done: true, wait: w.cfg.poll(0), text: "AWS took CreateAccount: " + aws.ToString(st.Id) + ".", change: func(r *Request) {
		r.Progress.RecordID, r.Progress.RecordStatus = aws.ToString(st.Id), string(st.State)
		r.Progress.CloudSince = aws.ToTime(st.RequestedTimestamp)
	}}, nil
}

const aStatus = "a status"

func (w *work) creation() *organizations.CreateAccountInput {
	return &organizations.CreateAccountInput{
		AccountName: &w.r.Name, Email: &w.r.AccountEmail, RoleName: aws.String(executionRole), Tags: tagList(w.marks()),
	}
}

// refusedCreation waits out that too many accounts are being made.
func (w *work) refusedCreation(err error) (outcome, error) {
	code, message := words(err)
	if !transient(err) && busy(code, message) {
		return w.waitOut(code, message, StepTurn), nil
	}
	return outcome{}, w.refusedWrite(OpCreate, err)
}

// created goes on with the account.
func (w *work) created(text, id string, since time.Time) outcome {
	return outcome{next: StepMove, text: text, change: func(r *Request) {
		r.giveOn()
		forgetIntent(r)
		r.State, r.WaitReason, r.AccountID = StateRunning, "", id
		if !since.IsZero() {
			r.Progress.CloudSince = since
		}
	}}
}

// lookForCreation looks for the account, and for what may become it. An account with the e-mail that does not carry the
// request's tag is a stranger's.
func (w *work) lookForCreation(ctx context.Context) (out outcome, found bool, err error) {
	out, found, err = w.lookForAccount(ctx, w.r.sent())
	if err != nil || found || !w.r.sent() {
		return out, found, err
	}
	pages := organizations.NewListCreateAccountStatusPaginator(w.aws.Own.Creations, &organizations.ListCreateAccountStatusInput{
		States: []orgtypes.CreateAccountState{orgtypes.CreateAccountStateInProgress, orgtypes.CreateAccountStateSucceeded},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return outcome{}, false, err
		}
		for _, st := range page.CreateAccountStatuses {
			if out, found, err := w.maybeOurs(ctx, st); err != nil || found {
				return out, found, err
			}
		}
	}
	return outcome{}, false, nil
}

// clockSlack is how far AWS's clock and ours may be apart.
const clockSlack = 10 * time.Minute

// maybeOurs looks at one creation: AWS shows its name, not its e-mail or tags. One under way is waited for; one that has
// ended is told by the account's tag, also while AWS does not list the account yet.
func (w *work) maybeOurs(ctx context.Context, st orgtypes.CreateAccountStatus) (outcome, bool, error) {
	switch {
	case aws.ToString(st.AccountName) != w.r.Name:
		return outcome{}, false, nil
	case st.State == orgtypes.CreateAccountStateInProgress:
		return outcome{
			again: true, wait: w.cfg.poll(w.clock.Now().Sub(w.r.Progress.Intent.At)),
			text: onceIn(w.r.Progress.Tries, "AWS is making an account of this name, "+aws.ToString(st.Id)+": it may be ours. Looking again when it is made."),
		}, true, nil
	case aws.ToTime(st.RequestedTimestamp).Before(w.r.Progress.Intent.At.Add(-clockSlack)):
		return outcome{}, false, nil
	}
	id := aws.ToString(st.AccountId)
	tags, err := tagsOf(ctx, w.aws, id)
	if isCode(err, "TargetNotFoundException") || err == nil && tags[TagRequest] != w.r.ID {
		return outcome{}, false, nil
	}
	if err != nil {
		return outcome{}, false, err
	}
	return w.created("An earlier sending had taken effect: account "+id+".", id, aws.ToTime(st.RequestedTimestamp)), true, nil
}

// lookForAccount looks for the account with the request's e-mail. Returns a decision when it is not provably ours.
func (w *work) lookForAccount(ctx context.Context, fresh bool) (outcome, bool, error) {
	l, err := w.landscape(ctx, w.aws, fresh)
	if err != nil {
		return outcome{}, false, err
	}
	a, exists := l.accounts[w.r.EmailKey()]
	if !exists {
		return outcome{}, false, nil
	}
	tags, err := tagsOf(ctx, w.aws, a.ID)
	if err != nil {
		return outcome{}, false, err
	}
	if tags[TagRequest] != w.r.ID {
		return outcome{}, false, &decision{text: fmt.Sprintf("Account %s (%s) has the e-mail %s and was not made by this request: nothing is done to it. "+
			"Enroll it on purpose, or give it another e-mail and retry; or cancel.", a.ID, a.Name, a.Email)}
	}
	return w.created("An earlier sending had taken effect: account "+a.ID+".", a.ID, a.Joined), true, nil
}

// followCreation asks about the creation until it has ended. Twice is safe: it only reads.
func followCreation(ctx context.Context, w *work) (outcome, error) {
	id := w.r.Progress.RecordID
	out, err := w.aws.Own.Creations.DescribeCreateAccountStatus(ctx, &organizations.DescribeCreateAccountStatusInput{CreateAccountRequestId: &id})
	if isCode(err, "CreateAccountStatusNotFoundException") {
		return outcome{}, &notYet{text: "AWS does not show " + id + ".", then: failedCall("DescribeCreateAccountStatus of "+id, err)}
	}
	if err != nil {
		return outcome{}, err
	}
	st, err := present(out.CreateAccountStatus, aStatus)
	if err != nil {
		return outcome{}, err
	}
	switch st.State {
	case orgtypes.CreateAccountStateSucceeded:
		account := aws.ToString(st.AccountId)
		return w.created("AWS: SUCCEEDED, account "+account+".", account, noTime), nil
	case orgtypes.CreateAccountStateFailed:
		return w.creationFailed(ctx, string(st.FailureReason))
	case orgtypes.CreateAccountStateInProgress:
	}
	return w.operationRuns(string(st.State)), nil
}

// emailLooks is how often an account is looked for whose e-mail AWS says is taken: its lists may show it late, and one outside of
// the organization they never show.
const emailLooks = 6

// creationFailed reads why. That the e-mail is taken may be by an earlier sending of our own.
func (w *work) creationFailed(ctx context.Context, reason string) (outcome, error) {
	if reason == emailTaken || reason == anotherInFlight {
		if out, found, err := w.lookForAccount(ctx, true); err != nil || found {
			return out, err
		}
	}
	if reason == emailTaken {
		if id, err := w.beingMade(ctx); err != nil || id != "" {
			text := "AWS says that the e-mail is taken, and is making an account of this name, " + id + ": it may be this request's own. Looking again when it is made."
			return outcome{again: true, wait: w.cfg.poll(w.clock.Now().Sub(w.r.Progress.Intent.At)), text: onceIn(w.r.Progress.Tries, text)}, err
		}
	}
	if n := w.r.Progress.Looks; reason == emailTaken && n < emailLooks {
		text := onceIn(n, "AWS says that the e-mail is taken, and shows no account that has it: it may be this request's own. Looking again.")
		return outcome{again: true, looked: true, wait: w.cfg.Retry.after(n), text: text}, nil
	}
	if busy(reason, "") && !w.r.CancelRequested {
		return w.waitOut(reason, "", StepTurn), nil
	}
	return outcome{}, &failure{code: reason, text: OpCreate + " failed at AWS." + remedy(reason)}
}

// beingMade gives a creation of the request's name that is under way: one restored from a backup may have asked for it.
func (w *work) beingMade(ctx context.Context) (id string, err error) {
	pages := w.creationsUnderWay()
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return "", err
		}
		for _, st := range page.CreateAccountStatuses {
			if aws.ToString(st.AccountName) == w.r.Name {
				return aws.ToString(st.Id), nil
			}
		}
	}
	return "", nil
}

func (w *work) creationsUnderWay() *organizations.ListCreateAccountStatusPaginator {
	return organizations.NewListCreateAccountStatusPaginator(w.aws.Own.Creations, &organizations.ListCreateAccountStatusInput{
		States: []orgtypes.CreateAccountState{orgtypes.CreateAccountStateInProgress},
	})
}

// occupied counts the creations under way: nothing else has a limit. Source: Organizations user guide, quotas: five
// accounts can be in progress at a time.
func (byOrganizations) occupied(ctx context.Context, w *work, limit int) (string, error) {
	if w.r.Kind != KindLaunch {
		return "", nil
	}
	running, first := 0, ""
	pages := w.creationsUnderWay()
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return "", err
		}
		for _, st := range page.CreateAccountStatuses {
			if running++; first == "" {
				first = fmt.Sprintf("the creation of account %q (%s), begun at %s", aws.ToString(st.AccountName), aws.ToString(st.Id), aws.ToTime(st.RequestedTimestamp).UTC().Format(time.RFC3339))
			}
		}
	}
	if running < max(limit, 1) {
		return "", nil
	}
	return fmt.Sprintf("%s: %d of %d account operations in use at AWS", first, running, max(limit, 1)), nil
}
