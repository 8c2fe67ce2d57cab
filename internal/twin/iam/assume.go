package iam

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sts"
	ststypes "github.com/aws/aws-sdk-go-v2/service/sts/types"

	"accountfactory/internal/policy"
	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

// chainedSession bounds the sessions made with temporary credentials.
// Source: IAM User Guide, "Roles terms and concepts", role chaining.
const chainedSession = time.Hour

// assume is one AssumeRole on its way.
type assume struct {
	in       *sts.AssumeRoleInput
	role     *Role
	by       *Session // the session that asks, nil for a long-term key
	tags     map[string]string
	passing  []string // transitive tag keys
	identity string   // source identity
}

// checkAssumeRole asks for sts:AssumeRole, and for what goes along with it: tags and source identity, given now or
// inherited from the session that asks. The authoriser puts the trust policy beside them, see ResourcePolicy.
func (s *Service) checkAssumeRole(ctx context.Context, in *sts.AssumeRoleInput) (checks []wire.Check, err error) {
	if _, _, _, ok := splitARN(*in.RoleArn, "role"); !ok {
		return nil, invalid("%s is invalid", *in.RoleArn)
	}
	caller := wire.RequestFrom(ctx).Caller
	if caller.ARN == rootARN(caller.AccountID) {
		return nil, denied("Roles may not be assumed by root accounts.")
	}
	err = s.state.View(func(tx *state.Tx) error {
		a, err := s.prepare(tx, caller, in)
		if err != nil {
			return err
		}
		checks = a.checks()
		return nil
	})
	return checks, err
}

func (a *assume) checks() []wire.Check {
	keys := map[string][]string{"sts:RoleSessionName": {*a.in.RoleSessionName}}
	if a.in.ExternalId != nil {
		keys["sts:ExternalId"] = []string{*a.in.ExternalId}
	}
	if a.identity != "" {
		keys["sts:SourceIdentity"] = []string{a.identity}
	}
	if len(a.passing) > 0 {
		keys["sts:TransitiveTagKeys"] = a.passing
	}
	addRequestTags(keys, a.tags)
	if a.role != nil {
		addResourceTags(keys, a.role.Tags)
	}
	actions := []string{"sts:AssumeRole"}
	if len(a.tags) > 0 {
		actions = append(actions, "sts:TagSession")
	}
	if a.identity != "" {
		actions = append(actions, "sts:SetSourceIdentity")
	}
	var checks []wire.Check
	for _, action := range actions {
		checks = append(checks, wire.Check{Action: action, Resource: *a.in.RoleArn, Context: keys})
	}
	return checks
}

// prepare finds the role and works out what the new session inherits from the one that asks.
func (s *Service) prepare(tx *state.Tx, caller wire.Caller, in *sts.AssumeRoleInput) (*assume, error) {
	accountID, path, name, _ := splitARN(*in.RoleArn, "role")
	a := &assume{in: in, role: s.Role(tx, accountID, name)}
	if a.role != nil && (a.role.Path != path || !s.active(tx, accountID)) {
		a.role = nil
	}
	if in.SourceIdentity != nil {
		a.identity = *in.SourceIdentity
	}
	tags, err := sessionTags(in.Tags)
	if err != nil {
		return nil, err
	}
	a.tags, a.passing = tags, slices.Clone(in.TransitiveTagKeys)
	for _, k := range a.passing {
		if _, ok := foldedTag(tags, k); !ok {
			return nil, badParameter("The specified transitive tag key must be included in the requested tags.")
		}
	}
	a.by = s.sessions.Get(tx, caller.AccessKeyID)
	if a.by != nil && a.by.Type == policy.FederatedUser { // STS API Reference, GetFederationToken: no STS but GetCallerIdentity
		return nil, notAuthorized(caller, "sts:AssumeRole", *in.RoleArn)
	}
	return a, a.inherit(caller)
}

// inherit takes on the transitive tags and the source identity of the session that asks; neither can be changed along a
// chain. Source: IAM User Guide, "Pass session tags in AWS STS", "Monitor and control actions taken with assumed roles".
func (a *assume) inherit(caller wire.Caller) error {
	if a.by == nil {
		return nil
	}
	if given := a.by.SourceIdentity; given != "" {
		if a.identity != "" && a.identity != given {
			return notAuthorized(caller, "sts:SetSourceIdentity", *a.in.RoleArn)
		}
		a.identity = given
	}
	for _, k := range a.by.Transitive {
		if _, taken := foldedTag(a.tags, k); taken {
			return badParameter("One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.")
		}
		if a.tags == nil {
			a.tags = map[string]string{}
		}
		own, _ := foldedTag(a.by.Tags, k)
		a.tags[own] = a.by.Tags[own]
		a.passing = append(a.passing, own)
	}
	return nil
}

