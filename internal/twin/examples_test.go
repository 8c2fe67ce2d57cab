package twin_test

import (
	"context"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/smithy-go/middleware"
	"github.com/google/go-cmp/cmp"
)

// example is what an example of the API Reference has: paths of members, with [] for the items of a list. The files are made
// by test/tools/examples.
type example struct{ In, Out []string }

func examplesOf(t *testing.T, service string) map[string][]example {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "examples_"+service+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var out map[string][]example
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// played is a call that was made in the shape of an example.
type played struct{ in, out any }

// player plays examples, in order, and compares.
type player struct {
	t        *testing.T
	examples map[string][]example
	// beside are members our answers have and examples have not, by path or its end; lacking the other way round. Each with
	// its reason.
	beside, lacking map[string]string
	used            map[string]bool
}

func (p *player) play(call played, err error) {
	p.t.Helper()
	op := strings.TrimSuffix(reflect.TypeOf(call.in).Elem().Name(), "Input")
	if err != nil {
		p.t.Fatalf("%s: %v", op, err)
	}
	if len(p.examples[op]) == 0 {
		p.t.Errorf("%s: the reference has no more examples", op)
		return
	}
	e := p.examples[op][0]
	p.examples[op] = p.examples[op][1:]
	if diff := cmp.Diff(e.In, members(call.in)); diff != "" {
		p.t.Errorf("%s is not called as in the example (-example +ours):\n%s", op, diff)
	}
	ours := members(call.out)
	for _, path := range ours {
		if !slices.Contains(e.Out, path) && !p.explained(p.beside, op, path) {
			p.t.Errorf("%s answers %s, the example does not", op, path)
		}
	}
	for _, path := range e.Out {
		if !slices.Contains(ours, path) && !p.explained(p.lacking, op, path) {
			p.t.Errorf("%s does not answer %s, the example does", op, path)
		}
	}
}

// explained looks for a reason by operation and path, or by the path's last member.
func (p *player) explained(reasons map[string]string, op, path string) bool {
	for _, key := range []string{op + " " + path, path[strings.LastIndexByte(path, '.')+1:]} {
		if reasons[key] != "" {
			p.used[key] = true
			return true
		}
	}
	return false
}

// done sees to it that every example was played, and every reason needed.
func (p *player) done() {
	p.t.Helper()
	for op, left := range p.examples {
		if len(left) > 0 {
			p.t.Errorf("%s: %d examples were not played", op, len(left))
		}
	}
	for _, reasons := range []map[string]string{p.beside, p.lacking} {
		for key := range reasons {
			if !p.used[key] {
				p.t.Errorf("%s: a reason nothing needs", key)
			}
		}
	}
}

// members gives the paths of the members that are given in an input or output of the SDK.
func members(v any) []string {
	found := map[string]bool{}
	walkMembers(reflect.ValueOf(v).Elem(), "", found)
	return slices.AppendSeq([]string{}, slices.Values(slices.Sorted(maps.Keys(found))))
}

func walkMembers(v reflect.Value, path string, found map[string]bool) {
	switch v.Kind() {
	case reflect.Pointer:
		walkMembers(v.Elem(), path, found)
	case reflect.Slice:
		for i := range v.Len() {
			walkMembers(v.Index(i), path+"[]", found)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() || v.Type() == reflect.TypeFor[middleware.Metadata]() {
			return
		}
		for i := range v.NumField() {
			name, field := v.Type().Field(i).Name, v.Field(i)
			empty := field.Kind() != reflect.Bool && field.IsZero()
			if !v.Type().Field(i).IsExported() || empty || name == "ResultMetadata" {
				continue
			}
			where := strings.TrimPrefix(path+"."+name, ".")
			found[where] = true
			walkMembers(field, where, found)
		}
	default:
	}
}

// org makes a call of Organizations for a player.
func org[I, O any](ctx context.Context, call func(context.Context, *I, ...func(*organizations.Options)) (*O, error), in *I) (played, error) {
	out, err := call(ctx, in)
	return played{in, out}, err
}
