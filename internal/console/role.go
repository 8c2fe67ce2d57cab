package console

import (
	"net/http"
	"path"
	"strings"

	"accountfactory/internal/factory"
)

// Roles names who is more than a requester, by patterns of ARNs in which * stands for anything but a slash. Who serves
// the factory decides this, not who can name a role in AWS.
type Roles struct {
	Operators []string // handle everybody's requests and the queue
	Auditors  []string // see everything, the audit log too, and change nothing
	Viewers   []string // see everybody's requests and change nothing
}

// Patterns splits a comma-separated list.
func Patterns(list string) (out []string) {
	for p := range strings.SplitSeq(list, ",") {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}

// of gives a caller's role: the most that any pattern says, else requester.
func (r Roles) of(callerARN string) factory.Role {
	for _, list := range []struct {
		patterns []string
		role     factory.Role
	}{{r.Operators, factory.RoleOperator}, {r.Auditors, factory.RoleAuditor}, {r.Viewers, factory.RoleViewer}} {
		for _, p := range list.patterns {
			if matched, err := path.Match(p, callerARN); err == nil && matched {
				return list.role
			}
		}
	}
	return factory.RoleRequester
}

// standing says who calls and what they are to the factory, so that pages offer what may be done and nothing else.
func (c *Console) standing(_ *http.Request, who caller) (answer, error) {
	return ok(map[string]any{"arn": who.ARN, "accountId": who.AccountID, "role": who.Standing()}), nil
}
