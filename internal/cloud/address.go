package cloud

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	smithyendpoints "github.com/aws/smithy-go/endpoints"
)

// stsURL and catalogURL give where a service answers: at the one endpoint that stands for all of AWS, or, when that is
// empty, at AWS's own in a Region, by the SDK's rules.
func stsURL(ctx context.Context, endpoint, region string) (string, error) {
	if endpoint != "" {
		return endpoint, nil
	}
	e, err := sts.NewDefaultEndpointResolverV2().ResolveEndpoint(ctx, sts.EndpointParameters{Region: aws.String(region)})
	return baseURL(e, err)
}

func catalogURL(ctx context.Context, endpoint, region string) (string, error) {
	if endpoint != "" {
		return endpoint, nil
	}
	e, err := servicecatalog.NewDefaultEndpointResolverV2().ResolveEndpoint(ctx, servicecatalog.EndpointParameters{Region: aws.String(region)})
	return baseURL(e, err)
}

func baseURL(e smithyendpoints.Endpoint, err error) (string, error) {
	if err != nil {
		return "", fmt.Errorf("find AWS's endpoint: %w", err)
	}
	return strings.TrimSuffix(e.URI.String(), "/"), nil
}
