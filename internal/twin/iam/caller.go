package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/sts"

	"accountfactory/internal/wire"
)

// GetCallerIdentity says who calls. It needs no permission, and no policy can deny it.
func (s *Service) GetCallerIdentity(ctx context.Context, _ *sts.GetCallerIdentityInput, _ ...func(*sts.Options)) (*sts.GetCallerIdentityOutput, error) {
	c := wire.RequestFrom(ctx).Caller
	return &sts.GetCallerIdentityOutput{Account: &c.AccountID, Arn: &c.ARN, UserId: &c.UserID}, nil
}

// GetAccessKeyInfo gives the account of an access key, which the key's id tells; so it may be a key that is gone.
func (s *Service) GetAccessKeyInfo(_ context.Context, in *sts.GetAccessKeyInfoInput, _ ...func(*sts.Options)) (*sts.GetAccessKeyInfoOutput, error) {
	account, ok := s.keyOwner(*in.AccessKeyId)
	if !ok {
		return nil, invalid("The specified access key ID is not valid: %s", *in.AccessKeyId)
	}
	return &sts.GetAccessKeyInfoOutput{Account: &account}, nil
}
