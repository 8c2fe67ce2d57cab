package organizations_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"accountfactory/internal/twin/organizations"
)

func TestManagementPolicy_Syntax(t *testing.T) {
	t.Parallel()
	w := setup(t, organizations.Quotas{}, 0)
	const ai, backup = types.PolicyTypeAiservicesOptOutPolicy, types.PolicyTypeBackupPolicy
	for _, tc := range []struct {
		name, content string
		kind          types.PolicyType
		good          bool
	}{
		{"a tag key alone", `{"tags":{"a":{"tag_key":{"@@assign":"A"}}}}`, tagType, true},
		{"a child control alone", `{"tags":{"a":{"tag_value":{"@@operators_allowed_for_child_policies":["@@append","@@remove"]}}}}`, tagType, true},
		{"no tags", `{"tags":{}}`, tagType, true},
		{"several operators", `{"plans":{"p":{"regions":{"@@append":["a"],"@@remove":["b"]}}}}`, backup, true},
		{"figures and switches", `{"plans":{"p":{"rules":{"r":{"start_backup_window_minutes":{"@@assign":60},"enable_continuous_backup":{"@@assign":true}}}}}}`, backup, true},
		{"opting in", `{"services":{"lex":{"opt_out_policy":{"@@assign":"optIn"}}}}`, ai, true},

		{"nothing", ``, tagType, false},
		{"no JSON", `tags`, tagType, false},
		{"no object", `["tags"]`, tagType, false},
		{"another type's member", `{"plans":{}}`, tagType, false},
		{"one member more", `{"tags":{},"plans":{}}`, tagType, false},
		{"the member is null", `{"tags":null}`, tagType, false},
		{"text behind", `{"tags":{}} {}`, tagType, false},
		{"cut short", `{"tags":{`, tagType, false},
		{"a member twice", `{"tags":{"a":{},"a":{}}}`, tagType, false},
		{"an effective policy", `{"tags":{"a":{"tag_key":"A"}}}`, tagType, false},
		{"an unknown operator", `{"tags":{"a":{"tag_key":{"@@set":"A"}}}}`, tagType, false},
		{"@@all as an operator", `{"tags":{"a":{"tag_value":{"@@all":["A"]}}}}`, tagType, false},
		{"@@append of a single value", `{"tags":{"a":{"tag_value":{"@@append":"A"}}}}`, tagType, false},
		{"@@assign of an object", `{"tags":{"a":{"tag_value":{"@@assign":{}}}}}`, tagType, false},
		{"a list in a list", `{"plans":{"p":{"regions":{"@@assign":[["a"]]}}}}`, backup, false},
		{"a child control of an unknown operator", `{"plans":{"@@operators_allowed_for_child_policies":["@@some"]}}`, backup, false},
		{"a child control that is no list", `{"plans":{"@@operators_allowed_for_child_policies":"@@none"}}`, backup, false},
		{"a value with members", `{"plans":{"p":{"@@assign":"a","rules":{}}}}`, backup, false},
		{"a value outermost", `{"plans":{"@@assign":"a"}}`, backup, false},
		{"a tag key of a list", `{"tags":{"a":{"tag_key":{"@@assign":["A"]}}}}`, tagType, false},
		{"a tag key appended", `{"tags":{"a":{"tag_key":{"@@append":["A"]}}}}`, tagType, false},
		{"one tag value", `{"tags":{"a":{"tag_value":{"@@assign":"A"}}}}`, tagType, false},
		{"an unknown member of a tag", `{"tags":{"a":{"values":{"@@assign":["A"]}}}}`, tagType, false},
		{"a tag's value itself", `{"tags":{"a":{"@@assign":"A"}}}`, tagType, false},
		{"opting sideways", `{"services":{"lex":{"opt_out_policy":{"@@assign":"out"}}}}`, ai, false},
		{"opting out by appending", `{"services":{"lex":{"opt_out_policy":{"@@append":["optOut"]}}}}`, ai, false},
		{"an unknown member of a service", `{"services":{"lex":{"opt_out":{"@@assign":"optOut"}}}}`, ai, false},
	} {
		id, err := w.make(tc.kind, tc.name, tc.content)
		if !tc.good {
			wantError(t, err, "MalformedPolicyDocumentException")
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", tc.name, err)
		} else if id == "" {
			t.Errorf("%s: no id", tc.name)
		}
	}
	for kind, content := range contents {
		for other := range contents {
			if other != kind {
				_, err := w.make(other, "of another type", content)
				wantError(t, err, "MalformedPolicyDocumentException")
			}
		}
	}
}
