package controltower

import (
	"fmt"

	"accountfactory/internal/twin/servicecatalog"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/controltower/types"
)

func notFound(what, name string) error {
	return &types.ResourceNotFoundException{Message: aws.String(fmt.Sprintf("AWS Control Tower could not find the %s %s.", what, name))}
}

func badToken() error {
	return &types.ValidationException{Message: aws.String("The nextToken is not valid for this request.")}
}

// Failures of an account operation, with the codes and texts that users of Account Factory report. Where no text is known
// ours says what to do; docs/aws-divergences.md lists those.
const (
	codeInUse             = "ResourceInUseException"
	codeInvalidParameters = "InvalidParametersException"
)

func failure(code, format string, args ...any) *servicecatalog.RecordError {
	return &servicecatalog.RecordError{Code: code, Description: fmt.Sprintf(format, args...)}
}

// errBusy is AWS's answer to one account operation too many: the text differs between a limit of one, as it was until
// December 2022, and today's higher ones.
func errBusy(limit int) *servicecatalog.RecordError {
	if limit == 1 {
		return failure(codeInUse, "Account Factory cannot create this enrolled account right now, because another execution is in progress. Try again later.")
	}
	return failure(codeInUse, "Account Factory cannot complete an operation on this account, because the allowed maximum of %d concurrent account operations is exceeded. Try again later.", limit)
}

func errOtherOperation() *servicecatalog.RecordError {
	return failure(codeInUse, "Account Factory cannot complete an operation on this account, because another AWS Control Tower operation is in progress. Try again later.")
}

func errNotEnrolledOU(ou string) *servicecatalog.RecordError {
	return failure(codeInvalidParameters, "The parent organizational unit '%s' is not enrolled in AWS Control Tower.", ou)
}

func errNoExecutionRole() *servicecatalog.RecordError {
	return failure(codeInvalidParameters, "AWS Control Tower cannot deploy the required stack set. The AWSControlTowerStackSetRole is unable to assume the AWSControlTowerExecution role.")
}

func errEmailInUse(email string) *servicecatalog.RecordError {
	return failure(codeInvalidParameters, "EMAIL_ALREADY_EXISTS: the account email %s already belongs to an AWS account. Use another email.", email)
}

func errMissing(key string) *servicecatalog.RecordError {
	return failure(codeInvalidParameters, "The parameter %s is missing or empty.", key)
}
