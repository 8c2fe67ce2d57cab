package organizations

import (
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
)

func errPolicyNotFound() error {
	return &types.PolicyNotFoundException{Message: new("We can't find a policy with the PolicyId that you specified.")}
}

func errDuplicatePolicy() error {
	return &types.DuplicatePolicyException{Message: new("A policy with the same name already exists.")}
}

func errPolicyInUse() error {
	return &types.PolicyInUseException{Message: new("The policy is attached to one or more entities. You must detach it from all roots, OUs, and accounts before performing this operation.")}
}

func errMalformedPolicy() error {
	return &types.MalformedPolicyDocumentException{Message: new("The provided policy document does not meet the requirements of the specified policy type.")}
}

func errPolicyTooLong() error {
	return constraint(types.ConstraintViolationExceptionReasonPolicyContentLimitExceeded,
		"You have exceeded the maximum policy size.")
}

func errTooManyPolicies() error {
	return constraint(types.ConstraintViolationExceptionReasonPolicyNumberLimitExceeded,
		"You have exceeded the allowed number of policies.")
}

func errImmutablePolicy() error {
	return invalid(types.InvalidInputExceptionReasonImmutablePolicy, "You specified a policy that is managed by AWS and can't be modified.")
}

func errDuplicateAttachment() error {
	return &types.DuplicatePolicyAttachmentException{Message: new("The selected policy is already attached to the specified target.")}
}

func errNotAttached() error {
	return &types.PolicyNotAttachedException{Message: new("The policy isn't attached to the specified target in the specified root.")}
}

func errTooManyAttached() error {
	return constraint(types.ConstraintViolationExceptionReasonMaxPolicyTypeAttachmentLimitExceeded,
		"You have attached the maximum number of policies to the specified target.")
}

func errLastAttached() error {
	return constraint(types.ConstraintViolationExceptionReasonMinPolicyTypeAttachmentLimitExceeded,
		"You cannot remove the last policy attached to the specified target. You must have at least one attached at all times.")
}

func errNotDetachable() error {
	return invalid(types.InvalidInputExceptionReasonNonDetachablePolicy, "You can't detach this AWS managed policy.")
}

func errTypeNeedsService() error {
	return constraint(types.ConstraintViolationExceptionReasonServiceAccessNotEnabled,
		"You must enable service access before you enable the policy type.")
}

func errServiceNeeded() error {
	return constraint(types.ConstraintViolationExceptionReasonPolicyTypeEnabledForThisService,
		"You must disable the policy type before you disable service access.")
}

func errNoEffectivePolicy() error {
	return &types.EffectivePolicyNotFoundException{Message: new("The account has no effective policy of this type: the type is not enabled, or no policy of it is attached to the account or above it.")}
}

func errTypeNotEnabled() error {
	return &types.PolicyTypeNotEnabledException{Message: new("This operation can be performed only for enabled policy types.")}
}

func errTypeEnabled() error {
	return &types.PolicyTypeAlreadyEnabledException{Message: new("The specified policy type is already enabled.")}
}

func errTypeNotAvailable() error {
	return &types.PolicyTypeNotAvailableForOrganizationException{Message: new("You can't use the specified policy type with the feature set currently enabled for this organization.")}
}
