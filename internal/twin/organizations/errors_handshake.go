package organizations

import (
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
)

func errHandshakeNotFound() error {
	return &types.HandshakeNotFoundException{Message: new("We can't find a handshake with the HandshakeId that you specified.")}
}

func errHandshakeInState() error {
	return &types.HandshakeAlreadyInStateException{Message: new("The specified handshake is already in the requested state.")}
}

func errHandshakeTransition() error {
	return &types.InvalidHandshakeTransitionException{Message: new("You can't perform the operation on the handshake in its current state.")}
}

// handshakeRule makes the error for something a handshake may not do.
func handshakeRule(reason types.HandshakeConstraintViolationExceptionReason, message string) error {
	return &types.HandshakeConstraintViolationException{Reason: reason, Message: &message}
}

func errMember() error {
	return handshakeRule(types.HandshakeConstraintViolationExceptionReasonAlreadyInAnOrganization, "The account is already a member of an organization.")
}

func errTooManyAccounts() error {
	return handshakeRule(types.HandshakeConstraintViolationExceptionReasonAccountNumberLimitExceeded,
		"You have exceeded the allowed number of accounts in the organization.")
}

func errNotEmpty() error {
	return &types.OrganizationNotEmptyException{Message: new("To delete an organization you must first remove all member accounts, delete all organizational units and delete all policies.")}
}
