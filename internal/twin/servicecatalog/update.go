package servicecatalog

import (
	"context"
	"slices"

	sdk "github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"
)

// UpdateProvisionedProduct changes a launched product. What is not AVAILABLE may be updated too, once it is stable: an
// update is how a TAINTED or an ERROR product is repaired.
func (s *Service) UpdateProvisionedProduct(ctx context.Context, in *sdk.UpdateProvisionedProductInput, _ ...func(*sdk.Options)) (*sdk.UpdateProvisionedProductOutput, error) {
	asked := *in
	asked.UpdateToken = nil
	request := fingerprint(asked)
	out := &sdk.UpdateProvisionedProductOutput{}
	err := s.update(ctx, func(c *call) error {
		r, err := s.updateProvisioned(c, in, request)
		if err != nil {
			return err
		}
		out.RecordDetail = recordDetail(r)
		return nil
	})
	return out, err
}

func (s *Service) updateProvisioned(c *call, in *sdk.UpdateProvisionedProductInput, request string) (*Record, error) {
	p, err := s.provisionedProduct(c, in.ProvisionedProductId, in.ProvisionedProductName)
	if err != nil {
		return nil, err
	}
	id, same := s.seen(c, "UpdateProvisionedProduct", *in.UpdateToken, request)
	if !same {
		return nil, invalid("Update token %s was used for another request.", *in.UpdateToken)
	}
	if r := s.records.Get(c.Tx, id); r != nil {
		return r, nil
	}
	if err := settled(p); err != nil {
		return nil, err
	}
	l, err := s.relaunch(c, p, in)
	if err != nil {
		return nil, err
	}
	values, err := newValues(p, in.ProvisioningParameters)
	if err != nil {
		return nil, err
	}
	tags, err := newTags(l, in.Tags)
	if err != nil {
		return nil, err
	}
	r := s.begin(c, p, l, Update, &Work{Parameters: values, Retag: len(in.Tags) > 0, Tags: tags})
	s.remember(c, "UpdateProvisionedProduct", *in.UpdateToken, request, r.ID)
	return r, nil
}

// newTags reads the tags of an update. They may change only under a RESOURCE_UPDATE constraint that allows it
// (UpdateProvisionedProduct, API reference).
func newTags(l launch, in []types.Tag) ([]Tag, error) {
	if len(in) > 0 && !l.effect.retag {
		return nil, invalid("Product %s has no RESOURCE_UPDATE constraint that allows tag updates.", l.product.ID)
	}
	return takeTags(in)
}

// settled refuses work on a product that is being worked on. The reference declares no InvalidStateException for update
// and terminate, so it is InvalidParametersException.
func settled(p *ProvisionedProduct) error {
	switch p.Status {
	case types.ProvisionedProductStatusUnderChange:
		return invalid("Provisioned product %s is UNDER_CHANGE. Wait until its present operation has ended.", p.ID)
	case types.ProvisionedProductStatusPlanInProgress:
		return invalid("Provisioned product %s is PLAN_IN_PROGRESS. Execute or delete its plan first.", p.ID)
	case types.ProvisionedProductStatusAvailable, types.ProvisionedProductStatusTainted, types.ProvisionedProductStatusError:
	}
	return nil
}

// relaunch gives what an update launches: what the request names, and what the product has where it names nothing. The
// caller needs a launch path in any case.
func (s *Service) relaunch(c *call, p *ProvisionedProduct, in *sdk.UpdateProvisionedProductInput) (launch, error) {
	ask := launchAsk{
		product: in.ProductId, productName: in.ProductName, artifact: in.ProvisioningArtifactId, artifactName: in.ProvisioningArtifactName,
		path: in.PathId, pathName: in.PathName,
	}
	if ask.product == nil && ask.productName == nil {
		ask.product = &p.ProductID
	}
	if ask.artifact == nil && ask.artifactName == nil {
		ask.artifact = &p.ArtifactID
	}
	if ask.path == nil && ask.pathName == nil && slices.ContainsFunc(s.paths(c, p.ProductID), func(f *Portfolio) bool { return pathID(f) == p.PathID }) {
		ask.path = &p.PathID
	}
	l, err := s.launch(c, ask)
	if err == nil && provisionedType(l.product.Type) != p.Type {
		return l, invalid("Provisioned product %s of type %s cannot become one of type %s.", p.ID, p.Type, l.product.Type)
	}
	return l, err
}

// newValues gives the parameters of an update. Only those it names have a value, as with a CloudFormation stack: what is
// to stay must be named with UsePreviousValue.
func newValues(p *ProvisionedProduct, in []types.UpdateProvisioningParameter) ([]Value, error) {
	seen := map[string]bool{}
	var out []Value
	for _, u := range in {
		if u.Key == nil {
			return nil, invalid("Each provisioning parameter must have a key.")
		}
		if seen[*u.Key] {
			return nil, invalid("Provisioning parameter %s is specified more than once.", *u.Key)
		}
		seen[*u.Key] = true
		switch {
		case u.UsePreviousValue:
			old := slices.IndexFunc(p.Parameters, func(v Value) bool { return v.Key == *u.Key })
			if old < 0 {
				return nil, invalid("Provisioning parameter %s has no previous value.", *u.Key)
			}
			out = append(out, p.Parameters[old])
		case u.Value == nil:
			return nil, invalid("Provisioning parameter %s must have a value or use the previous one.", *u.Key)
		default:
			out = append(out, Value{Key: *u.Key, Value: *u.Value})
		}
	}
	return out, nil
}
