package controltower

import (
	"fmt"

	"accountfactory/internal/twin/servicecatalog"

	"github.com/aws/aws-sdk-go-v2/service/controltower/types"
)

// Errors of the API. Where AWS's text is not known ours says what is wrong; docs/aws-divergences.md says so.

func notFound(what, name string) error {
	return &types.ResourceNotFoundException{Message: text("AWS Control Tower could not find the %s %s.", what, name)}
}

func invalid(format string, args ...any) error {
	return &types.ValidationException{Message: text(format, args...)}
}

func conflict(format string, args ...any) error {
	return &types.ConflictException{Message: text(format, args...)}
}

func overQuota(format string, args ...any) error {
	return &types.ServiceQuotaExceededException{Message: text(format, args...)}
}

func badToken() error { return invalid("The nextToken is not valid for this request.") }

func errMandatory(control string) error {
	return invalid("The control %s is mandatory. It cannot be enabled or disabled.", control)
}

// errUnregistered is AWS's text (aws-control-tower-customizations, issue 167).
func errUnregistered(ouID string) error {
	return &types.ResourceNotFoundException{Message: text("Organizational unit %s is not registered with AWS Control Tower.", ouID)}
}

func text(format string, args ...any) *string {
	s := fmt.Sprintf(format, args...)
	return &s
}

// Codes of failures of an account operation, with the codes and texts that users of Account Factory report.
const (
	codeInUse             = "ResourceInUseException"
	codeInvalidParameters = "InvalidParametersException"
	codeConflict          = "ConflictException"
	codeDenied            = "AccessDeniedException"
	codeNotFound          = "ResourceNotFoundException"
	codeInternal          = "InternalServerException"
	codeStackSet          = "StackSetFailState"
)

func failure(code, format string, args ...any) *servicecatalog.RecordError {
	return &servicecatalog.RecordError{Code: code, Description: fmt.Sprintf(format, args...)}
}

// errBusy is AWS's answer to one account operation too many: the text differs between a limit of one, as it was until
// December 2022, and today's higher ones.
func errBusy(c Config) *servicecatalog.RecordError {
	if c.Profile == Classic {
		return failure(codeInUse, textF3)
	}
	return failure(codeInUse, textF5, c.AccountOperations)
}

func errOtherOperation() *servicecatalog.RecordError { return failure(codeInUse, textF4) }

func errUnmanaging() *servicecatalog.RecordError { return failure(codeConflict, textF26) }

func errNotEnrolledOU(ou string) *servicecatalog.RecordError {
	return failure(codeInvalidParameters, textF6, ou)
}

func errNoExecutionRole() *servicecatalog.RecordError {
	return failure(codeInvalidParameters, textF16)
}

func errEmailInUse(email string) *servicecatalog.RecordError {
	return failure(codeInvalidParameters, textF7, email)
}

func errMissing(key string) *servicecatalog.RecordError {
	return failure(codeInvalidParameters, "The parameter %s is missing or empty.", key)
}
