package policy_test

import (
	"encoding/json"
	"net"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"accountfactory/internal/policy"
)

// The naive judge of operators that read their values: floating point, net.IPNet and split ARNs in the place of what the
// real one has.

// kindOfValue is a family of operators with values to try.
type kindOfValue struct {
	operators, inPolicy, inRequest []string
	holds                          func(operator, policy, request string) bool // without negation
}

var kindsOfValue = []kindOfValue{
	{
		[]string{"NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals"},
		[]string{"0", "1", "1.5", "-2", "10"},
		[]string{"0.0", "1", "01.50", "-2.0", "10", "9"},
		naiveNumber,
	},
	{
		[]string{"DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals"},
		[]string{"2026-01-01T00:00:00Z", "1767225601", "2026-01-01", "2026-01-01T02:00:00+02:00"},
		[]string{"1767225600", "2026-01-01T00:00:01Z", "2025-12-31T23:59:59.5Z", "2026-01-01T00:00Z"},
		naiveDate,
	},
	{[]string{"Bool"}, []string{"true", "false"}, []string{"true", "false", "True"}, func(_, p, r string) bool { return strings.EqualFold(p, r) }},
	{
		[]string{"IpAddress", "NotIpAddress"},
		[]string{"10.0.0.0/8", "10.1.0.0/16", "10.1.2.3", "2001:db8::/32", "0.0.0.0/0"},
		[]string{"10.1.2.3", "10.200.0.1", "192.0.2.1", "2001:db8::1", "::1"},
		naiveAddress,
	},
	{
		[]string{"ArnEquals", "ArnNotEquals", "ArnLike", "ArnNotLike"},
		[]string{"arn:aws:iam::*:role/*", "arn:*:iam::111122223333:role/a?c", "arn:aws:iam::111122223333:role/abc", "arn:aws:*:role/abc", "arn:aws:s*:*:*:topic:x"},
		[]string{"arn:aws:iam::111122223333:role/abc", "arn:aws:iam::444455556666:role/a/b", "arn:aws:sns:eu-west-1:111122223333:topic:x", "arn:aws:iam::111122223333:user/abc"},
		naiveARN,
	},
}

func naiveNumber(operator, p, r string) bool {
	want, _ := strconv.ParseFloat(p, 64)
	got, _ := strconv.ParseFloat(r, 64)
	return naiveOrder(operator, got-want)
}

func naiveDate(operator, p, r string) bool {
	read := func(s string) time.Time {
		if n, err := strconv.ParseInt(s, 10, 64); err == nil {
			return time.Unix(n, 0)
		}
		if at, err := time.Parse(time.DateOnly, s); err == nil {
			return at
		}
		if at, err := time.Parse("2006-01-02T15:04Z07:00", s); err == nil {
			return at
		}
		at, _ := time.Parse(time.RFC3339, s)
		return at
	}
	return naiveOrder(operator, read(r).Sub(read(p)).Seconds())
}

// naiveOrder judges by how much the request's value is greater than the policy's.
func naiveOrder(operator string, more float64) bool {
	switch {
	case strings.HasSuffix(operator, "LessThan"):
		return more < 0
	case strings.HasSuffix(operator, "LessThanEquals"):
		return more <= 0
	case strings.HasSuffix(operator, "GreaterThan"):
		return more > 0
	case strings.HasSuffix(operator, "GreaterThanEquals"):
		return more >= 0
	}
	return more == 0
}

func naiveAddress(_, p, r string) bool {
	if !strings.Contains(p, "/") {
		return net.ParseIP(p).Equal(net.ParseIP(r))
	}
	_, block, _ := net.ParseCIDR(p)
	return block.Contains(net.ParseIP(r))
}

func naiveARN(_, p, r string) bool {
	want, got := strings.SplitN(p, ":", 6), strings.SplitN(r, ":", 6)
	if len(want) != 6 || len(got) != 6 {
		return false
	}
	for i := range want {
		if !naiveGlob(want[i], got[i]) {
			return false
		}
	}
	return true
}

