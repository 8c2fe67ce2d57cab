package factory

import "strings"

// Input is a submission as the API and the CLI send it. The last fields are here to be refused in one clear sentence:
// the Account Factory product supports none of them, and with AWS they fail late.
type Input struct {
	Kind Kind `json:"kind,omitempty"` // a launch, when empty
	Parameters
	Options
	Reason string `json:"reason,omitempty"`
	Region string `json:"region,omitempty"` // where the person works, when they say so

	Key      string `json:"-"`                  // idempotency key: the same submission sent again is the same request
	Priority int    `json:"priority,omitempty"` // before others that wait; only operators may raise it above 0

	TagOptions       []string `json:"tagOptions,omitempty"`
	NotificationARNs []string `json:"notificationArns,omitempty"`
	Plan             bool     `json:"plan,omitempty"`

	Again bool `json:"-"` // looked at once more when its turn has come
}

// trimmed drops the spaces that copying from a mail or a spreadsheet brings along.
func (in Input) trimmed() Input {
	for _, s := range []*string{
		&in.Name, &in.AccountEmail, &in.OU, &in.SSOUserEmail, &in.SSOUserFirstName, &in.SSOUserLastName, &in.Reason, &in.Region, &in.Account, &in.CoolOff,
		&in.NewName, &in.NewEmail,
	} {
		*s = strings.TrimSpace(*s)
	}
	if in.Kind == "" {
		in.Kind = KindLaunch
	}
	return in
}

// checkMissing names each parameter that is not there: the product requires all six and defaults none.
func (in Input) checkMissing() []Check {
	var out []Check
	for _, p := range []struct{ value, name, flag string }{
		{in.Name, "AccountName", "--name"},
		{in.AccountEmail, "AccountEmail", "--email"},
		{in.OU, "ManagedOrganizationalUnit", "--ou"},
		{in.SSOUserEmail, "SSOUserEmail", "--sso-email"},
		{in.SSOUserFirstName, "SSOUserFirstName", "--sso-first"},
		{in.SSOUserLastName, "SSOUserLastName", "--sso-last"},
	} {
		if p.value == "" {
			out = append(out, bad(CheckParameters, p.name+" is missing", "give "+p.flag))
		}
	}
	if out == nil {
		out = append(out, ok(CheckParameters, "all six parameters are there"))
	}
	return out
}

// checkUnsupported refuses what the Account Factory product fails on. Source: "Provisioning Account Factory accounts
// with AWS Service Catalog" in the Control Tower user guide: no TagOptions, no notifications, no plan.
func (in Input) checkUnsupported() []Check {
	var out []Check
	if len(in.TagOptions) > 0 {
		out = append(out, bad(CheckTagOptions, "TagOptions were given, and an Account Factory account with TagOptions fails to provision",
			"launch without TagOptions; tag the account afterwards"))
	}
	if len(in.NotificationARNs) > 0 {
		out = append(out, bad(CheckNotifications, "notification topics were given, and an Account Factory account with notifications fails to provision",
			"launch without notifications; follow the request instead"))
	}
	if in.Plan {
		out = append(out, bad(CheckPlan, "a resource plan was asked for, and an Account Factory account with a plan never finishes",
			"launch without a plan; a dry run shows what would be done"))
	}
	return out
}
