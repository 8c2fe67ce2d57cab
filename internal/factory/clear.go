package factory

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	sctypes "github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"
)

// clearAway terminates the product of a try that AWS turned away, for its name is taken until then. Where the account
// was made nevertheless, nothing is cleared: the product is updated instead. Twice is safe: the intent is stored first
// and the token repeats; a product that is gone is what was wanted.
func clearAway(ctx context.Context, w *work) (outcome, error) {
	if !w.r.sent() {
		out, decided, err := w.decideClear(ctx)
		if err != nil || decided {
			return out, err
		}
	}
	rec, err := w.catalog().Terminate(ctx, &w.r)
	if isCode(err, "ResourceNotFoundException") {
		return w.cleared(), nil
	}
	if err != nil {
		return w.refusal(ctx, err)
	}
	return w.accepted(rec), nil
}

func (w *work) decideClear(ctx context.Context) (out outcome, decided bool, err error) {
	p, err := productByName(ctx, w.aws.Products, w.r.Progress.Target.ProductName)
	if err != nil {
		return outcome{}, false, err
	}
	l, err := w.landscape(ctx, w.aws, true)
	if err != nil {
		return outcome{}, false, err
	}
	_, exists := l.accounts[w.r.EmailKey()]
	switch {
	case p == nil:
		return w.cleared(), true, nil
	case !w.r.isOurs(aws.ToString(p.Id), aws.ToString(p.IdempotencyToken)):
		return outcome{next: StepTurn}, true, nil // provision says what is wrong
	case exists:
		return outcome{next: StepTurn, text: "The account exists: its product will be updated.", change: setProduct(p)}, true, nil
	case w.r.restoredBefore(p):
		return outcome{next: StepTurn, text: "The product is not the one AWS turned away."}, true, nil
	case p.Status == sctypes.ProvisionedProductStatusUnderChange:
		return outcome{}, false, stillChanging(p)
	}
	text := fmt.Sprintf("Sends %s of %s, which made no account, to try again.", OpTerminate, aws.ToString(p.Id))
	return outcome{}, false, w.save(ctx, outcome{text: text, change: func(r *Request) {
		setProduct(p)(r)
		w.intend(r, OpTerminate)
	}})
}

// cleared goes on with a new product once the old one is gone. A request somebody wanted cancelled ends here.
func (w *work) cleared() outcome {
	out := outcome{next: StepTurn, text: "The product AWS turned away is gone.", change: func(r *Request) {
		r.Progress.Intent, r.Progress.RecordID, r.Progress.RecordStatus = nil, "", ""
		r.Progress.nothingCame()
		r.ProductID = ""
	}}
	if w.r.CancelRequested {
		out.end, out.text = StateCancelled, "Cancelled as asked. The product AWS turned away is gone, and nothing is left."
	}
	return out
}
