package console

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"accountfactory/docs"
	"accountfactory/internal/factory"
)

type document struct {
	Paths      map[string]map[string]any
	Components struct {
		Schemas map[string]struct {
			Properties map[string]struct{ Enum []string }
		}
	}
}

func described(t *testing.T) document {
	t.Helper()
	var d document
	if err := yaml.Unmarshal(docs.OpenAPI(), &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// TestOpenAPIRoutes: every route is described, and nothing else is.
func TestOpenAPIRoutes(t *testing.T) {
	t.Parallel()
	var have, want []string
	for path, methods := range described(t).Paths {
		for method := range methods {
			if method != "parameters" {
				have = append(have, strings.ToUpper(method)+" "+path)
			}
		}
	}
	for _, r := range quiet().routes() {
		want = append(want, r.pattern)
	}
	slices.Sort(have)
	slices.Sort(want)
	if diff := cmp.Diff(want, have); diff != "" {
		t.Errorf("docs/openapi.yaml differs from the routes (-served +described):\n%s", diff)
	}
}

// TestOpenAPIInput: every field of a submission is described, and nothing else is; so is every kind.
func TestOpenAPIInput(t *testing.T) {
	t.Parallel()
	d := described(t).Components.Schemas["Input"].Properties
	var have []string
	for name := range d {
		have = append(have, name)
	}
	want := fields(reflect.TypeFor[factory.Input]())
	slices.Sort(have)
	slices.Sort(want)
	if diff := cmp.Diff(want, have); diff != "" {
		t.Errorf("fields (-taken +described):\n%s", diff)
	}
	var kinds []string
	for _, k := range factory.Kinds() {
		kinds = append(kinds, string(k))
	}
	if diff := cmp.Diff(kinds, d["kind"].Enum); diff != "" {
		t.Errorf("kinds (-there are +described):\n%s", diff)
	}
}

func fields(t reflect.Type) (out []string) {
	for f := range t.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous:
			out = append(out, fields(f.Type)...)
		case name != "-":
			out = append(out, name)
		}
	}
	return out
}

func TestRoles(t *testing.T) {
	t.Parallel()
	r := Roles{
		Operators: Patterns("arn:aws:iam::123456789012:user/boss, arn:aws:sts::123456789012:assumed-role/Admins_*/*"),
		Auditors:  Patterns("arn:aws:sts::123456789012:assumed-role/Audit/*"), Viewers: Patterns("arn:aws:sts::*:assumed-role/*/*"),
	}
	for arn, want := range map[string]factory.Role{
		"arn:aws:iam::123456789012:user/boss":                   factory.RoleOperator,
		"arn:aws:iam::123456789012:user/team/boss":              factory.RoleRequester,
		"arn:aws:sts::123456789012:assumed-role/Admins_0f/ann":  factory.RoleOperator,
		"arn:aws:sts::999999999999:assumed-role/Admins_0f/ann":  factory.RoleViewer,
		"arn:aws:sts::123456789012:assumed-role/Audit/ann":      factory.RoleAuditor,
		"arn:aws:sts::123456789012:assumed-role/Audit/Admins_x": factory.RoleAuditor,
		"": factory.RoleRequester,
	} {
		if got := r.of(arn); got != want {
			t.Errorf("%q is %s, want %s", arn, got, want)
		}
	}
}
