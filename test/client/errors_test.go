package client

import (
	"strings"

	"github.com/google/go-cmp/cmp"
)

// errors makes calls that AWS refuses, and looks what the client makes of the refusal.
func (j *journey) errors() {
	for _, c := range []struct {
		service, operation string
		input              map[string]any
		want               failure // Modeled: as one of the operation's own exception classes
	}{
		{"servicecatalog", "ProvisionProduct", withToken(j.launchInput(accountName), "another"),
			failure{Code: "InvalidParametersException", Message: "A stack named " + accountName + " already exists.", Modeled: true}},
		{"organizations", "DescribeAccount", map[string]any{"AccountId": "999999999999"},
			failure{Code: "AccountNotFoundException", Message: "You specified an account that doesn't exist.", Modeled: true}},
		{"organizations", "CreateAccount", map[string]any{"AccountName": "x", "Email": "x@example.com"},
			failure{Code: "AccessDeniedException", Message: j.denied("organizations:CreateAccount", "*"), Modeled: true}},
		{"iam", "CreateUser", map[string]any{"UserName": "x"},
			failure{Code: "AccessDenied", Message: j.denied("iam:CreateUser", "arn:aws:iam::"+j.server.Account+":user/x")}},
		{"organizations", "ListHandshakesForOrganization", nil,
			failure{Code: "UnknownOperationException", Message: "organizations ListHandshakesForOrganization is not served here"}},
		{"iam", "ListMFADevices", nil,
			failure{Code: "InvalidAction", Message: "Could not find operation ListMFADevices for version 2010-05-08: iam ListMFADevices is not served here"}},
	} {
		_, got := j.try(c.service, c.operation, c.input)
		if got == nil {
			j.t.Errorf("%s %s: no error, want %v", c.service, c.operation, c.want)
			continue
		}
		if got.Status != 0 && (got.Status < 400 || got.Status >= 500) {
			j.t.Errorf("%s %s: status %d, want 4xx", c.service, c.operation, got.Status)
		}
		got.Status = 0
		if j.shell {
			got.Modeled = c.want.Modeled
		}
		if diff := cmp.Diff(c.want, *got); diff != "" {
			j.t.Errorf("%s %s (-want +got):\n%s", c.service, c.operation, diff)
		}
	}
}

func withToken(in map[string]any, token string) map[string]any {
	in["ProvisionToken"] = token
	return in
}

// denied is AWS's sentence for want of an identity-based policy.
func (j *journey) denied(action, resource string) string {
	return strings.Join([]string{
		"User: arn:aws:sts::" + j.server.Account + ":assumed-role/Requester/ann is not authorized to perform:", action, "on resource:", resource,
		"because no identity-based policy allows the", action, "action",
	}, " ")
}
