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
	Resource       Kind = "resource"        // of a resource, such as the organization's
	Trust          Kind = "trust"           // of a role: who may assume it
)

// Validate reports whether the document may be attached as kind. The error names the statement and the remedy.
// Sources: IAM User Guide, "IAM JSON policy element reference" and "Policy grammar notes"; Organizations User Guide, "SCP syntax".
func (d *Document) Validate(kind Kind) error {
	switch kind {
	case Identity, Boundary, Session, ServiceControl, Resource, Trust:
	default:
		return fmt.Errorf("no kind of policy: %q", kind)
	}
	if kind == ServiceControl && d.version != Version2012 {
		return fmt.Errorf("Version: a service control policy must say %q", Version2012)
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
	outside := kind == Resource || kind == Trust // names the caller instead of being attached to it
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
	case kind == Trust && !s.assumes():
		return "a trust policy has actions of STS alone: use sts:AssumeRole or the like"
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
