package factory

import (
	"context"
	"fmt"
)

// Steps of making accounts by ourselves. Stored: never renamed.
const (
	StepCreate        = "create"         // CreateAccount
	StepMove          = "move"           // to its organizational unit
	StepExecutionRole = "execution-role" // can be assumed inside the account
	StepPermissionSet = "permission-set" // the administrators', made where there is none
	StepUser          = "sso-user"       // found or made
	StepMark          = "mark"           // the account's tags say whose it is
	StepRelease       = "release"        // to the root, and the tags removed
)

// byOrganizations is the provisioner of AWS without Control Tower: it does by itself what that would. Each step looks how
// far things are and does what is missing, so that a repair, and a request that goes on after a crash, are the same steps.
//
//	check ► user-there ► turn ► create ► follow ► move ► execution-role ► permission-set ► sso-user ► access ► mark ► verify
//	               └─── launch ───┘
type byOrganizations struct{}

func (byOrganizations) kind(name Kind) (kind, bool) {
	switch name {
	case KindLaunch, "":
		return ownLaunch(), true
	case KindEnroll:
		return ownEnroll(), true
	case KindUpdate:
		return ownUpdate(), true
	case KindRepair:
		return ownRepair(), true
	case KindUnmanage:
		return ownUnmanage(), true
	case KindClose:
		return ownClose(), true
	case KindAccess:
		return accessKind(), true
	}
	return kind{}, false
}

// before are the steps that every kind begins with.
func before(more ...stage) []stage {
	return append([]stage{{name: StepCheck, do: checkAgain}, userThere(), {name: StepTurn, do: awaitTurn}}, more...)
}

// settling are the steps that bring an account that is there to where it should be, and more that a kind has besides.
func settling(more ...stage) []stage {
	steps := []stage{
		{name: StepMove, do: moveAccount},
		{name: StepExecutionRole, do: ensureExecutionRole},
		{name: StepPermissionSet, do: ensurePermissionSet},
		{name: StepUser, do: ensureUser},
		{name: StepAccess, do: changeAccess},
		{name: StepMark, do: markAccount},
	}
	return append(append(steps, more...), stage{name: StepVerify, do: verifySettled, retry: StepMove})
}

// ownLaunch makes a new account. AWS has nobody who may launch without a portfolio: it takes an operator.
func ownLaunch() kind {
	return kind{
		name: KindLaunch, operators: true,
		steps: append(before(stage{name: StepCreate, do: createAccount, retry: StepTurn}, stage{name: StepFollow, do: followCreation, retry: StepTurn}), settling(tagging(), contacting())...),
		check: checkOwnLaunch, writes: ownLaunchWrites,
		checked: func(_ Request, t Target) string { return t.OU + " is there, the e-mail and the name are fine" },
		asked:   launchKind().asked,
	}
}

// ownEnroll takes an account of the organization into the factory's care.
func ownEnroll() kind {
	return kind{
		name: KindEnroll, operators: true, steps: before(settling(tagging(), contacting())...), check: checkOwnEnroll, writes: ownEnrollWrites,
		checked: func(_ Request, t Target) string {
			return "account " + t.AccountID + " can be brought to " + t.OU
		},
		asked: enrollKind().asked,
	}
}

// ownUpdate changes an account's organizational unit, its SSO user, its name and its e-mail.
func ownUpdate() kind {
	return kind{
		name: KindUpdate, steps: before(settling(renaming(), emailing(), emailCode(), emailFollowing())...), check: checkOwnUpdate,
		writes:  func(r Request, t Target) []Write { return append(ownSettleWrites(r, t), accountWrites(r, t)...) },
		checked: func(_ Request, t Target) string { return "account " + t.AccountID + " can be changed" },
		asked:   updateKind().asked,
	}
}

// ownRepair goes on from what there is of an account.
func ownRepair() kind {
	return kind{
		name: KindRepair, steps: before(settling()...), check: checkOwnRepair, writes: ownSettleWrites,
		checked: func(_ Request, t Target) string { return "account " + t.AccountID + " can be completed" },
		asked:   repairKind().asked,
	}
}

// ownUnmanage gives an account up: it goes to the root and loses the factory's tags. As with Control Tower it stays open
// and its users keep their access; taking that away is a change of access.
func ownUnmanage() kind {
	return kind{
		name: KindUnmanage, operators: true,
		steps: before(stage{name: StepRelease, do: releaseAccount}, stage{name: StepVerify, do: verifyReleased, retry: StepRelease}),
		check: checkOwnUnmanage, writes: ownReleaseWrites,
		checked: func(_ Request, t Target) string { return "account " + t.AccountID + " is the factory's" },
		asked:   unmanageKind().asked,
	}
}

// ownClose closes an account; there is nothing to unmanage first.
func ownClose() kind {
	k := closeKind()
	k.steps = []stage{{name: StepCheck, do: checkAgain}, {name: StepClose, do: closeAccount}, {name: StepVerify, do: verifyClosed, retry: StepClose}}
	k.check = checkOwnClose
	return k
}

// stopping ends a request that somebody wanted cancelled, where nothing is under way.
func (w *work) stopping() (outcome, bool) {
	if !w.r.CancelRequested {
		return outcome{}, false
	}
	text := "Cancelled as asked. "
	if w.r.sent() {
		text += "AWS did not answer " + w.r.Progress.Intent.Operation + ", which may have taken effect. "
	}
	return outcome{end: StateCancelled, text: text + w.r.leftovers(), change: forgetIntent}, true
}

func forgetIntent(r *Request) {
	r.Progress.Intent, r.Progress.RecordID, r.Progress.RecordStatus = nil, "", ""
}

// announce stores the intent of a write that carries no token, once. What came of it the step sees when it looks again.
func (w *work) announce(ctx context.Context, op, format string, args ...any) error {
	if w.r.sent() && w.r.Progress.Intent.Operation == op {
		return nil
	}
	return w.save(ctx, outcome{text: "Sends " + op + ": " + fmt.Sprintf(format, args...) + ".", change: func(r *Request) {
		r.State, r.WaitReason = StateRunning, ""
		w.intend(r, op)
	}})
}

// stepDone goes on with the next step. text tells what was written, and nothing where all was there already.
func (w *work) stepDone(text string) outcome {
	if !w.r.sent() {
		text = ""
	}
	return outcome{done: true, text: text, change: func(r *Request) {
		r.State, r.WaitReason = StateRunning, ""
		forgetIntent(r)
	}}
}

// refusedWrite is AWS's error to a write without a token.
func (w *work) refusedWrite(op string, err error) error {
	if transient(err) {
		return err
	}
	return failedCall(op, err)
}
