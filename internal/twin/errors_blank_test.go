package twin

// Reasons why a declared error is not provoked.
const (
	serial      = "Changes happen one after another; none can be under way at the same time."
	endpoint    = "There is one endpoint, and every Region's is this one."
	atOnce      = "Policies change at once; none is in progress."
	finalizing  = "A new organization is ready at once (docs/aws-divergences.md)."
	linkedRole  = "The service-linked role of Organizations cannot be missing."
	verified    = "There is no verification of the owner's address."
	noInput     = "The operation has no input."
	noLimit     = "Nothing this operation does is limited by a quota or a condition of the twin."
	enumerated  = "Malformed values are answered with ValidationError, which no operation declares."
	deactivated = "Every Region is active for STS."
	neverJoin   = "Declared for handshakes of a management account that changes organizations; here a management account is in its own."
	always      = "An account that may be named always has an e-mail."
	renaming    = "A name can be used again at once."
	readFirst   = "What cannot be read is refused as invalid input before anything is evaluated."
	webIdentity = "Declared for web identity tokens; an expired session is told ExpiredToken before the operation is looked at."
	allFeatures = "The organization of these rows has all features; TestBillingOnly provokes it through the wire."
	thousands   = "The quota is hundreds of rows; it is held in the service's own tests."
)

// blanks are errors nothing provokes, by service.error for all operations, or service.operation.error.
var blanks = map[string]string{
	"organizations.ConcurrentModificationException":                              serial,
	"organizations.UnsupportedAPIEndpointException":                              endpoint,
	"organizations.PolicyChangesInProgressException":                             atOnce,
	"organizations.PolicyTypeNotAvailableForOrganizationException":               allFeatures,
	"organizations.PutResourcePolicy.ConstraintViolationException":               allFeatures,
	"organizations.EnableAWSServiceAccess.ConstraintViolationException":          allFeatures,
	"organizations.FinalizingOrganizationException":                              finalizing,
	"organizations.AccessDeniedForDependencyException":                           linkedRole,
	"organizations.InviteAccountToOrganization.AccountOwnerNotVerifiedException": verified,
	"organizations.AcceptHandshake.MasterCannotLeaveOrganizationException":       neverJoin,
	"organizations.AcceptHandshake.AWSOrganizationsNotInUseException":            "The organization is the handshake's.",
	"sts.AssumeRole.ExpiredTokenException":                                       webIdentity,
	"iam.SimulateCustomPolicy.PolicyEvaluationException":                         readFirst,
	"iam.CreateServiceLinkedRole.LimitExceededException":                         thousands,
	"iam.CreateGroup.NoSuchEntityException":                                      "Nothing the call names must exist.",
	"iam.CreateUser.LimitExceededException":                                      thousands,
	"iam.CreateGroup.LimitExceededException":                                     thousands,
	"organizations.ConstraintViolationException":                                 noLimit,
	"organizations.EnableAllFeatures.InvalidInputException":                      noInput,
	"organizations.LeaveOrganization.InvalidInputException":                      noInput,
	"organizations.DeleteOrganization.InvalidInputException":                     noInput,
	"organizations.LeaveOrganization.AccountNotFoundException":                   "A caller outside the organization is told so by AWSOrganizationsNotInUseException.",
	"account.GetPrimaryEmail.ResourceNotFoundException":                          always,
	"account.StartPrimaryEmailUpdate.ResourceNotFoundException":                  always,
	"sts.RegionDisabledException":                                                deactivated,
	"iam.ConcurrentModificationException":                                        serial,
	"iam.EntityTemporarilyUnmodifiableException":                                 renaming,
	"iam.LimitExceededException":                                                 noLimit,
	"iam.InvalidInputException":                                                  enumerated,
}

func blankReason(service, operation, declared string) string {
	if reason := blanks[service+"."+operation+"."+declared]; reason != "" {
		return reason
	}
	return blanks[service+"."+declared]
}
