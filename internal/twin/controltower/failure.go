package controltower

import (
	"fmt"
	"slices"

	"accountfactory/internal/twin/state"
)

// The failures that users of Account Factory know, with AWS's texts where those are public. Those marked "own words" are
// ours, as docs/aws-divergences.md says.
const (
	textF1   = "A stack named %s already exists."
	textF2   = "No launch paths found for resource: %s"
	textF3   = "Account Factory cannot create this enrolled account right now, because another execution is in progress. Try again later."
	textF4   = "Account Factory cannot complete an operation on this account, because another AWS Control Tower operation is in progress. Try again later."
	textF5   = "Account Factory cannot complete an operation on this account, because the allowed maximum of %v concurrent account operations is exceeded. Try again later."
	textF6   = "The parent organizational unit '%s' is not enrolled in AWS Control Tower."
	textF7   = "EMAIL_ALREADY_EXISTS: the account email %s already belongs to an AWS account. Use another email."                                                                   // own words after the code
	textF9   = "Account Factory cannot provision this product with TagOptions or notifications."                                                                                    // own words
	textF12  = "AWS Control Tower could not complete the operation within one hour. Terminate the provisioned product, then try again."                                             // own words
	textF13  = "AWS Control Tower cannot deploy the required stack set, because AWS STS is not active in Region %s of the account. Activate the Regional endpoint, then try again." // own words
	textF15a = "AWS Control Tower cannot create an AWS Config delivery channel because one already exists. To continue, delete the existing delivery channel and try again ."
	textF15b = "AWS Control Tower cannot create an AWS Config recorder because one already exists. To continue, delete the existing recorder and try again ."
	textF16  = "AWS Control Tower cannot deploy the required stack set. The AWSControlTowerStackSetRole is unable to assume the AWSControlTowerExecution role."
	textF16b = "AWSControlTowerExecution role can't be assumed on the account."
	textF17a = "AWS Control Tower cannot create the IAM role %s because the role already exists. To continue, delete the existing IAM role and try again."
	textF17b = "The operation on StackSet AWSControlTowerBP-BASELINE-CONFIG has reached SUCCEEDED state but has 1 NON-CURRENT stack instances in the account."                                                                                               // own words around AWS's
	textF18  = "AWS Control Tower cannot enroll the account, because the stack set already exists for it. Terminate the provisioned product, move the account to the root, make sure that the role AWSControlTowerExecution is there, then enroll it again." // own words
	textF19  = "AWS Control Tower could not baseline VPC in the managed account because of existing resource dependencies."
	textF20  = "AWS Control Tower detects that your enrolled account has been moved to a new organizational unit."
	textF21  = "The SSO user %s is disabled. Enable the user, then try again." // own words
	textF22  = "AWS Control Tower could not enroll your account for the following reason: AWS Control Tower requires that you configure an IAM Identity Center directory as an identity source for your management account."
	textF23  = "AWS Control Tower is not authorized to baseline the VPC in the enrolled account."
	textF24  = "The account email %s is not the one that AWS Control Tower has for account %s. Restore the email, or update the product with the email it was launched with first." // own words
	textF25  = "The account %s is not in the organization. Terminate the provisioned product."                                                                                      // own words
	textF26  = "AWS Control Tower cannot unmanage this account right now, because another AWS Control Tower operation is in progress. Try again later."                             // own words
	textF27  = "You have insufficient permissions to perform AWS Organizations API actions"
	textF28  = "AWS Control Tower cannot provision an account in the organizational unit %s, because its baseline version %s is not compatible with landing zone version %s. Update the baseline of the organizational unit, then try again." // own words
)

// Known is a failure that can be armed by its name: as a fault, or where it is a state of things as a condition.
type Known struct {
	Name      string      `json:"name"`
	Summary   string      `json:"summary"`
	Fault     state.Fault `json:"fault,omitzero"`
	Condition string      `json:"condition,omitempty"`
}

