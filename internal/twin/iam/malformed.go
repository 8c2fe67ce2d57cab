package iam

import (
	"encoding/json"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"accountfactory/internal/policy"
)

// sentences are what IAM says about a policy, by what policy.Parse or Validate finds wrong with it. IAM says little.
var sentences = []struct{ finding, sentence string }{
	{"Principal and NotPrincipal belong", "Policy document should not specify a principal."},
	{"Principal is missing", "Missing required field Principal"},
	{"a trust policy has no Resource", "Has prohibited field Resource"},
	{"a trust policy cannot have NotPrincipal", "Has prohibited field NotPrincipal"},
	{"a trust policy has actions of STS alone", "AssumeRole policy may only specify STS AssumeRole actions."},
	{"Resource is missing", "Policy statement must contain resources."},
	{"occurs twice: rename", "Statement IDs (SID) in a single policy must be unique."},
	{".Effect: missing", "Missing required field Effect"},
	{".Action: missing", "Policy statement must contain actions."},
}

// malformed gives IAM's sentence about a document that is no policy of this kind, "" for one that is.
func malformed(document string, kind policy.Kind) string {
	if !json.Valid([]byte(document)) {
		return "This policy contains invalid Json"
	}
	doc, err := policy.Parse(document)
	if err == nil {
		err = doc.Validate(kind)
	}
	if err == nil {
		return ""
	}
	for _, s := range sentences {
		if strings.Contains(err.Error(), s.finding) {
			return s.sentence
		}
	}
	return "Syntax errors in policy."
}

// checkDocument refuses a document that is no policy of this kind.
func checkDocument(document string, kind policy.Kind) error {
	if sentence := malformed(document, kind); sentence != "" {
		return &types.MalformedPolicyDocumentException{Message: &sentence}
	}
	return nil
}
