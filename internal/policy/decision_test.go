package policy_test

import (
	"testing"

	"accountfactory/internal/policy"
)

func TestDecision_Words(t *testing.T) {
	t.Parallel()
	const (
		user   = "User: " + userARN + " is not authorized to perform: s3:GetObject on resource: " + thing
		noSuch = " allows the s3:GetObject action"
	)
	d := func(by policy.Kind, explicit bool) policy.Decision {
		return policy.Decision{By: by, Explicit: explicit, Policy: "P", Sid: "No", Statement: 2, Level: 3, Action: "s3:GetObject"}
	}
	trust := func(explicit bool) policy.Decision {
		out := d(policy.Resource, explicit)
		out.Trust = true
		return out
	}
	lost := d(policy.Identity, true)
	lost.Statement, lost.Sid = 0, ""
	bare := d(policy.Identity, true)
	bare.Sid = ""
	granted := d(policy.Identity, false)
	granted.Allowed = true
	rooted := granted
	rooted.Root = true
	for _, tc := range []struct {
		name             string
		d                policy.Decision
		message, explain string
	}{
		{"identity, implicit", d(policy.Identity, false), user + " because no identity-based policy" + noSuch, "denied: no identity-based policy allows s3:GetObject"},
		{"identity, explicit", d(policy.Identity, true), user + " with an explicit deny in an identity-based policy", "denied by statement 2 (No) of identity-based policy P"},
		{"identity, no Sid", bare, user + " with an explicit deny in an identity-based policy", "denied by statement 2 of identity-based policy P"},
		{"identity, unreadable", lost, user + " with an explicit deny in an identity-based policy", "denied: identity-based policy P cannot be read"},
		{"boundary, implicit", d(policy.Boundary, false), user + " because no permissions boundary" + noSuch, "denied: no permissions boundary allows s3:GetObject"},
		{"boundary, explicit", d(policy.Boundary, true), user + " with an explicit deny in a permissions boundary", "denied by statement 2 (No) of permissions boundary P"},
		{"session, implicit", d(policy.Session, false), user + " because no session policy" + noSuch, "denied: no session policy allows s3:GetObject"},
		{"session, explicit", d(policy.Session, true), user + " with an explicit deny in a session policy", "denied by statement 2 (No) of session policy P"},
		{"SCP, implicit", d(policy.ServiceControl, false), user + " because no service control policy" + noSuch, "denied: no service control policy at level 3, counted from the root, allows s3:GetObject"},
		{"SCP, explicit", d(policy.ServiceControl, true), user + " with an explicit deny in a service control policy", "denied by statement 2 (No) of service control policy P"},
		{"RCP, implicit", d(policy.ResourceControl, false), user + " because no resource control policy" + noSuch, "denied: no resource control policy at level 3, counted from the root, allows s3:GetObject"},
		{"RCP, explicit", d(policy.ResourceControl, true), user + " with an explicit deny in a resource control policy", "denied by statement 2 (No) of resource control policy P"},
		{"resource, implicit", d(policy.Resource, false), user + " because no resource-based policy" + noSuch, "denied: no resource-based policy allows s3:GetObject"},
		{"resource, explicit", d(policy.Resource, true), user + " with an explicit deny in a resource-based policy", "denied by statement 2 (No) of resource-based policy P"},
		{"trust, implicit", trust(false), user + " because no role trust policy" + noSuch, "denied: no role trust policy allows s3:GetObject"},
		{"trust, explicit", trust(true), user + " with an explicit deny in the role trust policy", "denied by statement 2 (No) of role trust policy P"},
		{"nobody known", policy.Decision{}, user, "denied: it is not clear who asks for what"},
		{"allowed", granted, "", "allowed by statement 2 (No) of identity-based policy P"},
		{"allowed to root", rooted, "", "allowed: the root user of an account needs no policy for s3:GetObject"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := policy.Request{Principal: ana, Action: "s3:GetObject", Resource: thing}
			if got := tc.d.Message(r); got != tc.message {
				t.Errorf("message\n got %s\nwant %s", got, tc.message)
			}
			if got := tc.d.Explain(); got != tc.explain {
				t.Errorf("explanation\n got %s\nwant %s", got, tc.explain)
			}
		})
	}
}

func TestDecision_MessageNamesTheCaller(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		who  policy.Principal
		want string
	}{
		{builder, "User: " + session + " is not authorized to perform: a:B"},
		{root, "User: arn:aws:iam::111122223333:root is not authorized to perform: a:B"},
		{tower, "User: controltower.amazonaws.com is not authorized to perform: a:B"},
		{policy.Principal{Type: policy.Anonymous, Provider: "idp.example"}, "User: idp.example is not authorized to perform: a:B"},
		{anonymous, "User: anonymous is not authorized to perform: a:B"},
	} {
		if got := (policy.Decision{}).Message(policy.Request{Principal: tc.who, Action: "a:B"}); got != tc.want {
			t.Errorf("got %q, want %q", got, tc.want)
		}
	}
}
