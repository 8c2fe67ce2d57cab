package iam

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sts"
	ststypes "github.com/aws/aws-sdk-go-v2/service/sts/types"

	"accountfactory/internal/policy"
	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

// Lasting of sessions that long-term keys ask for themselves; the root user's are short.
// Source: STS API Reference, GetSessionToken and GetFederationToken.
const (
	ownSession  = 12 * time.Hour
	rootSession = time.Hour
)

// GetSessionToken gives temporary credentials of the user or root user that asks. It needs no permission.
func (s *Service) GetSessionToken(ctx context.Context, in *sts.GetSessionTokenInput, _ ...func(*sts.Options)) (*sts.GetSessionTokenOutput, error) {
	if in.SerialNumber != nil || in.TokenCode != nil {
		return nil, noDevice()
	}
	secret := NewSecret().atLeast(in.MinimumSessionTokenSize)
	var n *Session
	err := s.state.Update(ctx, func(tx *state.Tx) error {
		k, err := s.longTermKey(tx, wire.RequestFrom(ctx).Caller, "GetSessionToken")
		if err != nil {
			return err
		}
		n = &Session{AccountID: k.AccountID, Type: k.owner(), ARN: k.UserARN, UserID: k.UserID, Name: k.User, EntityID: k.UserID}
		s.putSession(tx, n, secret, k.lasting(in.DurationSeconds))
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &sts.GetSessionTokenOutput{Credentials: n.credentials(), SessionTokenSize: n.tokenSize(), SessionTokenUtilization: n.tokenUtilization()}, nil
}

// GetFederationToken gives temporary credentials of somebody the calling user vouches for. They can do what both the user's
// policies and the session policies allow.
func (s *Service) GetFederationToken(ctx context.Context, in *sts.GetFederationTokenInput, _ ...func(*sts.Options)) (*sts.GetFederationTokenOutput, error) {
	limits, err := readSessionPolicies(in.Policy, in.PolicyArns, in.Tags)
	if err != nil {
		return nil, err
	}
	tags, err := sessionTags(in.Tags)
	if err != nil {
		return nil, err
	}
	secret := NewSecret().atLeast(in.MinimumSessionTokenSize)
	var n *Session
	err = s.state.Update(ctx, func(tx *state.Tx) error {
		k, err := s.longTermKey(tx, wire.RequestFrom(ctx).Caller, "GetFederationToken")
		if err != nil {
			return err
		}
		if err := s.checkSessionPolicies(tx, k.AccountID, limits.arns); err != nil {
			return err
		}
		n = &Session{
			AccountID: k.AccountID, Type: policy.FederatedUser, ARN: federatedARN(k.AccountID, *in.Name), UserID: k.AccountID + ":" + *in.Name,
			Name: k.User, EntityID: k.UserID, Policies: limits.documents, PolicyARNs: limits.arns, Tags: tags,
		}
		s.putSession(tx, n, secret, k.lasting(in.DurationSeconds))
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &sts.GetFederationTokenOutput{
		Credentials: n.credentials(), FederatedUser: &ststypes.FederatedUser{Arn: &n.ARN, FederatedUserId: &n.UserID},
		PackedPolicySize: limits.packed, SessionTokenSize: n.tokenSize(), SessionTokenUtilization: n.tokenUtilization(),
	}, nil
}

func (s *Service) checkGetFederationToken(ctx context.Context, in *sts.GetFederationTokenInput) ([]wire.Check, error) {
	tags, err := sessionTags(in.Tags)
	if err != nil {
		return nil, err
	}
	keys := map[string][]string{}
	addRequestTags(keys, tags)
	resource := federatedARN(wire.RequestFrom(ctx).Caller.AccountID, *in.Name)
	checks := []wire.Check{{Action: "sts:GetFederationToken", Resource: resource, Context: keys}}
	if len(tags) > 0 {
		checks = append(checks, wire.Check{Action: "sts:TagSession", Resource: resource, Context: keys})
	}
	return checks, nil
}

func federatedARN(accountID, name string) string {
	return "arn:aws:sts::" + accountID + ":federated-user/" + name
}

// longTermKey gives the key that asks; temporary credentials cannot make further ones of this kind.
func (s *Service) longTermKey(tx *state.Tx, caller wire.Caller, operation string) (*AccessKey, error) {
	k := s.keys.Get(tx, caller.AccessKeyID)
	if k == nil {
		return nil, denied("Cannot call %s with session credentials", operation)
	}
	return k, nil
}

// lasting gives how long a session asked for with this key lasts.
func (k *AccessKey) lasting(seconds *int32) time.Duration {
	d := ownSession
	if seconds != nil {
		d = time.Duration(*seconds) * time.Second
	}
	if k.owner() == policy.Root {
		d = min(d, rootSession)
	}
	return d
}
