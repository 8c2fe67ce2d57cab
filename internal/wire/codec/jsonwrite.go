package codec

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"unicode/utf8"

	smithydocument "github.com/aws/smithy-go/document"
)

// AppendJSON appends v, a pointer to the plan's type, as a JSON object. What travels outside the body is left out. A nil
// list at the top is written as [], which clients index without looking; further down nil is absent.
func (p *Plan) AppendJSON(b []byte, v any) ([]byte, error) {
	return writeStruct(b, p.root, reflect.ValueOf(v).Elem(), true)
}

func writeStruct(b []byte, n *node, v reflect.Value, top bool) (_ []byte, err error) {
	b = append(b, '{')
	first := true
	for i := range n.fields {
		f := &n.fields[i]
		fv := v.Field(f.index)
		if f.in != "" || absent(f.node, fv) && (!top || f.node.kind != kindList) {
			continue
		}
		if !first {
			b = append(b, ',')
		}
		first = false
		b = append(b, f.quoted...)
		if b, err = write(b, f.node, fv); err != nil {
			return nil, fmt.Errorf("%s: %w", f.name, err)
		}
	}
	return append(b, '}'), nil
}

// absent tells whether a member has no value: a nil, or an enum that was never set. Plain numbers and booleans always
// have one.
func absent(n *node, v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Interface:
		return v.IsNil()
	case reflect.String:
		return v.Len() == 0
	default:
		return false
	}
}

func write(b []byte, n *node, v reflect.Value) ([]byte, error) {
	if n.ptr {
		if v.IsNil() {
			return append(b, "null"...), nil
		}
		v = v.Elem()
	}
	switch n.kind {
	case kindString:
		return appendString(b, v.String()), nil
	case kindBool:
		return strconv.AppendBool(b, v.Bool()), nil
	case kindInt:
		return strconv.AppendInt(b, v.Int(), 10), nil
	case kindFloat:
		return appendFloat(b, v.Float()), nil
	case kindTime:
		if n.format == formatUnix {
			return appendTime(b, asTime(v), n.format), nil
		}
		return append(appendTime(append(b, '"'), asTime(v), n.format), '"'), nil
	case kindBlob:
		return append(base64.StdEncoding.AppendEncode(append(b, '"'), v.Bytes()), '"'), nil
	case kindList:
		return writeList(b, n, v)
	case kindMap:
		return writeMap(b, n, v)
	case kindUnion:
		return writeUnion(b, n, v)
	case kindDocument:
		return writeDocument(b, v)
	default:
		return writeStruct(b, n, v, false)
	}
}

func writeList(b []byte, n *node, v reflect.Value) (_ []byte, err error) {
	b = append(b, '[')
	for i := range v.Len() {
		if i > 0 {
			b = append(b, ',')
		}
		if b, err = write(b, n.elem, v.Index(i)); err != nil {
			return nil, err
		}
	}
	return append(b, ']'), nil
}

func writeMap(b []byte, n *node, v reflect.Value) (_ []byte, err error) {
	b = append(b, '{')
	for i, key := range sortedKeys(v) {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendString(b, key.String()), ':')
		if b, err = write(b, n.elem, v.MapIndex(key)); err != nil {
			return nil, err
		}
	}
	return append(b, '}'), nil
}

func sortedKeys(m reflect.Value) []reflect.Value {
	keys := m.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return cmp.Compare(a.String(), b.String()) })
	return keys
}

func writeUnion(b []byte, n *node, v reflect.Value) ([]byte, error) {
	variant, value, err := n.variantOf(v)
	if err != nil {
		return nil, err
	}
	b = append(appendString(append(b, '{'), variant.name), ':')
	if b, err = write(b, variant.node, value); err != nil {
		return nil, err
	}
	return append(b, '}'), nil
}

// variantOf gives the plan and the value of the member a union holds.
func (n *node) variantOf(v reflect.Value) (*variant, reflect.Value, error) {
	p := v.Elem()
	if p.Kind() == reflect.Pointer && !p.IsNil() {
		for i := range n.variants {
			if n.variants[i].typ == p.Type().Elem() {
				return &n.variants[i], p.Elem().Field(0), nil
			}
		}
	}
	return nil, reflect.Value{}, fmt.Errorf("%s holds %s, which is no member of it", n.typ.Name(), p.Type())
}

func writeDocument(b []byte, v reflect.Value) ([]byte, error) {
	m, ok := v.Interface().(smithydocument.Marshaler)
	if !ok {
		return append(b, "null"...), nil
	}
	raw, err := m.MarshalSmithyDocument()
	if err != nil {
		return nil, err
	}
	if len(raw) == 0 {
		return append(b, "null"...), nil
	}
	return append(b, raw...), nil
}

func appendFloat(b []byte, f float64) []byte {
	switch {
	case math.IsNaN(f):
		return append(b, `"NaN"`...)
	case math.IsInf(f, 1):
		return append(b, `"Infinity"`...)
	case math.IsInf(f, -1):
		return append(b, `"-Infinity"`...)
	}
	return strconv.AppendFloat(b, f, 'g', -1, 64)
}

const hex = "0123456789abcdef"

// appendString appends s in quotes. Bytes that are no UTF-8 become U+FFFD.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' && c < utf8.RuneSelf {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 {
				b = append(append(b, s[start:i]...), `\ufffd`...)
				start = i + 1
			}
			i += size
			continue
		}
		b = append(b, s[start:i]...)
		b = appendEscape(b, c)
		i++
		start = i
	}
	return append(append(b, s[start:]...), '"')
}

func appendEscape(b []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(b, '\\', c)
	case '\n':
		return append(b, '\\', 'n')
	case '\r':
		return append(b, '\\', 'r')
	case '\t':
		return append(b, '\\', 't')
	}
	return append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
}
