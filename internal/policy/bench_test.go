package policy_test

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"accountfactory/internal/policy"
)

const guardrail = `{"Version":"2012-10-17","Statement":[
	{"Sid":"GRCLOUDTRAILENABLED","Effect":"Deny","Action":["cloudtrail:DeleteTrail","cloudtrail:StopLogging","cloudtrail:UpdateTrail"],"Resource":["arn:aws:cloudtrail:*:*:trail/aws-controltower-*"],"Condition":{"ArnNotLike":{"aws:PrincipalARN":"arn:*:iam::*:role/AWSControlTowerExecution"}}},
	{"Sid":"GRIAMROLEPOLICY","Effect":"Deny","Action":["iam:AttachRolePolicy","iam:CreateRole","iam:DeleteRole"],"Resource":["arn:aws:iam::*:role/aws-controltower-*","arn:aws:iam::*:role/*AWSControlTower*"],"Condition":{"ArnNotLike":{"aws:PrincipalArn":["arn:*:iam::*:role/AWSControlTowerExecution","arn:aws:iam::*:role/stacksets-exec-*"]}}}]}`

// BenchmarkEvaluate is what one call costs: AdministratorAccess under three levels of SCPs, one with guardrails.
func BenchmarkEvaluate(b *testing.B) {
	p := policy.Policies{
		Identity:       named(b, allowAll),
		ServiceControl: [][]policy.Named{named(b, allowAll), named(b, allowAll, guardrail), named(b, allowAll)},
	}
	env := policy.Environment{At: time.Unix(1767225600, 0), OrgID: "o-1", SourceIP: "203.0.113.9", UserAgent: "cli", RequestedRegion: "eu-west-1"}
	run := func(name, action, resource string) {
		b.Run(name, func(b *testing.B) {
			r := policy.Request{Principal: builder, Action: action, Resource: resource, Context: policy.Global(builder, env)}
			b.ReportAllocs()
			for b.Loop() {
				policy.Evaluate(r, p)
			}
		})
	}
	run("Unconditional", "organizations:DescribeAccount", "arn:aws:organizations::111122223333:account/o-1/444455556666")
	run("Conditional", "iam:CreateRole", "arn:aws:iam::111122223333:role/aws-controltower-x")
	b.Run("Global", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			policy.Global(builder, env)
		}
	})
}

func TestEvaluate_AllocatesLittle(t *testing.T) {
	p := policy.Policies{Identity: named(t, allowAll), ServiceControl: [][]policy.Named{named(t, allowAll), named(t, allowAll, guardrail), named(t, allowAll)}}
	r := policy.Request{Principal: builder, Action: "organizations:DescribeAccount", Resource: "*"}
	if n := testing.AllocsPerRun(100, func() { policy.Evaluate(r, p) }); n > 5 {
		t.Errorf("%v allocations, want 5 at most", n)
	}
}

// One document serves all requests at once; the race detector watches.
func TestDocument_ConcurrentUse(t *testing.T) {
	t.Parallel()
	p := policy.Policies{Identity: named(t, allowAll), Boundary: one(t, guardrail), ServiceControl: [][]policy.Named{named(t, allowAll, guardrail)}}
	r := policy.Request{Principal: builder, Action: "iam:CreateRole", Resource: "arn:aws:iam::111122223333:role/aws-controltower-x", Context: policy.Global(builder, policy.Environment{})}
	want := policy.Evaluate(r, p)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 200 {
				if got := policy.Evaluate(r, p); got != want {
					t.Errorf("got %+v, want %+v", got, want)
				}
			}
		})
	}
	all.Wait()
}

// FuzzParse: no text panics, and a document that parses is JSON, evaluates, and allows nothing it does not name.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{allowAll, denyAll, guardrail, resource("Deny", aws(own)), trust(aws(roleARN)), `{"Statement":{"Effect":"Allow","Action":"a:b","Resource":"arn:aws:s3:::${a:b, 'c'}"}}`, `[`, `{"a":[{"b":null}]}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := policy.Parse(text)
		if err != nil {
			if d != nil || !strings.Contains(err.Error(), ": ") {
				t.Fatalf("error %q with document %v", err, d)
			}
			return
		}
		if !json.Valid([]byte(text)) {
			t.Fatal("not JSON, but parsed")
		}
		for _, kind := range []policy.Kind{policy.Identity, policy.ServiceControl, policy.ResourceControl, policy.Resource, policy.Trust} {
			_ = d.Validate(kind)
		}
		n := policy.Named{Name: "p", Document: d}
		r := policy.Request{Principal: builder, Action: "s3:GetObject", Resource: thing, Context: policy.Global(builder, policy.Environment{})}
		got := policy.Evaluate(r, policy.Policies{Identity: []policy.Named{n}, Resource: &n})
		if got.Allowed && !strings.Contains(text, `Allow`) && !strings.Contains(text, `\u`) {
			t.Fatalf("allowed without an Allow: %s", got.Explain())
		}
	})
}
