package codec

import (
	"reflect"
	"slices"
	"strconv"
)

// DecodeJSON reads a JSON object into v, a pointer to the plan's type: null is absent, unknown members are skipped, an
// empty body is an empty object. The error is a *SyntaxError.
func (p *Plan) DecodeJSON(body []byte, v any) error {
	s := &scanner{b: body}
	if s.peek() == 0 && s.pos == len(body) {
		return nil
	}
	if err := readStruct(s, p.root, reflect.ValueOf(v).Elem()); err != nil {
		return err
	}
	if s.space(); s.pos != len(body) {
		return s.unexpected("the end")
	}
	return nil
}

func readStruct(s *scanner, n *node, v reflect.Value) error {
	if s.peek() != '{' {
		return mismatch(s, n)
	}
	return s.object(func(name string) error {
		i, known := n.byName[name]
		if !known {
			_, err := s.skip()
			return err
		}
		if s.null() {
			return nil
		}
		f := &n.fields[i]
		return under(name, read(s, f.node, v.Field(f.index)))
	})
}

// read reads a value that is not null.
func read(s *scanner, n *node, v reflect.Value) error {
	if n.ptr {
		p := reflect.New(n.typ)
		if err := readValue(s, n, p.Elem()); err != nil {
			return err
		}
		v.Set(p)
		return nil
	}
	return readValue(s, n, v)
}

func readValue(s *scanner, n *node, v reflect.Value) error {
	switch n.kind {
	case kindStruct:
		return readStruct(s, n, v)
	case kindList:
		return readList(s, n, v)
	case kindMap:
		return readMap(s, n, v)
	case kindUnion:
		return readUnion(s, n, v)
	case kindDocument:
		raw, err := s.skip()
		if err == nil {
			v.Set(n.newDoc(slices.Clone(raw)))
		}
		return err
	default:
		return readScalar(s, n, v)
	}
}

func readScalar(s *scanner, n *node, v reflect.Value) error {
	if s.peek() == '"' {
		text, err := s.text()
		if err != nil {
			return err
		}
		if n.kind == kindBool || n.kind == kindInt || !setText(n, v, text) {
			return syntax("STRING_VALUE can not be converted to %s", n.noun())
		}
		return nil
	}
	start := s.pos
	lit := s.literal()
	switch {
	case (lit == "true" || lit == "false") && n.kind == kindBool:
		v.SetBool(lit == "true")
		return nil
	case isNumber(lit) && n.kind != kindString && n.kind != kindBlob && n.kind != kindBool && setText(n, v, lit):
		return nil
	}
	s.pos = start
	return mismatch(s, n)
}

func readList(s *scanner, n *node, v reflect.Value) error {
	if s.peek() != '[' {
		return mismatch(s, n)
	}
	list := reflect.MakeSlice(n.typ, 0, 0)
	err := s.array(func() error {
		if s.null() {
			return syntax("NULL_VALUE can not be an element of a list")
		}
		list = reflect.Append(list, reflect.Zero(n.typ.Elem()))
		return under(strconv.Itoa(list.Len()), read(s, n.elem, list.Index(list.Len()-1)))
	})
	v.Set(list)
	return err
}

func readMap(s *scanner, n *node, v reflect.Value) error {
	if s.peek() != '{' {
		return mismatch(s, n)
	}
	m := reflect.MakeMap(n.typ)
	err := s.object(func(name string) error {
		if s.null() {
			return syntax("NULL_VALUE can not be a value of a map")
		}
		value := reflect.New(n.typ.Elem()).Elem()
		if err := read(s, n.elem, value); err != nil {
			return under(name, err)
		}
		m.SetMapIndex(reflect.ValueOf(name).Convert(n.typ.Key()), value)
		return nil
	})
	v.Set(m)
	return err
}

// readUnion reads an object with exactly one member that is not null.
func readUnion(s *scanner, n *node, v reflect.Value) error {
	if s.peek() != '{' {
		return mismatch(s, n)
	}
	found := 0
	err := s.object(func(name string) error {
		if s.null() {
			return nil
		}
		if name == "__type" { // some SDKs send it along
			_, err := s.skip()
			return err
		}
		found++
		for i := range n.variants {
			if n.variants[i].name == name {
				return under(name, readVariant(s, &n.variants[i], v))
			}
		}
		return syntax("Unknown member of a union: %s", name)
	})
	if err == nil && found != 1 {
		return syntax("A union must have exactly one member, found %d", found)
	}
	return err
}

func readVariant(s *scanner, variant *variant, v reflect.Value) error {
	p := reflect.New(variant.typ)
	if err := read(s, variant.node, p.Elem().Field(0)); err != nil {
		return err
	}
	v.Set(p)
	return nil
}

// mismatch is the error for a value of the wrong kind, worded as AWS's JSON services do.
func mismatch(s *scanner, n *node) error {
	switch s.peek() {
	case '{':
		return syntax("START_OBJECT_VALUE can not be converted to %s", n.noun())
	case '[':
		return syntax("START_ARRAY_VALUE can not be converted to %s", n.noun())
	case '"':
		return syntax("STRING_VALUE can not be converted to %s", n.noun())
	case 't', 'f':
		return syntax("BOOLEAN_VALUE can not be converted to %s", n.noun())
	}
	if raw, err := s.skip(); err != nil || len(raw) == 0 {
		return s.unexpected("a value")
	}
	return syntax("NUMBER_VALUE can not be converted to %s", n.noun())
}