// AssumeRole gives credentials of a role.
func (s *Service) AssumeRole(ctx context.Context, in *sts.AssumeRoleInput, _ ...func(*sts.Options)) (*sts.AssumeRoleOutput, error) {
	if in.SerialNumber != nil || in.TokenCode != nil {
		return nil, noDevice()
	}
	caller := wire.RequestFrom(ctx).Caller
	if len(in.ProvidedContexts) > 0 { // nobody here issues assertions that could be verified
		return nil, notAuthorized(caller, "sts:SetContext", *in.RoleArn)
	}
	limits, err := readSessionPolicies(in.Policy, in.PolicyArns, in.Tags)
	if err != nil {
		return nil, err
	}
	secret := NewSecret()
	var n *Session
	var identity *string
	err = s.state.Update(ctx, func(tx *state.Tx) error {
		a, err := s.prepare(tx, caller, in)
		if err != nil {
			return err
		}
		if a.role == nil {
			return notAuthorized(caller, "sts:AssumeRole", *in.RoleArn)
		}
		if err := s.checkSessionPolicies(tx, a.role.AccountID, limits.arns); err != nil {
			return err
		}
		d, err := a.duration()
		if err != nil {
			return err
		}
		if a.identity != "" {
			identity = &a.identity
		}
		n, err = s.NewRoleSession(tx, RoleSession{
			AccountID: a.role.AccountID, Role: a.role.Name, SessionName: *in.RoleSessionName, Duration: d, Secret: secret.atLeast(in.MinimumSessionTokenSize),
			Policies: limits.documents, PolicyARNs: limits.arns, Tags: a.tags, Transitive: a.passing, SourceIdentity: a.identity, Chained: a.by != nil,
		})
		if errors.Is(err, ErrNoRole) {
			return notAuthorized(caller, "sts:AssumeRole", *in.RoleArn)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return &sts.AssumeRoleOutput{
		AssumedRoleUser: &ststypes.AssumedRoleUser{Arn: &n.ARN, AssumedRoleId: &n.UserID}, Credentials: n.credentials(),
		PackedPolicySize: limits.packed, SessionTokenSize: n.tokenSize(), SessionTokenUtilization: n.tokenUtilization(), SourceIdentity: identity,
	}, nil
}

// duration gives how long the session is to last.
func (a *assume) duration() (time.Duration, error) {
	if a.in.DurationSeconds == nil {
		return time.Hour, nil
	}
	d := time.Duration(*a.in.DurationSeconds) * time.Second
	if a.by != nil && d > chainedSession {
		return 0, invalid("The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.")
	}
	if d > a.role.MaxSession {
		return 0, invalid("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
	}
	return d, nil
}

// notAuthorized is AWS's sentence for a denial that no policy states.
func notAuthorized(caller wire.Caller, action, resource string) error {
	r := policy.Request{Principal: policy.Principal{ARN: caller.ARN}, Action: action, Resource: resource}
	return denied("%s", policy.Decision{}.Message(r))
}

// noDevice answers an MFA code: the twin's users have no MFA devices.
func noDevice() error {
	return denied("MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.")
}

func badParameter(message string) error {
	return &wire.Error{Code: "InvalidParameterValue", Message: message}
}

// sessionTags reads session tags.
func sessionTags(list []ststypes.Tag) (map[string]string, error) {
	if len(list) == 0 {
		return nil, nil
	}
	tags := make(map[string]string, len(list))
	for _, t := range list {
		if _, twice := foldedTag(tags, *t.Key); twice {
			return nil, badParameter("Duplicate tag keys found. Please note that Tag keys are case insensitive.")
		}
		if strings.HasPrefix(strings.ToLower(*t.Key), "aws:") {
			return nil, badParameter("Tag keys must not begin with aws:, a prefix reserved for AWS.")
		}
		tags[*t.Key] = *t.Value
	}
	return tags, nil
}
