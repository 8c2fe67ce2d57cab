package cloud

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"

	"accountfactory/internal/few"
)

// Sessions keeps one session of the factory's role per requester, until shortly before it expires.
type Sessions struct {
	cloud *Cloud
	all   few.Map[session] // by requester
}

// session is one requester's; its own turn lets others' be made meanwhile.
type session struct {
	making  turn
	cache   *aws.CredentialsCache
	clients *Clients
	center  string // the Region of Identity Center that clients go to
}

// NewSessions gives sessions on a cloud.
func NewSessions(c *Cloud) *Sessions { return &Sessions{cloud: c} }

// early is how long before its end a session is replaced, so that a turn at a request never runs out of one.
const early = 5 * time.Minute

// maxSessions is how many are kept. One that is dropped is made again when it is asked for.
const maxSessions = 256

// For gives clients under the factory's role. The session's source identity, and its name, are the requester; it must
// have the form STS takes.
func (s *Sessions) For(ctx context.Context, requester string) (*Clients, error) {
	one := s.all.Of(requester, maxSessions)
	if err := one.making.take(ctx); err != nil {
		return nil, fmt.Errorf("wait for %s's session: %w", requester, err)
	}
	defer one.making.give()
	if one.cache == nil {
		one.cache = aws.NewCredentialsCache(assume{s.cloud, requester}, func(o *aws.CredentialsCacheOptions) { o.ExpiryWindow = early })
	}
	_, err := one.cache.Retrieve(ctx)
	if denied(err) && s.cloud.cfg.Kind == KindAWS {
		return nil, &RoleError{err}
	}
	if denied(err) {
		// The role is gone, or was never made: an organization that was reset has none.
		if err := s.cloud.EnsureRole(ctx); err != nil {
			return nil, err
		}
		_, err = one.cache.Retrieve(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("assume %s for %s: %w", RoleName, requester, err)
	}
	region, err := s.cloud.findCenter(ctx, one.cache)
	if err != nil {
		return nil, err
	}
	if one.clients == nil || one.center != region {
		one.clients, one.center = newClients(s.cloud.cfg.with(one.cache), region), region
	}
	return one.clients, nil
}

// RoleError says that the factory's role cannot be assumed on AWS, where nothing makes it but setup-role.
type RoleError struct{ Err error }

func (e *RoleError) Error() string {
	return "the role " + RoleName + " is not there or does not let itself be assumed: run accountfactory setup-role; AWS says: " + e.Err.Error()
}

func (e *RoleError) Unwrap() error { return e.Err }

// Forget drops a session that AWS no longer takes.
func (s *Sessions) Forget(requester string) { s.all.Drop(requester) }

// denied reports AWS's answer to assuming a role that is not there or does not trust us: the two are not told apart.
func denied(err error) bool {
	var api smithy.APIError
	return errors.As(err, &api) && (api.ErrorCode() == "AccessDenied" || api.ErrorCode() == "AccessDeniedException")
}

// assume gets credentials of the factory's role with STS.
type assume struct {
	cloud     *Cloud
	requester string
}

// Retrieve assumes the role.
func (a assume) Retrieve(ctx context.Context) (aws.Credentials, error) {
	out, err := a.cloud.management.STS.AssumeRole(ctx, &sts.AssumeRoleInput{
		RoleArn: aws.String(a.cloud.RoleARN()), RoleSessionName: &a.requester, SourceIdentity: &a.requester,
	})
	if err != nil {
		return aws.Credentials{}, err
	}
	return aws.Credentials{
		AccessKeyID: aws.ToString(out.Credentials.AccessKeyId), SecretAccessKey: aws.ToString(out.Credentials.SecretAccessKey),
		SessionToken: aws.ToString(out.Credentials.SessionToken), CanExpire: true, Expires: aws.ToTime(out.Credentials.Expiration),
		Source: RoleName, AccountID: a.cloud.account,
	}, nil
}

// Inside gives clients under a role inside an account of the organization, in a requester's name. The management credentials
// assume it, without a source identity: roles that Organizations makes do not trust anybody to set one, and a session that
// has one passes it on. Source: IAM user guide, "Monitor and control actions taken with assumed roles".
func (s *Sessions) Inside(ctx context.Context, requester, accountID, role string) (*Clients, error) {
	out, err := s.cloud.management.STS.AssumeRole(ctx, &sts.AssumeRoleInput{
		RoleArn: aws.String("arn:aws:iam::" + accountID + ":role/" + role), RoleSessionName: &requester,
	})
	if err != nil {
		return nil, fmt.Errorf("assume %s in account %s: %w", role, accountID, err)
	}
	c := out.Credentials
	return newClients(s.cloud.cfg.with(credentials.NewStaticCredentialsProvider(
		aws.ToString(c.AccessKeyId), aws.ToString(c.SecretAccessKey), aws.ToString(c.SessionToken),
	)), s.cloud.CenterRegion()), nil
}

// CenterLooked says where Identity Center was looked for.
func (s *Sessions) CenterLooked() string { return s.cloud.CenterLooked() }
