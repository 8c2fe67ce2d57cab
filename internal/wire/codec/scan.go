package codec

import (
	"bytes"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// maxDepth is how deep JSON may nest; no AWS type comes near.
const maxDepth = 100

// scanner reads JSON values from a buffer, one after another.
type scanner struct {
	b     []byte
	pos   int
	depth int
}

func (s *scanner) space() {
	for s.pos < len(s.b) {
		switch s.b[s.pos] {
		case ' ', '\t', '\n', '\r':
			s.pos++
		default:
			return
		}
	}
}

// peek gives the first byte of the next token, 0 at the end.
func (s *scanner) peek() byte {
	s.space()
	if s.pos == len(s.b) {
		return 0
	}
	return s.b[s.pos]
}

func (s *scanner) expect(c byte) error {
	if s.peek() != c {
		return s.unexpected("'" + string(c) + "'")
	}
	s.pos++
	return nil
}

func (s *scanner) unexpected(wanted string) error {
	if s.pos >= len(s.b) {
		return syntax("Unexpected end of JSON, expected %s", wanted)
	}
	return syntax("Unexpected %s at byte %d of the JSON, expected %s", strconv.QuoteRune(rune(s.b[s.pos])), s.pos, wanted)
}

// null consumes a null if one is next.
func (s *scanner) null() bool {
	if s.peek() == 'n' && bytes.HasPrefix(s.b[s.pos:], []byte("null")) {
		s.pos += len("null")
		return true
	}
	return false
}

// object calls f for each member, with the scanner at its value.
func (s *scanner) object(f func(name string) error) error {
	return s.sequence('{', '}', func() error {
		name, err := s.text()
		if err != nil {
			return err
		}
		if err := s.expect(':'); err != nil {
			return err
		}
		return f(name)
	})
}

// array calls f for each element, with the scanner at it.
func (s *scanner) array(f func() error) error { return s.sequence('[', ']', f) }

func (s *scanner) sequence(opening, closing byte, f func() error) error {
	if err := s.expect(opening); err != nil {
		return err
	}
	if s.depth++; s.depth > maxDepth {
		return syntax("JSON nests deeper than %d", maxDepth)
	}
	defer func() { s.depth-- }()
	if s.peek() == closing {
		s.pos++
		return nil
	}
	for {
		if err := f(); err != nil {
			return err
		}
		if s.peek() != ',' {
			return s.expect(closing)
		}
		s.pos++
	}
}

// literal consumes true, false or a number and gives its text.
func (s *scanner) literal() string {
	s.space()
	start := s.pos
	for s.pos < len(s.b) {
		switch c := s.b[s.pos]; {
		case c >= '0' && c <= '9', c >= 'a' && c <= 'z', c == 'E', c == '+', c == '-', c == '.':
			s.pos++
		default:
			return string(s.b[start:s.pos])
		}
	}
	return string(s.b[start:s.pos])
}

// skip consumes one value and gives its bytes. Everything about it is checked as if it were wanted.
func (s *scanner) skip() (raw []byte, err error) {
	s.space()
	start := s.pos
	switch c := s.peek(); {
	case c == '{':
		err = s.object(func(string) error { _, err := s.skip(); return err })
	case c == '[':
		err = s.array(func() error { _, err := s.skip(); return err })
	case c == '"':
		_, err = s.text()
	default:
		if lit := s.literal(); lit != "true" && lit != "false" && lit != "null" && !isNumber(lit) {
			s.pos = start
			err = s.unexpected("a value")
		}
	}
	return s.b[start:s.pos], err
}

// isNumber tells whether lit is a number as JSON writes it; strconv alone takes more.
func isNumber(lit string) bool {
	i := 0
	digits := func() bool {
		start := i
		for i < len(lit) && lit[i] >= '0' && lit[i] <= '9' {
			i++
		}
		return i > start
	}
	if i < len(lit) && lit[i] == '-' {
		i++
	}
	if i < len(lit) && lit[i] == '0' {
		i++
	} else if !digits() {
		return false
	}
	if i < len(lit) && lit[i] == '.' {
		i++
		if !digits() {
			return false
		}
	}
	if i < len(lit) && (lit[i] == 'e' || lit[i] == 'E') {
		i++
		if i < len(lit) && (lit[i] == '+' || lit[i] == '-') {
			i++
		}
		if !digits() {
			return false
		}
	}
	return i == len(lit)
}

// text consumes a string.
func (s *scanner) text() (string, error) {
	if err := s.expect('"'); err != nil {
		return "", err
	}
	start := s.pos
	for ; s.pos < len(s.b); s.pos++ {
		switch c := s.b[s.pos]; {
		case c == '"':
			raw := s.b[start:s.pos]
			s.pos++
			if !utf8.Valid(raw) {
				return "", syntax("The JSON is not UTF-8")
			}
			return string(raw), nil
		case c == '\\':
			return s.escaped(append([]byte(nil), s.b[start:s.pos]...))
		case c < ' ':
			return "", s.unexpected("a character of a string")
		}
	}
	return "", s.unexpected("the end of a string")
}

// escaped goes on with a string from its first escape.
func (s *scanner) escaped(out []byte) (string, error) {
	for s.pos < len(s.b) {
		c := s.b[s.pos]
		switch {
		case c == '"':
			s.pos++
			if !utf8.Valid(out) {
				return "", syntax("The JSON is not UTF-8")
			}
			return string(out), nil
		case c == '\\':
			s.pos++
			r, err := s.escape()
			if err != nil {
				return "", err
			}
			out = utf8.AppendRune(out, r)
		case c < ' ':
			return "", s.unexpected("a character of a string")
		default:
			out = append(out, c)
			s.pos++
		}
	}
	return "", s.unexpected("the end of a string")
}

var escapes = map[byte]rune{
	'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t',
}

// escape consumes what follows a backslash.
func (s *scanner) escape() (rune, error) {
	if s.pos == len(s.b) {
		return 0, s.unexpected("an escape")
	}
	c := s.b[s.pos]
	if r, ok := escapes[c]; ok {
		s.pos++
		return r, nil
	}
	r, ok := s.unicode()
	if !ok {
		return 0, s.unexpected("an escape")
	}
	if !utf16.IsSurrogate(r) {
		return r, nil
	}
	// A surrogate without its other half becomes U+FFFD, as in encoding/json.
	if back := s.pos; back < len(s.b) && s.b[back] == '\\' {
		s.pos++
		if low, ok := s.unicode(); ok {
			if whole := utf16.DecodeRune(r, low); whole != utf8.RuneError {
				return whole, nil
			}
		}
		s.pos = back
	}
	return utf8.RuneError, nil
}

// unicode consumes uXXXX, or nothing.
func (s *scanner) unicode() (rune, bool) {
	if len(s.b)-s.pos < 5 || s.b[s.pos] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(s.b[s.pos+1:s.pos+5]), 16, 16)
	if err != nil {
		return 0, false
	}
	s.pos += 5
	return rune(n), true
}
