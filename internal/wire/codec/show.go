package codec

import (
	"reflect"
	"strings"
	"unicode/utf8"
)

// shown is how much of a value a sentence repeats, in bytes.
const shown = 1024

// show gives a value as validation sentences write it: Java's toString, [a, b] for a list and {k=v} for a map.
func show(n *node, v reflect.Value) string {
	var b strings.Builder
	showTo(&b, n, v)
	s := b.String()
	if len(s) > shown {
		s = s[:shown]
		for !utf8.ValidString(s) && len(s) > 0 {
			s = s[:len(s)-1]
		}
	}
	return s
}

func showTo(b *strings.Builder, n *node, v reflect.Value) {
	if b.Len() > shown {
		return
	}
	if n.ptr && v.Kind() == reflect.Pointer {
		if v.IsNil() {
			b.WriteString("null")
			return
		}
		v = v.Elem()
	}
	switch {
	case n.hidden():
		b.WriteString("***")
	case n.kind == kindList:
		b.WriteByte('[')
		for i := range min(v.Len(), shown) {
			if i > 0 {
				b.WriteString(", ")
			}
			showTo(b, n.elem, v.Index(i))
		}
		b.WriteByte(']')
	case n.kind == kindMap:
		b.WriteByte('{')
		for i, key := range sortedKeys(v) {
			if i > 0 {
				b.WriteString(", ")
			}
			showTo(b, n.key, key)
			b.WriteByte('=')
			showTo(b, n.elem, v.MapIndex(key))
		}
		b.WriteByte('}')
	case n.scalar() || n.kind == kindBlob:
		b.WriteString(scalarText(n, v))
	default:
		b.WriteString("{}") // a structure's text would be Java's, and tells nothing
	}
}
