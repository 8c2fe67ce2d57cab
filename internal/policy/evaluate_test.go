package policy_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"accountfactory/internal/policy"
)

// resource gives a resource policy with one statement for the action s3:GetObject.
func resource(effect, principal string) string {
	return `{"Version":"2012-10-17","Statement":{"Effect":"` + effect + `",` + principal + `,"Action":"s3:GetObject","Resource":"arn:aws:s3:::bucket/*"}}`
}

func aws(id string) string { return `"Principal":{"AWS":"` + id + `"}` }

func trust(principal string) string {
	return `{"Version":"2012-10-17","Statement":{"Effect":"Allow",` + principal + `,"Action":"sts:AssumeRole"}}`
}

func TestEvaluate(t *testing.T) {
	t.Parallel()
	const everyone = `"Principal":"*"`
	type decision = policy.Decision
	yes := func(by policy.Kind) decision { return decision{Allowed: true, By: by, Policy: "p", Statement: 1} }
	no := func(by policy.Kind) decision { return decision{By: by} }
	never := func(by policy.Kind) decision {
		return decision{Explicit: true, By: by, Policy: "p", Statement: 1, Sid: "No"}
	}
	for _, tc := range []struct {
		name                                 string
		who                                  policy.Principal
		identity, session                    []string
		boundary, resource, trust, ownerElse string
		hasSession, management               bool
		scp                                  [][]string
		want                                 decision
	}{
		{name: "nothing allows", who: ana, want: no(policy.Identity)},
		{name: "an identity policy allows", who: ana, identity: []string{allowAll}, want: yes(policy.Identity)},
		{name: "another action is allowed", who: ana, identity: []string{allowOther}, want: no(policy.Identity)},
		{name: "a deny beats an allow", who: ana, identity: []string{allowAll, denyAll}, want: never(policy.Identity)},
		{name: "the zero principal is nobody", identity: []string{allowAll}, resource: resource("Allow", everyone), want: decision{}},
		{name: "a user without account is nobody", who: policy.Principal{Type: policy.User, ARN: userARN}, identity: []string{allowAll}, resource: resource("Allow", everyone), want: decision{}},

		{name: "root needs no policy", who: root, want: decision{Allowed: true, By: policy.Identity, Root: true}},
		{name: "SCPs bind root", who: root, scp: [][]string{{allowAll}, {denyAll, allowAll}}, want: decision{Explicit: true, By: policy.ServiceControl, Policy: "p", Statement: 1, Sid: "No", Level: 2}},
		{name: "root is bound by a silent SCP", who: root, scp: [][]string{{allowOther}}, want: decision{By: policy.ServiceControl, Level: 1}},
		{name: "a resource policy denies root", who: root, resource: resource("Deny", everyone), want: decision{Explicit: true, By: policy.Resource, Policy: "p", Statement: 1}},

		{name: "every SCP level allows", who: ana, identity: []string{allowAll}, scp: [][]string{{allowAll}, {allowOther, allowAll}, {allowAll}}, want: yes(policy.Identity)},
		{name: "an SCP allows nothing by itself", who: ana, scp: [][]string{{allowAll}}, want: no(policy.Identity)},
		{name: "one SCP level is silent", who: ana, identity: []string{allowAll}, scp: [][]string{{allowAll}, {allowOther}, {allowAll}}, want: decision{By: policy.ServiceControl, Level: 2}},
		{name: "one SCP level is empty", who: ana, identity: []string{allowAll}, scp: [][]string{{allowAll}, {}}, want: decision{By: policy.ServiceControl, Level: 2}},
		{name: "an SCP denies", who: ana, identity: []string{allowAll}, scp: [][]string{{allowAll, denyAll}}, want: decision{Explicit: true, By: policy.ServiceControl, Policy: "p", Statement: 1, Sid: "No", Level: 1}},
		{name: "SCPs leave the management account alone", who: ana, identity: []string{allowAll}, scp: [][]string{{denyAll}}, management: true, want: yes(policy.Identity)},
		{name: "SCPs leave service-linked roles alone", who: linked, identity: []string{allowAll}, scp: [][]string{{denyAll}}, want: yes(policy.Identity)},
		{name: "an SCP stops what a resource policy allows", who: ana, resource: resource("Allow", aws(userARN)), scp: [][]string{{allowOther}}, want: decision{By: policy.ServiceControl, Level: 1}},
		{name: "SCPs do not bind services", who: tower, resource: resource("Allow", `"Principal":{"Service":"controltower.amazonaws.com"}`), scp: [][]string{{denyAll}}, want: yes(policy.Resource)},

		{name: "boundary and identity both allow", who: ana, identity: []string{allowAll}, boundary: allowAll, want: yes(policy.Identity)},
		{name: "the boundary is silent", who: ana, identity: []string{allowAll}, boundary: allowOther, want: no(policy.Boundary)},
		{name: "the boundary alone allows", who: ana, boundary: allowAll, want: no(policy.Identity)},
		{name: "the boundary denies", who: ana, identity: []string{allowAll}, boundary: denyAll, want: never(policy.Boundary)},
		{name: "one session policy allows", who: builder, identity: []string{allowAll}, session: []string{allowOther, allowAll}, hasSession: true, want: yes(policy.Identity)},
		{name: "session policies are silent", who: builder, identity: []string{allowAll}, session: []string{allowOther}, hasSession: true, want: no(policy.Session)},
		{name: "session policies count also when not announced", who: builder, identity: []string{allowAll}, session: []string{allowOther}, want: no(policy.Session)},
		{name: "announced session policies are missing", who: builder, identity: []string{allowAll}, hasSession: true, want: no(policy.Session)},
		{name: "a session policy denies", who: builder, identity: []string{allowAll}, session: []string{allowAll, denyAll}, want: never(policy.Session)},

		{name: "same account: the resource policy names the user", who: ana, resource: resource("Allow", aws(userARN)), boundary: allowOther, want: yes(policy.Resource)},
		{name: "same account: it names the user by unique id", who: ana, resource: resource("Allow", aws(ana.UserID)), want: yes(policy.Resource)},
		{name: "same account: it names the session", who: builder, resource: resource("Allow", aws(session)), boundary: allowOther, session: []string{allowOther}, want: yes(policy.Resource)},
		{name: "same account: it names the federated session", who: fed, resource: resource("Allow", aws(federated)), session: []string{allowOther}, want: yes(policy.Resource)},
		{name: "same account: it names everyone", who: builder, resource: resource("Allow", everyone), boundary: allowOther, want: yes(policy.Resource)},
		{name: "same account: it names the role", who: builder, resource: resource("Allow", aws(roleARN)), want: yes(policy.Resource)},
		{name: "same account: it names the role by unique id", who: builder, resource: resource("Allow", aws("AROABUILDERBUILDER11")), want: yes(policy.Resource)},
		{name: "same account: it names the role, the boundary is silent", who: builder, resource: resource("Allow", aws(roleARN)), boundary: allowOther, want: no(policy.Boundary)},
		{name: "same account: it names the role, the session policy is silent", who: builder, resource: resource("Allow", aws(roleARN)), session: []string{allowOther}, want: no(policy.Session)},
		{name: "same account: it names the user behind a federated session, whose policy is silent", who: fed, resource: resource("Allow", aws(userARN)), session: []string{allowOther}, want: no(policy.Session)},
		{name: "same account: it names the account, which must then allow", who: ana, resource: resource("Allow", aws(own)), want: no(policy.Identity)},
		{name: "same account: it names the account, which allows", who: ana, identity: []string{allowAll}, resource: resource("Allow", aws(own)), want: yes(policy.Identity)},
		{name: "same account: it names another user", who: ana, identity: []string{allowAll}, resource: resource("Allow", aws("arn:aws:iam::111122223333:user/ben")), want: yes(policy.Identity)},
		{name: "same account: a later, less direct statement takes nothing back", who: builder, resource: `{"Statement":[{"Effect":"Allow",` + aws(roleARN) + `,"Action":"*","Resource":"*"},{"Effect":"Allow",` + aws(own) + `,"Action":"*","Resource":"*"}]}`, want: yes(policy.Resource)},
		{name: "same account: it names the account, whose root user asks", who: root, resource: resource("Allow", aws(own)), want: yes(policy.Resource)},
		{name: "same account: it denies the account", who: ana, identity: []string{allowAll}, resource: resource("Deny", aws(own)), want: decision{Explicit: true, By: policy.Resource, Policy: "p", Statement: 1}},

		{name: "other account: both allow", who: ana, identity: []string{allowAll}, resource: resource("Allow", aws(own)), ownerElse: other, want: yes(policy.Identity)},
		{name: "other account: named as :root", who: ana, identity: []string{allowAll}, resource: resource("Allow", aws("arn:aws:iam::111122223333:root")), ownerElse: other, want: yes(policy.Identity)},
		{name: "other account: only identity allows", who: ana, identity: []string{allowAll}, ownerElse: other, want: no(policy.Resource)},
		{name: "other account: only the resource policy allows", who: ana, resource: resource("Allow", aws(userARN)), ownerElse: other, want: no(policy.Identity)},
		{name: "other account: the session is named, its policies are silent", who: builder, identity: []string{allowAll}, session: []string{allowOther}, resource: resource("Allow", aws(session)), ownerElse: other, want: no(policy.Session)},
		{name: "other account: the resource policy names a third", who: ana, identity: []string{allowAll}, resource: resource("Allow", aws(other)), ownerElse: other, want: no(policy.Resource)},
		{name: "other account: the role is named, identity is silent", who: builder, resource: resource("Allow", aws(roleARN)), ownerElse: other, want: no(policy.Identity)},
		{name: "other account: root is let in", who: root, resource: resource("Allow", aws(own)), ownerElse: other, want: decision{Allowed: true, By: policy.Identity, Root: true}},
		{name: "other account: root is not let in", who: root, ownerElse: other, want: no(policy.Resource)},

		{name: "a service named", who: tower, resource: resource("Allow", `"Principal":{"Service":["x.amazonaws.com","controltower.amazonaws.com"]}`), want: yes(policy.Resource)},
		{name: "a service not named", who: tower, identity: []string{allowAll}, resource: resource("Allow", aws(own)), want: no(policy.Resource)},
		{name: "nobody, who claims to be a service", who: policy.Principal{Type: policy.Anonymous, Service: "controltower.amazonaws.com"}, resource: resource("Allow", `"Principal":{"Service":"controltower.amazonaws.com"}`), want: no(policy.Resource)},
		{name: "nobody, but everyone is let in", who: anonymous, resource: resource("Allow", `"Principal":{"AWS":"*"}`), want: yes(policy.Resource)},
		{name: "nobody, with identity policies of somebody", who: anonymous, identity: []string{allowAll}, want: no(policy.Resource)},

		{name: "NotPrincipal denies all but account and user", who: ana, identity: []string{allowAll}, resource: resource("Deny", `"NotPrincipal":{"AWS":["`+own+`","`+userARN+`"]}`), want: yes(policy.Identity)},
		{name: "NotPrincipal without the account denies", who: ana, identity: []string{allowAll}, resource: resource("Deny", `"NotPrincipal":{"AWS":"`+userARN+`"}`), want: decision{Explicit: true, By: policy.Resource, Policy: "p", Statement: 1}},
		{name: "NotPrincipal without the session denies", who: builder, identity: []string{allowAll}, resource: resource("Deny", `"NotPrincipal":{"AWS":["`+own+`","`+roleARN+`"]}`), want: decision{Explicit: true, By: policy.Resource, Policy: "p", Statement: 1}},
		{name: "NotPrincipal without the role denies", who: builder, identity: []string{allowAll}, resource: resource("Deny", `"NotPrincipal":{"AWS":["`+own+`","`+session+`"]}`), want: decision{Explicit: true, By: policy.Resource, Policy: "p", Statement: 1}},
		{name: "NotPrincipal with Allow and a boundary", who: ana, boundary: allowAll, resource: resource("Allow", `"NotPrincipal":{"AWS":"`+own+`"}`), want: no(policy.Identity)},
		{name: "NotPrincipal with account, role and session", who: builder, identity: []string{allowAll}, resource: resource("Deny", `"NotPrincipal":{"AWS":["`+own+`","`+roleARN+`","`+session+`"]}`), want: yes(policy.Identity)},
		{name: "NotPrincipal denies whoever has a boundary", who: ana, identity: []string{allowAll}, boundary: allowAll, resource: resource("Deny", `"NotPrincipal":{"AWS":["`+own+`","`+userARN+`"]}`), want: decision{Explicit: true, By: policy.Resource, Policy: "p", Statement: 1}},
		{name: "NotPrincipal with the service", who: tower, resource: `{"Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"},{"Effect":"Deny","NotPrincipal":{"Service":"controltower.amazonaws.com"},"Action":"*","Resource":"*"}]}`, want: yes(policy.Resource)},
		{name: "NotPrincipal with the root user's account", who: root, resource: resource("Deny", `"NotPrincipal":{"AWS":"`+own+`"}`), want: decision{Allowed: true, By: policy.Identity, Root: true}},
		{name: "NotPrincipal with Allow leaves out the account", who: ana, resource: resource("Allow", `"NotPrincipal":{"AWS":"`+own+`"}`), want: no(policy.Identity)},

		{name: "a trust policy without the caller", who: ana, identity: []string{allowAll}, trust: trust(aws(roleARN)), want: decision{By: policy.Resource, Trust: true}},
		{name: "a trust policy names the user", who: ana, trust: trust(aws(userARN)), want: decision{Allowed: true, By: policy.Resource, Policy: "p", Statement: 1, Trust: true}},
		{name: "a trust policy names the account, which is silent", who: ana, trust: trust(aws(own)), want: no(policy.Identity)},
		{name: "a trust policy names the account, which allows", who: ana, identity: []string{allowAll}, trust: trust(aws(own)), want: yes(policy.Identity)},
		{name: "a trust policy of another account names this one", who: ana, identity: []string{allowAll}, trust: trust(aws(own)), ownerElse: other, want: yes(policy.Identity)},
		{name: "a trust policy of another account does not", who: ana, identity: []string{allowAll}, trust: trust(aws(other)), ownerElse: other, want: decision{By: policy.Resource, Trust: true}},
		{name: "a trust policy names the identity provider", who: policy.Principal{Type: policy.Anonymous, Provider: "arn:aws:iam::111122223333:saml-provider/AWSSSO"}, trust: trust(`"Principal":{"Federated":"arn:aws:iam::111122223333:saml-provider/AWSSSO"}`), want: decision{Allowed: true, By: policy.Resource, Policy: "p", Statement: 1, Trust: true}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := policy.Request{Principal: tc.who, Action: "s3:GetObject", Resource: thing, ResourceAccountID: tc.ownerElse, Management: tc.management}
			p := policy.Policies{Identity: named(t, tc.identity...), Session: named(t, tc.session...), HasSession: tc.hasSession}
			if tc.boundary != "" {
				p.Boundary = one(t, tc.boundary)
			}
			if tc.resource != "" {
				p.Resource = one(t, tc.resource)
			}
			if tc.trust != "" {
				p.Resource, p.Trust, r.Action, r.Resource = one(t, tc.trust), true, "sts:AssumeRole", "arn:aws:iam::111122223333:role/x"
			}
			for _, level := range tc.scp {
				p.ServiceControl = append(p.ServiceControl, named(t, level...))
			}
			got := policy.Evaluate(r, p)
			if diff := cmp.Diff(tc.want, got, cmpopts.IgnoreFields(decision{}, "Action")); diff != "" {
				t.Errorf("%s\n(-want +got):\n%s", got.Explain(), diff)
			}
		})
	}
}

