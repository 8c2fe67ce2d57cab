package codec

import (
	"encoding/base64"
	"fmt"
	"reflect"
	"strconv"
	"unicode/utf8"
)

// AppendXML appends the members of v, a pointer to the plan's type, as XML elements. A nil list at the top is written as
// an empty element; further down nil is absent.
func (p *Plan) AppendXML(b []byte, v any) ([]byte, error) {
	return xmlStruct(b, p.root, reflect.ValueOf(v).Elem(), true)
}

func xmlStruct(b []byte, n *node, v reflect.Value, top bool) (_ []byte, err error) {
	for i := range n.fields {
		f := &n.fields[i]
		fv := v.Field(f.index)
		if absent(f.node, fv) && (!top || f.node.kind != kindList) {
			continue
		}
		if b, err = xmlElement(b, f.name, f.node, fv); err != nil {
			return nil, fmt.Errorf("%s: %w", f.name, err)
		}
	}
	return b, nil
}

func xmlElement(b []byte, name string, n *node, v reflect.Value) (_ []byte, err error) {
	b = append(append(append(b, '<'), name...), '>')
	if n.ptr && !v.IsNil() {
		v = v.Elem()
	}
	if v.Kind() != reflect.Pointer {
		if b, err = xmlValue(b, n, v); err != nil {
			return nil, err
		}
	}
	return append(append(append(b, '<', '/'), name...), '>'), nil
}

func xmlValue(b []byte, n *node, v reflect.Value) (_ []byte, err error) {
	switch n.kind {
	case kindStruct:
		return xmlStruct(b, n, v, false)
	case kindList:
		for i := range v.Len() {
			if b, err = xmlElement(b, "member", n.elem, v.Index(i)); err != nil {
				return nil, err
			}
		}
		return b, nil
	case kindMap:
		return xmlMap(b, n, v)
	case kindUnion:
		variant, value, err := n.variantOf(v)
		if err != nil {
			return nil, err
		}
		return xmlElement(b, variant.name, variant.node, value)
	case kindDocument:
		return nil, fmt.Errorf("%s: no document in XML", n.typ)
	default:
		return AppendXMLText(b, scalarText(n, v)), nil
	}
}

func xmlMap(b []byte, n *node, v reflect.Value) (_ []byte, err error) {
	for _, key := range sortedKeys(v) {
		b = append(b, "<entry>"...)
		if b, err = xmlElement(b, "key", n.key, key); err != nil {
			return nil, err
		}
		if b, err = xmlElement(b, "value", n.elem, v.MapIndex(key)); err != nil {
			return nil, err
		}
		b = append(b, "</entry>"...)
	}
	return b, nil
}

// scalarText gives a scalar as it stands in XML and in headers.
func scalarText(n *node, v reflect.Value) string {
	switch n.kind {
	case kindBool:
		return strconv.FormatBool(v.Bool())
	case kindInt:
		return strconv.FormatInt(v.Int(), 10)
	case kindFloat:
		return strconv.FormatFloat(v.Float(), 'g', -1, 64)
	case kindTime:
		return string(appendTime(nil, asTime(v), n.format))
	case kindBlob:
		return base64.StdEncoding.EncodeToString(v.Bytes())
	default:
		return v.String()
	}
}

// AppendXMLText appends s as character data. What XML 1.0 cannot hold becomes U+FFFD.
func AppendXMLText(b []byte, s string) []byte {
	for _, r := range s {
		switch {
		case r == '&':
			b = append(b, "&amp;"...)
		case r == '<':
			b = append(b, "&lt;"...)
		case r == '>':
			b = append(b, "&gt;"...)
		case r == '"':
			b = append(b, "&quot;"...)
		case r == '\r':
			b = append(b, "&#xD;"...)
		case r == '\t', r == '\n', r >= ' ' && r != 0xFFFE && r != 0xFFFF:
			b = utf8.AppendRune(b, r)
		default:
			b = utf8.AppendRune(b, utf8.RuneError)
		}
	}
	return b
}
