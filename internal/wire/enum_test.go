package wire

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"accountfactory/internal/wire/facts"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// no input is refused for an enum value that the pinned SDK knows and the facts do not.
func TestFacts_EnumsAreNoOlderThanTheSDK(t *testing.T) {
	t.Parallel()
	eachService(t, func(t *testing.T, service string) {
		t.Helper()
		f, err := facts.For(service)
		if err != nil {
			t.Fatal(err)
		}
		w := enumWalker{t: t, facts: f, seen: map[reflect.Type]bool{}}
		for _, m := range methods(clients[service](aws.Config{})) {
			w.walk(m.in, f.Operations[m.name].Input)
		}
		if service == "servicecatalog" && w.enums < 20 {
			t.Errorf("found %d enums only", w.enums)
		}
	})
}

type enumWalker struct {
	t     *testing.T
	facts *facts.Service
	seen  map[reflect.Type]bool
	enums int
}

func (w *enumWalker) walk(typ reflect.Type, shape string) {
	s := w.facts.Shape(shape)
	switch typ.Kind() {
	case reflect.Pointer:
		w.walk(typ.Elem(), shape)
	case reflect.Slice, reflect.Map:
		w.walk(typ.Elem(), elemOf(s))
	case reflect.String:
		w.compare(typ, s)
	case reflect.Struct:
		if w.seen[typ] || !strings.Contains(typ.PkgPath(), "aws-sdk-go-v2") {
			return
		}
		w.seen[typ] = true
		for i := range typ.NumField() {
			if field := typ.Field(i); field.IsExported() {
				w.walk(field.Type, memberShape(s, field.Name))
			}
		}
	default: // no enum below
	}
}

func (w *enumWalker) compare(typ reflect.Type, s *facts.Shape) {
	values := reflect.New(typ).Elem().MethodByName("Values")
	if s == nil || len(s.Enum) == 0 || !values.IsValid() {
		return
	}
	w.enums++
	all := values.Call(nil)[0]
	for i := range all.Len() {
		if v := all.Index(i).String(); !slices.Contains(s.Enum, v) {
			w.t.Errorf("%s: the facts lack %s", typ.Name(), v)
		}
	}
}
