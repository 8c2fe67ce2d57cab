package policy

import (
	"fmt"
	"strings"

	"accountfactory/internal/arn"
)

// Kind is where a policy is attached, which decides what it may say.
type Kind string

const (
	Identity       Kind = "identity"        // of a user, group, role or permission set
	Boundary       Kind = "boundary"        // a permissions boundary
	Session        Kind = "session"         // given when a session is made
	ServiceControl Kind = "service-control" // an SCP of AWS Organizations
	// ResourceControl is an RCP of AWS Organizations: what callers may do at most to the resources of a member account.
	ResourceControl Kind = "resource-control"
	Resource        Kind = "resource" // of a resource, such as the organization's
	Trust           Kind = "trust"    // of a role: who may assume it
)

// Validate reports whether the document may be attached as kind. The error names the statement and the remedy.
// Sources: IAM User Guide, "IAM JSON policy element reference" and "Policy grammar notes"; Organizations User Guide, "SCP syntax", "RCP syntax".
func (d *Document) Validate(kind Kind) error {
	switch kind {
	case Identity, Boundary, Session, ServiceControl, ResourceControl, Resource, Trust:
	default:
		return fmt.Errorf("no kind of policy: %q", kind)
	}
	if (kind == ServiceControl || kind == ResourceControl) && d.version != Version2012 {
		return fmt.Errorf("Version: a policy of the organization must say %q", Version2012)
	}
	if d.hasID && kind != Resource && kind != Trust {
		return fmt.Errorf("Id: belongs to policies of resources: remove it")
	}
	sids := map[string]bool{}
	for i := range d.statements {
		s := &d.statements[i]
		if remedy := s.check(kind); remedy != "" {
			return fmt.Errorf("Statement[%d]: %s", i, remedy)
		}
		if kind != Resource && strings.Trim(s.sid, alphanumeric) != "" {
			return fmt.Errorf("Statement[%d].Sid: %q: use letters and digits alone", i, s.sid)
		}
		if s.sid != "" && sids[s.sid] {
			return fmt.Errorf("Statement[%d].Sid: %q occurs twice: rename one", i, s.sid)
		}
		sids[s.sid] = true
	}
	return nil
}

const alphanumeric = arn.Upper + "abcdefghijklmnopqrstuvwxyz"

// check gives the remedy when a statement may not stand in a policy of this kind.
func (s *statement) check(kind Kind) (remedy string) {
	outside := kind.namesCaller()
	switch {
	case outside && s.principals == nil:
		return "Principal is missing: say who the statement is about"
	case !outside && s.principals != nil:
		return "Principal and NotPrincipal belong to policies of resources: remove it, the policy is about whom it is attached to"
	case kind == Trust && s.resources != nil:
		return "a trust policy has no Resource, it is about its role: remove it"
	case kind != Trust && s.resources == nil:
		return `Resource is missing: add it, "*" if need be`
	case kind == Trust && s.principals.not:
		return "a trust policy cannot have NotPrincipal: name who may assume the role in Principal"
	case outside && s.principals.not && !s.deny:
		return "NotPrincipal with Allow lets everybody else in: use Principal"
	case kind == ResourceControl:
		return s.checkResourceControl()
	case kind == Trust && !s.assumes():
		return "a trust policy has actions of STS alone: use sts:AssumeRole or the like"
	}
	return ""
}

// namesCaller tells whether policies of this kind have a Principal instead of being attached to the caller.
func (k Kind) namesCaller() bool { return k == Resource || k == ResourceControl || k == Trust }

// checkResourceControl gives the remedy for what only RCPs may not have. Allow belongs to RCPFullAWSAccess alone.
func (s *statement) checkResourceControl() (remedy string) {
	switch {
	case !s.deny:
		return "a resource control policy can only deny: say what in a statement with Deny"
	case s.principals.not || !s.principals.everyone || len(s.principals.aws)+len(s.principals.services)+len(s.principals.federated) > 0:
		return `Principal must be "*": say whom in a Condition, for example on aws:PrincipalArn`
	case s.notAction:
		return "a resource control policy cannot have NotAction: list what it is about in Action"
	}
	for i := range s.actions {
		if s.actions[i].isAny() {
			return `Action cannot be "*": name a service, for example "sts:*"`
		}
	}
	return ""
}

// assumes reports whether the statement has only actions of STS.
func (s *statement) assumes() bool {
	for _, p := range s.actions {
		if len(p.parts) == 0 || !strings.HasPrefix(p.parts[0].text, "sts:") {
			return false
		}
	}
	return !s.notAction
}
