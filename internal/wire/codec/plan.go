package codec

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	"accountfactory/internal/wire/facts"
)

type kind uint8

const (
	kindString kind = iota // also enums
	kindBool
	kindInt
	kindFloat
	kindTime
	kindBlob
	kindList
	kindMap
	kindStruct
	kindUnion
	kindDocument
)

// node is the plan of one type: how a value of it travels and what it must satisfy.
type node struct {
	kind     kind
	typ      reflect.Type // without the pointer
	ptr      bool         // the Go value is a pointer to typ
	shape    *facts.Shape // nil when nothing is known
	format   string       // of a timestamp in a body
	elem     *node        // of a list's elements or a map's values
	key      *node        // of a map's keys
	fields   []field      // of a struct
	byName   map[string]int
	variants []variant // of a union
	newDoc   func(raw []byte) reflect.Value
}

// field is one member of a struct.
type field struct {
	index    int
	label    string // as it is called in validation sentences
	name     string // on the wire
	quoted   string // the name as JSON has it, with the colon
	in       string // "", "header", "querystring", "uri", "statusCode"
	required bool
	node     *node
}

// variant is one member of a union: a Go type *XMemberY with one field Value.
type variant struct {
	typ  reflect.Type // the struct, not the pointer
	name string
	node *node
}

// Compiler makes the plans of one service. It is not safe for concurrent use; plans are, once made.
type Compiler struct {
	facts *facts.Service
	made  map[planKey]*node
}

type planKey struct {
	typ   reflect.Type
	shape string
}

// NewCompiler gives a compiler for a service's types.
func NewCompiler(s *facts.Service) *Compiler {
	return &Compiler{facts: s, made: map[planKey]*node{}}
}

// Plan is how one struct type of a service travels.
type Plan struct {
	facts *facts.Service
	root  *node
}

// Plan compiles a struct type whose shape has the given name ("" when unknown).
// The error names a Go type that no protocol can carry.
func (c *Compiler) Plan(t reflect.Type, shape string) (*Plan, error) {
	if t.Kind() != reflect.Struct {
		return nil, fmt.Errorf("plan of %s: not a struct", t)
	}
	n, err := c.node(t, shape)
	if err != nil {
		return nil, err
	}
	return &Plan{facts: c.facts, root: n}, nil
}

var timeType = reflect.TypeFor[time.Time]()

func (c *Compiler) node(t reflect.Type, shape string) (*node, error) {
	key := planKey{t, shape}
	if n, ok := c.made[key]; ok {
		return n, nil
	}
	n := &node{typ: t, shape: c.facts.Shape(shape)}
	c.made[key] = n // before its members: HandshakeResource contains itself
	if t.Kind() == reflect.Pointer {
		n.ptr, n.typ = true, t.Elem()
	}
	if err := c.fill(n); err != nil {
		delete(c.made, key) // half made; whoever asks next shall have the error too
		return nil, err
	}
	return n, nil
}

func (c *Compiler) fill(n *node) (err error) {
	elem, key := "", ""
	if n.shape != nil {
		elem, key = n.shape.Elem, n.shape.Key
	}
	switch n.typ.Kind() {
	case reflect.String:
		n.kind = kindString
	case reflect.Bool:
		n.kind = kindBool
	case reflect.Int32, reflect.Int64:
		n.kind = kindInt
	case reflect.Float32, reflect.Float64:
		n.kind = kindFloat
	case reflect.Slice:
		if n.typ.Elem().Kind() == reflect.Uint8 {
			n.kind = kindBlob
			return nil
		}
		n.kind = kindList
		n.elem, err = c.node(n.typ.Elem(), elem)
	case reflect.Map:
		n.kind = kindMap
		if n.key, err = c.node(n.typ.Key(), key); err != nil {
			return err
		}
		n.elem, err = c.node(n.typ.Elem(), elem)
	case reflect.Struct:
		if n.typ == timeType {
			n.kind, n.format = kindTime, c.timeFormat(n.shape)
			return nil
		}
		n.kind = kindStruct
		err = c.structure(n)
	case reflect.Interface:
		err = c.open(n)
	default:
		err = fmt.Errorf("plan of %s: no protocol carries a %s", n.typ, n.typ.Kind())
	}
	return err
}

// open compiles an interface: a document or a union.
func (c *Compiler) open(n *node) (err error) {
	if make, ok := documents[n.typ]; ok {
		n.kind, n.newDoc = kindDocument, make
		return nil
	}
	known, ok := unions[n.typ]
	if !ok {
		return fmt.Errorf("plan of %s: a union nobody listed", n.typ)
	}
	n.kind = kindUnion
	for _, t := range known {
		model := strings.TrimPrefix(t.Name(), n.typ.Name()+"Member") // MemberIdMemberUserId of MemberId
		name, _, shape := c.member(n.shape, model)
		v := variant{typ: t, name: name}
		if v.node, err = c.node(t.Field(0).Type, shape); err != nil {
			return err
		}
		n.variants = append(n.variants, v)
	}
	return nil
}

// timeFormat is how a timestamp stands in a body: what the model says, else what the protocol does.
func (c *Compiler) timeFormat(s *facts.Shape) string {
	if s != nil && s.Format != "" {
		return s.Format
	}
	if c.facts.Protocol == facts.Query {
		return formatISO
	}
	return formatUnix
}
