package policy_test

import (
	"testing"

	"accountfactory/internal/policy"
)

// TestRules holds the evaluator to rules as AWS documents them, each with the page of the IAM User Guide that has it. The
// condition belongs to an Allow on everything.
func TestRules(t *testing.T) {
	t.Parallel()
	type keys = map[string][]string
	const (
		operators = "Condition operators"
		sets      = "Set operators for multivalued context keys"
		ifExists  = "Condition operators, …IfExists"
		variables = "Policy variables"
		elements  = "Condition element, condition keys"
	)
	for _, tc := range []struct {
		source, rule, condition string
		context                 keys
		want                    bool
	}{
		{operators, "a missing key fails a positive operator", `{"StringLike":{"x:k":"*"}}`, nil, false},
		{operators, "a missing key meets a negated one", `{"ArnNotEquals":{"x:k":"arn:aws:iam::1:role/x"}}`, nil, true},
		{operators, "values of one key are alternatives", `{"NumericEquals":{"x:n":["1","2"]}}`, keys{"x:n": {"2"}}, true},
		{operators, "values of a negated operator must all fail", `{"NumericNotEquals":{"x:n":["1","2"]}}`, keys{"x:n": {"2"}}, false},
		{operators, "several operators must all hold", `{"Bool":{"x:b":"true"},"NumericLessThan":{"x:n":"5"}}`, keys{"x:b": {"true"}, "x:n": {"5"}}, false},
		{operators, "StringEquals is of exact case", `{"StringEquals":{"x:k":"Ab"}}`, keys{"x:k": {"ab"}}, false},
		{operators, "StringLike: * is any text, also none", `{"StringLike":{"x:k":"a*b"}}`, keys{"x:k": {"ab"}}, true},
		{operators, "StringLike: ? is one character", `{"StringLike":{"x:k":"a?b"}}`, keys{"x:k": {"ab"}}, false},
		{operators, "IgnoreCase has no wildcards", `{"StringEqualsIgnoreCase":{"x:k":"a*"}}`, keys{"x:k": {"AB"}}, false},
		{operators, "numbers are integers or decimals", `{"NumericGreaterThan":{"x:n":"1.50"}}`, keys{"x:n": {"1.51"}}, true},
		{operators, "numbers below zero", `{"NumericLessThanEquals":{"x:n":"-3"}}`, keys{"x:n": {"-3.0"}}, true},
		{operators, "a date in ISO 8601 against an epoch", `{"DateGreaterThan":{"x:d":"2025-12-31T23:59:59Z"}}`, keys{"x:d": {"1767225600"}}, true},
		{operators, "an epoch against a date in ISO 8601", `{"DateLessThan":{"x:d":1767225600}}`, keys{"x:d": {"2026-01-01T00:00:00Z"}}, false},
		{operators, "a date with fractions of a second", `{"DateGreaterThan":{"x:d":"2026-01-01T00:00:00Z"}}`, keys{"x:d": {"2026-01-01T00:00:00.001Z"}}, true},
		{operators, "a date in another zone", `{"DateEquals":{"x:d":"2026-01-01T01:00:00+01:00"}}`, keys{"x:d": {"2026-01-01T00:00:00Z"}}, true},
		{operators, "Bool knows true and false", `{"Bool":{"x:b":["true","false"]}}`, keys{"x:b": {"false"}}, true},
		{operators, "BinaryEquals compares bytes, not their spelling", `{"BinaryEquals":{"x:b":"QQ=="}}`, keys{"x:b": {"QR=="}}, true},
		{operators, "IpAddress without prefix is one address", `{"IpAddress":{"x:i":"203.0.113.5"}}`, keys{"x:i": {"203.0.113.6"}}, false},
		{operators, "IpAddress of both versions", `{"IpAddress":{"x:i":["10.0.0.0/8","2001:db8::/32"]}}`, keys{"x:i": {"2001:db8:ffff::1"}}, true},
		{operators, "NotIpAddress of the other version", `{"NotIpAddress":{"x:i":"2001:db8::/32"}}`, keys{"x:i": {"10.0.0.1"}}, true},
		{operators, "an IPv6 address in any spelling", `{"IpAddress":{"x:i":"2001:db8:0:0:0:0:0:1/128"}}`, keys{"x:i": {"2001:db8::1"}}, true},
		{operators, "ARNs: each field is matched by itself", `{"ArnLike":{"x:a":"arn:aws:iam::*:user/*"}}`, keys{"x:a": {"arn:aws:iam::111122223333:user/team/ana"}}, true},
		{operators, "ARNs: a wildcard in part of a field", `{"ArnLike":{"x:a":"arn:aws:s?s:eu-*:1111*:topic-?"}}`, keys{"x:a": {"arn:aws:sqs:eu-west-1:111122223333:topic-a"}}, true},
		{operators, "ARNs: a wildcard does not span fields", `{"ArnLike":{"x:a":"arn:aws:sqs:*:topic"}}`, keys{"x:a": {"arn:aws:sqs:eu-west-1:111122223333:topic"}}, false},
		{operators, "ArnEquals does as ArnLike", `{"ArnEquals":{"x:a":"arn:aws:iam::111122223333:user/?na"}}`, keys{"x:a": {"arn:aws:iam::111122223333:user/ana"}}, true},
		{operators, "Null is about presence, not about emptiness", `{"Null":{"x:k":"false"}}`, keys{"x:k": {""}}, true},

		{ifExists, "missing: holds", `{"NumericLessThanIfExists":{"x:n":"5"}}`, nil, true},
		{ifExists, "there: as without it", `{"IpAddressIfExists":{"x:i":"10.0.0.0/8"}}`, keys{"x:i": {"192.0.2.1"}}, false},
		{ifExists, "negated and missing: holds", `{"StringNotEqualsIfExists":{"x:k":"a"}}`, nil, true},
		{ifExists, "with a set operator, missing: holds", `{"ForAnyValue:ArnLikeIfExists":{"x:a":"arn:aws:iam::*:role/x"}}`, nil, true},
		{ifExists, "one operator's IfExists is not another's", `{"StringEqualsIfExists":{"x:k":"a"},"StringEquals":{"x:l":"a"}}`, nil, false},

		{sets, "ForAllValues holds of an empty set", `{"ForAllValues:StringEquals":{"x:m":"a"}}`, keys{"x:m": {}}, true},
		{sets, "ForAllValues with Null asks for one", `{"ForAllValues:StringEquals":{"x:m":"a"},"Null":{"x:m":"false"}}`, nil, false},
		{sets, "ForAllValues: each value of the request must be listed", `{"ForAllValues:NumericLessThan":{"x:m":"5"}}`, keys{"x:m": {"1", "4", "5"}}, false},
		{sets, "ForAnyValue: one value is enough", `{"ForAnyValue:IpAddress":{"x:m":"10.0.0.0/8"}}`, keys{"x:m": {"192.0.2.1", "10.1.1.1"}}, true},
		{sets, "ForAnyValue fails of a missing key, negated too", `{"ForAnyValue:StringNotLike":{"x:m":"a*"}}`, nil, false},
		{sets, "ForAnyValue negated: one value outside is enough", `{"ForAnyValue:StringNotLike":{"x:m":"a*"}}`, keys{"x:m": {"ab", "b"}}, true},
		{sets, "ForAllValues negated: no value may be listed", `{"ForAllValues:StringNotLike":{"x:m":["a*","b*"]}}`, keys{"x:m": {"c", "bb"}}, false},

		{variables, "a variable stands for its key's value", `{"StringEquals":{"x:k":"${aws:PrincipalTag/team}"}}`, keys{"x:k": {"blue"}, "aws:PrincipalTag/team": {"blue"}}, true},
		{variables, "a default stands where the key is missing", `{"StringEquals":{"x:k":"${aws:PrincipalTag/team, 'none'}"}}`, keys{"x:k": {"none"}}, true},
		{variables, "a default does not count where the key is there", `{"StringEquals":{"x:k":"${aws:PrincipalTag/team, 'none'}"}}`, keys{"x:k": {"none"}, "aws:PrincipalTag/team": {"blue"}}, false},
		{variables, "a default in a longer text", `{"StringLike":{"x:k":"a-${x:y, 'b'}-*"}}`, keys{"x:k": {"a-b-c"}}, true},
		{variables, "without value the condition does not match", `{"StringLike":{"x:k":"${aws:username}*"}}`, keys{"x:k": {"*"}}, false},
		{variables, "in an ARN", `{"ArnLike":{"x:a":"arn:aws:iam::*:user/${aws:username}"}}`, keys{"x:a": {"arn:aws:iam::1:user/ana"}, "aws:username": {"ana"}}, true},
		{variables, "a colon in a value does not shift the fields of an ARN", `{"ArnLike":{"x:a":"arn:aws:iam::1:${x:v}"}}`, keys{"x:a": {"arn:aws:iam::1:a:b"}, "x:v": {"a:b"}}, true},
		{variables, "a wildcard in a value is a character", `{"StringLike":{"x:k":"${x:v}"}}`, keys{"x:k": {"abc"}, "x:v": {"a*"}}, false},
		{variables, "keys with several values are no variables", `{"StringEquals":{"x:k":"${x:m}"}}`, keys{"x:k": {"a"}, "x:m": {"a", "b"}}, false},

		{elements, "names of keys are of any case", `{"StringEquals":{"AWS:sourceVPC":"v"}}`, keys{"aws:SourceVpc": {"v"}}, true},
		{elements, "values are of exact case", `{"StringEquals":{"aws:RequestTag/Team":"Blue"}}`, keys{"aws:requesttag/team": {"blue"}}, false},
	} {
		t.Run(tc.rule, func(t *testing.T) {
			t.Parallel()
			if got := ask(t, `{"Effect":"Allow","Action":"*","Resource":"*","Condition":`+tc.condition+`}`, policy.Request{Context: tc.context}); got != tc.want {
				t.Errorf("%s: applies %v, want %v", tc.source, got, tc.want)
			}
		})
	}
}

