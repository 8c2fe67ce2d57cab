package policy

import "strings"

// PrincipalType says what kind of caller makes a request, in the words of the condition key aws:PrincipalType.
type PrincipalType string

const (
	Root          PrincipalType = "Account"       // an account's root user
	User          PrincipalType = "User"          // an IAM user
	AssumedRole   PrincipalType = "AssumedRole"   // a role session
	FederatedUser PrincipalType = "FederatedUser" // a GetFederationToken session
	Service       PrincipalType = "Service"       // an AWS service that acts for itself
	Anonymous     PrincipalType = "Anonymous"     // nobody signed
)

// Principal is who asks. A principal of no known type, or without its account, is allowed nothing.
type Principal struct {
	AccountID string
	ARN       string // as GetCallerIdentity shows it; for a role session the session's
	Type      PrincipalType
	// RoleARN is, for role sessions, the role's ARN with its path; for federated users the ARN of the IAM user behind.
	RoleARN  string
	UserID   string            // AIDA…, AROA…:session, or the account id for root
	Tags     map[string]string // of the user, or role and session together
	Service  string            // for services: "controltower.amazonaws.com"
	Provider string            // for AssumeRoleWithSAML and …WithWebIdentity, both Anonymous: the provider's ARN or host name
}

// serviceLinked reports whether the principal is a session of a service-linked role, which SCPs leave alone
// (Organizations User Guide, "Tasks and entities not restricted by SCPs").
func (p Principal) serviceLinked() bool {
	return p.Type == AssumedRole && strings.Contains(p.RoleARN, ":role/aws-service-role/")
}

// known reports whether it is clear what kind of caller this is.
func (p Principal) known() bool {
	return p.hasAccount() || p.Type == Service || p.Type == Anonymous
}

// hasAccount reports whether the principal belongs to an account and is therefore subject to identity policies.
func (p Principal) hasAccount() bool {
	switch p.Type {
	case Root, User, AssumedRole, FederatedUser:
		return p.AccountID != ""
	case Service, Anonymous:
	}
	return false
}
