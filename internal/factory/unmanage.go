package factory

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
)

// unmanageKind takes an account out of Control Tower's care. The account stays open, and its users keep their access.
// Source: Control Tower user guide, "Unmanage a member account".
func unmanageKind() kind {
	return kind{
		name: KindUnmanage, operators: true,
		steps: []stage{
			{name: StepCheck, do: checkAgain},
			{name: StepTurn, do: awaitTurn},
			{name: StepTerminate, do: terminate, retry: StepTurn},
			{name: StepFollow, do: follow, retry: StepTurn},
			{name: StepVerify, do: verifyUnmanaged},
		},
		check:  checkUnmanage,
		writes: terminateWrites,
		checked: func(_ Request, t Target) string {
			return "account " + t.AccountID + " has the product " + t.ProductName
		},
		asked: func(r Request) string { return fmt.Sprintf("account %s (%s) is to be unmanaged", r.AccountID, r.Name) },
	}
}

func checkUnmanage(ctx context.Context, s *Service, a AWS, in Input) (Target, []Check, error) {
	sub, l, checks, err := s.subject(ctx, a, in.Account)
	if err != nil || sub.ID == "" {
		return Target{}, checks, err
	}
	return sub.target(l), append(checks, sub.checkManaged()), nil
}

func terminateWrites(r Request, t Target) []Write {
	r.ProductID = t.ProvisionedID
	return []Write{{
		Service: "servicecatalog", Operation: OpTerminate, As: r.as(),
		Parameters: map[string]string{"ProvisionedProductId": t.ProvisionedID},
		Effect:     fmt.Sprintf("AWS Control Tower removes what it put into account %s and moves it to the root; the account stays open and its users keep their access.", t.AccountID),
	}}
}

// verifyUnmanaged sees that the product is gone, the account not enrolled any more and at the root. Twice is safe: it
// only reads.
func verifyUnmanaged(ctx context.Context, w *work) (outcome, error) {
	sub, err := w.unmanaged(ctx)
	if err != nil {
		return outcome{}, err
	}
	return outcome{end: StateSucceeded, text: fmt.Sprintf("Seen at AWS: account %s is not enrolled any more, and is at the root.", sub.ID)}, nil
}

// unmanaged reads the account and returns notYet while Control Tower still has it.
func (w *work) unmanaged(ctx context.Context) (subject, error) {
	l, err := w.landscape(ctx, w.aws, false)
	if err != nil {
		return subject{}, err
	}
	sub := subject{account: account{ID: w.r.AccountID, ARN: w.r.Progress.Target.AccountARN}}
	if err := sub.readEnrolled(ctx, w.aws, l); err != nil {
		return sub, err
	}
	p, err := productByID(ctx, w.aws.Products, w.r.Progress.Target.ProvisionedID)
	if err != nil {
		return sub, err
	}
	if sub.Enrolled || p != nil {
		return sub, &notYet{text: "Account " + sub.ID + " is still enrolled."}
	}
	out, err := w.aws.Organizations.ListParents(ctx, &organizations.ListParentsInput{ChildId: &sub.ID})
	if err != nil {
		return sub, err
	}
	for _, p := range out.Parents {
		if ouID.MatchString(aws.ToString(p.Id)) {
			return sub, &notYet{text: fmt.Sprintf("Account %s is still in %s.", sub.ID, aws.ToString(p.Id))}
		}
	}
	return sub, nil
}
