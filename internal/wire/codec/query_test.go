package codec

import (
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"accountfactory/internal/wire/facts"

	"github.com/google/go-cmp/cmp"
)

var queryFacts = &facts.Service{Name: "test", Protocol: facts.Query}

func TestDecodeQuery(t *testing.T) {
	t.Parallel()
	p := planOf(t, queryFacts, sample{})
	for _, tt := range []struct {
		name, query string
		want        sample
	}{
		{"nothing", "Action=X&Version=1", sample{}},
		{
			"scalars", "Text=a+b&On=true&Count=7&Big=-1&Ratio=1.5&At=2023-11-14T22:13:20Z&Blob=aGk%3D",
			sample{Text: ptr("a b"), On: true, Count: ptr(int32(7)), Big: -1, Ratio: ptr(1.5), At: ptr(time.Unix(1700000000, 0).UTC()), Blob: []byte("hi")},
		},
		{"set but empty", "Text=", sample{Text: ptr("")}},
		{"list", "List.member.1=a&List.member.2=b", sample{List: []string{"a", "b"}}},
		{"list in any order, with gaps", "List.member.11=c&List.member.2=b&List.member.1=a", sample{List: []string{"a", "b", "c"}}},
		{"empty list", "List=", sample{List: []string{}}},
		{
			"structs", "Structs.member.1.Name=a&Structs.member.1.N=1&Structs.member.2.N=2",
			sample{Structs: []inner{{Name: ptr("a"), N: ptr(int32(1))}, {N: ptr(int32(2))}}},
		},
		{"map", "Table.entry.1.key=a&Table.entry.1.value=b&Table.entry.2.key=c", sample{Table: map[string]string{"a": "b", "c": ""}}},
		{"map of lists", "Tables.entry.1.key=a&Tables.entry.1.value.member.1=b", sample{Tables: map[string][]string{"a": {"b"}}}},
		{"nested", "Self.Self.Nested.Name=n", sample{Self: &sample{Self: &sample{Nested: &inner{Name: ptr("n")}}}}},
		{"unknown parameters", "Plain=p&Plainer=x&Plain-2=y&Self2.Plain=z", sample{Plain: "p"}},
		{"the first of two", "Plain=a&Plain=b", sample{Plain: "a"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			values, err := url.ParseQuery(tt.query)
			if err != nil {
				t.Fatal(err)
			}
			var got sample
			if err := p.DecodeQuery(values, &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestDecodeQuery_Refused(t *testing.T) {
	t.Parallel()
	p := planOf(t, queryFacts, sample{})
	for query, want := range map[string]string{
		"Count=x": `Count is not an Integer: "x"`, "On=yes": "On is not a Boolean", "Count=99999999999": "an Integer",
		"At=soon": "a Timestamp", "List.member.0=a": "not a valid list index", "List.member.01=a": "not a valid list index",
		"List.member.x=a": "Key (List.member.x) is not", "List.member.99999999999999999999=a": "not a valid list index",
		"Structs.member.1.N=x": "Structs.member.1.N is not",
	} {
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		if err := p.DecodeQuery(values, new(sample)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", query, err, want)
		}
	}
}

func TestAppendXML(t *testing.T) {
	t.Parallel()
	p := planOf(t, queryFacts, sample{})
	at := time.UnixMilli(1700000000120)
	got, err := p.AppendXML(nil, &sample{
		Text: ptr("<a> & \"b\"\r\n\x00"), At: &at, Blob: []byte("hi"), Structs: []inner{{Name: ptr("n")}},
		Table: map[string]string{"b": "1", "a": "2"}, Tables: map[string][]string{"k": {"v"}}, Self: &sample{},
	})
	want := `<Text>&lt;a&gt; &amp; &quot;b&quot;&#xD;` + "\n\uFFFD" + `</Text><On>false</On><Big>0</Big><At>2023-11-14T22:13:20.12Z</At>` +
		`<Blob>aGk=</Blob><List></List><Structs><member><Name>n</Name></member></Structs>` +
		`<Table><entry><key>a</key><value>2</value></entry><entry><key>b</key><value>1</value></entry></Table>` +
		`<Tables><entry><key>k</key><value><member>v</member></value></entry></Tables><Self><On>false</On><Big>0</Big></Self>`
	if err != nil || string(got) != want {
		t.Errorf("got  %s, %v\nwant %s", got, err, want)
	}
}

// whatever a query holds, reading it ends, and what was read can be written as XML.
func FuzzDecodeQuery(f *testing.F) {
	for _, seed := range []string{
		"Text=a&List.member.1=b", "Structs.member.1.Name=x&Table.entry.1.key=k", "Self.Self.Plain=1", "List.member.9999999=a",
		"List.member.-1=a", "Self..Plain=a", "List=&List.member.1.member.2=x", "Table.entry.1.key.key=x", "%zz",
	} {
		f.Add(seed)
	}
	p := planOf(f, queryFacts, sample{})
	f.Fuzz(func(t *testing.T, query string) {
		values, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		var got sample
		if p.DecodeQuery(values, &got) != nil {
			return
		}
		out, err := p.AppendXML([]byte("<r>"), &got)
		if err != nil {
			t.Fatal(err)
		}
		d := xml.NewDecoder(strings.NewReader(string(out) + "</r>"))
		for err == nil {
			_, err = d.Token()
		}
		if !errors.Is(err, io.EOF) {
			t.Fatalf("wrote %q, which is no XML: %v", out, err)
		}
	})
}

var boundFacts = &facts.Service{Name: "test", Protocol: facts.REST, Shapes: map[string]*facts.Shape{"Sample": {
	Members: map[string]*facts.Member{
		"text": {In: "uri"}, "count": {In: "querystring", Name: "max_result"}, "list": {In: "querystring", Name: "keys"},
		"plain": {In: "header", Name: "X-Plain"}, "flag": {In: "header", Name: "X-Flag"},
	},
}}}

func TestBindings(t *testing.T) {
	t.Parallel()
	p := planOf(t, boundFacts, sample{})
	var got sample
	if err := p.DecodeJSON([]byte(`{"big":1,"text":"not here","x-plain":"nor here"}`), &got); err != nil {
		t.Fatal(err)
	}
	err := p.DecodeBindings(map[string]string{"text": "arn:a/b"}, url.Values{"max_result": {"7"}, "keys": {"a", "b"}},
		http.Header{"X-Plain": {"p"}, "X-Flag": {"true"}}, &got)
	if err != nil {
		t.Fatal(err)
	}
	want := sample{Text: ptr("arn:a/b"), Count: ptr(int32(7)), List: []string{"a", "b"}, Plain: "p", Flag: ptr(true), Big: 1}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	h := http.Header{}
	p.Headers(h, &want)
	if diff := cmp.Diff(http.Header{"X-Plain": {"p"}, "X-Flag": {"true"}}, h); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
	if err := p.DecodeBindings(nil, url.Values{"max_result": {"x"}}, nil, &got); err == nil || !strings.Contains(err.Error(), "max_result") {
		t.Errorf("got %v", err)
	}
}
