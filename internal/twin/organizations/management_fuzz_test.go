package organizations

import (
	"encoding/json"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
)

// FuzzManagement reads policies of strangers, merges what can be read with itself, and shows it as JSON.
func FuzzManagement(f *testing.F) {
	f.Add(`{"tags":{"a":{"tag_key":{"@@assign":"A"},"tag_value":{"@@append":["b"],"@@operators_allowed_for_child_policies":["@@none"]}}}}`)
	f.Add(`{"tags":{"a":{"tag_value":{"@@remove":[1,true,"c"]}}}}`)
	f.Add(`{"tags":[[[[[[[[[[[[[[[[[[[[`)
	kind := policyKind{Type: types.PolicyTypeTagPolicy, root: "tags"}
	f.Fuzz(func(t *testing.T, content string) {
		doc, err := parseManagement(kind, content)
		if err != nil {
			return
		}
		if !json.Valid([]byte(content)) {
			t.Fatal("not JSON, but parsed")
		}
		top := newSetting()
		top.merge([]*element{doc, doc})
		top.merge([]*element{doc})
		if shown := text(top.shown()); !json.Valid([]byte(shown)) {
			t.Fatalf("shown as %s", shown)
		}
	})
}
