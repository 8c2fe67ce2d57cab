package policy_test

import (
	"testing"

	"accountfactory/internal/policy"
)

// Each row is a condition of a statement that would otherwise apply. allows says whether an Allow with it applies, denies
// whether a Deny does; they differ only where the condition cannot be judged.
func TestCondition(t *testing.T) {
	t.Parallel()
	type keys = map[string][]string
	for _, tc := range []struct {
		name, condition string
		context         keys
		want            bool
		denies          bool // want for a Deny, where it differs
	}{
		{name: "StringEquals the same", condition: `{"StringEquals":{"x:k":"a"}}`, context: keys{"x:k": {"a"}}, want: true},
		{name: "StringEquals minds case", condition: `{"StringEquals":{"x:k":"a"}}`, context: keys{"x:k": {"A"}}},
		{name: "StringEquals has no wildcards", condition: `{"StringEquals":{"x:k":"*"}}`, context: keys{"x:k": {"A"}}},
		{name: "one of several values is enough", condition: `{"StringEquals":{"x:k":["a","b"]}}`, context: keys{"x:k": {"b"}}, want: true},
		{name: "every key must hold", condition: `{"StringEquals":{"x:k":"a","x:l":"b"}}`, context: keys{"x:k": {"a"}, "x:l": {"c"}}},
		{name: "every operator must hold", condition: `{"StringEquals":{"x:k":"a"},"Bool":{"x:b":"true"}}`, context: keys{"x:k": {"a"}, "x:b": {"false"}}},
		{name: "no operators hold", condition: `{}`, want: true},
		{name: "keys do not mind case", condition: `{"StringEquals":{"X:Key":"a"}}`, context: keys{"x:kEY": {"a"}}, want: true},
		{name: "StringNotEquals another", condition: `{"StringNotEquals":{"x:k":["a","b"]}}`, context: keys{"x:k": {"c"}}, want: true},
		{name: "StringNotEquals one of them", condition: `{"StringNotEquals":{"x:k":["a","b"]}}`, context: keys{"x:k": {"b"}}},
		{name: "StringEqualsIgnoreCase", condition: `{"StringEqualsIgnoreCase":{"x:k":"aB"}}`, context: keys{"x:k": {"Ab"}}, want: true},
		{name: "StringNotEqualsIgnoreCase", condition: `{"StringNotEqualsIgnoreCase":{"x:k":"aB"}}`, context: keys{"x:k": {"Ab"}}},
		{name: "StringLike", condition: `{"StringLike":{"x:k":"a*c?"}}`, context: keys{"x:k": {"abbcd"}}, want: true},
		{name: "StringLike minds case", condition: `{"StringLike":{"x:k":"a*"}}`, context: keys{"x:k": {"Ab"}}},
		{name: "StringNotLike", condition: `{"StringNotLike":{"x:k":"a*"}}`, context: keys{"x:k": {"ab"}}},
		{name: "an empty value is a value", condition: `{"StringEquals":{"x:k":""}}`, context: keys{"x:k": {""}}, want: true},

		{name: "key missing", condition: `{"StringEquals":{"x:k":"a"}}`},
		{name: "key missing, negated", condition: `{"StringNotEquals":{"x:k":"a"}}`, want: true},
		{name: "key missing, StringNotLike", condition: `{"StringNotLike":{"x:k":"a"}}`, want: true},
		{name: "key missing, ArnNotLike", condition: `{"ArnNotLike":{"x:k":"arn:aws:iam::*:role/x"}}`, want: true},
		{name: "key missing, NotIpAddress", condition: `{"NotIpAddress":{"aws:SourceIp":"10.0.0.0/8"}}`, want: true},
		{name: "key missing, NumericNotEquals", condition: `{"NumericNotEquals":{"x:k":1}}`, want: true},
		{name: "key missing, DateLessThan", condition: `{"DateLessThan":{"x:k":"2026-01-01T00:00:00Z"}}`},
		{name: "key missing, Bool", condition: `{"Bool":{"aws:MultiFactorAuthPresent":"false"}}`},
		{name: "key missing, BoolIfExists", condition: `{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}`, want: true},
		{name: "key there, IfExists decides as usual", condition: `{"StringEqualsIfExists":{"x:k":"a"}}`, context: keys{"x:k": {"b"}}},
		{name: "key without values is missing", condition: `{"StringNotEquals":{"x:k":"a"}}`, context: keys{"x:k": {}}, want: true},
		{name: "Null true, key missing", condition: `{"Null":{"x:k":"true"}}`, want: true},
		{name: "Null true, key there", condition: `{"Null":{"x:k":true}}`, context: keys{"x:k": {"a"}}},
		{name: "Null false, key missing", condition: `{"Null":{"x:k":"false"}}`},
		{name: "Null false, key there", condition: `{"Null":{"x:k":false}}`, context: keys{"x:k": {"a"}}, want: true},

		{name: "ForAllValues, all listed", condition: `{"ForAllValues:StringEquals":{"aws:TagKeys":["a","b"]}}`, context: keys{"aws:TagKeys": {"b", "a"}}, want: true},
		{name: "ForAllValues, one not listed", condition: `{"ForAllValues:StringEquals":{"aws:TagKeys":["a","b"]}}`, context: keys{"aws:TagKeys": {"a", "c"}}},
		{name: "ForAllValues, key missing", condition: `{"ForAllValues:StringEquals":{"aws:TagKeys":"a"}}`, want: true},
		{name: "ForAllValues negated, one listed", condition: `{"ForAllValues:StringNotEquals":{"aws:TagKeys":"a"}}`, context: keys{"aws:TagKeys": {"a", "c"}}},
		{name: "ForAllValues negated, none listed", condition: `{"ForAllValues:StringNotEquals":{"aws:TagKeys":"a"}}`, context: keys{"aws:TagKeys": {"b", "c"}}, want: true},
		{name: "ForAnyValue, one listed", condition: `{"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":["o-1/r-1/ou-1/*"]}}`, context: keys{"aws:PrincipalOrgPaths": {"o-1/r-2/", "o-1/r-1/ou-1/ou-2/"}}, want: true},
		{name: "ForAnyValue, none listed", condition: `{"ForAnyValue:StringEquals":{"aws:TagKeys":"a"}}`, context: keys{"aws:TagKeys": {"b", "c"}}},
		{name: "ForAnyValue, key missing", condition: `{"ForAnyValue:StringEquals":{"aws:TagKeys":"a"}}`},
		{name: "ForAnyValue negated, key missing", condition: `{"ForAnyValue:StringNotEquals":{"aws:TagKeys":"a"}}`},
		{name: "ForAnyValue negated, one not listed", condition: `{"ForAnyValue:StringNotEquals":{"aws:TagKeys":"a"}}`, context: keys{"aws:TagKeys": {"a", "c"}}, want: true},
		{name: "ForAnyValue IfExists, key missing", condition: `{"ForAnyValue:StringEqualsIfExists":{"aws:TagKeys":"a"}}`, want: true},
		{name: "a plain operator on several values allows only when all hold", condition: `{"StringEquals":{"x:k":"a"}}`, context: keys{"x:k": {"a", "b"}}, denies: true},

		{name: "NumericEquals as numbers", condition: `{"NumericEquals":{"x:n":"10"}}`, context: keys{"x:n": {"10.0"}}, want: true},
		{name: "NumericNotEquals", condition: `{"NumericNotEquals":{"x:n":10}}`, context: keys{"x:n": {"10.0"}}},
		{name: "NumericLessThan not as text", condition: `{"NumericLessThan":{"x:n":"10"}}`, context: keys{"x:n": {"9"}}, want: true},
		{name: "NumericLessThan itself", condition: `{"NumericLessThan":{"x:n":"10"}}`, context: keys{"x:n": {"10"}}},
		{name: "NumericLessThanEquals itself", condition: `{"NumericLessThanEquals":{"x:n":"10"}}`, context: keys{"x:n": {"10"}}, want: true},
		{name: "NumericGreaterThan", condition: `{"NumericGreaterThan":{"x:n":"-1.5"}}`, context: keys{"x:n": {"-1.4"}}, want: true},
		{name: "NumericGreaterThanEquals beyond 2^53", condition: `{"NumericGreaterThanEquals":{"x:n":"9007199254740993"}}`, context: keys{"x:n": {"9007199254740992"}}},
		{name: "a number that is none cannot be judged", condition: `{"NumericNotEquals":{"x:n":"10"}}`, context: keys{"x:n": {"ten"}}, denies: true},
		{name: "an exponent is no number", condition: `{"NumericGreaterThan":{"x:n":"1"}}`, context: keys{"x:n": {"1e999999999"}}, denies: true},

		{name: "DateGreaterThan", condition: `{"DateGreaterThan":{"aws:CurrentTime":"2026-01-01T00:00:00Z"}}`, context: keys{"aws:CurrentTime": {"2026-01-01T00:00:01Z"}}, want: true},
		{name: "DateLessThan with an offset", condition: `{"DateLessThan":{"aws:CurrentTime":"2026-01-01T02:00:00+02:00"}}`, context: keys{"aws:CurrentTime": {"2026-01-01T00:00:00Z"}}},
		{name: "DateEquals across spellings", condition: `{"DateEquals":{"aws:EpochTime":"2026-01-01"}}`, context: keys{"aws:EpochTime": {"1767225600"}}, want: true},
		{name: "DateNotEquals", condition: `{"DateNotEquals":{"aws:CurrentTime":1767225600}}`, context: keys{"aws:CurrentTime": {"2026-01-01T00:00:00Z"}}},
		{name: "DateLessThanEquals", condition: `{"DateLessThanEquals":{"aws:CurrentTime":"2026-01-01T00:00Z"}}`, context: keys{"aws:CurrentTime": {"2026-01-01T00:00:00Z"}}, want: true},
		{name: "DateGreaterThanEquals", condition: `{"DateGreaterThanEquals":{"aws:CurrentTime":"2026-02"}}`, context: keys{"aws:CurrentTime": {"2026-01-31T23:59:59Z"}}},
		{name: "a time that is none cannot be judged", condition: `{"DateLessThan":{"x:d":"2026-01-01"}}`, context: keys{"x:d": {"yesterday"}}, denies: true},

		{name: "Bool", condition: `{"Bool":{"aws:SecureTransport":true}}`, context: keys{"aws:SecureTransport": {"true"}}, want: true},
		{name: "Bool the other way", condition: `{"Bool":{"aws:SecureTransport":"false"}}`, context: keys{"aws:SecureTransport": {"true"}}},
		{name: "Bool does not mind case", condition: `{"Bool":{"aws:SecureTransport":"True"}}`, context: keys{"aws:SecureTransport": {"TRUE"}}, want: true},
		{name: "a Boolean that is none cannot be judged", condition: `{"Bool":{"x:b":"true"}}`, context: keys{"x:b": {"1"}}, denies: true},
		{name: "BinaryEquals", condition: `{"BinaryEquals":{"x:b":"QUI="}}`, context: keys{"x:b": {"QUI="}}, want: true},
		{name: "BinaryEquals other bytes", condition: `{"BinaryEquals":{"x:b":"QUI="}}`, context: keys{"x:b": {"QUM="}}},

		{name: "IpAddress in range", condition: `{"IpAddress":{"aws:SourceIp":["10.0.0.0/8","203.0.113.0/24"]}}`, context: keys{"aws:SourceIp": {"203.0.113.9"}}, want: true},
		{name: "IpAddress out of range", condition: `{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}`, context: keys{"aws:SourceIp": {"203.0.114.9"}}},
		{name: "IpAddress without length is itself", condition: `{"IpAddress":{"aws:SourceIp":"203.0.113.9"}}`, context: keys{"aws:SourceIp": {"203.0.113.9"}}, want: true},
		{name: "IpAddress does not hold for a wider range", condition: `{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}`, context: keys{"aws:SourceIp": {"10.0.0.0/7"}}},
		{name: "IpAddress of version 6", condition: `{"IpAddress":{"aws:SourceIp":"2001:db8::/32"}}`, context: keys{"aws:SourceIp": {"2001:DB8:1::1"}}, want: true},
		{name: "IpAddress of version 4 in 6", condition: `{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}`, context: keys{"aws:SourceIp": {"::ffff:203.0.113.9"}}, want: true},
		{name: "NotIpAddress in range", condition: `{"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}}`, context: keys{"aws:SourceIp": {"203.0.113.9"}}},
		{name: "NotIpAddress out of range", condition: `{"NotIpAddress":{"aws:SourceIp":["203.0.113.0/24","::/0"]}}`, context: keys{"aws:SourceIp": {"198.51.100.1"}}, want: true},
		{name: "an address that is none cannot be judged", condition: `{"NotIpAddress":{"aws:SourceIp":"10.0.0.0/8"}}`, context: keys{"aws:SourceIp": {"home"}}, denies: true},

		{name: "ArnLike", condition: `{"ArnLike":{"aws:PrincipalArn":"arn:*:iam::*:role/AWSControlTower*"}}`, context: keys{"aws:PrincipalArn": {"arn:aws:iam::111122223333:role/AWSControlTowerExecution"}}, want: true},
		{name: "ArnLike: a wildcard stays in its field", condition: `{"ArnLike":{"x:a":"arn:aws:*:role/x"}}`, context: keys{"x:a": {"arn:aws:iam::111122223333:role/x"}}},
		{name: "ArnLike: the last field holds colons", condition: `{"ArnLike":{"x:a":"arn:aws:logs:*:*:log-group:a:*"}}`, context: keys{"x:a": {"arn:aws:logs:eu-west-1:111122223333:log-group:a:b:c"}}, want: true},
		{name: "ArnEquals has wildcards too", condition: `{"ArnEquals":{"x:a":"arn:aws:iam::*:role/x"}}`, context: keys{"x:a": {"arn:aws:iam::111122223333:role/x"}}, want: true},
		{name: "ArnNotLike", condition: `{"ArnNotLike":{"x:a":"arn:aws:iam::*:role/x"}}`, context: keys{"x:a": {"arn:aws:iam::111122223333:role/x"}}},
		{name: "ArnNotEquals another", condition: `{"ArnNotEquals":{"x:a":"arn:aws:iam::*:role/x"}}`, context: keys{"x:a": {"arn:aws:iam::111122223333:role/y"}}, want: true},
		{name: "ArnLike a lone star", condition: `{"ArnLike":{"x:a":"*"}}`, context: keys{"x:a": {"arn:aws:iam::111122223333:role/y"}}, want: true},
		{name: "an ARN that is none cannot be judged", condition: `{"ArnNotLike":{"x:a":"arn:aws:iam::*:role/x"}}`, context: keys{"x:a": {"role/x"}}, denies: true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := policy.Request{Context: tc.context}
			if got := ask(t, `{"Effect":"Allow","Action":"*","Resource":"*","Condition":`+tc.condition+`}`, r); got != tc.want {
				t.Errorf("Allow applies: %v, want %v", got, tc.want)
			}
			deny := `[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"*","Resource":"*","Condition":` + tc.condition + `}]`
			if got, want := !ask(t, deny, r), tc.want || tc.denies; got != want {
				t.Errorf("Deny applies: %v, want %v", got, want)
			}
		})
	}
}
