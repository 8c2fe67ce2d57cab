package server

import (
	"fmt"
	"path"
	"strings"

	"accountfactory/internal/arn"
	"accountfactory/internal/console"
)

// validatePeople names a pattern of ARNs that matches nobody, or on AWS strangers: roles and users of any account there can have
// any name.
func (c Config) validatePeople() error {
	for _, list := range []struct{ setting, patterns string }{{"operators", c.Operators}, {"auditors", c.Auditors}, {"viewers", c.Viewers}} {
		for _, p := range console.Patterns(list.patterns) {
			parts := strings.SplitN(p, ":", 6) // arn:partition:service:region:account:resource
			_, err := path.Match(p, "")
			switch {
			case err != nil || len(parts) < 6 || parts[0] != "arn":
				return UsageError{list.setting, fmt.Sprintf("%q is no pattern of ARNs: want one such as arn:aws:sts::111122223333:assumed-role/Admin/*", p)}
			case c.Cloud.aws() && !arn.IsAccountID(parts[4]):
				return UsageError{list.setting, fmt.Sprintf("%q names no account: on AWS anybody can give a role such a name in an account of their own", p)}
			}
		}
	}
	return nil
}
