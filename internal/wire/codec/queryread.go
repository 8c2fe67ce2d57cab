package codec

import (
	"cmp"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// param is one parameter of a query or form.
type param struct{ key, value string }

// params are parameters sorted by key, so that all under one prefix stand together.
type params []param

// exactly gives the value of a parameter. Of several with one key the first counts.
func (ps params) exactly(key string) (string, bool) {
	i, found := slices.BinarySearchFunc(ps, key, func(p param, key string) int { return cmp.Compare(p.key, key) })
	if !found {
		return "", false
	}
	return ps[i].value, true
}

// under gives the parameters whose key begins with prefix.
func (ps params) under(prefix string) params {
	from, _ := slices.BinarySearchFunc(ps, prefix, func(p param, prefix string) int { return cmp.Compare(p.key, prefix) })
	to := from
	for to < len(ps) && strings.HasPrefix(ps[to].key, prefix) {
		to++
	}
	return ps[from:to]
}

// DecodeQuery reads the parameters of an awsQuery request into v, a pointer to the plan's type. Unknown parameters are
// skipped. The error is a *SyntaxError.
func (p *Plan) DecodeQuery(values url.Values, v any) error {
	ps := make(params, 0, len(values))
	for key, all := range values {
		if len(all) > 0 {
			ps = append(ps, param{key, all[0]})
		}
	}
	slices.SortFunc(ps, func(a, b param) int { return cmp.Compare(a.key, b.key) })
	return queryStruct(ps, "", p.root, reflect.ValueOf(v).Elem())
}

func queryStruct(ps params, prefix string, n *node, v reflect.Value) error {
	for i := range n.fields {
		f := &n.fields[i]
		if err := query(ps, prefix+f.name, f.node, v.Field(f.index)); err != nil {
			return err
		}
	}
	return nil
}

// query reads the value under key, if there is one.
func query(ps params, key string, n *node, v reflect.Value) error {
	text, set := ps.exactly(key)
	inner := ps.under(key + ".")
	if !set && len(inner) == 0 {
		return nil
	}
	if n.ptr {
		p := reflect.New(n.typ)
		v.Set(p)
		v = p.Elem()
	}
	switch n.kind {
	case kindStruct:
		return queryStruct(inner, key+".", n, v)
	case kindList:
		return queryList(inner, key+".member.", n, v)
	case kindMap:
		return queryMap(inner, key+".entry.", n, v)
	case kindUnion:
		return queryUnion(inner, key+".", n, v)
	default:
		if set && !setText(n, v, text) {
			return syntax("%s is not %s: %q", key, n.noun(), text)
		}
		return nil
	}
}

// indexes gives the numbers that follow prefix, in order.
func indexes(ps params, prefix string) ([]int, error) {
	var found []int
	for _, p := range ps.under(prefix) {
		number, _, _ := strings.Cut(p.key[len(prefix):], ".")
		i, err := strconv.Atoi(number)
		if err != nil || i < 1 || number != strconv.Itoa(i) {
			return nil, syntax("Key (%s) is not a valid list index", p.key)
		}
		found = append(found, i)
	}
	slices.Sort(found)
	return slices.Compact(found), nil
}

func queryList(ps params, prefix string, n *node, v reflect.Value) error {
	found, err := indexes(ps, prefix)
	if err != nil {
		return err
	}
	list := reflect.MakeSlice(n.typ, len(found), len(found))
	for i, index := range found {
		if err := query(ps, prefix+strconv.Itoa(index), n.elem, list.Index(i)); err != nil {
			return err
		}
	}
	v.Set(list)
	return nil
}

func queryMap(ps params, prefix string, n *node, v reflect.Value) error {
	found, err := indexes(ps, prefix)
	if err != nil {
		return err
	}
	m := reflect.MakeMap(n.typ)
	for _, index := range found {
		at := prefix + strconv.Itoa(index)
		key, value := reflect.New(n.typ.Key()).Elem(), reflect.New(n.typ.Elem()).Elem()
		if err := query(ps, at+".key", n.key, key); err != nil {
			return err
		}
		if err := query(ps, at+".value", n.elem, value); err != nil {
			return err
		}
		m.SetMapIndex(key, value)
	}
	v.Set(m)
	return nil
}

func queryUnion(ps params, prefix string, n *node, v reflect.Value) error {
	found := 0
	for i := range n.variants {
		variant := &n.variants[i]
		at := prefix + variant.name
		if _, set := ps.exactly(at); !set && len(ps.under(at+".")) == 0 {
			continue
		}
		found++
		p := reflect.New(variant.typ)
		if err := query(ps, at, variant.node, p.Elem().Field(0)); err != nil {
			return err
		}
		v.Set(p)
	}
	if found != 1 {
		return syntax("A union must have exactly one member, %s has %d", strings.TrimSuffix(prefix, "."), found)
	}
	return nil
}
