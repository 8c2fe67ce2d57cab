package factory

import (
	"fmt"
	"slices"
)

// member is a part of a submission, and the kinds of requests it means something for. What is in none of these lists means
// something for all.
type member struct {
	name  string // in the API
	given func(Input) bool
	kinds []Kind
}

// members are those that would be dropped silently where they mean nothing. Both provisioners honour the same.
func members() []member {
	fresh := []Kind{KindLaunch}
	furnished := []Kind{KindLaunch, KindEnroll}
	led := []Kind{KindLaunch, KindEnroll, KindUpdate, KindRepair}
	return []member{
		{"name", func(in Input) bool { return in.Name != "" }, fresh},
		{"accountEmail", func(in Input) bool { return in.AccountEmail != "" }, fresh},
		{"ou", func(in Input) bool { return in.OU != "" }, led},
		{"ssoUserEmail", func(in Input) bool { return in.SSOUserEmail != "" }, led},
		{"ssoUserFirstName", func(in Input) bool { return in.SSOUserFirstName != "" }, led},
		{"ssoUserLastName", func(in Input) bool { return in.SSOUserLastName != "" }, led},
		{"account", func(in Input) bool { return in.Account != "" }, []Kind{KindEnroll, KindUpdate, KindAccess, KindUnmanage, KindClose, KindRepair}},
		{"tags", func(in Input) bool { return len(in.Tags) > 0 }, furnished},
		{"contacts", func(in Input) bool { return len(in.Contacts) > 0 }, furnished},
		{"grant", func(in Input) bool { return len(in.Grant) > 0 }, []Kind{KindLaunch, KindEnroll, KindAccess}},
		{"revoke", func(in Input) bool { return len(in.Revoke) > 0 }, []Kind{KindAccess}},
		{"newName", func(in Input) bool { return in.NewName != "" }, []Kind{KindUpdate}},
		{"newEmail", func(in Input) bool { return in.NewEmail != "" }, []Kind{KindUpdate}},
		{"removeOldAccess", func(in Input) bool { return in.RemoveOldAccess }, []Kind{KindUpdate}},
		{"coolOff", func(in Input) bool { return in.CoolOff != "" }, []Kind{KindClose}},
	}
}

// checkForeign refuses what means nothing for the kind: it would be dropped silently.
func (in Input) checkForeign() (out []Check) {
	for _, m := range members() {
		if m.given(in) && !slices.Contains(m.kinds, in.Kind) {
			out = append(out, bad(CheckParameters, fmt.Sprintf("%s means nothing for %s", m.name, in.Kind), fmt.Sprintf("leave it out; it is for %v", m.kinds)))
		}
	}
	if in.Kind != KindLaunch { // whose own checks say it
		out = append(out, in.checkUnsupported()...)
	}
	if (in.Kind == KindUpdate || in.Kind == KindRepair) && in.SSOUserEmail == "" && in.SSOUserFirstName+in.SSOUserLastName != "" {
		out = append(out, bad(CheckParameters, "an SSO user's name is given, and no e-mail of theirs", "give --sso-email, or leave the name out"))
	}
	return append(out, in.checkFields()...)
}
