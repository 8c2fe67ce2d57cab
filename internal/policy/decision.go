package policy

import (
	"fmt"
	"strings"
)

// Decision is the answer to a request. The zero Decision is a denial.
type Decision struct {
	Allowed  bool
	Explicit bool   // a Deny statement applies; without it, a denial means that no statement allows
	By       Kind   // the kind of policy that decided: allows, denies, or is the one that should allow
	Policy   string // name of the policy, when a statement decided
	Sid      string // of the statement, if it has one
	// Statement is the statement's number from 1; 0 when none decided, or the policy could not be read.
	Statement int
	Level     int    // for SCPs and RCPs, the level that denies: 1 is the root
	Root      bool   // allowed because the caller is the account's root user
	Trust     bool   // the resource policy was a role's trust policy
	Action    string // of the request
}

// Explain tells people which statement of which policy decided, or which kind of policy is silent.
func (d Decision) Explain() string {
	switch {
	case d.Root:
		return fmt.Sprintf("allowed: the root user of an account needs no policy for %s", d.Action)
	case d.Allowed:
		return fmt.Sprintf("allowed by %s of %s %s", d.statement(), d.noun(), d.Policy)
	case d.Explicit && d.Statement == 0:
		return fmt.Sprintf("denied: %s %s cannot be read", d.noun(), d.Policy)
	case d.Explicit:
		return fmt.Sprintf("denied by %s of %s %s", d.statement(), d.noun(), d.Policy)
	case d.By == ServiceControl || d.By == ResourceControl:
		return fmt.Sprintf("denied: no %s at level %d, counted from the root, allows %s", d.noun(), d.Level, d.Action)
	case d.By == "":
		return "denied: it is not clear who asks for what"
	}
	return fmt.Sprintf("denied: no %s allows %s", d.noun(), d.Action)
}

func (d Decision) statement() string {
	if d.Sid != "" {
		return fmt.Sprintf("statement %d (%s)", d.Statement, d.Sid)
	}
	return fmt.Sprintf("statement %d", d.Statement)
}

// noun is what AWS's messages call the kind of policy.
func (d Decision) noun() string {
	if d.Trust && d.By == Resource {
		return "role trust policy"
	}
	switch d.By {
	case Identity:
		return "identity-based policy"
	case Boundary:
		return "permissions boundary"
	case Session:
		return "session policy"
	case ServiceControl:
		return "service control policy"
	case ResourceControl:
		return "resource control policy"
	case Resource, Trust:
		return "resource-based policy"
	}
	return "policy"
}

// Message is AWS's sentence for a denial, empty for a permission.
// Source: IAM User Guide, "Troubleshoot access denied error messages".
func (d Decision) Message(r Request) string {
	if d.Allowed {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "User: %s is not authorized to perform: %s", r.Principal.shown(), r.Action)
	if r.Resource != "" {
		fmt.Fprintf(&b, " on resource: %s", r.Resource)
	}
	noun := d.noun()
	switch {
	case d.By == "":
	case !d.Explicit:
		fmt.Fprintf(&b, " because no %s allows the %s action", noun, r.Action)
	case d.Trust && d.By == Resource:
		fmt.Fprintf(&b, " with an explicit deny in the %s", noun)
	default:
		article := "a"
		if d.By == Identity {
			article = "an"
		}
		fmt.Fprintf(&b, " with an explicit deny in %s %s", article, noun)
	}
	return b.String()
}

func (p Principal) shown() string {
	switch {
	case p.ARN != "":
		return p.ARN
	case p.Service != "":
		return p.Service
	case p.Provider != "":
		return p.Provider
	}
	return "anonymous"
}