// TestRules_WhoDecides holds which policies can allow, deny and limit, as "Policy evaluation logic" and its pages on a
// single account and on several have it.
func TestRules_WhoDecides(t *testing.T) {
	t.Parallel()
	const (
		single = "Policy evaluation for requests within a single account"
		across = "Cross-account policy evaluation logic"
		bounds = "Permissions boundaries for IAM entities"
		nobody = "NotPrincipal"
	)
	limited := named(t, allowOther)
	allow := func(principal string) *policy.Named { return one(t, resource("Allow", aws(principal))) }
	deny := func(members string) *policy.Named { return one(t, resource("Deny", members)) }
	anything := named(t, allowAll)
	for _, tc := range []struct {
		source, rule string
		who          policy.Principal
		owner        string
		policies     policy.Policies
		want         bool
	}{
		{single, "a resource policy that names a user needs no identity policy", ana, own, policy.Policies{Resource: allow(userARN)}, true},
		{bounds, "nor does the user's boundary limit it", ana, own, policy.Policies{Resource: allow(userARN), Boundary: &limited[0]}, true},
		{bounds, "but the boundary's explicit deny does", ana, own, policy.Policies{Resource: allow(userARN), Boundary: one(t, denyAll)}, false},
		{single, "one that names a role needs no identity policy", builder, own, policy.Policies{Resource: allow(roleARN)}, true},
		{bounds, "and is limited by the role's boundary", builder, own, policy.Policies{Resource: allow(roleARN), Boundary: &limited[0]}, false},
		{single, "and by session policies", builder, own, policy.Policies{Resource: allow(roleARN), Session: limited, HasSession: true}, false},
		{single, "one that names a session is limited by neither", builder, own, policy.Policies{Resource: allow(session), Boundary: &limited[0], Session: limited, HasSession: true}, true},
		{single, "an explicit deny of the session policy still counts", builder, own, policy.Policies{Resource: allow(session), Session: named(t, denyAll), HasSession: true}, false},
		{single, "one that names the account leaves it to identity policies", builder, own, policy.Policies{Resource: allow(own)}, false},
		{single, "session policies limit what identity policies allow", builder, own, policy.Policies{Identity: anything, Session: limited, HasSession: true}, false},
		{across, "both sides must allow: the resource alone", builder, other, policy.Policies{Resource: allow(session)}, false},
		{across, "both sides must allow: identity alone", builder, other, policy.Policies{Identity: anything}, false},
		{across, "the session may be named", builder, other, policy.Policies{Identity: anything, Resource: allow(session)}, true},
		{across, "the role may be named", builder, other, policy.Policies{Identity: anything, Resource: allow(roleARN)}, true},
		{across, "the account may be named", builder, other, policy.Policies{Identity: anything, Resource: allow(own)}, true},
		{across, "another role of the account is not this one", builder, other, policy.Policies{Identity: anything, Resource: allow(roleARN + "2")}, false},
		{across, "the boundary limits, also when the session is named", builder, other, policy.Policies{Identity: anything, Resource: allow(session), Boundary: &limited[0]}, false},
		{across, "a deny of the resource's side", builder, other, policy.Policies{Identity: anything, Resource: deny(aws(roleARN))}, false},
		{nobody, "a deny to all but the role hits its session unless that is listed", builder, own, policy.Policies{Identity: anything, Resource: deny(`"NotPrincipal":{"AWS":["` + own + `","` + roleARN + `"]}`)}, false},
		{nobody, "listed with account and session it is spared", builder, own, policy.Policies{Identity: anything, Resource: deny(`"NotPrincipal":{"AWS":["` + own + `","` + roleARN + `","` + session + `"]}`)}, true},
		{nobody, "a service that is not listed is hit", tower, own, policy.Policies{Resource: deny(`"NotPrincipal":{"AWS":"` + own + `"}`)}, false},
	} {
		t.Run(tc.rule, func(t *testing.T) {
			t.Parallel()
			r := policy.Request{Principal: tc.who, Action: "s3:GetObject", Resource: thing, ResourceAccountID: tc.owner}
			if d := policy.Evaluate(r, tc.policies); d.Allowed != tc.want {
				t.Errorf("%s: %s", tc.source, d.Explain())
			}
		})
	}
}
