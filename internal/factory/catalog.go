package factory

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	sctypes "github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"
)

// serviceCatalog sends the Account Factory product: operations that carry the request's token, run for minutes and leave a
// record that tells how they ended. Sending one again under its token is the same operation.
type serviceCatalog struct{ products Products }

const aRecord = "a record"

func (w *work) catalog() serviceCatalog { return serviceCatalog{w.aws.Products} }

// Provision makes an account, or enrolls the one that has the e-mail.
func (p serviceCatalog) Provision(ctx context.Context, r *Request) (*sctypes.RecordDetail, error) {
	out, err := p.products.ProvisionProduct(ctx, provisionInput(r, r.Progress.Intent.Token))
	if err != nil {
		return nil, err
	}
	return present(out.RecordDetail, aRecord)
}

// Update changes an account, or continues what is left of an earlier try: AWS goes on with an account that exists, and
// makes one that does not. Source: Control Tower user guide, lifecycle events: such an account ends in
// UpdateManagedAccount.
func (p serviceCatalog) Update(ctx context.Context, r *Request) (*sctypes.RecordDetail, error) {
	out, err := p.products.UpdateProvisionedProduct(ctx, updateInput(r, r.Progress.Intent.Token))
	if err != nil {
		return nil, err
	}
	return present(out.RecordDetail, aRecord)
}

// Terminate takes an account out of Control Tower's care; it does not close it.
func (p serviceCatalog) Terminate(ctx context.Context, r *Request) (*sctypes.RecordDetail, error) {
	out, err := p.products.TerminateProvisionedProduct(ctx, terminateInput(r, r.Progress.Intent.Token))
	if err != nil {
		return nil, err
	}
	return present(out.RecordDetail, aRecord)
}

// Record reads how an operation stands.
func (p serviceCatalog) Record(ctx context.Context, id string) (*servicecatalog.DescribeRecordOutput, error) {
	out, err := p.products.DescribeRecord(ctx, &servicecatalog.DescribeRecordInput{Id: &id})
	if err != nil {
		return nil, err
	}
	_, err = present(out.RecordDetail, aRecord)
	return out, err
}

// History gives the records of a provisioned product, whoever's, the newest first: all that AWS keeps.
func (p serviceCatalog) History(ctx context.Context, productID string) ([]sctypes.RecordDetail, error) {
	in := &servicecatalog.ListRecordHistoryInput{
		AccessLevelFilter: &sctypes.AccessLevelFilter{Key: sctypes.AccessLevelFilterKeyAccount, Value: aws.String("self")},
		SearchFilter:      &sctypes.ListRecordHistorySearchFilter{Key: aws.String("provisionedproduct"), Value: &productID},
	}
	var out []sctypes.RecordDetail
	for { // the SDK has no paginator for it
		page, err := p.products.ListRecordHistory(ctx, in)
		if err != nil {
			return nil, err
		}
		out = append(out, page.RecordDetails...)
		if in.PageToken = page.NextPageToken; aws.ToString(in.PageToken) == "" {
			return out, nil
		}
	}
}

// updateInput names all six parameters, as AWS wants each time. What is not known keeps its value: the product shows
// neither the SSO user's names nor, before its first success, their e-mail.
func updateInput(r *Request, token string) *servicecatalog.UpdateProvisionedProductInput {
	t := r.Progress.Target
	in := &servicecatalog.UpdateProvisionedProductInput{
		ProvisionedProductId: aws.String(r.ProductID), ProductId: aws.String(t.ProductID),
		ProvisioningArtifactId: aws.String(t.ArtifactID), PathId: aws.String(t.PathID), UpdateToken: aws.String(token),
	}
	for _, p := range productParameters(r) {
		u := sctypes.UpdateProvisioningParameter{Key: aws.String(p[0]), Value: aws.String(p[1])}
		if p[1] == "" {
			u.Value, u.UsePreviousValue = nil, true
		}
		in.ProvisioningParameters = append(in.ProvisioningParameters, u)
	}
	return in
}

func terminateInput(r *Request, token string) *servicecatalog.TerminateProvisionedProductInput {
	return &servicecatalog.TerminateProvisionedProductInput{ProvisionedProductId: aws.String(r.ProductID), TerminateToken: aws.String(token)}
}
