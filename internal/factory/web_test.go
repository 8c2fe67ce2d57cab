package factory

import (
	"cmp"
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

// The pages have words for what the factory calls by name. These tests read both, so that neither gets ahead of the other.

// TestPagesSteps: the pages have words for each step, and for nothing else.
func TestPagesSteps(t *testing.T) {
	t.Parallel()
	want := map[string]bool{}
	for _, p := range Provisioners() {
		for _, name := range Kinds() {
			k, _ := p.steps().kind(name)
			for _, s := range slices.Concat(k.steps, k.aside) {
				want[s.name] = true
			}
		}
	}
	same(t, slices.Collect(maps.Keys(want)), keys(t, "factory/steps.ts", "words"))
}

// TestPagesNames: the kinds, states, asks, choices, roles and events of hooks that the pages know are those there are.
func TestPagesNames(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ want, have []string }{
		"kinds":                  {texts(Kinds()), union(t, `type Kind =`)},
		"words for kinds":        {texts(Kinds()), keys(t, "factory/steps.ts", "kindText")},
		"states":                 {texts(States()), union(t, `type State =`)},
		"words for states":       {texts(States()), keys(t, "factory/state.tsx", "states")},
		"asks":                   {constants(t, "Ask"), union(t, `interface Ask \{\s+for:`)},
		"choices":                {constants(t, "Choice"), keys(t, "factory/ask.tsx", "choices")},
		"roles":                  {constants(t, "Role"), union(t, `type Standing =`)},
		"events of hooks":        {texts(HookEvents()), union(t, `event:`)},
		"words for hooks' tales": {texts(HookEvents()), keys(t, "factory/hookline.tsx", "events")},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			same(t, tt.want, tt.have)
		})
	}
}

// TestPagesChecks: what the pages put beside a field are checks that there are.
func TestPagesChecks(t *testing.T) {
	t.Parallel()
	checks := constants(t, "Check")
	for _, name := range keys(t, "catalog/checks.ts", "fields") {
		if !slices.Contains(checks, name) {
			t.Errorf("there is no check %q", name)
		}
	}
}

func same(t *testing.T, want, have []string) {
	t.Helper()
	slices.Sort(want)
	slices.Sort(have)
	if diff := gocmp.Diff(want, have); diff != "" {
		t.Errorf("(-factory +pages):\n%s", diff)
	}
}

func texts[T ~string](of []T) []string {
	var out []string
	for _, one := range of {
		out = append(out, string(one))
	}
	return out
}

// constants gives the texts of this package's exported constants whose names begin with a word.
func constants(t *testing.T, word string) []string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(gotoken.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			if d, is := decl.(*ast.GenDecl); is && d.Tok == gotoken.CONST {
				out = append(out, named(d, word)...)
			}
		}
	}
	return found(t, word, out)
}

func named(d *ast.GenDecl, word string) []string {
	var out []string
	for _, spec := range d.Specs {
		v, is := spec.(*ast.ValueSpec)
		if !is || len(v.Values) != 1 || !strings.HasPrefix(v.Names[0].Name, word) {
			continue
		}
		if text, is := v.Values[0].(*ast.BasicLit); is && text.Kind == gotoken.STRING {
			s, _ := strconv.Unquote(text.Value) // it has been parsed
			out = append(out, s)
		}
	}
	return out
}

// union gives the texts of a union of texts in web/src/api/factory.ts, which stands after what a pattern matches.
func union(t *testing.T, after string) []string {
	t.Helper()
	m := regexp.MustCompile(after + `\s*("[^;]*);`).FindStringSubmatch(source(t, "api/factory.ts"))
	if m == nil {
		return found(t, after, nil)
	}
	var out []string
	for part := range strings.SplitSeq(m[1], "|") {
		out = append(out, strings.Trim(part, "\" \n"))
	}
	return out
}

// keys gives the keys of an object of a page's source: the first word of a line or after a comma.
func keys(t *testing.T, file, object string) []string {
	t.Helper()
	m := regexp.MustCompile(`(?s)const ` + object + `\b[^=]*= \{(.*?)\}( as const)?;`).FindStringSubmatch(source(t, file))
	if m == nil {
		return found(t, object, nil)
	}
	var out []string
	for _, key := range regexp.MustCompile(`(?:^|[\n,])\s*(?:"([a-z-]+)"|([a-z]+)):`).FindAllStringSubmatch(m[1], -1) {
		out = append(out, cmp.Or(key[1], key[2]))
	}
	return found(t, object, out)
}

// found fails where a name was looked for and nothing was there: the test would prove nothing.
func found(t *testing.T, name string, out []string) []string {
	t.Helper()
	if len(out) == 0 {
		t.Fatalf("%s is not there, or not written as it was", name)
	}
	return out
}

func source(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../../web/src", file))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