// Failures gives the known failures. Armed as faults they strike whatever the cause; the recovery is that of the cause.
// The blanks in their texts are filled in where they strike.
func Failures() []Known {
	late := func(name, summary, step, code, format string, args ...any) Known {
		return Known{Name: name, Summary: summary, Fault: state.Fault{
			Name: name, Kind: state.FaultFail, Service: "controltower", Step: step, Code: code, Reason: fmt.Sprintf(format, args...), Count: 1,
		}}
	}
	sync := func(name, summary, operation, code, reason string) Known {
		return Known{Name: name, Summary: summary, Fault: state.Fault{
			Name: name, Kind: state.FaultError, Service: "servicecatalog", Operation: operation, Code: code, Reason: reason, Count: 1,
		}}
	}
	create := func(name, summary, reason string) Known {
		return Known{Name: name, Summary: summary, Fault: state.Fault{
			Name: name, Kind: state.FaultFail, Service: "organizations", Operation: "CreateAccount", Reason: reason, Count: 1,
		}}
	}
	return []Known{
		sync("F1", "the provisioned product's name is in use", "ProvisionProduct", codeInvalidParameters, fmt.Sprintf(textF1, blankName)),
		sync("F2", "no launch path", "ProvisionProduct", codeNotFound, fmt.Sprintf(textF2, blankProduct)),
		late("F3", "another execution is in progress", stepAccount, codeInUse, textF3),
		late("F4", "another Control Tower operation is in progress", stepAccount, codeInUse, textF4),
		late("F5", "too many account operations", stepAccount, codeInUse, textF5, blankAtOnce),
		late("F6", "the OU is not registered", stepAccount, codeInvalidParameters, textF6, blankOU),
		create("F7", "the account email is in use", "EMAIL_ALREADY_EXISTS"),
		create("F8", "the organization has too many accounts", "ACCOUNT_LIMIT_EXCEEDED"),
		late("F9", "TagOptions or notifications", stepAccount, codeInvalidParameters, textF9),
		{Name: "F10", Summary: "stays in progress, as with a plan", Fault: state.Fault{Name: "F10", Kind: state.FaultStuck, Service: "servicecatalog", Step: "start", Count: 1}},
		late("F11", "a control is being changed", stepAccount, codeInUse, textF4),
		{Name: "F12", Summary: "takes longer than an hour", Fault: state.Fault{Name: "F12", Kind: state.FaultStuck, Service: "controltower", Step: stepBaseline, Count: 1}},
		late("F13", "STS is off in a Region", stepBaseline, codeInvalidParameters, textF13, blankRegion),
		{Name: "F14", Summary: "the landing zone has drifted", Condition: ConditionDrift},
		late("F15", "a Config delivery channel exists", stepBaseline, codeInvalidParameters, textF15a),
		late("F16", "the execution role cannot be assumed", stepBaseline, codeInvalidParameters, textF16),
		late("F17", "a leftover role or stack", stepBaseline, codeInvalidParameters, textF17a, baselineRoles[0].name),
		late("F18", "a half-finished enrollment", stepBaseline, codeInvalidParameters, textF18),
		late("F19", "the default VPC is back", stepBaseline, codeInvalidParameters, textF19),
		late("F20", "the account was moved elsewhere", stepAccount, codeInvalidParameters, textF20),
		late("F21", "the SSO user is disabled", stepUser, codeInvalidParameters, textF21, blankUser),
		late("F22", "the identity source is not the Identity Center directory", stepAccount, codeInvalidParameters, textF22),
		late("F23", "a policy forbids to baseline the VPC", stepBaseline, codeDenied, textF23),
		late("F24", "the account email was changed elsewhere", stepAccount, codeInvalidParameters, textF24, blankEmail, blankAccount),
		late("F25", "the account is not in the organization", stepAccount, codeNotFound, textF25, blankAccount),
		late("F26", "another account is being unmanaged", stepDeregister, codeConflict, textF26),
		late("F27", "the caller may not use Organizations", stepAccount, codeDenied, textF27),
		late("F28", "the OU's baseline needs an update", stepAccount, codeInvalidParameters, textF28, blankOU, blankBaseline, blankZone),
	}
}

// FailureNamed gives a known failure; ok is false for an unknown name.
func FailureNamed(name string) (k Known, ok bool) {
	all := Failures()
	i := slices.IndexFunc(all, func(k Known) bool { return k.Name == name })
	if i < 0 {
		return k, false
	}
	return all[i], true
}
