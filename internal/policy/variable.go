package policy

import (
	"errors"
	"fmt"
	"strings"
)

// readVariable reads ${key}, ${key, 'default'}, or one of ${*} ${?} ${$}, which stand for the character itself. It gives
// the part and how many bytes it took.
func readVariable(s string) (part, int, error) {
	end := strings.IndexByte(s, '}')
	if end < 0 {
		return part{}, 0, errors.New("a policy variable is not closed: add } or write ${$} for a plain $")
	}
	body := s[len("${"):end]
	if body == "*" || body == "?" || body == "$" {
		return part{text: body}, end + 1, nil
	}
	key, rest, hasDefault := strings.Cut(body, ",")
	key = strings.TrimSpace(key)
	if key == "" || strings.ContainsAny(key, "${}'\"") {
		return part{}, 0, fmt.Errorf("policy variable ${%s} names no condition key: write ${aws:username} or the like", body)
	}
	v := part{kind: variable, text: lower(key), written: key}
	if !hasDefault {
		return v, end + 1, nil
	}
	// A default may itself hold a closing brace, so its own quotation mark ends it.
	open := strings.IndexByte(s, ',') + 1
	quoted := strings.TrimLeft(s[open:], " ")
	if !strings.HasPrefix(quoted, "'") {
		return part{}, 0, fmt.Errorf("the default %q of policy variable ${%s} is not quoted: put it in single quotation marks", strings.TrimSpace(rest), key)
	}
	value, after, closed := strings.Cut(quoted[1:], "'")
	tail := strings.TrimLeft(after, " ")
	if !closed || !strings.HasPrefix(tail, "}") {
		return part{}, 0, fmt.Errorf("the default of policy variable ${%s} does not end: write ${%s, 'text'}", key, key)
	}
	v.fallback, v.optional = value, true
	return v, len(s) - len(tail) + 1, nil
}

// variable gives the value a variable has in this request. Keys with several values cannot be variables (IAM User Guide,
// "Single-valued vs. multivalued context keys").
func (e *evaluation) variable(v part) (string, bool) {
	if values := e.values(v.text); len(values) == 1 {
		return values[0], true
	}
	return v.fallback, v.optional
}

// lower folds the letters A to Z, the only ones AWS's names have.
func lower(s string) string {
	for i := range len(s) {
		if 'A' <= s[i] && s[i] <= 'Z' {
			return strings.Map(func(r rune) rune {
				if 'A' <= r && r <= 'Z' {
					return r + 'a' - 'A'
				}
				return r
			}, s)
		}
	}
	return s
}
