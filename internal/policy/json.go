package policy

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// The longest text Parse looks at, IAM's own limit for a policyDocument, and how deep a policy can be nested.
const (
	maxText  = 131072
	maxDepth = 8
)

// node is a JSON value that remembers where it stood, so that an error can say so.
type node struct {
	kind    byte // '{', '[', '"', '0' number, 't' boolean, 'n' null
	at, end int  // offsets in the text: of the first character, and behind the last
	text    string
	items   []node
	members []member
}

type member struct {
	name string
	at   int
	node node
}

// reader walks JSON tokens and keeps count of the place.
type reader struct {
	text string
	dec  *json.Decoder
}

// readJSON reads one JSON value and nothing after it. Members that occur twice are refused: readers differ on which one
// counts.
func readJSON(text string) (node, error) {
	if len(text) > maxText {
		return node{}, fmt.Errorf("policy of %d bytes: shorten it to %d at most", len(text), maxText)
	}
	if !utf8.ValidString(text) {
		return node{}, errors.New("policy is not UTF-8 text: save it as UTF-8")
	}
	r := &reader{text: text, dec: json.NewDecoder(strings.NewReader(text))}
	r.dec.UseNumber()
	n, err := r.value(0)
	if err != nil {
		return node{}, err
	}
	at := r.next()
	if _, err := r.dec.Token(); !errors.Is(err, io.EOF) {
		return node{}, errAt(text, at, "text after the end of the policy: remove it")
	}
	return n, nil
}

// next gives the offset of the token that comes next.
func (r *reader) next() int {
	at := int(r.dec.InputOffset())
	for at < len(r.text) && strings.IndexByte(" \t\r\n,:", r.text[at]) >= 0 {
		at++
	}
	return at
}

func (r *reader) value(depth int) (node, error) {
	n, err := r.read(depth)
	n.end = int(r.dec.InputOffset())
	return n, err
}

func (r *reader) read(depth int) (node, error) {
	at := r.next()
	tok, err := r.dec.Token()
	if err != nil {
		return node{}, r.syntax(err)
	}
	if depth > maxDepth {
		return node{}, errAt(r.text, at, "nested deeper than any policy: flatten it")
	}
	n := node{at: at}
	switch t := tok.(type) {
	case string:
		n.kind, n.text = '"', t
	case json.Number:
		n.kind, n.text = '0', t.String()
	case bool:
		n.kind, n.text = 't', fmt.Sprint(t)
	case nil:
		n.kind, n.text = 'n', "null"
	case json.Delim:
		n.kind = byte(t)
		if t == '{' {
			return n, r.object(&n, depth)
		}
		return n, r.array(&n, depth)
	}
	return n, nil
}

func (r *reader) array(n *node, depth int) error {
	for r.dec.More() {
		v, err := r.value(depth + 1)
		if err != nil {
			return err
		}
		n.items = append(n.items, v)
	}
	return r.end()
}

func (r *reader) object(n *node, depth int) error {
	seen := map[string]bool{}
	for r.dec.More() {
		at := r.next()
		tok, err := r.dec.Token()
		if err != nil {
			return r.syntax(err)
		}
		name := tok.(string) // the decoder lets nothing else stand before a colon
		if seen[name] {
			return errAt(r.text, at, "%q occurs twice: join the two", name)
		}
		seen[name] = true
		v, err := r.value(depth + 1)
		if err != nil {
			return err
		}
		n.members = append(n.members, member{name: name, at: at, node: v})
	}
	return r.end()
}

func (r *reader) end() error {
	if _, err := r.dec.Token(); err != nil {
		return r.syntax(err)
	}
	return nil
}

func (r *reader) syntax(err error) error {
	var se *json.SyntaxError
	if errors.As(err, &se) {
		return errAt(r.text, r.next(), "not JSON: %v", se)
	}
	return errAt(r.text, len(r.text), "not JSON: the text ends too early, close what is open")
}

// errAt gives an error that begins with the place, counted as editors do.
func errAt(text string, at int, format string, args ...any) error {
	p := positionAt(text, at)
	return fmt.Errorf("line %d, column %d: %s", p.Line, p.Column, fmt.Sprintf(format, args...))
}
