package codec

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"accountfactory/internal/wire/facts"
)

// structure compiles the members of a struct. What the SDK adds to every one is no member.
func (c *Compiler) structure(n *node) (err error) {
	n.byName = map[string]int{}
	for i := range n.typ.NumField() {
		f := n.typ.Field(i)
		if !f.IsExported() || f.Name == "ResultMetadata" || f.Name == "ErrorCodeOverride" {
			continue
		}
		if f.Name == "Message" && elsewhere(n.shape) {
			continue
		}
		goName := strings.TrimSuffix(f.Name, "_") // sso-oidc's error is Error_, beside the method Error
		name, in, shape := c.member(n.shape, goName)
		m := field{index: i, name: name, quoted: string(appendString(nil, name)) + ":", in: in, label: lowerFirst(goName), required: required(n.shape, goName)}
		if m.node, err = c.node(f.Type, shape); err != nil {
			return fmt.Errorf("%s.%s: %w", n.typ.Name(), f.Name, err)
		}
		if in == "" {
			n.byName[name] = len(n.fields)
		}
		n.fields = append(n.fields, m)
	}
	return nil
}

// elsewhere tells whether an error's text is a member of another name: then Message, which the SDK gives every error, is
// not on the wire.
func elsewhere(s *facts.Shape) bool {
	return s != nil && s.Error != nil && s.Error.Message != "" && !strings.EqualFold(s.Error.Message, "message")
}

// member finds what is known of a member by its Go name, which is the model's with the first letter in upper case.
func (c *Compiler) member(s *facts.Shape, goName string) (name, in, shape string) {
	name = goName
	if c.facts.Protocol == facts.REST {
		name = lowerFirst(goName)
	}
	if s == nil {
		return name, "", ""
	}
	m, ok := s.Members[goName]
	if !ok {
		m, ok = s.Members[lowerFirst(goName)]
	}
	if !ok {
		return name, "", ""
	}
	if m.Name != "" {
		name = m.Name
	}
	return name, m.In, m.Shape
}

func required(s *facts.Shape, goName string) bool {
	if s == nil {
		return false
	}
	for _, r := range s.Required {
		if r == goName || r == lowerFirst(goName) {
			return true
		}
	}
	return false
}

func lowerFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToLower(r)) + s[n:]
}
