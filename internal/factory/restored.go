package factory

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
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
