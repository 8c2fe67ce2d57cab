package codec

import (
	"bytes"
	"strconv"
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
