package factory

import (
	"fmt"
	"strings"
)

const maxName = 50

// checkName looks at an account's name as Organizations will: 1 to 50 printable ASCII characters.
// Source: Organizations API reference, CreateAccount, AccountName.
func checkName(name string) Check {
	switch {
	case name == "":
		return bad(CheckName, "there is no account name", "give one")
	case len(name) > maxName:
		return bad(CheckName, fmt.Sprintf("%q has %d characters", name, len(name)), fmt.Sprintf("AWS takes 1 to %d", maxName))
	case strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r > '~' }):
		return bad(CheckName, fmt.Sprintf("%q has a character that is not printable ASCII", name), "write it without accents and symbols")
	}
	return ok(CheckName, fmt.Sprintf("%q is a name AWS takes", name))
}

// productName gives the provisioned product's name for an account's name: [a-zA-Z0-9][a-zA-Z0-9._-]*, everything else
// becomes a dash as AWS's own automation does it. The name is unique in the management account and never changes.
func productName(account string) string {
	name := strings.Map(func(r rune) rune {
		if isAlnum(r) || r == '.' || r == '_' || r == '-' {
			return r
		}
		return '-'
	}, account)
	if name = strings.TrimLeft(name, "._-"); name == "" {
		name = "account"
	}
	return name
}
