package codec

import (
	"net/http"
	"net/url"
	"reflect"
)

// DecodeBindings reads the members of a restJson1 request that travel outside the body into v, a pointer to the plan's
// type. The error is a *SyntaxError.
func (p *Plan) DecodeBindings(labels map[string]string, query url.Values, header http.Header, v any) error {
	s := reflect.ValueOf(v).Elem()
	for i := range p.root.fields {
		f := &p.root.fields[i]
		var texts []string
		switch f.in {
		case "uri":
			if label, ok := labels[f.name]; ok {
				texts = []string{label}
			}
		case "querystring":
			texts = query[f.name]
		case "header":
			texts = header.Values(f.name)
		}
		if len(texts) == 0 {
			continue
		}
		if err := bind(f, texts, s.Field(f.index)); err != nil {
			return err
		}
	}
	return nil
}

func bind(f *field, texts []string, v reflect.Value) error {
	n := f.node
	if n.kind == kindList {
		list := reflect.MakeSlice(n.typ, len(texts), len(texts))
		for i, text := range texts {
			if !setText(n.elem, list.Index(i), text) {
				return syntax("%q can not be converted to %s, at '%s'", text, n.elem.noun(), f.name)
			}
		}
		v.Set(list)
		return nil
	}
	if n.ptr {
		p := reflect.New(n.typ)
		v.Set(p)
		v = p.Elem()
	}
	if !setText(n, v, texts[0]) {
		return syntax("%q can not be converted to %s, at '%s'", texts[0], n.noun(), f.name)
	}
	return nil
}

// Headers sets the headers that members of v, a pointer to the plan's type, are bound to.
func (p *Plan) Headers(h http.Header, v any) {
	s := reflect.ValueOf(v).Elem()
	for i := range p.root.fields {
		f := &p.root.fields[i]
		fv := s.Field(f.index)
		if f.in != "header" || absent(f.node, fv) {
			continue
		}
		if f.node.ptr {
			fv = fv.Elem()
		}
		h.Set(f.name, scalarText(f.node, fv))
	}
}
