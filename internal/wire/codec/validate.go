package codec

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"accountfactory/internal/wire/facts"
)

// Validate checks v, a pointer to the plan's type, against its model, and gives what it breaks, in the order of the
// members. A plain number or boolean that is zero counts as absent: its Go type cannot tell.
func (p *Plan) Validate(v any) []Violation {
	var c checker
	c.structure("", p.root, reflect.ValueOf(v).Elem())
	return c.found
}

// checker collects violations.
type checker struct{ found []Violation }

func (c *checker) structure(prefix string, n *node, v reflect.Value) {
	for i := range n.fields {
		f := &n.fields[i]
		fv := v.Field(f.index)
		switch {
		case absent(f.node, fv):
			if f.required {
				c.add(Violation{At: prefix + f.label, Constraint: Required, must: "Member must not be null"})
			}
		case f.node.ptr || !fv.IsZero():
			c.value(prefix+f.label, f.node, fv)
		}
	}
}

func (c *checker) add(v Violation) { c.found = append(c.found, v) }

// value checks a value that is there.
func (c *checker) value(at string, n *node, v reflect.Value) {
	if n.ptr {
		if v.IsNil() {
			return
		}
		v = v.Elem()
	}
	for _, r := range n.broken(v) {
		text := show(n, v)
		c.add(Violation{At: at, Constraint: r.constraint, value: &text, sensitive: n.hidden(), must: r.must})
	}
	switch n.kind {
	case kindStruct:
		c.structure(at+".", n, v)
	case kindList:
		c.elements(at, n, v)
	case kindMap:
		c.entries(at, n, v)
	case kindUnion:
		if variant, value, err := n.variantOf(v); err == nil {
			c.value(at+"."+lowerFirst(variant.name), variant.node, value)
		}
	default: // a scalar has nothing inside
	}
}

// elements checks what is in a list: structures one by one, scalars all together, as AWS reports them.
func (c *checker) elements(at string, n *node, v reflect.Value) {
	if !n.elem.scalar() {
		for i := range v.Len() {
			c.value(at+"."+strconv.Itoa(i+1)+".member", n.elem, v.Index(i))
		}
		return
	}
	for i := range v.Len() {
		if len(n.elem.broken(v.Index(i))) > 0 {
			c.inner(at, n, v, "Member", n.elem)
			return
		}
	}
}

func (c *checker) entries(at string, n *node, v reflect.Value) {
	keys := sortedKeys(v)
	for _, key := range keys {
		if len(n.key.broken(key)) > 0 {
			c.inner(at, n, v, "Map keys", n.key)
			break
		}
	}
	for _, key := range keys {
		value := v.MapIndex(key)
		if !n.elem.scalar() {
			c.value(at+"."+key.String()+".member", n.elem, value)
		} else if len(n.elem.broken(value)) > 0 {
			c.inner(at, n, v, "Map value", n.elem)
			return
		}
	}
}

// inner reports that something in a collection breaks a rule: AWS names all rules of the element then.
func (c *checker) inner(at string, n *node, v reflect.Value, who string, elem *node) {
	text := show(n, v)
	must := fmt.Sprintf("%s must satisfy constraint: [%s]", who, strings.Join(elem.rules(), ", "))
	c.add(Violation{At: at, Constraint: Element, value: &text, sensitive: n.hidden() || elem.hidden(), must: must})
}

func (n *node) scalar() bool { return n.kind < kindBlob }

func (n *node) hidden() bool { return n.shape != nil && n.shape.Sensitive }

// rule is one rule of a shape.
type rule struct {
	constraint Constraint
	must       string
}

// broken gives the rules a value breaks.
func (n *node) broken(v reflect.Value) []rule {
	if n.shape == nil {
		return nil
	}
	if n.ptr && v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return nil
		}
		v = v.Elem()
	}
	var out []rule
	size, ranged := int64(0), false
	switch n.kind {
	case kindString:
		size = int64(utf8.RuneCountInString(v.String()))
	case kindList, kindMap, kindBlob:
		size = int64(v.Len())
	case kindInt:
		size, ranged = v.Int(), true
	default:
		return nil
	}
	if s := n.shape; s.Max != nil && size > *s.Max {
		out = append(out, limit(ranged, false, *s.Max))
	}
	if s := n.shape; s.Min != nil && size < *s.Min {
		out = append(out, limit(ranged, true, *s.Min))
	}
	if n.kind == kindString {
		out = append(out, brokenText(n.shape, v.String())...)
	}
	return out
}

func brokenText(s *facts.Shape, text string) (out []rule) {
	if s.Pattern != "" && !s.Matches(text) {
		out = append(out, patternRule(s))
	}
	if len(s.Enum) > 0 && !slices.Contains(s.Enum, text) {
		out = append(out, enumRule(s))
	}
	return out
}

// rules gives all rules of a scalar's shape, as words.
func (n *node) rules() (out []string) {
	s := n.shape
	ranged := n.kind == kindInt
	if s.Max != nil {
		out = append(out, limit(ranged, false, *s.Max).must)
	}
	if s.Min != nil {
		out = append(out, limit(ranged, true, *s.Min).must)
	}
	if s.Pattern != "" {
		out = append(out, patternRule(s).must)
	}
	if len(s.Enum) > 0 {
		out = append(out, enumRule(s).must)
	}
	return out
}

func limit(ranged, lower bool, bound int64) rule {
	switch {
	case ranged && lower:
		return rule{MinValue, fmt.Sprintf("Member must have value greater than or equal to %d", bound)}
	case ranged:
		return rule{MaxValue, fmt.Sprintf("Member must have value less than or equal to %d", bound)}
	case lower:
		return rule{MinLength, fmt.Sprintf("Member must have length greater than or equal to %d", bound)}
	}
	return rule{MaxLength, fmt.Sprintf("Member must have length less than or equal to %d", bound)}
}

func patternRule(s *facts.Shape) rule {
	return rule{Pattern, "Member must satisfy regular expression pattern: " + s.Pattern}
}

func enumRule(s *facts.Shape) rule {
	return rule{Enum, "Member must satisfy enum value set: [" + strings.Join(s.Enum, ", ") + "]"}
}
