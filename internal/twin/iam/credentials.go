package iam

import (
	ststypes "github.com/aws/aws-sdk-go-v2/service/sts/types"
)

// maxToken is the largest session token, in bytes. Source: STS API Reference, AssumeRole, MinimumSessionTokenSize.
const maxToken = 4096

// credentials gives the session's secrets as answers carry them.
func (n *Session) credentials() *ststypes.Credentials {
	expires := n.Expires
	return &ststypes.Credentials{AccessKeyId: &n.ID, SecretAccessKey: &n.Secret, SessionToken: &n.Token, Expiration: &expires}
}

func (n *Session) tokenSize() *int32 {
	size := int32(len(n.Token))
	return &size
}

func (n *Session) tokenUtilization() *int32 {
	percent := int32((100*len(n.Token) + maxToken - 1) / maxToken)
	return &percent
}

// atLeast gives the secret with a token of the size somebody wants to try their software with.
func (c Secret) atLeast(size *int32) Secret {
	if size == nil || int(*size) <= len(c.Token) {
		return c
	}
	pad := make([]byte, min(int(*size), maxToken)-len(c.Token))
	for i := range pad {
		pad[i] = 'A'
	}
	c.Token += string(pad)
	return c
}
