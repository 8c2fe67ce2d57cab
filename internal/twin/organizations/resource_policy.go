package organizations

import (
	"encoding/json"
	"path"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"accountfactory/internal/arn"
	"accountfactory/internal/policy"
	"accountfactory/internal/twin/state"
)

// delegable are the operations a resource policy can grant to members.
// Source: Organizations User Guide, "Delegated administrator for AWS Organizations", supported delegation policy actions.
var delegable = []string{
	"AttachPolicy", "CreatePolicy", "DeletePolicy", "DescribeAccount", "DescribeCreateAccountStatus", "DescribeEffectivePolicy", "DescribeHandshake",
	"DescribeOrganization", "DescribeOrganizationalUnit", "DescribePolicy", "DescribeResourcePolicy", "DetachPolicy", "DisablePolicyType",
	"EnablePolicyType", "ListAWSServiceAccessForOrganization", "ListAccounts", "ListAccountsForParent", "ListChildren", "ListCreateAccountStatus",
	"ListDelegatedAdministrators", "ListDelegatedServicesForAccount", "ListHandshakesForAccount", "ListHandshakesForOrganization",
	"ListOrganizationalUnitsForParent", "ListParents", "ListPolicies", "ListPoliciesForTarget", "ListRoots", "ListTagsForResource",
	"ListTargetsForPolicy", "TagResource", "UntagResource", "UpdatePolicy",
}

// Delegable tells whether a resource policy can grant an operation to members.
func Delegable(operation string) bool { return slices.Contains(delegable, operation) }

// ResourcePolicy gives the resource policy, or nil.
func (s *Service) ResourcePolicy(tx *state.Tx) *ResourcePolicy {
	return s.resourcePolicy.Get(tx, theResourcePolicy)
}

// SetResourcePolicy makes the resource policy, or changes its content; tags can only come with a new one. It returns
// ConstraintViolationException without all features, and InvalidInputException for a content or tags it cannot take.
func (s *Service) SetResourcePolicy(tx *state.Tx, content string, tags []Tag) (*ResourcePolicy, error) {
	if s.Organization(tx).FeatureSet != AllFeatures {
		return nil, errNotAllFeatures()
	}
	if err := s.checkResourcePolicy(tx, content); err != nil {
		return nil, err
	}
	row := &ResourcePolicy{ID: "rp-" + arn.ID(tx, arn.Lower, 8), Tags: tags}
	if old := s.ResourcePolicy(tx); old != nil {
		if len(tags) > 0 {
			return nil, errTagsOfResourcePolicy()
		}
		row = new(*old)
	}
	row.Content = content
	s.resourcePolicy.Put(tx, row)
	return row, nil
}

// checkResourcePolicy says whether a text may be the resource policy: who is named must be in the organization, and the
// actions must be delegable.
func (s *Service) checkResourcePolicy(tx *state.Tx, content string) error {
	if err := validate(content, policy.Resource); err != nil {
		return errBadResourcePolicy()
	}
	var doc struct{ Statement oneOrMore[granting] }
	if err := json.Unmarshal([]byte(content), &doc); err != nil {
		return errBadResourcePolicy()
	}
	for _, g := range doc.Statement {
		if !s.namesMembers(tx, g.Principal) {
			return errBadPrincipal()
		}
		if len(g.Action) == 0 || slices.ContainsFunc(g.Action, func(a string) bool { return !canDelegate(a) }) {
			return errNotDelegable()
		}
	}
	return nil
}

// granting is what is looked at of a statement whose grammar is known to be good.
type granting struct {
	Principal json.RawMessage
	Action    oneOrMore[string]
}

// oneOrMore reads a value, or a list of them.
type oneOrMore[T any] []T

// UnmarshalJSON reads a list, or a single value into a list.
func (l *oneOrMore[T]) UnmarshalJSON(text []byte) error {
	if text[0] == '[' {
		return json.Unmarshal(text, (*[]T)(l))
	}
	*l = make([]T, 1)
	return json.Unmarshal(text, &(*l)[0])
}

// namesMembers tells whether a Principal is everybody, or names only accounts of the organization and who is in them.
func (s *Service) namesMembers(tx *state.Tx, principal json.RawMessage) bool {
	if string(principal) == `"*"` {
		return true
	}
	var kinds map[string]oneOrMore[string]
	if len(principal) == 0 || json.Unmarshal(principal, &kinds) != nil || len(kinds) != 1 || len(kinds["AWS"]) == 0 {
		return false
	}
	for _, id := range kinds["AWS"] {
		account := id
		if a, err := arn.Parse(id); err == nil {
			account = a.AccountID
		}
		if id != "*" && s.accounts.Get(tx, account) == nil {
			return false
		}
	}
	return true
}

// canDelegate tells whether an action, in any case and with wildcards, means something that can be delegated.
func canDelegate(action string) bool {
	pattern, ours := strings.CutPrefix(strings.ToLower(action), "organizations:")
	return ours && slices.ContainsFunc(delegable, func(op string) bool {
		match, _ := path.Match(pattern, strings.ToLower(op)) // of letters, * and ?, as the grammar saw to
		return match
	})
}

func errNoResourcePolicy() error {
	return &types.ResourcePolicyNotFoundException{Message: new("We can't find a resource policy request with the parameter that you specified.")}
}

func errBadResourcePolicy() error {
	return invalid(types.InvalidInputExceptionReasonInvalidResourcePolicyJson, "You provided a resource policy that isn't valid.")
}

func errBadPrincipal() error {
	return invalid(types.InvalidInputExceptionReasonInvalidPrincipal, "You specified an invalid principal element in the policy.")
}

func errNotDelegable() error {
	return invalid(types.InvalidInputExceptionReasonUnsupportedActionInResourcePolicy, "You specified an action that a resource policy does not support.")
}

func errTagsOfResourcePolicy() error {
	return invalid(types.InvalidInputExceptionReasonInvalidListMember, "You can give tags only when you create the resource policy. Tag the existing one with TagResource.")
}
