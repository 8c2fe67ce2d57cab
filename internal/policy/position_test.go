package policy_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"accountfactory/internal/policy"
)

func span(line, column, endLine, endColumn int32) policy.Span {
	return policy.Span{Start: policy.Position{Line: line, Column: column}, End: policy.Position{Line: endLine, Column: endColumn}}
}

// spans gives where the statements of a document that allows or denies everything stand.
func spans(text string, parse func(string) *policy.Document) (out []policy.Span) {
	x := policy.Examine(policy.Request{Principal: ana, Action: "a:B", Resource: "*"}, policy.Policies{Identity: []policy.Named{{Name: "p", Document: parse(text)}}})
	for _, f := range x.Findings {
		out = append(out, f.Span)
	}
	return out
}

// The first rows are places that AWS's simulator is known to give for documents of these shapes: AdministratorAccess, a
// document written by a program, and a bucket policy on one line with two statements.
func TestSpan(t *testing.T) {
	t.Parallel()
	const all = `"Effect": "Allow", "Action": "*", "Resource": "*"`
	for _, tc := range []struct {
		name, text string
		want       []policy.Span
	}{
		{"a list over lines, indented by two", "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n    {\n      \"Effect\": \"Allow\",\n      \"Action\": \"*\",\n      \"Resource\": \"*\"\n    }\n  ]\n}", []policy.Span{span(3, 17, 8, 6)}},
		{"a list over lines, indented by four", "{\n    \"Version\": \"2012-10-17\",\n    \"Statement\": [\n        {\n            \"Effect\": \"Allow\",\n            \"Action\": [\"*\"],\n\n            \"Resource\": \"*\"\n        }\n    ]\n}", []policy.Span{span(3, 19, 9, 10)}},
		{"one line with spaces", `{"Version": "2012-10-17", "Statement": [{` + all + `}]}`, []policy.Span{span(1, 41, 1, 41+51)}},
		{"the second begins where the first ends", `{"Version":"2012-10-17","Statement":[{` + all + `}, {` + all + `}]}`, []policy.Span{span(1, 38, 1, 89), span(1, 89, 1, 142)}},
		{"without a list", "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": {\n    " + all + "\n\n\n  }\n}", []policy.Span{span(3, 16, 7, 4)}},
		{"characters, not bytes", `{"Id":"é","Statement":[{` + all + `}]}`, []policy.Span{span(1, 24, 1, 75)}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tc.want, spans(tc.text, func(s string) *policy.Document { return parse(t, s) })); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Whatever the layout, a span cut from the text holds its statement.
func TestSpan_HoldsTheStatement(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var statements []any
		for range rapid.IntRange(1, 4).Draw(t, "statements") {
			statements = append(statements, object{"Effect": rapid.SampledFrom([]string{"Allow", "Deny"}).Draw(t, "effect"), "Action": "*", "Resource": []any{"*", "arn:aws:s3:::é/" + rapid.StringMatching(`[a-zö ]{0,9}`).Draw(t, "resource")}})
		}
		raw, err := json.Marshal(object{"Version": policy.Version2012, "Statement": statements})
		if err != nil {
			t.Fatal(err)
		}
		var laid bytes.Buffer
		if err := json.Indent(&laid, raw, rapid.SampledFrom([]string{"", "\t"}).Draw(t, "prefix"), rapid.SampledFrom([]string{"", " ", "    "}).Draw(t, "indent")); err != nil {
			t.Fatal(err)
		}
		text := laid.String()
		got := spans(text, func(s string) *policy.Document {
			d, err := policy.Parse(s)
			if err != nil {
				t.Fatal(err)
			}
			return d
		})
		if len(got) != len(statements) {
			t.Fatalf("%d spans of %d statements", len(got), len(statements))
		}
		for i, s := range got {
			var cut any
			piece := strings.TrimLeft(strings.TrimSpace(text[offset(text, s.Start):offset(text, s.End)]), ",")
			if err := json.Unmarshal([]byte(piece), &cut); err != nil {
				t.Fatalf("statement %d at %+v is %q: %v", i, s, piece, err)
			}
			if diff := cmp.Diff(statements[i], cut); diff != "" {
				t.Fatalf("statement %d (-want +got):\n%s", i, diff)
			}
		}
	})
}

// offset gives the byte at which a position lies.
func offset(text string, p policy.Position) int {
	lines := strings.SplitAfter(text, "\n")
	return len(strings.Join(lines[:p.Line-1], "")) + len(string([]rune(lines[p.Line-1])[:p.Column-1]))
}

func TestKeys(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, text string
		want       []string
	}{
		{"none", allowAll, nil},
		{
			"in the order of the text, each once", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::${aws:username}","Condition":{"DateGreaterThan":{"aws:CurrentTime":"2026-01-01"}}},
			{"Effect":"Deny","Action":"*","NotResource":"arn:aws:s3:::${AWS:userName}/${aws:PrincipalTag/a, 'b'}","Condition":{"StringEquals":{"x:y":["${x:z}","c"]},"Null":{"X:Y":"true"}}}]}`,
			[]string{"aws:username", "aws:CurrentTime", "aws:PrincipalTag/a", "x:y", "x:z"},
		},
		{"variables of the older language are text", `{"Statement":{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::${aws:username}"}}`, nil},
	} {
		if diff := cmp.Diff(tc.want, parse(t, tc.text).Keys()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tc.name, diff)
		}
	}
	if got := (*policy.Document)(nil).Keys(); got != nil {
		t.Errorf("no document has %q", got)
	}
}
