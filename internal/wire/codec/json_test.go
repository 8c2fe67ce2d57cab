package codec

import (
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"accountfactory/internal/wire/facts"

	"github.com/google/go-cmp/cmp"
)

type color string

type inner struct {
	Name *string
	N    *int32
}

// sample has one member of each kind.
type sample struct {
	Text    *string
	Plain   string
	Color   color
	Flag    *bool
	On      bool
	Count   *int32
	Big     int64
	Ratio   *float64
	At      *time.Time
	Blob    []byte
	List    []string
	Structs []inner
	Table   map[string]string
	Tables  map[string][]string
	Nested  *inner
	Self    *sample
}

func planOf(t testing.TB, f *facts.Service, v any) *Plan {
	t.Helper()
	p, err := NewCompiler(f).Plan(reflect.TypeOf(v), "Sample")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func ptr[T any](v T) *T { return &v }

var jsonFacts = &facts.Service{Name: "test", Protocol: facts.JSON}

func TestDecodeJSON(t *testing.T) {
	t.Parallel()
	p := planOf(t, jsonFacts, sample{})
	for _, tt := range []struct {
		name, body string
		want       sample
	}{
		{"empty body", ``, sample{}},
		{"white space", " \n", sample{}},
		{"empty object", ` { } `, sample{}},
		{"null is absent", `{"Text":null,"List":null,"Nested":null,"Count":null}`, sample{}},
		{"text", `{"Text":"a\"\\\/\b\f\n\r\tz","Plain":"é😀"}`, sample{Text: ptr("a\"\\/\b\f\n\r\tz"), Plain: "é😀"}},
		{"escapes", `{"Text":"\u00e9\ud83d\ude00","Plain":"\ud83d x"}`, sample{Text: ptr("é😀"), Plain: "\uFFFD x"}},
		{"two halves that do not fit", `{"Plain":"\ud83d\u0041"}`, sample{Plain: "\uFFFDA"}},
		{"enum", `{"Color":"RED"}`, sample{Color: "RED"}},
		{"booleans", `{"Flag":false,"On":true}`, sample{Flag: ptr(false), On: true}},
		{"integers", `{"Count":-7,"Big":9007199254740993}`, sample{Count: ptr(int32(-7)), Big: 9007199254740993}},
		{"integers as floats", `{"Count":7.0,"Big":1e3}`, sample{Count: ptr(int32(7)), Big: 1000}},
		{"float", `{"Ratio":1.5e-3}`, sample{Ratio: ptr(0.0015)}},
		{"infinity", `{"Ratio":"-Infinity"}`, sample{Ratio: ptr(math.Inf(-1))}},
		{"time", `{"At":1700000000.123}`, sample{At: ptr(time.UnixMilli(1700000000123).UTC())}},
		{"time in ISO 8601", `{"At":"2023-11-14T22:13:20Z"}`, sample{At: ptr(time.Unix(1700000000, 0).UTC())}},
		{"blob", `{"Blob":"aGk="}`, sample{Blob: []byte("hi")}},
		{"lists", `{"List":["a"],"Structs":[{"N":1},{}]}`, sample{List: []string{"a"}, Structs: []inner{{N: ptr(int32(1))}, {}}}},
		{"empty list", `{"List":[],"Table":{}}`, sample{List: []string{}, Table: map[string]string{}}},
		{"maps", `{"Table":{"a":"b"},"Tables":{"x":["y","z"]}}`, sample{Table: map[string]string{"a": "b"}, Tables: map[string][]string{"x": {"y", "z"}}}},
		{"nested", `{"Nested":{"Name":"n"},"Self":{"Self":{"Plain":"p"}}}`, sample{Nested: &inner{Name: ptr("n")}, Self: &sample{Self: &sample{Plain: "p"}}}},
		{"unknown members", `{"What":{"a":[1,-2.5e+7,true,false,null,"x",{}]},"text":"lower","Plain":"p","__type":"x"}`, sample{Plain: "p"}},
		{"the last of two", `{"Plain":"a","Plain":"b"}`, sample{Plain: "b"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got sample
			if err := p.DecodeJSON([]byte(tt.body), &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestDecodeJSON_AllocatesLittle(t *testing.T) {
	p, body := planOf(t, jsonFacts, inner{}), []byte(`{"Name":"a name"}`)
	n := testing.AllocsPerRun(100, func() {
		if err := p.DecodeJSON(body, new(inner)); err != nil {
			t.Error(err)
		}
	})
	if n > 4 {
		t.Errorf("%v allocations, want 4 at most", n)
	}
}

func TestDecodeJSON_Refused(t *testing.T) {
	t.Parallel()
	p := planOf(t, jsonFacts, sample{})
	for _, tt := range []struct{ body, want string }{
		{`[]`, "START_ARRAY_VALUE can not be converted to a Structure"},
		{`"x"`, "STRING_VALUE can not be converted to a Structure"},
		{`nope`, "expected a value"},
		{`{"Text":7}`, "NUMBER_VALUE can not be converted to a String, at 'Text'"},
		{`{"Text":true}`, "BOOLEAN_VALUE can not be converted to a String"},
		{`{"Text":{}}`, "START_OBJECT_VALUE can not be converted to a String"},
		{`{"Count":"7"}`, "STRING_VALUE can not be converted to an Integer, at 'Count'"},
		{`{"Count":1.5}`, "NUMBER_VALUE can not be converted to an Integer"},
		{`{"Count":2147483648}`, "NUMBER_VALUE can not be converted to an Integer"},
		{`{"Big":1e300}`, "NUMBER_VALUE can not be converted to an Integer"},
		{`{"Big":1e999999999}`, "NUMBER_VALUE can not be converted to an Integer"},
		{`{"On":"true"}`, "STRING_VALUE can not be converted to a Boolean"},
		{`{"On":1}`, "NUMBER_VALUE can not be converted to a Boolean"},
		{`{"Ratio":"much"}`, "STRING_VALUE can not be converted to a Float"},
		{`{"At":"soon"}`, "STRING_VALUE can not be converted to a Timestamp"},
		{`{"At":1e18}`, "NUMBER_VALUE can not be converted to a Timestamp"},
		{`{"Blob":"*"}`, "STRING_VALUE can not be converted to a Blob"},
		{`{"List":{}}`, "START_OBJECT_VALUE can not be converted to a List"},
		{`{"List":["a",null]}`, "NULL_VALUE can not be an element of a list"},
		{`{"List":["a",7]}`, "NUMBER_VALUE can not be converted to a String, at 'List.2'"},
		{`{"Structs":[{"N":"x"}]}`, "at 'Structs.1.N'"},
		{`{"Table":[]}`, "START_ARRAY_VALUE can not be converted to a Map"},
		{`{"Table":{"a":null}}`, "NULL_VALUE can not be a value of a map"},
		{`{"Text":"a`, "Unexpected end of JSON"},
		{"{\"Text\":\"a\nb\"}", "expected a character of a string"},
		{`{"Text":"\x"}`, "expected an escape"},
		{`{"Text":"\u12"}`, "expected an escape"},
		{"{\"Text\":\"\xff\"}", "not UTF-8"},
		{`{"Text":"a",}`, "Unexpected '}'"},
		{`{"Text" "a"}`, "expected ':'"},
		{`{} {}`, "expected the end"},
		{`{"What":01}`, "expected a value"},
		{`{"What":-}`, "expected a value"},
		{`{"What":tru}`, "expected a value"},
		{`{"What":` + strings.Repeat("[", 101) + strings.Repeat("]", 101) + `}`, "deeper than 100"},
		{strings.Repeat(`{"Self":`, 101) + `{}` + strings.Repeat("}", 101), "deeper than 100"},
	} {
		err := p.DecodeJSON([]byte(tt.body), new(sample))
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%.40s: got %v, want %q", tt.body, err, tt.want)
		}
	}
}

func TestAppendJSON(t *testing.T) {
	t.Parallel()
	p := planOf(t, jsonFacts, sample{})
	for _, tt := range []struct {
		name string
		in   sample
		want string
	}{
		{"nothing", sample{}, `{"On":false,"Big":0,"List":[],"Structs":[]}`},
		{"nested nothing", sample{Self: &sample{}}, `{"On":false,"Big":0,"List":[],"Structs":[],"Self":{"On":false,"Big":0}}`},
		{"text", sample{Text: ptr("a\"\\\n\r\t\x01é\u2028<&"), Plain: "\xff."}, `{"Text":"a\"\\\n\r\t\u0001é` + "\u2028" + `<&","Plain":"\ufffd.","On":false,"Big":0,"List":[],"Structs":[]}`},
		{"empty text that is set", sample{Text: ptr("")}, `{"Text":"","On":false,"Big":0,"List":[],"Structs":[]}`},
		{"time", sample{At: ptr(time.UnixMilli(1700000000120))}, `{"On":false,"Big":0,"At":1700000000.120,"List":[],"Structs":[]}`},
		{"whole second", sample{At: ptr(time.Unix(1700000000, 0))}, `{"On":false,"Big":0,"At":1700000000,"List":[],"Structs":[]}`},
		{"float", sample{Ratio: ptr(math.NaN())}, `{"On":false,"Big":0,"Ratio":"NaN","List":[],"Structs":[]}`},
		{"map", sample{Table: map[string]string{"b": "1", "a": "2"}}, `{"On":false,"Big":0,"List":[],"Structs":[],"Table":{"a":"2","b":"1"}}`},
	} {
		got, err := p.AppendJSON(nil, &tt.in)
		if err != nil || string(got) != tt.want {
			t.Errorf("%s:\n got %s, %v\nwant %s", tt.name, got, err, tt.want)
		}
		if !json.Valid(got) {
			t.Errorf("%s: no JSON: %s", tt.name, got)
		}
	}
}

// what the scanner accepts encoding/json accepts too, and both read the same.
func FuzzDecodeJSON(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"Text":"a","List":["b"],"Self":{"Count":1}}`, `{"x":[1,2,{"y":null}],"Plain":"\ud83d\ude00"}`, `{"Ratio":-0.5e-7}`,
		`[`, `{"Text":`, `{"Text":"\u`, "{\"Text\":\"\xff\"}", `{"Big":1.0}`, `{"At":17}`,
	} {
		f.Add([]byte(seed))
	}
	p := planOf(f, jsonFacts, sample{})
	f.Fuzz(func(t *testing.T, body []byte) {
		var got sample
		if p.DecodeJSON(body, &got) != nil || len(strings.TrimSpace(string(body))) == 0 {
			return
		}
		var theirs map[string]json.RawMessage
		if err := json.Unmarshal(body, &theirs); err != nil {
			t.Fatalf("accepted %q: %v", body, err)
		}
		if !utf8.Valid(body) {
			t.Fatalf("accepted what is no UTF-8: %q", body)
		}
		out, err := p.AppendJSON(nil, &got)
		if err != nil {
			t.Fatal(err)
		}
		var again sample
		if err := p.DecodeJSON(out, &again); err != nil {
			t.Fatalf("wrote %s, which it does not read: %v", out, err)
		}
	})
}
