package account

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/account/types"

	"accountfactory/internal/wire"
)

// errDenied is AWS's answer to an AccountId the caller may not give: the sentence of a missing permission, without a reason.
// Source: turbot/steampipe-plugin-aws issue 1309, which lists what AWS answers in each case.
func errDenied(ctx context.Context) error {
	r := wire.RequestFrom(ctx)
	return &types.AccessDeniedException{Message: new(fmt.Sprintf("User: %s is not authorized to perform: account:%s", r.Caller.ARN, r.Operation))}
}

func errNoContact() error {
	return &types.ResourceNotFoundException{Message: new("No contact information was found for the inputs provided.")}
}

func errNoAlternate() error {
	return &types.ResourceNotFoundException{Message: new("No contact of the inputted alternate contact type found.")}
}

func errNoUpdate() error {
	return &types.ResourceNotFoundException{Message: new("No primary email update request was found for the account.")}
}

func errEmailInUse() error {
	return &types.ConflictException{Message: new("The email address is already in use.")}
}

func errRegionBusy(status string) error {
	return &types.ConflictException{Message: new("The request could not be processed because the Region is in the status " + status + ".")}
}

func errTooManyRegions() error {
	return &types.TooManyRequestsException{Message: new("The account has reached the maximum number of Region opt requests in progress.")}
}

func errRegionTarget(name string) error {
	return &types.ValidationException{
		Reason: types.ValidationExceptionReasonInvalidRegionOptTarget, Message: new("The Region " + name + " can't be enabled or disabled."),
	}
}

// invalid is about the value of one member.
func invalid(member, message string) error {
	return &types.ValidationException{
		Reason: types.ValidationExceptionReasonFieldValidationFailed, Message: &message,
		FieldList: []types.ValidationExceptionField{{Name: &member, Message: &message}},
	}
}