// naiveTyped judges a condition on one key from the documented table of presence, sets and negation.
func naiveTyped(k kindOfValue, set, operator string, ifExists bool, want, got []string) bool {
	negated := strings.Contains(operator, "Not")
	one := func(r string) bool {
		return slices.ContainsFunc(want, func(p string) bool { return k.holds(operator, p, r) }) != negated
	}
	switch {
	case len(got) == 0:
		return ifExists || set == "ForAllValues:" || negated && set == ""
	case set == "ForAnyValue:":
		return slices.ContainsFunc(got, one)
	}
	return !slices.ContainsFunc(got, func(r string) bool { return !one(r) })
}

func TestCondition_TypedAgreesWithNaive(t *testing.T) {
	t.Parallel()
	held := map[bool]int{}
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.SampledFrom(kindsOfValue).Draw(t, "kind")
		operator := rapid.SampledFrom(k.operators).Draw(t, "operator")
		set := rapid.SampledFrom([]string{"", "ForAllValues:", "ForAnyValue:"}).Draw(t, "set")
		ifExists := rapid.Bool().Draw(t, "if exists")
		want := rapid.SliceOfN(rapid.SampledFrom(k.inPolicy), 1, 3).Draw(t, "policy")
		most := 3
		if set == "" {
			most = 1
		}
		got := rapid.SliceOfN(rapid.SampledFrom(k.inRequest), 0, most).Draw(t, "request")
		name := set + operator
		if ifExists {
			name += "IfExists"
		}
		condition, err := json.Marshal(object{name: object{"x:key": want}})
		if err != nil {
			t.Fatal(err)
		}
		doc, err := policy.Parse(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":` + string(condition) + `}}`)
		if err != nil {
			t.Fatal(err)
		}
		r := policy.Request{Principal: ana, Action: "s3:GetObject", Resource: thing, Context: map[string][]string{"X:Key": got}}
		d := policy.Evaluate(r, policy.Policies{Identity: []policy.Named{{Name: "p", Document: doc}}})
		if naive := naiveTyped(k, set, operator, ifExists, want, got); d.Allowed != naive {
			t.Fatalf("%s %q on %q: %v, the naive judge says %v", name, want, got, d.Allowed, naive)
		}
		held[d.Allowed]++
	})
	if held[true] == 0 || held[false] == 0 {
		t.Errorf("%v: the generators have become one-sided", held)
	}
}

// FuzzExamine: whatever parses is examined as it is evaluated, each statement stands where its span says, and no key it
// refers to is without a name.
func FuzzExamine(f *testing.F) {
	for _, seed := range []string{allowAll, denyAll, guardrail, "{\"Statement\":[{\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"arn:aws:s3:::${a:b}\"}\n,\r\n{\"Effect\":\"Allow\",\"Action\":\"a:é\",\"Resource\":\"*\"}]}"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := policy.Parse(text)
		if err != nil {
			return
		}
		n := policy.Named{Name: "p", Document: d}
		r := policy.Request{Principal: builder, Action: "s3:GetObject", Resource: thing, Context: policy.Global(builder, policy.Environment{})}
		p := policy.Policies{Identity: []policy.Named{n}, Resource: &n}
		x := policy.Examine(r, p)
		if x.Decision != policy.Evaluate(r, p) {
			t.Fatalf("examined: %s", x.Decision.Explain())
		}
		for _, found := range x.Findings {
			piece := text[offset(text, found.Span.Start):offset(text, found.Span.End)]
			if piece = strings.TrimLeft(piece, " \t\r\n,"); !json.Valid([]byte(piece)) || !strings.HasPrefix(piece, "{") {
				t.Fatalf("statement %d at %+v is %q", found.Statement, found.Span, piece)
			}
		}
		for _, k := range d.Keys() {
			if strings.TrimSpace(k) == "" {
				t.Fatalf("keys %q", d.Keys())
			}
		}
	})
}