func TestEvaluate_UnreadableDocumentDenies(t *testing.T) {
	t.Parallel()
	lost := policy.Named{Name: "lost"}
	good := named(t, allowAll)
	for name, p := range map[string]policy.Policies{
		"identity":         {Identity: append(named(t, allowAll), lost)},
		"boundary":         {Identity: good, Boundary: &lost},
		"session":          {Identity: good, Session: []policy.Named{lost}},
		"service control":  {Identity: good, ServiceControl: [][]policy.Named{{good[0], lost}}},
		"resource control": {Identity: good, ResourceControl: [][]policy.Named{{lost}}},
		"resource":         {Identity: good, Resource: &lost},
	} {
		d := policy.Evaluate(policy.Request{Principal: ana, Action: "a:B", Resource: "*"}, p)
		if d.Allowed || !d.Explicit || d.Policy != "lost" {
			t.Errorf("%s: %+v, want a denial by the lost policy", name, d)
		}
	}
}

func TestEvaluate_NoActionIsDenied(t *testing.T) {
	t.Parallel()
	if d := policy.Evaluate(policy.Request{Principal: root, Resource: "*"}, policy.Policies{Identity: named(t, allowAll)}); d.Allowed {
		t.Error(d.Explain())
	}
}

// A document that was never validated for where it stands must not open anything.
func TestEvaluate_StatementOutOfPlace(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, text string
		place      func(*policy.Policies, policy.Named)
	}{
		{"an identity policy with Principal", `"Effect":"%","Principal":"*","Action":"*","Resource":"*"`, func(p *policy.Policies, n policy.Named) { p.Identity = []policy.Named{n} }},
		{"an identity policy without Resource", `"Effect":"%","Action":"*"`, func(p *policy.Policies, n policy.Named) { p.Identity = []policy.Named{n} }},
		{"a resource policy without Principal", `"Effect":"%","Action":"*","Resource":"*"`, func(p *policy.Policies, n policy.Named) { p.Resource = &n }},
		{"a resource policy without Resource", `"Effect":"%","Principal":"*","Action":"*"`, func(p *policy.Policies, n policy.Named) { p.Resource = &n }},
	} {
		for _, effect := range []string{"Allow", "Deny"} {
			text := `{"Version":"2012-10-17","Statement":{` + strings.Replace(tc.text, "%", effect, 1) + `}}`
			var p policy.Policies
			tc.place(&p, *one(t, text))
			d := policy.Evaluate(policy.Request{Principal: ana, Action: "a:B", Resource: "*"}, p)
			if d.Allowed || d.Explicit != (effect == "Deny") {
				t.Errorf("%s, %s: %+v", tc.name, effect, d)
			}
		}
	}
}
