package servicecatalog

import (
	"context"
	"slices"
	"strings"

	sdk "github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"

	"accountfactory/internal/arn"
	"accountfactory/internal/twin/state"
)

// ProvisionedProduct gives the provisioned product with this id, or nil.
func (s *Service) ProvisionedProduct(tx *state.Tx, id string) *ProvisionedProduct {
	return s.provisioned.Get(tx, id)
}

// ProvisionedProductByPhysicalID gives the provisioned product of this account, or nil.
func (s *Service) ProvisionedProductByPhysicalID(tx *state.Tx, physicalID string) *ProvisionedProduct {
	return s.physical.First(tx, physicalID)
}

// provisionedProduct finds the one a request names by id, or by name or ARN.
func (s *Service) provisionedProduct(c *call, id, name *string) (*ProvisionedProduct, error) {
	if err := oneOf("provisioned product", id, name); err != nil {
		return nil, err
	}
	if p := s.lookup(c, id, name); p != nil {
		return p, nil
	}
	if id != nil {
		return nil, notFound("Provisioned product %s not found.", *id)
	}
	// AWS's wording (awslabs/aws-service-catalog-puppet, issue 490).
	return nil, notFound("No stack named %s exists.", *name)
}

func (s *Service) lookup(c *call, id, name *string) *ProvisionedProduct {
	switch {
	case !c.home:
		return nil
	case id != nil:
		return s.provisioned.Get(c.Tx, *id)
	case strings.HasPrefix(*name, "arn:"):
		p := s.provisioned.Get(c.Tx, (*name)[strings.LastIndex(*name, "/")+1:])
		if p == nil || provisionedARN(c, p) != *name {
			return nil
		}
		return p
	}
	return s.named.First(c.Tx, *name)
}

// provisionedARN says "stack" whatever the product's type, as AWS does.
func provisionedARN(c *call, p *ProvisionedProduct) string {
	return arn.Make("servicecatalog", c.region, c.account, "stack/"+p.Name+"/"+p.ID)
}

func (c *call) provisionedDetail(p *ProvisionedProduct) types.ProvisionedProductDetail {
	name, created := provisionedARN(c, p), p.Created
	return types.ProvisionedProductDetail{
		Id: &p.ID, Arn: &name, Name: &p.Name, Type: &p.Type, Status: p.Status, StatusMessage: filled(p.StatusMessage), CreatedTime: &created,
		IdempotencyToken: filled(p.Token), ProductId: &p.ProductID, ProvisioningArtifactId: &p.ArtifactID, LastRecordId: filled(p.LastRecord),
		LastProvisioningRecordId: filled(p.LastProvisioning), LastSuccessfulProvisioningRecordId: filled(p.LastSuccessful), LaunchRoleArn: filled(p.LaunchRole),
	}
}

// filled leaves an empty string out of the answer.
func filled(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// DescribeProvisionedProduct shows a launched product.
func (s *Service) DescribeProvisionedProduct(ctx context.Context, in *sdk.DescribeProvisionedProductInput, _ ...func(*sdk.Options)) (*sdk.DescribeProvisionedProductOutput, error) {
	out := &sdk.DescribeProvisionedProductOutput{CloudWatchDashboards: []types.CloudWatchDashboard{}}
	err := s.view(ctx, func(c *call) error {
		p, err := s.provisionedProduct(c, in.Id, in.Name)
		if err != nil {
			return err
		}
		detail := c.provisionedDetail(p)
		out.ProvisionedProductDetail = &detail
		return nil
	})
	return out, err
}

// GetProvisionedProductOutputs gives what the last successful record put out, or those of it a request names.
func (s *Service) GetProvisionedProductOutputs(ctx context.Context, in *sdk.GetProvisionedProductOutputsInput, _ ...func(*sdk.Options)) (*sdk.GetProvisionedProductOutputsOutput, error) {
	out := &sdk.GetProvisionedProductOutputsOutput{}
	err := s.view(ctx, func(c *call) error {
		p, err := s.provisionedProduct(c, in.ProvisionedProductId, in.ProvisionedProductName)
		if err != nil {
			return err
		}
		r := s.records.Get(c.Tx, p.LastSuccessful)
		if r == nil {
			// AWS's wording (crossplane-contrib/provider-aws, servicecatalog/provisionedproduct).
			return invalid("Last Successful Provisioning Record doesn't exist.")
		}
		outputs, err := chosen(r.Outputs, in.OutputKeys)
		if err != nil {
			return err
		}
		list := strings.Join(append([]string{"GetProvisionedProductOutputs", r.ID}, in.OutputKeys...), "/")
		page, next, err := paginateFixed(list, in.PageToken, in.PageSize, outputs)
		out.NextPageToken, out.Outputs = next, convert(page, recordOutput)
		return err
	})
	return out, err
}

// chosen gives the outputs with these keys, all of them for none.
func chosen(outputs []Output, keys []string) ([]Output, error) {
	if len(keys) == 0 {
		return outputs, nil
	}
	var out []Output
	for _, key := range keys {
		i := slices.IndexFunc(outputs, func(o Output) bool { return o.Key == key })
		if i < 0 {
			return nil, invalid("Invalid output key: %s", key)
		}
		out = append(out, outputs[i])
	}
	return out, nil
}
