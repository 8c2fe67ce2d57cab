package factory

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	sctypes "github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"
)

// Steps that change a product which was there before the request. Stored: never renamed.
const (
	StepSend      = "send"      // UpdateProvisionedProduct
	StepTerminate = "terminate" // TerminateProvisionedProduct
)

// sendUpdate updates the account's product. Twice is safe: the intent and its token are stored first, and AWS answers
// the same token with the same record. Where it does not any more, another update to the same values changes nothing.
func sendUpdate(ctx context.Context, w *work) (outcome, error) {
	if out, wait, err := w.prepare(ctx, OpUpdate); err != nil || wait {
		return out, err
	}
	rec, err := w.catalog().Update(ctx, &w.r)
	if err != nil {
		return w.refused(err)
	}
	return w.accepted(rec), nil
}

// terminate takes the account out of Control Tower's care. Twice is safe: a product that is gone is what was wanted.
func terminate(ctx context.Context, w *work) (outcome, error) {
	if out, wait, err := w.prepare(ctx, OpTerminate); err != nil || wait {
		return out, err
	}
	rec, err := w.catalog().Terminate(ctx, &w.r)
	if isCode(err, "ResourceNotFoundException") {
		return w.terminated("The provisioned product is gone."), nil
	}
	if err != nil {
		return w.refused(err)
	}
	return w.accepted(rec), nil
}

// prepare stores the intent, once, when the product is there and nobody else works on it. wait is true when there is
// something else to do than to send.
func (w *work) prepare(ctx context.Context, op string) (out outcome, wait bool, err error) {
	if w.r.sent() {
		return outcome{}, false, nil
	}
	p, err := productByID(ctx, w.aws.Products, w.r.ProductID)
	switch {
	case err != nil:
		return outcome{}, false, err
	case p == nil && op == OpTerminate:
		return w.terminated("The provisioned product is gone."), true, w.released(ctx)
	case p == nil:
		text := "Service Catalog does not show the provisioned product " + w.r.ProductID + "."
		return outcome{}, false, &notYet{text: text, then: &failure{text: text + " The account is not enrolled any more."}}
	case p.Status == sctypes.ProvisionedProductStatusUnderChange:
		return w.waitOut("", "", StepTurn), true, nil
	}
	text := fmt.Sprintf("Sends %s of %s for account %s.", op, w.r.ProductID, w.r.AccountID)
	return outcome{}, false, w.save(ctx, outcome{text: text, change: func(r *Request) { w.intend(r, op) }})
}

// refused is AWS's error to a write: being busy, also with this very product, is waited out.
func (w *work) refused(err error) (outcome, error) {
	code, message := words(err)
	if !transient(err) && (busy(code, message) || underChange(message)) {
		return w.waitOut(code, message, StepTurn), nil
	}
	if transient(err) {
		return outcome{}, err
	}
	return outcome{}, failedCall(w.r.Progress.Intent.Operation, err)
}

// terminated goes on once the product is gone. From here on the account is not Control Tower's any more.
func (w *work) terminated(text string) outcome {
	out := outcome{text: text, change: func(r *Request) {
		r.giveOn()
		r.Progress.Intent, r.Progress.RecordID, r.Progress.RecordStatus = nil, "", ""
		r.ProductID = ""
	}}
	k := w.r.kind()
	out.next = k.after(StepFollow, &w.r)
	if w.r.CancelRequested && out.next != StepVerify {
		out.end, out.text = StateCancelled, fmt.Sprintf("%s Cancelled as asked: account %s is unmanaged and nothing more is done to it.", text, w.r.AccountID)
	}
	return out
}

// released returns notYet while Control Tower has an account whose product is not shown: it may only be shown late, and an
// account that is closed while it is enrolled blocks its organizational unit.
func (w *work) released(ctx context.Context) error {
	l, err := w.landscape(ctx, w.aws, false)
	if err != nil {
		return err
	}
	sub := subject{account: account{ID: w.r.AccountID, ARN: w.r.Progress.Target.AccountARN}}
	if err := sub.readEnrolled(ctx, w.aws, l); err != nil || !sub.Enrolled {
		return err
	}
	return &notYet{text: "Service Catalog does not show the provisioned product " + w.r.ProductID + ", and account " + sub.ID + " is still enrolled."}
}

// productByID finds a provisioned product, of whichever user.
func productByID(ctx context.Context, p Products, id string) (*sctypes.ProvisionedProductAttribute, error) {
	if id == "" {
		return nil, nil
	}
	found, err := searchProducts(ctx, p, "id:"+id)
	for i := range found {
		if aws.ToString(found[i].Id) == id {
			return &found[i], nil
		}
	}
	return nil, err
}
