package policy

import (
	"strings"
	"unicode/utf8"
)

type partKind uint8

const (
	literal  partKind = iota
	anyText           // *
	anyOne            // ?
	variable          // ${…}
)

// part is one piece of a pattern.
type part struct {
	kind     partKind
	text     string // the literal, or the variable's key in lower case
	fallback string // the variable's default
	optional bool   // the variable has a default
	written  string // the variable's key as the policy has it
}

// pattern is text with wildcards and policy variables. The zero pattern matches the empty text alone.
type pattern struct {
	parts     []part
	variables bool
}

// compile reads a pattern. Wildcards count where wild is set and variables where vars is set (only in documents of
// 2012-10-17, IAM User Guide, "Policy variables"). It refuses a variable it cannot read.
func compile(text string, wild, vars bool) (pattern, error) {
	var p pattern
	var lit strings.Builder
	flush := func() {
		if lit.Len() > 0 {
			p.parts = append(p.parts, part{text: lit.String()})
			lit.Reset()
		}
	}
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case vars && strings.HasPrefix(text[i:], "${"):
			v, length, err := readVariable(text[i:])
			if err != nil {
				return pattern{}, err
			}
			i += length - 1
			if v.kind == literal {
				lit.WriteString(v.text)
				continue
			}
			flush()
			p.parts, p.variables = append(p.parts, v), true
		case wild && c == '*':
			flush()
			if n := len(p.parts); n == 0 || p.parts[n-1].kind != anyText {
				p.parts = append(p.parts, part{kind: anyText})
			}
		case wild && c == '?':
			flush()
			p.parts = append(p.parts, part{kind: anyOne})
		default:
			lit.WriteByte(c)
		}
	}
	flush()
	return p, nil
}

// resolve puts values in the place of variables. A value is plain text: a * in it is no wildcard. It reports false when a
// variable has neither value nor default.
func (p pattern) resolve(e *evaluation) (pattern, bool) {
	if !p.variables {
		return p, true
	}
	out := make([]part, len(p.parts))
	for i, v := range p.parts {
		if v.kind == variable {
			value, ok := e.variable(v)
			if !ok {
				return pattern{}, false
			}
			v = part{text: value}
		}
		out[i] = v
	}
	return pattern{parts: out}, true
}

// match reports whether the whole text fits. On a mismatch only the last * is tried again, further on, so time is at
// worst the product of the two lengths and never exponential.
func (p pattern) match(s string) bool {
	parts := p.parts
	i, at := 0, 0
	star, retry := -1, 0
	for {
		if i < len(parts) && parts[i].kind == anyText {
			if i == len(parts)-1 {
				return true
			}
			star, retry = i, at
			i++
		}
		if i == len(parts) && at == len(s) {
			return true
		}
		if i < len(parts) && parts[i].kind != anyText {
			if n, ok := parts[i].take(s[at:]); ok {
				i, at = i+1, at+n
				continue
			}
		}
		if i < len(parts) && parts[i].kind == anyText {
			continue
		}
		if star < 0 {
			return false
		}
		if retry = skip(parts[star+1], s, retry); retry < 0 {
			return false
		}
		i, at = star+1, retry
	}
}

// take reports how much of s the part uses up.
func (p part) take(s string) (int, bool) {
	if p.kind == anyOne {
		_, n := utf8.DecodeRuneInString(s)
		return n, n > 0
	}
	return len(p.text), strings.HasPrefix(s, p.text)
}

// skip gives the next place after from where the part behind a * could begin, or -1.
func skip(p part, s string, from int) int {
	_, n := utf8.DecodeRuneInString(s[from:])
	if n == 0 {
		return -1
	}
	from += n
	if p.kind != literal {
		return from
	}
	if n = strings.Index(s[from:], p.text); n < 0 {
		return -1
	}
	return from + n
}

// isAny reports whether the pattern is a lone *.
func (p pattern) isAny() bool { return len(p.parts) == 1 && p.parts[0].kind == anyText }

// split cuts a pattern without variables at its first n-1 colons.
func (p pattern) split(n int) []pattern {
	out := make([]pattern, 1, n)
	for _, q := range p.parts {
		for q.kind == literal && len(out) < n {
			before, after, found := strings.Cut(q.text, ":")
			if !found {
				break
			}
			if before != "" {
				out[len(out)-1].parts = append(out[len(out)-1].parts, part{text: before})
			}
			out, q.text = append(out, pattern{}), after
		}
		if q.kind != literal || q.text != "" {
			out[len(out)-1].parts = append(out[len(out)-1].parts, q)
		}
	}
	return out
}
