package iam

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

const keysPerUser = 2

// CreateAccessKey gives a user a key. Its secret is shown this once.
func (s *Service) CreateAccessKey(ctx context.Context, in *iam.CreateAccessKeyInput, _ ...func(*iam.Options)) (*iam.CreateAccessKeyOutput, error) {
	secret := NewSecret()
	out := &iam.CreateAccessKeyOutput{}
	return out, s.state.Update(ctx, func(tx *state.Tx) error {
		account := accountOf(ctx)
		name, err := s.keyHolder(tx, ctx, in.UserName)
		if err != nil {
			return err
		}
		n := 0
		for range s.keysOf.Of(tx, key(account, name)) {
			n++
		}
		if n >= keysPerUser {
			return exceeded("Cannot exceed quota for AccessKeysPerUser: %d", keysPerUser)
		}
		id := keyID(tx, keyPrefix, account)
		s.PutAccessKey(tx, account, name, id, secret.Key)
		out.AccessKey = &types.AccessKey{AccessKeyId: &id, SecretAccessKey: &secret.Key, Status: types.StatusTypeActive, UserName: optional(name), CreateDate: date(tx.Now())}
		return nil
	})
}

// keyHolder gives the user whose keys an operation is about, "" for the root user.
func (s *Service) keyHolder(tx *state.Tx, ctx context.Context, given *string) (string, error) {
	name, err := s.userMeant(tx, ctx, given)
	if err != nil || name == "" {
		return "", err
	}
	_, err = s.users.get(tx, accountOf(ctx), name)
	return name, err
}

// ListAccessKeys gives a user's keys without their secrets.
func (s *Service) ListAccessKeys(ctx context.Context, in *iam.ListAccessKeysInput, _ ...func(*iam.Options)) (*iam.ListAccessKeysOutput, error) {
	out := &iam.ListAccessKeysOutput{}
	return out, s.state.View(func(tx *state.Tx) error {
		name, err := s.keyHolder(tx, ctx, in.UserName)
		if err != nil {
			return err
		}
		holder := key(accountOf(ctx), name)
		p, err := newPage(in.Marker, in.MaxItems, "ListAccessKeys", holder)
		if err != nil {
			return err
		}
		l := take(p, s.keysOf.OfAfter(tx, holder, p.after), func(k *AccessKey) string { return k.ID }, (*AccessKey).metadata)
		out.AccessKeyMetadata, out.Marker, out.IsTruncated = l.Items, l.Marker, l.Truncated
		return nil
	})
}

func (k *AccessKey) metadata() types.AccessKeyMetadata {
	status := types.StatusTypeActive
	if k.Inactive {
		status = types.StatusTypeInactive
	}
	return types.AccessKeyMetadata{AccessKeyId: &k.ID, CreateDate: date(k.Created), Status: status, UserName: optional(k.User)}
}

// UpdateAccessKey switches a key on or off.
func (s *Service) UpdateAccessKey(ctx context.Context, in *iam.UpdateAccessKeyInput, _ ...func(*iam.Options)) (*iam.UpdateAccessKeyOutput, error) {
	return &iam.UpdateAccessKeyOutput{}, s.state.Update(ctx, func(tx *state.Tx) error {
		if in.Status != types.StatusTypeActive && in.Status != types.StatusTypeInactive {
			return invalid("Status %s cannot be set: an access key is Active or Inactive", in.Status)
		}
		if err := s.checkHolds(tx, ctx, in.UserName, *in.AccessKeyId); err != nil {
			return err
		}
		s.keys.Change(tx, *in.AccessKeyId, func(k *AccessKey) { k.Inactive = in.Status == types.StatusTypeInactive })
		return nil
	})
}

// DeleteAccessKey removes a key.
func (s *Service) DeleteAccessKey(ctx context.Context, in *iam.DeleteAccessKeyInput, _ ...func(*iam.Options)) (*iam.DeleteAccessKeyOutput, error) {
	return &iam.DeleteAccessKeyOutput{}, s.state.Update(ctx, func(tx *state.Tx) error {
		if err := s.checkHolds(tx, ctx, in.UserName, *in.AccessKeyId); err != nil {
			return err
		}
		s.keys.Delete(tx, *in.AccessKeyId)
		s.used.Delete(*in.AccessKeyId)
		return nil
	})
}

// checkHolds reports when a user has not got the key.
func (s *Service) checkHolds(tx *state.Tx, ctx context.Context, user *string, id string) error {
	name, err := s.keyHolder(tx, ctx, user)
	if err != nil {
		return err
	}
	if k := s.keys.Get(tx, id); k == nil || k.AccountID != accountOf(ctx) || k.User != name {
		return noSuch("The Access Key with id %s cannot be found.", id)
	}
	return nil
}

// use is the last use of a key.
type use struct {
	at              time.Time
	service, region string
}

// useGrain is how exact last uses are, so that a busy key costs nothing.
const useGrain = 15 * time.Minute

// Used notes that a key was used for a service, by its signing name. The endpoint calls it for each authorised request.
// Unlike AWS's, the note is kept in memory alone and begins anew with the process.
func (s *Service) Used(caller wire.Caller, service, region string) {
	now := s.state.Clock().Now()
	if last, ok := s.used.Load(caller.AccessKeyID); ok {
		u := last.(use)
		if u.service == service && u.region == region && now.Sub(u.at) < useGrain {
			return
		}
	}
	if len(caller.AccessKeyID) < len(keyPrefix) || caller.AccessKeyID[:len(keyPrefix)] != keyPrefix {
		return
	}
	s.used.Store(caller.AccessKeyID, use{at: now.Truncate(time.Minute), service: service, region: region})
}

// GetAccessKeyLastUsed tells whose a key is and when it was used last, as far as this process knows.
func (s *Service) GetAccessKeyLastUsed(ctx context.Context, in *iam.GetAccessKeyLastUsedInput, _ ...func(*iam.Options)) (*iam.GetAccessKeyLastUsedOutput, error) {
	out := &iam.GetAccessKeyLastUsedOutput{}
	return out, s.state.View(func(tx *state.Tx) error {
		k := s.keys.Get(tx, *in.AccessKeyId)
		if k == nil || k.AccountID != accountOf(ctx) {
			return noSuch("The Access Key with id %s cannot be found.", *in.AccessKeyId)
		}
		out.UserName = optional(k.User)
		out.AccessKeyLastUsed = &types.AccessKeyLastUsed{Region: aws.String("N/A"), ServiceName: aws.String("N/A")}
		if last, ok := s.used.Load(k.ID); ok {
			u := last.(use)
			out.AccessKeyLastUsed = &types.AccessKeyLastUsed{LastUsedDate: &u.at, Region: &u.region, ServiceName: &u.service}
		}
		return nil
	})
}

// keyOwner gives the account an access key belongs to.
func (s *Service) keyOwner(id string) (account string, ok bool) {
	_ = s.state.View(func(tx *state.Tx) error {
		if k := s.keys.Get(tx, id); k != nil { // a seeded id need not hold its account
			account, ok = k.AccountID, true
		}
		return nil
	})
	if ok {
		return account, ok
	}
	return keyAccount(id)
}
