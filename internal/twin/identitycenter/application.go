package identitycenter

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ssooidc"

	"accountfactory/internal/arn"
	"accountfactory/internal/wire"
)

// CreateTokenWithIAM is for clients that are applications of the instance. It has none, and there is no operation here to make
// one, so whatever the client names is an application that does not exist. AWS answers that, to those who may ask at all.
func (s *Service) CreateTokenWithIAM(_ context.Context, in *ssooidc.CreateTokenWithIAMInput, _ ...func(*ssooidc.Options)) (*ssooidc.CreateTokenWithIAMOutput, error) {
	return nil, invalidClient("The application " + *in.ClientId + " does not exist in this instance.")
}

// checkTokenWithIAM asks on the application. Source: Service Authorization Reference, IAM Identity Center OIDC service.
func checkTokenWithIAM(_ context.Context, in *ssooidc.CreateTokenWithIAMInput) ([]wire.Check, error) {
	resource := *in.ClientId
	if _, err := arn.Parse(resource); err != nil {
		resource = "*"
	}
	return []wire.Check{{Action: "sso-oauth:CreateTokenWithIAM", Resource: resource}}, nil
}
