package codec

import (
	"testing"

	"accountfactory/internal/wire/facts"

	"github.com/google/go-cmp/cmp"
)

var strictFacts = &facts.Service{Name: "test", Protocol: facts.JSON, Shapes: map[string]*facts.Shape{
	"Sample": {
		Required: []string{"Plain", "List", "Color"},
		Members: map[string]*facts.Member{
			"Text": {Shape: "Short"}, "Plain": {Shape: "Short"}, "Color": {Shape: "Color"}, "Count": {Shape: "Ten"}, "Big": {Shape: "Ten"},
			"List": {Shape: "List"}, "Structs": {Shape: "Structs"}, "Table": {Shape: "Table"}, "Nested": {Shape: "Inner"}, "Blob": {Shape: "Short"},
		},
	},
	"Short":   {Min: ptr(int64(2)), Max: ptr(int64(4)), Pattern: "[a-zé]*"},
	"Color":   {Enum: []string{"RED", "BLUE"}},
	"Ten":     {Min: ptr(int64(1)), Max: ptr(int64(10))},
	"List":    {Elem: "Short", Max: ptr(int64(2))},
	"Structs": {Elem: "Inner", Min: ptr(int64(1))},
	"Inner":   {Required: []string{"Name"}, Members: map[string]*facts.Member{"Name": {Shape: "Secret"}}},
	"Secret":  {Min: ptr(int64(3)), Sensitive: true},
	"Table":   {Key: "Short", Elem: "Color"},
}}

func TestValidate(t *testing.T) {
	t.Parallel()
	p := planOf(t, strictFacts, sample{})
	good := func(change func(*sample)) *sample {
		s := &sample{Plain: "abc", List: []string{"ab"}, Color: "RED"}
		change(s)
		return s
	}
	const must = " failed to satisfy constraint: Member must "
	for _, tt := range []struct {
		name string
		in   *sample
		want string // "" is valid
	}{
		{"good", good(func(*sample) {}), ""},
		{"characters, not bytes", good(func(s *sample) { s.Text = ptr("éééé") }), ""},
		{"zero counts as absent", good(func(s *sample) { s.Big = 0 }), ""},
		{"empty list is not null", good(func(s *sample) { s.List = []string{} }), ""},
		{"nothing", &sample{}, "3 validation errors detected: Value null at 'plain'" + must + "not be null; " +
			"Value null at 'color'" + must + "not be null; Value null at 'list'" + must + "not be null"},
		{"too long", good(func(s *sample) { s.Text = ptr("abcde") }), "1 validation error detected: Value 'abcde' at 'text'" + must + "have length less than or equal to 4"},
		{"too short", good(func(s *sample) { s.Text = ptr("") }), "1 validation error detected: Value '' at 'text'" + must + "have length greater than or equal to 2"},
		{"pattern", good(func(s *sample) { s.Text = ptr("A b") }), "1 validation error detected: Value 'A b' at 'text'" + must + "satisfy regular expression pattern: [a-zé]*"},
		{"two rules of one member", good(func(s *sample) { s.Text = ptr("ABCDE") }), "2 validation errors detected: Value 'ABCDE' at 'text'" + must +
			"have length less than or equal to 4; Value 'ABCDE' at 'text'" + must + "satisfy regular expression pattern: [a-zé]*"},
		{"enum", good(func(s *sample) { s.Color = "GREEN" }), "1 validation error detected: Value 'GREEN' at 'color'" + must + "satisfy enum value set: [RED, BLUE]"},
		{"too small", good(func(s *sample) { s.Count = ptr(int32(0)) }), "1 validation error detected: Value '0' at 'count'" + must + "have value greater than or equal to 1"},
		{"too great", good(func(s *sample) { s.Big = 11 }), "1 validation error detected: Value '11' at 'big'" + must + "have value less than or equal to 10"},
		{"list too long", good(func(s *sample) { s.List = []string{"ab", "cd", "ef"} }), "1 validation error detected: Value '[ab, cd, ef]' at 'list'" + must + "have length less than or equal to 2"},
		{"list element", good(func(s *sample) { s.List = []string{"ab", "X"} }), "1 validation error detected: Value '[ab, X]' at 'list'" + must +
			"satisfy constraint: [Member must have length less than or equal to 4, Member must have length greater than or equal to 2, Member must satisfy regular expression pattern: [a-zé]*]"},
		{"empty list of structures", good(func(s *sample) { s.Structs = []inner{} }), "1 validation error detected: Value '[]' at 'structs'" + must + "have length greater than or equal to 1"},
		{"in a structure in a list", good(func(s *sample) { s.Structs = []inner{{Name: ptr("abc")}, {}} }), "1 validation error detected: Value null at 'structs.2.member.name'" + must + "not be null"},
		{"sensitive", good(func(s *sample) { s.Nested = &inner{Name: ptr("x")} }), "1 validation error detected: Value at 'nested.name'" + must + "have length greater than or equal to 3"},
		{"map key", good(func(s *sample) { s.Table = map[string]string{"K": "RED"} }), "1 validation error detected: Value '{K=RED}' at 'table' failed to satisfy constraint: Map keys must " +
			"satisfy constraint: [Member must have length less than or equal to 4, Member must have length greater than or equal to 2, Member must satisfy regular expression pattern: [a-zé]*]"},
		{"map value", good(func(s *sample) { s.Table = map[string]string{"ab": "x"} }), "1 validation error detected: Value '{ab=x}' at 'table' failed to satisfy constraint: Map value must " +
			"satisfy constraint: [Member must satisfy enum value set: [RED, BLUE]]"},
		{"blob", good(func(s *sample) { s.Blob = []byte("hello") }), "1 validation error detected: Value 'aGVsbG8=' at 'blob'" + must + "have length less than or equal to 4"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := ""
			if vs := p.Validate(tt.in); len(vs) > 0 {
				got = Sentence(vs)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// a sentence repeats no more of a value than fits in an answer, and no half characters.
func TestValidate_LongValue(t *testing.T) {
	t.Parallel()
	long := make([]byte, 1<<20)
	for i := range long {
		long[i] = "é"[i%2]
	}
	vs := planOf(t, strictFacts, sample{}).Validate(&sample{Plain: string(long), List: []string{}, Color: "RED"})
	if len(vs) != 1 || len(vs[0].String()) > 2000 {
		t.Errorf("%d violations, the first %d bytes long", len(vs), len(vs[0].String()))
	}
}
