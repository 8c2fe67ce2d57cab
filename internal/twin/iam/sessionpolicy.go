package iam

import (
	"slices"

	ststypes "github.com/aws/aws-sdk-go-v2/service/sts/types"

	"accountfactory/internal/policy"
	"accountfactory/internal/twin/state"
)

// sessionPolicies are the policies given when a session is made.
type sessionPolicies struct {
	documents []string
	arns      []string
	packed    *int32 // percent of the space for them and the tags; nil when there are none
}

// The space of session policies and tags. AWS packs them into a form of its own, whose size it does not document. Reports of
// its errors put nine tags of 252 characters at 498 percent; policies fill it with about 2,048 characters.
const (
	tagSpace          = 460
	policySpace       = 2048
	maxSessionPolicys = 10
)

// readSessionPolicies reads what limits a session, and refuses what does not fit into its token.
func readSessionPolicies(document *string, arns []ststypes.PolicyDescriptorType, tags []ststypes.Tag) (sessionPolicies, error) {
	var out sessionPolicies
	policies, tagged := 0, 0
	if document != nil && *document != "" {
		doc, err := policy.Parse(*document)
		if err != nil || doc.Validate(policy.Session) != nil {
			return out, &ststypes.MalformedPolicyDocumentException{Message: text("%s", malformed(*document, policy.Session))}
		}
		out.documents = []string{*document}
		policies += policy.Size(*document)
	}
	for _, a := range arns {
		out.arns = append(out.arns, *a.Arn)
		policies += len(*a.Arn)
	}
	if len(out.arns) > maxSessionPolicys {
		return out, invalid("1 validation error detected: Value at 'policyArns' failed to satisfy constraint: Member must have length less than or equal to %d", maxSessionPolicys)
	}
	for _, t := range tags {
		tagged += len(*t.Key) + len(*t.Value)
	}
	if policies+tagged == 0 {
		return out, nil
	}
	percent := func(n, of int) int32 { return int32((100*n + of - 1) / of) }
	if p := percent(tagged, tagSpace); p > 100 {
		return out, &ststypes.PackedPolicyTooLargeException{Message: text("Packed size of session tags consumes %d%% of allotted space.", p)}
	}
	packed := percent(tagged, tagSpace) + percent(policies, policySpace)
	if packed > 100 {
		return out, &ststypes.PackedPolicyTooLargeException{Message: text("Packed policy consumes %d%% of allotted space, please use smaller policy.", packed)}
	}
	out.packed = &packed
	return out, nil
}

// checkSessionPolicies looks whether the managed policies exist; they must be AWS's or of the account.
func (s *Service) checkSessionPolicies(tx *state.Tx, accountID string, arns []string) error {
	for i, a := range arns {
		if slices.Contains(arns[:i], a) {
			return invalid("Duplicate policy ARN: %s", a)
		}
		if !s.attachable(tx, accountID, a) {
			return &ststypes.MalformedPolicyDocumentException{Message: text("Policy %s does not exist or is not attachable.", a)}
		}
	}
	return nil
}
