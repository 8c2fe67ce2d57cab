package client

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// errors makes calls that AWS refuses, and looks what the client makes of the refusal.
func (j *journey) errors() {
	for _, c := range []struct {
		service, operation string
		input              map[string]any
		want               failure // Modeled: as one of the operation's own exception classes
	}{
		{
			"servicecatalog", "ProvisionProduct", withToken(j.launchInput(accountName), "another"),
			failure{Code: "InvalidParametersException", Message: "A stack named " + accountName + " already exists.", Modeled: true},
		},
		{
			"organizations", "DescribeAccount",
			map[string]any{"AccountId": "999999999999"},
			failure{Code: "AccountNotFoundException", Message: "You specified an account that doesn't exist.", Modeled: true},
		},
		{
			"organizations", "CreateAccount",
			map[string]any{"AccountName": "x", "Email": "x@example.com"},
			failure{Code: "AccessDeniedException", Message: j.denied("organizations:CreateAccount", "*"), Modeled: true},
		},
		{
			"iam", "CreateUser",
			map[string]any{"UserName": "x"},
			failure{Code: "AccessDenied", Message: j.denied("iam:CreateUser", "arn:aws:iam::"+j.server.Account+":user/x")},
		},
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

// An operation that is not served answers each client with an error it understands, in every protocol, and whether or not
// any operation of its service is served.
func TestNotServed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, d := range drivers {
		if d.name == "newer aws cli" {
			continue // it has boto3's core, and starts anew for each call
		}
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			start := d.start
			if d.shell {
				start = debianInterpreter
			}
			j := &journey{t: t, world: w, driver: start(t, w.server), as: w.management}
			known := 0
			for _, c := range []struct {
				service, operation, code string
				input                    m
			}{
				{"organizations", "CreateGovCloudAccount", "UnknownOperationException", m{"Email": "gov@example.com", "AccountName": "gov"}},
				{"ssoadmin", "ListApplicationProviders", "UnknownOperationException", nil},
				{"servicecatalog", "ListServiceActions", "UnknownOperationException", nil},
				{"lambda", "ListFunctions", "UnknownOperationException", nil},
				{"iam", "ListVirtualMFADevices", "InvalidAction", nil},
				{"cloudformation", "ListStacks", "InvalidAction", nil},
			} {
				a, err := j.driver.do(t.Context(), call{Do: "call", Service: c.service, Operation: c.operation, Input: c.input, Keys: j.as})
				if err != nil {
					t.Fatal(err)
				}
				if a.Unknown {
					continue // the client itself has no such operation
				}
				known++
				if a.Error == nil || a.Error.Code != c.code || a.Error.Message == "" || a.Error.Status >= 500 {
					t.Errorf("%s %s: %+v, want %s", c.service, c.operation, a.Error, c.code)
				}
			}
			if known < 4 {
				t.Errorf("the client knows %d of these operations", known)
			}
		})
	}
}
