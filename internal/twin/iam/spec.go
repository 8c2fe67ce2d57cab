package iam

import "time"

// RoleSpec says what role another service of the twin wants in an account, as CreateRole and its companions would make it.
type RoleSpec struct {
	Name        string
	Path        string // "/" when empty
	Description string
	Trust       string            // trust policy, JSON
	MaxSession  time.Duration     // an hour when 0
	Managed     []string          // ARNs of attached managed policies
	Inline      map[string]string // inline policies, name → JSON
	Boundary    string            // ARN of a managed policy, or ""
	Tags        map[string]string
	Service     string // the service that made it and alone may change it ("sso.amazonaws.com"), or ""
}
