package policy_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"accountfactory/internal/policy"
)

func TestExamine(t *testing.T) {
	t.Parallel()
	both := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Sid":"No","Effect":"Deny","Action":"*","Resource":"*"}]}`
	lost := policy.Named{Name: "lost"}
	rcpAll := resource("Allow", `"Principal":"*"`)
	for _, tc := range []struct {
		name     string
		policies policy.Policies
		says     map[policy.Kind]policy.Effect
		deciding []string // kind, policy and Sid
	}{
		{
			"all that allows",
			policy.Policies{Identity: named(t, allowAll, allowAll), ServiceControl: [][]policy.Named{named(t, allowAll)}},
			map[policy.Kind]policy.Effect{policy.Identity: policy.Allows, policy.ServiceControl: policy.Allows, policy.Resource: policy.Silent, policy.Boundary: policy.Allows, policy.Session: policy.Allows},
			[]string{"service-control p ", "identity p ", "identity p "},
		},
		{
			"only what denies",
			policy.Policies{Identity: named(t, allowAll, both), Resource: one(t, resource("Deny", `"Principal":"*"`))},
			map[policy.Kind]policy.Effect{policy.Identity: policy.Denies, policy.ServiceControl: policy.Allows, policy.Resource: policy.Denies},
			[]string{"resource p ", "identity p No"},
		},
		{
			"nothing where all are silent",
			policy.Policies{Identity: named(t, allowOther), Boundary: one(t, allowAll)},
			map[policy.Kind]policy.Effect{policy.Identity: policy.Silent, policy.Boundary: policy.Allows},
			nil,
		},
		{
			"a boundary that is silent",
			policy.Policies{Identity: named(t, allowAll), Boundary: one(t, allowOther)},
			map[policy.Kind]policy.Effect{policy.Identity: policy.Allows, policy.Boundary: policy.Silent},
			nil,
		},
		{
			"one level of SCPs is silent",
			policy.Policies{Identity: named(t, allowAll), ServiceControl: [][]policy.Named{named(t, allowAll), named(t, allowOther)}},
			map[policy.Kind]policy.Effect{policy.Identity: policy.Allows, policy.ServiceControl: policy.Silent},
			nil,
		},
		{
			"one level of SCPs denies",
			policy.Policies{Identity: named(t, allowAll), ServiceControl: [][]policy.Named{named(t, allowOther), named(t, both)}},
			map[policy.Kind]policy.Effect{policy.ServiceControl: policy.Denies},
			[]string{"service-control p No"},
		},
		{
			"one level of RCPs denies",
			policy.Policies{Identity: named(t, allowAll), ResourceControl: [][]policy.Named{named(t, rcpAll), named(t, rcpAll, resource("Deny", `"Principal":"*"`))}},
			map[policy.Kind]policy.Effect{policy.ResourceControl: policy.Denies, policy.ServiceControl: policy.Allows},
			[]string{"resource-control p "},
		},
		{
			"all levels of RCPs allow",
			policy.Policies{Identity: named(t, allowAll), ResourceControl: [][]policy.Named{named(t, rcpAll)}},
			map[policy.Kind]policy.Effect{policy.ResourceControl: policy.Allows},
			[]string{"resource-control p ", "identity p "},
		},
		{"what cannot be read denies", policy.Policies{Identity: []policy.Named{lost}}, map[policy.Kind]policy.Effect{policy.Identity: policy.Denies}, []string{"identity lost "}},
		{"announced session policies that are missing", policy.Policies{Identity: named(t, allowAll), HasSession: true}, map[policy.Kind]policy.Effect{policy.Session: policy.Silent}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			x := policy.Examine(policy.Request{Principal: ana, Action: "s3:GetObject", Resource: thing}, tc.policies)
			for kind, want := range tc.says {
				if got := x.Says(kind); got != want {
					t.Errorf("%s says %s, want %s", kind, got, want)
				}
			}
			var deciding []string
			for _, f := range x.Deciding() {
				deciding = append(deciding, string(f.Kind)+" "+f.Policy+" "+f.Sid)
			}
			if diff := cmp.Diff(tc.deciding, deciding); diff != "" {
				t.Errorf("deciding (-want +got):\n%s", diff)
			}
		})
	}
}

// Examine decides as Evaluate does, and what decided is among its findings.
func TestExamine_AgreesWithEvaluate(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := genRequest(t)
		p := policy.Policies{Identity: parseAll(t, []string{genDocument(t, false, "identity"), genDocument(t, false, "more")})}
		if rapid.Bool().Draw(t, "bounded") {
			p.Boundary = &parseAll(t, []string{genDocument(t, false, "boundary")})[0]
		}
		if rapid.Bool().Draw(t, "has resource policy") {
			p.Resource = &parseAll(t, []string{genDocument(t, true, "resource")})[0]
		}
		for range rapid.IntRange(0, 2).Draw(t, "levels") {
			p.ServiceControl = append(p.ServiceControl, parseAll(t, []string{genDocument(t, false, "scp"), allowAllList}))
		}
		x, want := policy.Examine(r, p), policy.Evaluate(r, p)
		if x.Decision != want {
			t.Fatalf("examined %+v, evaluated %+v", x.Decision, want)
		}
		by := func(f policy.Finding) bool {
			return f.Kind == want.By && f.Statement == want.Statement && f.Deny == want.Explicit
		}
		if want.Statement > 0 && !slices.ContainsFunc(x.Deciding(), by) {
			t.Fatalf("%s\nis not among %+v", want.Explain(), x.Findings)
		}
		if denies := x.Says(want.By) == policy.Denies; want.By != "" && denies != want.Explicit {
			t.Fatalf("%s, and the %s policies say %s", want.Explain(), want.By, x.Says(want.By))
		}
	})
}

func TestWorst(t *testing.T) {
	t.Parallel()
	for _, tc := range [][3]policy.Effect{
		{policy.Allows, policy.Allows, policy.Allows},
		{policy.Allows, policy.Silent, policy.Silent},
		{policy.Silent, policy.Denies, policy.Denies},
		{policy.Denies, policy.Allows, policy.Denies},
		{policy.Silent, policy.Allows, policy.Silent},
	} {
		if got := tc[0].Worst(tc[1]); got != tc[2] {
			t.Errorf("%s and %s are %s, want %s", tc[0], tc[1], got, tc[2])
		}
	}
}
