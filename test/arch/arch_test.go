// Package arch holds the source to its structure: which package may import which, and why; one package comment each.
package arch

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const module = "accountfactory/"

// rule says what a package may import of ours. The first rule whose package fits counts.
type rule struct {
	pkg     string   // the package, or with a trailing /... all below it
	allowed []string // packages, in the same notation
	because string
}

var rules = []rule{
	{"internal/arn", nil, "a leaf: everybody's names"},
	{"internal/clock", nil, "a leaf: everybody's time"},
	{"internal/few", nil, "a leaf: what may be forgotten"},
	{"internal/policy", []string{"internal/arn"}, "evaluation must be testable without state or wire"},
	{"internal/wire/...", []string{"internal/arn", "internal/clock", "internal/wire/..."}, "the protocols know no service"},
	{"internal/twin/state", []string{"internal/arn", "internal/clock"}, "the engine knows no service"},
	{"internal/twin/iam", below(), "the lowest service: all others make roles"},
	{"internal/twin/organizations", below("iam"), "services import downwards only, or start-up order becomes a riddle"},
	{"internal/twin/account", below("iam", "organizations"), "services import downwards only"},
	{"internal/twin/identitycenter", below("iam", "organizations"), "services import downwards only"},
	{"internal/twin/signin", below("iam", "identitycenter"), "the pages ask Identity Center and, for federation, IAM; they know nothing of pages"},
	{"internal/twin/servicecatalog", below("iam", "organizations", "identitycenter"), "services import downwards only; Control Tower is registered with it"},
	{"internal/twin/controltower", below("iam", "organizations", "identitycenter", "servicecatalog"), "the top service: it works through all others"},
	{"internal/twin/...", []string{"internal/arn", "internal/clock", "internal/policy", "internal/wire/...", "internal/twin/..."}, "the twin plays AWS, and AWS knows nothing of the factory"},
	{"internal/cloud", []string{"internal/arn", "internal/clock", "internal/few"}, "AWS is known only through the SDK, so that the same code works on AWS"},
	{"internal/factory", []string{"internal/arn", "internal/cloud", "internal/clock"}, "the factory is a client of AWS and declares what it stores"},
	{"internal/factorydb", []string{"internal/arn", "internal/clock", "internal/factory"}, "a store implements what the factory declares"},
	{"internal/scenario", nil, "it plays on any lab: the command line and the console hand theirs in"},
	{"docs", nil, "documents the program serves"},
	{"web", nil, "pages the program serves"},
	{"internal/console", []string{"docs", "internal/arn", "internal/clock", "internal/cloud", "internal/factory", "internal/few", "internal/scenario"}, "the console shows the factory and is an AWS client too"},
	{"internal/backup", nil, "the form of a file: what is in it others say"},
	{"internal/doctor", []string{"internal/clock", "internal/cloud", "internal/factory", "internal/factorydb"}, "it looks at what a server needs, and is told by the server what that is"},
	{"internal/server", []string{"internal/...", "web"}, "puts the parts together"},
	{"internal/cli", []string{"internal/..."}, "commands start the server or talk to it"},
	{"cmd/...", []string{"internal/cli"}, "main is a dozen lines"},
	{"test/...", []string{"internal/...", "test/..."}, "whole-program suites"},
	{"packaging/...", []string{"test/harness"}, "ships the program, which it knows from outside"},
	{".", nil, "the pins"},
}

func below(services ...string) []string {
	out := []string{"internal/arn", "internal/clock", "internal/policy", "internal/wire/...", "internal/twin/state"}
	for _, s := range services {
		out = append(out, "internal/twin/"+s)
	}
	return out
}

func TestArrows(t *testing.T) {
	t.Parallel()
	for pkg, files := range sources(t) {
		r := ruleFor(pkg)
		if r == nil {
			t.Errorf("package %s has no rule; say in the table what it may import, and why", pkg)
			continue
		}
		for file, src := range files {
			for _, imported := range src.imports {
				if !fits(r.allowed, imported) {
					t.Errorf("%s imports %s, which %s must not: %s", file, imported, r.pkg, r.because)
				}
			}
		}
	}
}

func TestOnePackageComment(t *testing.T) {
	t.Parallel()
	for pkg, files := range sources(t) {
		var with []string
		for file, src := range files {
			if src.doc {
				with = append(with, file)
			}
		}
		if len(with) != 1 {
			t.Errorf("package %s has %d package comments %v, want one", pkg, len(with), with)
		}
	}
}

func ruleFor(pkg string) *rule {
	for i := range rules {
		if fits([]string{rules[i].pkg}, pkg) {
			return &rules[i]
		}
	}
	return nil
}

func fits(patterns []string, pkg string) bool {
	for _, p := range patterns {
		if base, tree := strings.CutSuffix(p, "/..."); pkg == base || tree && strings.HasPrefix(pkg, base+"/") {
			return true
		}
	}
	return false
}

type source struct {
	imports []string // of ours
	doc     bool
}

// sources gives, by package folder, the files that are not tests; a folder of tests alone counts as a package too.
func sources(t *testing.T) map[string]map[string]source {
	t.Helper()
	out, tests := map[string]map[string]source{}, map[string]map[string]source{}
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(root, path)
		if d.IsDir() && (rel == "web" || rel == "tools" || strings.HasPrefix(d.Name(), ".") && rel != "." || d.Name() == "testdata" || d.Name() == "node_modules") {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(rel, ".go") {
			return nil
		}
		into := out
		if strings.HasSuffix(rel, "_test.go") {
			into = tests
		}
		return read(into, path, rel)
	})
	if err != nil {
		t.Fatal(err)
	}
	for pkg, files := range tests {
		if out[pkg] == nil {
			out[pkg] = files
		}
	}
	return out
}

func read(into map[string]map[string]source, path, rel string) error {
	f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly|parser.ParseComments)
	if err != nil {
		return err
	}
	src := source{doc: f.Doc != nil}
	for _, spec := range f.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return err
		}
		if ours, ok := strings.CutPrefix(p, module); ok {
			src.imports = append(src.imports, ours)
		}
	}
	pkg := filepath.ToSlash(filepath.Dir(rel))
	if into[pkg] == nil {
		into[pkg] = map[string]source{}
	}
	into[pkg][rel] = src
	return nil
}
