package facts

import (
	"slices"
	"testing"
)

// every pattern of every model compiles as Go's regexp, if need be in its translation.
func TestPatterns_Compile(t *testing.T) {
	t.Parallel()
	for _, name := range Services() {
		s, err := For(name)
		if err != nil {
			t.Fatal(err)
		}
		for shape, sh := range s.Shapes {
			if err := sh.Compile(); err != nil {
				t.Errorf("%s %s: %v", name, shape, err)
			}
		}
	}
}

// every shape that an operation, a member or an error list names is there.
func TestShapes_NoDanglingName(t *testing.T) {
	t.Parallel()
	for _, name := range Services() {
		s, err := For(name)
		if err != nil {
			t.Fatal(err)
		}
		known := func(where, shape string) {
			if shape != "" && s.Shape(shape) == nil {
				t.Errorf("%s %s names the unknown shape %s", name, where, shape)
			}
		}
		for op, o := range s.Operations {
			known(op, o.Input)
			known(op, o.Output)
			for _, e := range o.Errors {
				known(op, e)
				if sh := s.Shape(e); sh != nil && sh.Error == nil {
					t.Errorf("%s %s: %s is no error", name, op, e)
				}
			}
		}
		for shape, sh := range s.Shapes {
			known(shape, sh.Elem)
			known(shape, sh.Key)
			for member, m := range sh.Members {
				known(shape+"."+member, m.Shape)
			}
		}
	}
}

// patterns match from end to end, also the ones translated by hand.
func TestMatches(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		service, shape, text string
		want                 bool
	}{
		{"sts", "roleSessionNameType", "alice@example.com", true},
		{"sts", "roleSessionNameType", "alice b", false},
		{"organizations", "ParentId", "ou-ab12-11111111", true},
		{"organizations", "ParentId", "xou-ab12-11111111", false},
		{"organizations", "ParentId", "r-ab12x/", false},
		{"organizations", "TagValue", "a%b", false},
		{"ssoadmin", "Duration", "PT8H", true},
		{"ssoadmin", "Duration", "P1DT2H3.5S", true},
		{"ssoadmin", "Duration", "P", false},
		{"ssoadmin", "Duration", "PT", false},
		{"iam", "accountAliasType", "my-alias", true},
		{"iam", "accountAliasType", "my--alias", false},
		{"iam", "accountAliasType", "alias-", false},
		{"sts", "arnType", "arn:aws:iam::1:role/\U0001F600", true},
		{"sts", "arnType", "arn:aws:iam::1:role/\u0001", false},
	} {
		s, err := For(tt.service)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Shape(tt.shape).Matches(tt.text); got != tt.want {
			t.Errorf("%s %s: Matches(%q) = %t, want %t", tt.service, tt.shape, tt.text, got, tt.want)
		}
	}
}

func TestFor_UnknownService(t *testing.T) {
	t.Parallel()
	if _, err := For("s3"); err == nil {
		t.Error("there are facts about s3")
	}
	if Has("s3") || Operations("s3") != nil {
		t.Error("s3 has operations")
	}
	if !slices.Contains(Operations("organizations"), "CreateAccount") {
		t.Error("organizations has no CreateAccount")
	}
}
