package iam

import (
	"testing"

	"accountfactory/internal/policy"
)

func TestMalformed(t *testing.T) {
	t.Parallel()
	one := func(members string) string { return `{"Version":"2012-10-17","Statement":[{` + members + `}]}` }
	for _, tc := range []struct {
		name, document string
		kind           policy.Kind
		want           string
	}{
		{"good", allowAll, policy.Identity, ""},
		{"good trust", trustAccount(management), policy.Trust, ""},
		{"no JSON", `{"Version"`, policy.Identity, "This policy contains invalid Json"},
		{"no policy", `[]`, policy.Identity, "Syntax errors in policy."},
		{"no effect", one(`"Action":"*","Resource":"*"`), policy.Identity, "Missing required field Effect"},
		{"no action", one(`"Effect":"Allow","Resource":"*"`), policy.Identity, "Policy statement must contain actions."},
		{"no resource", one(`"Effect":"Allow","Action":"*"`), policy.Identity, "Policy statement must contain resources."},
		{"principal", one(`"Effect":"Allow","Action":"*","Resource":"*","Principal":"*"`), policy.Identity, "Policy document should not specify a principal."},
		{"same Sid twice", `{"Version":"2012-10-17","Statement":[{"Sid":"a","Effect":"Allow","Action":"*","Resource":"*"},{"Sid":"a","Effect":"Deny","Action":"*","Resource":"*"}]}`, policy.Identity, "Statement IDs (SID) in a single policy must be unique."},
		{"unknown operator", one(`"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringIs":{"aws:username":"x"}}`), policy.Identity, "Syntax errors in policy."},
		{"trust in nobody", one(`"Effect":"Allow","Action":"sts:AssumeRole"`), policy.Trust, "Missing required field Principal"},
		{"trust with resource", one(`"Effect":"Allow","Action":"sts:AssumeRole","Principal":"*","Resource":"*"`), policy.Trust, "Has prohibited field Resource"},
		{"trust by exclusion", one(`"Effect":"Deny","Action":"sts:AssumeRole","NotPrincipal":{"AWS":"111122223333"}`), policy.Trust, "Has prohibited field NotPrincipal"},
		{"trust with other actions", one(`"Effect":"Allow","Action":"s3:*","Principal":"*"`), policy.Trust, "AssumeRole policy may only specify STS AssumeRole actions."},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := malformed(tc.document, tc.kind); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}
