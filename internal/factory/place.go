package factory

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
)

// moveAccount moves the account to its organizational unit. Twice is safe: where it is is looked up first, and AWS moves it
// only from there.
func moveAccount(ctx context.Context, w *work) (outcome, error) {
	if out, stop := w.stopping(); stop {
		return out, nil
	}
	to := w.r.Progress.Target.OUID
	there, err := w.move(ctx, to, w.r.Progress.Target.OU)
	if err != nil || !there {
		return outcome{}, err
	}
	return w.stepDone(fmt.Sprintf("Account %s is in %s.", w.r.AccountID, w.r.Progress.Target.OU)), nil
}

// move brings the account to a parent; there is true when AWS says that it is there.
func (w *work) move(ctx context.Context, to, name string) (there bool, err error) {
	from, err := w.parent(ctx)
	if err != nil || from == to {
		return err == nil, err
	}
	if err := w.announce(ctx, OpMove, "account %s from %s to %s", w.r.AccountID, from, name); err != nil {
		return false, err
	}
	_, err = w.aws.Own.Members.MoveAccount(ctx, &organizations.MoveAccountInput{AccountId: &w.r.AccountID, SourceParentId: &from, DestinationParentId: &to})
	switch {
	case err == nil, isCode(err, "DuplicateAccountException"):
		return true, nil
	case isCode(err, "SourceParentNotFoundException"): // an earlier sending had taken effect, or somebody moved it
		return false, &notYet{text: "Account " + w.r.AccountID + " is not in " + from + " any more."}
	}
	return false, w.refusedWrite(OpMove, err)
}

// parent gives the id of the OU or root the account is in.
func (w *work) parent(ctx context.Context) (string, error) {
	out, err := w.aws.Organizations.ListParents(ctx, &organizations.ListParentsInput{ChildId: &w.r.AccountID})
	if err != nil {
		return "", err
	}
	for _, p := range out.Parents {
		return aws.ToString(p.Id), nil
	}
	return "", &notYet{text: "AWS does not say where account " + w.r.AccountID + " is."}
}

// releaseAccount gives the account up: it goes to the root, then its tags go. Twice is safe: both are states.
func releaseAccount(ctx context.Context, w *work) (outcome, error) {
	if out, stop := w.stopping(); stop {
		return out, nil
	}
	l, err := w.landscape(ctx, w.aws, false)
	if err != nil {
		return outcome{}, err
	}
	there, err := w.move(ctx, l.root, "the root")
	if err != nil || !there {
		return outcome{}, err
	}
	tags, err := tagsOf(ctx, w.aws, w.r.AccountID)
	if err != nil {
		return outcome{}, err
	}
	if !marked(tags) {
		return w.stepDone(fmt.Sprintf("Account %s is at the root, and the factory's tags are gone.", w.r.AccountID)), nil
	}
	if err := w.announce(ctx, OpUntag, "account %s loses the factory's tags", w.r.AccountID); err != nil {
		return outcome{}, err
	}
	if _, err := w.aws.Own.Members.UntagResource(ctx, &organizations.UntagResourceInput{ResourceId: &w.r.AccountID, TagKeys: []string{TagRequest, TagOwner}}); err != nil {
		return outcome{}, w.refusedWrite(OpUntag, err)
	}
	return w.stepDone(fmt.Sprintf("Account %s is at the root, and the factory's tags are gone.", w.r.AccountID)), nil
}

func marked(tags map[string]string) bool { return tags[TagRequest] != "" || tags[TagOwner] != "" }

// verifyReleased sees that the account is at the root and carries no mark. Twice is safe: it only reads.
func verifyReleased(ctx context.Context, w *work) (outcome, error) {
	l, err := w.landscape(ctx, w.aws, false)
	if err != nil {
		return outcome{}, err
	}
	parent, err := w.parent(ctx)
	if err != nil {
		return outcome{}, err
	}
	tags, err := tagsOf(ctx, w.aws, w.r.AccountID)
	if err != nil {
		return outcome{}, err
	}
	if parent != l.root || marked(tags) {
		return outcome{}, &notYet{text: fmt.Sprintf("Account %s is in %s with the tags %v.", w.r.AccountID, parent, sortedKeys(tags))}
	}
	return outcome{end: StateSucceeded, text: fmt.Sprintf("Seen at AWS: account %s is at the root, open, and not the factory's any more.", w.r.AccountID)}, nil
}
