package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/sts"

	"accountfactory/internal/wire"
)

// API gives the operation tables of STS and IAM.
func (s *Service) API() []*wire.Service { return []*wire.Service{s.stsAPI()} }

func (s *Service) stsAPI() *wire.Service {
	t := wire.New("sts")
	wire.On(t, "AssumeRole", s.AssumeRole, s.checkAssumeRole)
	wire.On(t, "GetAccessKeyInfo", s.GetAccessKeyInfo, onAnything[sts.GetAccessKeyInfoInput]("sts:GetAccessKeyInfo"))
	wire.On(t, "GetCallerIdentity", s.GetCallerIdentity, nothing[sts.GetCallerIdentityInput])
	wire.On(t, "GetFederationToken", s.GetFederationToken, s.checkGetFederationToken)
	wire.On(t, "GetSessionToken", s.GetSessionToken, nothing[sts.GetSessionTokenInput])
	return t
}

// nothing is the check of operations that need no permission and that no policy can deny.
// Source: STS API Reference, GetCallerIdentity; IAM User Guide, "Permissions for GetSessionToken".
func nothing[I any](context.Context, *I) ([]wire.Check, error) { return nil, nil }

// onAnything checks an action that has no resource type.
func onAnything[I any](action string) wire.Checks[I] {
	checks := []wire.Check{{Action: action, Resource: "*"}}
	return func(context.Context, *I) ([]wire.Check, error) { return checks, nil }
}
