package policy_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"accountfactory/internal/policy"
)

func TestEvaluate_ResourceControl(t *testing.T) {
	t.Parallel()
	const (
		full  = allowEverybody
		never = `{"Version":"2012-10-17","Statement":[{"Sid":"No","Effect":"Deny","Principal":"*","Action":"sts:*","Resource":"*"}]}`
		aside = `{"Version":"2012-10-17","Statement":[{"Sid":"No","Effect":"Deny","Principal":"*","Action":"sts:*","Resource":"*","Condition":{"StringNotEquals":{"aws:PrincipalAccount":"111122223333"}}}]}`
		bare  = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"sts:*","Resource":"*"}]}`
	)
	stop := func(level int) policy.Decision {
		return policy.Decision{Explicit: true, By: policy.ResourceControl, Policy: "p", Statement: 1, Sid: "No", Level: level}
	}
	yes := policy.Decision{Allowed: true, By: policy.Identity, Policy: "p", Statement: 1}
	for _, tc := range []struct {
		name       string
		who        policy.Principal
		management bool
		rcp        [][]string
		want       policy.Decision
	}{
		{name: "the full policy alone lets pass", who: ana, rcp: [][]string{{full}, {full}}, want: yes},
		{name: "one denies at the account", who: ana, rcp: [][]string{{full}, {full, never}}, want: stop(2)},
		{name: "it denies the management account's callers too", who: ana, management: true, rcp: [][]string{{full, never}}, want: stop(1)},
		{name: "it denies the root user", who: root, rcp: [][]string{{full, never}}, want: stop(1)},
		{name: "it denies services", who: tower, rcp: [][]string{{full, never}}, want: stop(1)},
		{name: "a condition spares the caller", who: ana, rcp: [][]string{{full, aside}}, want: yes},
		{name: "service-linked roles are left alone", who: linked, rcp: [][]string{{full, never}}, want: yes},
		{name: "a level without the full policy allows nothing", who: ana, rcp: [][]string{{full}, {}}, want: policy.Decision{By: policy.ResourceControl, Level: 2}},
		{name: "without Principal it denies everybody", who: ana, rcp: [][]string{{full, bare}}, want: policy.Decision{Explicit: true, By: policy.ResourceControl, Policy: "p", Statement: 1, Level: 1}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := policy.Request{
				Principal: tc.who, Action: "sts:AssumeRole", Resource: "arn:aws:iam::111122223333:role/x", Management: tc.management,
				Context: policy.Global(tc.who, policy.Environment{}),
			}
			p := policy.Policies{Identity: named(t, allowAll)}
			for _, level := range tc.rcp {
				p.ResourceControl = append(p.ResourceControl, named(t, level...))
			}
			got := policy.Evaluate(r, p)
			if diff := cmp.Diff(tc.want, got, cmpopts.IgnoreFields(policy.Decision{}, "Action")); diff != "" {
				t.Errorf("%s\n(-want +got):\n%s", got.Explain(), diff)
			}
		})
	}
}

func TestValidate_ResourceControl(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, statement, want string }{
		{"denies", `"Effect":"Deny","Principal":"*","Action":"sts:*","Resource":"*"`, ""},
		{"NotResource and a condition", `"Effect":"Deny","Principal":{"AWS":"*"},"Action":["sts:AssumeRole"],"NotResource":"arn:aws:iam::*:role/x","Condition":{"Bool":{"aws:SecureTransport":"false"}}`, ""},
		{"allows", `"Effect":"Allow","Principal":"*","Action":"sts:*","Resource":"*"`, "can only deny"},
		{"names somebody", `"Effect":"Deny","Principal":{"AWS":"111122223333"},"Action":"sts:*","Resource":"*"`, `Principal must be "*"`},
		{"names everybody and a service", `"Effect":"Deny","Principal":{"AWS":"*","Service":"x.amazonaws.com"},"Action":"sts:*","Resource":"*"`, `Principal must be "*"`},
		{"NotPrincipal", `"Effect":"Deny","NotPrincipal":"*","Action":"sts:*","Resource":"*"`, `Principal must be "*"`},
		{"without Principal", `"Effect":"Deny","Action":"sts:*","Resource":"*"`, "Principal is missing"},
		{"without Resource", `"Effect":"Deny","Principal":"*","Action":"sts:*"`, "Resource is missing"},
		{"every action", `"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"`, `Action cannot be "*"`},
		{"NotAction", `"Effect":"Deny","Principal":"*","NotAction":"sts:*","Resource":"*"`, "cannot have NotAction"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			err := parse(t, `{"Version":"2012-10-17","Statement":[{`+tc.statement+`}]}`).Validate(policy.ResourceControl)
			if tc.want == "" && err != nil || tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want)) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
}
