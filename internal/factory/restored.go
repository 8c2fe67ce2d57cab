package factory

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	sctypes "github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"
)

// A request that was restored from a backup may find in the cloud what it did itself after the backup. It takes up only what
// it can prove to be its own: a product that carries a token which only this request makes, an account that carries its tag.

// foreseen is how many generations beyond its own a request may have come to after the backup it was restored from.
const foreseen = 64

// wouldSend reports whether a launch would make this token: of its own id and step, in a generation that it had or may have had.
func (r *Request) wouldSend(productToken string) bool {
	if r.Kind != KindLaunch {
		return false
	}
	of := Request{ID: r.ID, Step: StepProvision}
	for of.Generation = 1; of.Generation <= r.Generation+foreseen; of.Generation++ {
		if productToken == token(&of, OpProvision) || productToken == token(&of, OpUpdate) {
			return true
		}
	}
	return false
}

// forgive leaves out of a launch's checks those that fail for what this request has made itself.
func (w *work) forgive(ctx context.Context, t Target, checks []Check) ([]Check, error) {
	own := func(c Check) bool {
		return c.Result == CheckFailed && slices.Contains([]string{CheckEmailFree, CheckProductName, CheckAccountQuota}, c.Name)
	}
	if w.r.Kind != KindLaunch || !slices.ContainsFunc(checks, own) {
		return checks, nil
	}
	ours, err := w.r.Progress.Provisioner.steps().hasMade(ctx, w, t)
	if err != nil || !ours {
		return checks, err
	}
	return slices.DeleteFunc(slices.Clone(checks), own), nil
}

// hasMade reports whether the product of the request's name is its own.
func (byCatalog) hasMade(ctx context.Context, w *work, t Target) (bool, error) {
	p, err := productByName(ctx, w.aws.Products, t.ProductName)
	return p != nil && w.r.isOurs(aws.ToString(p.Id), aws.ToString(p.IdempotencyToken)), err
}

// hasMade reports whether the account of the request's e-mail carries its tag.
func (byOrganizations) hasMade(ctx context.Context, w *work, _ Target) (bool, error) {
	l, err := w.landscape(ctx, w.aws, true)
	if err != nil {
		return false, err
	}
	a, exists := l.accounts[w.r.EmailKey()]
	if !exists {
		return false, nil
	}
	tags, err := tagsOf(ctx, w.aws, a.ID)
	return tags[TagRequest] == w.r.ID, err
}

// knows reports whether the request has seen the newest operation on a product of its own.
func (r *Request) knows(p *sctypes.ProvisionedProductAttribute) bool {
	return p.LastRecordId == nil || slices.ContainsFunc(r.Progress.Spans, func(s span) bool { return s.Record == *p.LastRecordId })
}

// restoredBefore reports whether a product of the request's is not one that AWS turned away: it has an account, of whatever e-mail
// by now, or has come since the backup.
func (r *Request) restoredBefore(p *sctypes.ProvisionedProductAttribute) bool {
	return p.Status == sctypes.ProvisionedProductStatusAvailable || isAccountID(aws.ToString(p.PhysicalId)) || !r.knows(p)
}

// recollect takes over what AWS keeps of the operations on a product of the request's that the request does not know: without
// it an account that others made between them would pass for its own. A role that may not list them goes by the product's
// beginning and the name.
func (w *work) recollect(ctx context.Context, p *sctypes.ProvisionedProductAttribute) error {
	setProduct(p)(&w.r)
	if w.r.Kind != KindLaunch || w.r.knows(p) {
		return nil
	}
	records, err := w.catalog().History(ctx, aws.ToString(p.Id))
	if err != nil && !isCode(err, deniedCodes...) {
		return err
	}
	spans, since := len(w.r.Progress.Spans), aws.ToTime(p.CreatedTime)
	for _, rec := range slices.Backward(records) {
		if operationOf(&rec) == OpTerminate { // makes no account
			continue
		}
		w.r.Progress.began(&rec)
		since = aws.ToTime(rec.CreatedTime)
	}
	rivals, err := w.rivals(ctx, since, true)
	if err != nil {
		return err
	}
	w.r.Progress.rival(rivals)
	if len(w.r.Progress.Spans) == spans { // AWS shows them late
		return nil
	}
	known := w.r.Progress
	return w.save(ctx, outcome{change: func(r *Request) {
		setProduct(p)(r)
		r.Progress.Spans, r.Progress.CloudSince, r.Progress.Rivals = known.Spans, known.CloudSince, known.Rivals
	}})
}

// operationOf gives a record's operation, by the name of its call.
func operationOf(rec *sctypes.RecordDetail) string {
	switch aws.ToString(rec.RecordType) {
	case "TERMINATE_PROVISIONED_PRODUCT":
		return OpTerminate
	case "UPDATE_PROVISIONED_PRODUCT":
		return OpUpdate
	}
	return OpProvision
}

// underWay follows the operation that AWS is at on a product of the request's, which the request sent after its backup.
func (w *work) underWay(ctx context.Context, p *sctypes.ProvisionedProductAttribute) (outcome, error) {
	out, err := w.catalog().Record(ctx, *p.LastRecordId)
	if err != nil {
		return outcome{}, err
	}
	op := operationOf(out.RecordDetail)
	return outcome{
		next: StepFollow,
		text: fmt.Sprintf("AWS is at %s of the provisioned product %s, record %s, which is this request's: it is followed.", op, aws.ToString(p.Id), *p.LastRecordId),
		change: func(r *Request) {
			w.intend(r, op)
			r.State, r.WaitReason, r.Progress.RecordID = StateRunning, "", *p.LastRecordId
		},
	}, nil
}
