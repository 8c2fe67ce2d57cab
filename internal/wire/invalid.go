package wire

import (
	"net/http"
	"slices"

	"accountfactory/internal/wire/codec"
)

// invalid is an input that breaks its model.
type invalid struct{ violations []codec.Violation }

func (e *invalid) Error() string { return codec.Sentence(e.violations) }

// invalid gives the error a service makes of a broken model. AWS's front ends answer "1 validation error detected: …";
// the code is ValidationException in the JSON services (so ssoadmin, identitystore, controltower and account model it; that
// servicecatalog does the same though it models InvalidParametersException, which it keeps for its own rules, is in many
// reports of its users), and ValidationError in IAM and STS (their API references, "Common Errors").
func (c *call) invalid(vs []codec.Violation) failure {
	f := failure{code: "ValidationException", message: codec.Sentence(vs), status: http.StatusBadRequest}
	switch c.sv.Name {
	case "iam", "sts":
		f.code = "ValidationError"
	case "sso", "ssooidc":
		f.code = "InvalidRequestException" // the only one of theirs that fits
	case "account":
		f.extra = accountFields(vs)
	case "organizations":
		if slices.Contains(c.facts.Errors, "InvalidInputException") {
			return organizationsInput(vs[0])
		}
	}
	return f
}

// accountFields are the reason and the field list that Account Management's ValidationException has.
func accountFields(vs []codec.Violation) []extra {
	type field struct {
		Name    string `json:"name"`
		Message string `json:"message"`
	}
	fields := make([]field, len(vs))
	for i, v := range vs {
		fields[i] = field{v.At, v.Must()}
	}
	return []extra{{"reason", "fieldValidationFailed"}, {"fieldList", fields}}
}

// organizationsInput is the error of Organizations, which reports the first thing wrong with a reason and does not name
// the member: "You provided a value that does not match the required pattern." is what users of DescribeAccount see. The
// reasons and what they mean: https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreateAccount.html.
func organizationsInput(v codec.Violation) failure {
	var reason, message string
	switch v.Constraint {
	case codec.Required:
		reason, message = "INPUT_REQUIRED", "You must include a value for all required parameters."
	case codec.Pattern:
		reason, message = "INVALID_PATTERN", "You provided a value that does not match the required pattern."
	case codec.MinLength:
		reason, message = "MIN_LENGTH_EXCEEDED", "You provided a string parameter that is shorter than allowed."
	case codec.MaxLength:
		reason, message = "MAX_LENGTH_EXCEEDED", "You provided a string parameter that is longer than allowed."
	case codec.MinValue:
		reason, message = "MIN_VALUE_EXCEEDED", "You provided a numeric value that is smaller than allowed."
	case codec.MaxValue:
		reason, message = "MAX_VALUE_EXCEEDED", "You provided a numeric value that is larger than allowed."
	case codec.Enum:
		reason, message = "INVALID_ENUM", "You specified an invalid value."
	case codec.Element:
		reason, message = "INVALID_LIST_MEMBER", "You provided a list to a parameter that contains at least one invalid value."
	}
	return failure{
		code: "InvalidInputException", message: message, status: http.StatusBadRequest, extra: []extra{{"Reason", reason}},
	}
}
