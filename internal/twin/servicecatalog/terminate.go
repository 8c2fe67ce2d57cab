package servicecatalog

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"
)

// TerminateProvisionedProduct ends a launched product. It needs no launch path: whoever lost access can still clean up.
// Its token counts only while the termination runs; afterwards the product is not found.
func (s *Service) TerminateProvisionedProduct(ctx context.Context, in *sdk.TerminateProvisionedProductInput, _ ...func(*sdk.Options)) (*sdk.TerminateProvisionedProductOutput, error) {
	asked := *in
	asked.TerminateToken = nil
	request := fingerprint(asked)
	out := &sdk.TerminateProvisionedProductOutput{}
	err := s.update(ctx, func(c *call) error {
		r, err := s.terminate(c, in, request)
		if err != nil {
			return err
		}
		out.RecordDetail = recordDetail(r)
		return nil
	})
	return out, err
}

func (s *Service) terminate(c *call, in *sdk.TerminateProvisionedProductInput, request string) (*Record, error) {
	p, err := s.provisionedProduct(c, in.ProvisionedProductId, in.ProvisionedProductName)
	if err != nil {
		return nil, err
	}
	id, same := s.seen(c, "TerminateProvisionedProduct", *in.TerminateToken, request)
	if !same {
		return nil, invalid("Terminate token %s was used for another request.", *in.TerminateToken)
	}
	if r := s.records.Get(c.Tx, id); r != nil {
		return r, nil
	}
	// A product with a plan may be terminated: that is one of the two ways out of a plan that hangs.
	if p.Status != types.ProvisionedProductStatusPlanInProgress {
		if err := settled(p); err != nil {
			return nil, err
		}
	}
	l := launch{product: &Product{ID: p.ProductID}, artifact: &Artifact{ID: p.ArtifactID}, path: p.PathID}
	r := s.begin(c, p, l, Terminate, &Work{Parameters: p.Parameters, Retain: in.RetainPhysicalResources, IgnoreErrors: in.IgnoreErrors})
	s.remember(c, "TerminateProvisionedProduct", *in.TerminateToken, request, r.ID)
	return r, nil
}
