package codec

import (
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

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
