package organizations

import (
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
)

// The texts are AWS's where reports and clients quote them (hashicorp/terraform-provider-aws, org-formation, moto), else
// made from the API Reference.

func errNotInUse() error {
	return &types.AWSOrganizationsNotInUseException{Message: new("Your account is not a member of an organization.")}
}

func errAlreadyInOrganization() error {
	return &types.AlreadyInOrganizationException{Message: new("The AWS account is already a member of an organization.")}
}

func errDenied() error {
	return &types.AccessDeniedException{Message: new("You don't have permissions to access this resource.")}
}

func errAccountNotFound() error {
	return &types.AccountNotFoundException{Message: new("You specified an account that doesn't exist.")}
}

func errAccountClosed() error {
	return &types.AccountAlreadyClosedException{Message: new("The provided account is already closed.")}
}

func errClosing() error {
	return &types.ConflictException{Message: new("The request failed because it conflicts with the current state of the specified resource.")}
}

func errDuplicateAccount() error {
	return &types.DuplicateAccountException{Message: new("That account is already present in the specified destination.")}
}

func errSourceParentNotFound() error {
	return &types.SourceParentNotFoundException{Message: new("You specified a source parent that doesn't exist.")}
}

func errDestinationParentNotFound() error {
	return &types.DestinationParentNotFoundException{Message: new("You specified a destination parent that doesn't exist.")}
}

func errParentNotFound() error {
	return &types.ParentNotFoundException{Message: new("You specified parent that doesn't exist.")}
}

func errChildNotFound() error {
	return &types.ChildNotFoundException{Message: new("You specified a child that doesn't exist.")}
}

func errRootNotFound() error {
	return &types.RootNotFoundException{Message: new("You specified a root that doesn't exist.")}
}

func errTargetNotFound() error {
	return &types.TargetNotFoundException{Message: new("You specified a target that doesn't exist.")}
}

func errCreationNotFound() error {
	return &types.CreateAccountStatusNotFoundException{Message: new("You specified a create account request that doesn't exist.")}
}

func errOUNotFound() error {
	return &types.OrganizationalUnitNotFoundException{Message: new("You specified an organizational unit that doesn't exist.")}
}

func errDuplicateOU() error {
	return &types.DuplicateOrganizationalUnitException{Message: new("An OU with the same name already exists.")}
}

func errOUNotEmpty() error {
	return &types.OrganizationalUnitNotEmptyException{Message: new("The OU isn't empty. Move all accounts to another root or OU and remove all child OUs, then try again.")}
}

// constraint makes the error for a limit that would be passed.
func constraint(reason types.ConstraintViolationExceptionReason, message string) error {
	return &types.ConstraintViolationException{Reason: reason, Message: &message}
}

func errOUTooDeep() error {
	return constraint(types.ConstraintViolationExceptionReasonOuDepthLimitExceeded,
		"You cannot add an organizational unit to the specified parent because it would exceed the max depth allowed.")
}

func errTooManyOUs() error {
	return constraint(types.ConstraintViolationExceptionReasonOuNumberLimitExceeded,
		"You have exceeded the allowed number of organizational units.")
}

func errTooManyCreations() error {
	return constraint(types.ConstraintViolationExceptionReasonAccountCreationRateLimitExceeded,
		"You have exceeded the number of accounts that can be in progress at a time.")
}

func errCloseManagement() error {
	return constraint(types.ConstraintViolationExceptionReasonCannotCloseManagementAccount,
		"You attempted to close the management account. Remove or close all member accounts first, then close it with root credentials.")
}

func errTooManyClosures() error {
	return constraint(types.ConstraintViolationExceptionReasonCloseAccountRequestsLimitExceeded,
		"You have exceeded the number of accounts that you can close at a time.")
}

func errCloseQuota() error {
	return constraint(types.ConstraintViolationExceptionReasonCloseAccountQuotaExceeded,
		"You have exceeded close account quota for the past 30 days.")
}

func errNotAllFeatures() error {
	return constraint(types.ConstraintViolationExceptionReasonOrganizationNotInAllFeaturesMode,
		"To perform this operation, all features must be enabled in the organization.")
}

func errTooManyTags() error {
	return constraint(types.ConstraintViolationExceptionReasonMaxTagLimitExceeded,
		"You have exceeded the number of tags allowed on this resource.")
}

// invalid makes the error for a value the operation cannot take.
func invalid(reason types.InvalidInputExceptionReason, message string) error {
	return &types.InvalidInputException{Reason: reason, Message: &message}
}

func errBadToken() error {
	return invalid(types.InvalidInputExceptionReasonInvalidPaginationToken, "You provided an invalid NextToken.")
}

func errBadPattern() error {
	return invalid(types.InvalidInputExceptionReasonInvalidPattern, "You provided a value that does not match the required pattern.")
}

func errTooLong() error {
	return invalid(types.InvalidInputExceptionReasonMaxLengthExceeded, "You provided a string parameter that is longer than allowed.")
}

func errTooShort() error {
	return invalid(types.InvalidInputExceptionReasonMinLengthExceeded, "You provided a string parameter that is shorter than allowed.")
}

func errRoleName() error {
	return invalid(types.InvalidInputExceptionReasonInvalidRoleName,
		"You provided a role name that isn't valid. A role name can't begin with the reserved prefix AWSServiceRoleFor.")
}

func errTargetNotSupported() error {
	return invalid(types.InvalidInputExceptionReasonTargetNotSupported, "You can't perform the specified operation on that target entity.")
}

func errUnknownService() error {
	return invalid(types.InvalidInputExceptionReasonUnrecognizedServicePrincipal, "You specified an unrecognized service principal.")
}

func errMasterCannotLeave() error {
	return &types.MasterCannotLeaveOrganizationException{Message: new("You can't remove a management account from an organization.")}
}

func errDelegatedCannotLeave() error {
	return constraint(types.ConstraintViolationExceptionReasonCannotRemoveDelegatedAdministratorFromOrg,
		"You must deregister this account as a delegated administrator before you can remove it from the organization.")
}

func errNotStandalone() error {
	return constraint(types.ConstraintViolationExceptionReasonMemberAccountPaymentInstrumentRequired,
		"The member account is missing one or more of the prerequisites required to operate as a standalone account. To add what is missing, sign-in to the member account using the AWS Organizations console, then select to leave the organization. You will then be prompted to enter any missing information.")
}

func errTooYoungToLeave() error {
	return constraint(types.ConstraintViolationExceptionReasonWaitPeriodActive, "This operation requires a wait period. Try again later.")
}
