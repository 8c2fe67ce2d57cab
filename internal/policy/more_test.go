package policy_test

import (
	"testing"

	"accountfactory/internal/policy"
)

// TestMore: further keys are asked for once, only for a condition, and yield to what the request says itself.
func TestMore(t *testing.T) {
	t.Parallel()
	evaluate := func(statement string) (allowed bool, asked int) {
		doc, err := policy.Parse(`{"Version":"2012-10-17","Statement":` + statement + `}`)
		if err != nil {
			t.Fatal(err)
		}
		d := policy.Evaluate(policy.Request{
			Principal: policy.Principal{AccountID: "123456789012", ARN: "arn:aws:iam::123456789012:user/ann", Type: policy.User},
			Action:    "iam:GetUser", Resource: "*", Context: map[string][]string{"x:own": {"request"}},
			More: func() map[string][]string {
				asked++
				return map[string][]string{"X:Own": {"more"}, "x:other": {"more"}}
			},
		}, policy.Policies{Identity: []policy.Named{{Name: "p", Document: doc}}})
		return d.Allowed, asked
	}
	for _, tc := range []struct {
		name, statement string
		allowed         bool
		asked           int
	}{
		{"no condition", `{"Effect":"Allow","Action":"*","Resource":"*"}`, true, 0},
		{"a further key", `{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"x:other":"more"}}}`, true, 1},
		{"the request's own wins", `{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"x:own":"request","x:other":"more"}}}`, true, 1},
		{"and is not mixed", `{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"ForAnyValue:StringEquals":{"x:own":"more"}}}`, false, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if allowed, asked := evaluate(tc.statement); allowed != tc.allowed || asked != tc.asked {
				t.Errorf("allowed %v, asked %d times; want %v, %d", allowed, asked, tc.allowed, tc.asked)
			}
		})
	}
}
