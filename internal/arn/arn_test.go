package arn_test

import (
	"math/rand/v2"
	"regexp"
	"testing"

	"accountfactory/internal/arn"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, in string
		want     arn.ARN
		bad      bool
	}{
		{name: "role with a path", in: "arn:aws:iam::123456789012:role/a/b", want: arn.ARN{Partition: "aws", Service: "iam", AccountID: "123456789012", Resource: "role/a/b"}},
		{name: "colons in the resource", in: "arn:aws:logs:eu-west-1:123456789012:log-group:x:*", want: arn.ARN{Partition: "aws", Service: "logs", Region: "eu-west-1", AccountID: "123456789012", Resource: "log-group:x:*"}},
		{name: "instance without account", in: "arn:aws:sso:::instance/ssoins-1", want: arn.ARN{Partition: "aws", Service: "sso", Resource: "instance/ssoins-1"}},
		{name: "empty", in: "", bad: true},
		{name: "too few parts", in: "arn:aws:iam::123456789012", bad: true},
		{name: "no resource", in: "arn:aws:iam::123456789012:", bad: true},
		{name: "another scheme", in: "urn:aws:iam::123456789012:role/x", bad: true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := arn.Parse(tc.in)
			if (err != nil) != tc.bad {
				t.Fatalf("error %v, want an error: %v", err, tc.bad)
			}
			if err == nil && (got != tc.want || got.String() != tc.in) {
				t.Errorf("got %+v (%s), want %+v", got, got, tc.want)
			}
		})
	}
}

func TestMake_AllocatesOnce(t *testing.T) {
	if n := testing.AllocsPerRun(100, func() { arn.Make("organizations", "", "123456789012", "account/", "o-abcdefghij", "/", "210987654321") }); n > 1 {
		t.Errorf("%v allocations, want 1", n)
	}
}

func TestIDShapes(t *testing.T) {
	t.Parallel()
	r := rand.NewChaCha8([32]byte{1})
	uuid := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	for range 1000 {
		if id := arn.AccountID(r); !arn.IsAccountID(id) || id[0] == '0' {
			t.Fatalf("account id %q", id)
		}
		if id := arn.UUID(r); !uuid.MatchString(id) {
			t.Fatalf("uuid %q", id)
		}
	}
	if a, b := arn.ID(rand.NewChaCha8([32]byte{7}), arn.Lower, 10), arn.ID(rand.NewChaCha8([32]byte{7}), arn.Lower, 10); a != b {
		t.Errorf("the same seed gave %q and %q", a, b)
	}
	seen := map[byte]int{}
	for _, c := range []byte(arn.ID(r, arn.Lower, 36000)) {
		seen[c]++
	}
	for c, n := range seen {
		if n < 800 || n > 1200 {
			t.Errorf("%c occurs %d times in 36,000, want about 1,000", c, n)
		}
	}
}
