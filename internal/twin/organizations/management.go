package organizations

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
)

// operators is a set of operators that set values.
type operators uint8

// The operators, by the names policies give them in operatorNames.
const (
	opAssign operators = 1 << iota
	opAppend
	opRemove

	opNone operators = 0
	opAll            = opAssign | opAppend | opRemove
)

const childControl = "@@operators_allowed_for_child_policies"

// operatorNames are the values of a child control.
var operatorNames = map[string]operators{
	"@@all": opAll, "@@none": opNone, "@@assign": opAssign, "@@append": opAppend, "@@remove": opRemove,
}

// element is an object of a management policy: what it does to the setting in its place, and its members.
// Source: Organizations User Guide, "Policy syntax and inheritance for management policy types".
type element struct {
	values   map[operators]any // of the operators it has; @@append and @@remove have a list
	allows   *operators        // what child policies may do, when it says so
	children map[string]*element
}

// maxNesting is deeper than any policy of AWS's own types goes.
const maxNesting = 16

// parseManagement reads the document of a management policy. What is checked is the grammar all types share and the
// outermost member, and for tag and AI services opt-out policies, whose few members AWS documents for good, those too.
func parseManagement(kind policyKind, text string) (*element, error) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	raw, err := readMembers(d, 0)
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("text after the end of the policy")
	}
	doc, isObject := raw.(map[string]any)
	if !isObject || len(doc) != 1 || doc[kind.root] == nil {
		return nil, fmt.Errorf("want an object with the one member %q", kind.root)
	}
	out, err := newElement(doc, "")
	if err != nil {
		return nil, err
	}
	return out, out.children[kind.root].check(kind)
}

// readMembers reads a JSON value. Members given twice are refused.
func readMembers(d *json.Decoder, depth int) (any, error) {
	tok, err := d.Token()
	if err != nil {
		return nil, err
	}
	delim, isDelim := tok.(json.Delim)
	switch {
	case !isDelim:
		return tok, nil
	case depth > maxNesting:
		return nil, errors.New("nested too deep")
	case delim == '[':
		return readList(d, depth)
	}
	out := map[string]any{}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, err
		}
		key, _ := name.(string) // the decoder lets nothing else stand there
		if _, twice := out[key]; twice {
			return nil, fmt.Errorf("%q occurs twice", key)
		}
		if out[key], err = readMembers(d, depth+1); err != nil {
			return nil, err
		}
	}
	_, err = d.Token()
	return out, err
}

func readList(d *json.Decoder, depth int) (any, error) {
	out := []any{}
	for d.More() {
		item, err := readMembers(d, depth+1)
		if err != nil {
			return nil, err
		}
		out = append(out, item)
	}
	_, err := d.Token()
	return out, err
}

// newElement turns an object into an element. Either operators set a value, or there are members.
func newElement(object map[string]any, path string) (*element, error) {
	e := &element{}
	for name, v := range object {
		where := path + "." + name
		if strings.HasPrefix(name, "@@") {
			if err := e.operator(name, v, where); err != nil {
				return nil, err
			}
			continue
		}
		child, isObject := v.(map[string]any)
		if !isObject {
			return nil, fmt.Errorf("%s: a value needs an operator", where)
		}
		c, err := newElement(child, where)
		if err != nil {
			return nil, err
		}
		if e.children == nil {
			e.children = map[string]*element{}
		}
		e.children[name] = c
	}
	if len(e.values) > 0 && len(e.children) > 0 {
		return nil, fmt.Errorf("%s: has a value and members", path)
	}
	return e, nil
}

func (e *element) operator(name string, v any, path string) error {
	if name == childControl {
		return e.control(v, path)
	}
	op, known := operatorNames[name]
	if !known || op == opNone || op == opAll {
		return fmt.Errorf("%s: no such operator", path)
	}
	list, isList := v.([]any)
	if !isList && (op != opAssign || !isScalar(v)) {
		return fmt.Errorf("%s: want a list, or with @@assign a single value", path)
	}
	for _, item := range list {
		if !isScalar(item) {
			return fmt.Errorf("%s: want single values in the list", path)
		}
	}
	if e.values == nil {
		e.values = map[operators]any{}
	}
	e.values[op] = v
	return nil
}

func (e *element) control(v any, path string) error {
	list, _ := v.([]any)
	if len(list) == 0 {
		return fmt.Errorf("%s: want a list of operators", path)
	}
	e.allows = new(operators)
	for _, item := range list {
		name, _ := item.(string)
		op, known := operatorNames[name]
		if !known {
			return fmt.Errorf("%s: no operator %q", path, item)
		}
		*e.allows |= op
	}
	return nil
}

func isScalar(v any) bool {
	switch v.(type) {
	case string, json.Number, bool:
		return true
	}
	return false
}

// check holds what is special to a type against the element of its outermost member.
func (e *element) check(kind policyKind) error {
	if len(e.values) > 0 {
		return fmt.Errorf("%s: has no value itself", kind.root)
	}
	for name, c := range e.children {
		if len(c.values) > 0 && (kind.Type == types.PolicyTypeTagPolicy || kind.Type == types.PolicyTypeAiservicesOptOutPolicy) {
			return fmt.Errorf("%s: has no value itself", name)
		}
		for member, m := range c.children {
			if err := m.checkMember(kind.Type, member); err != nil {
				return fmt.Errorf("%s.%s: %w", name, member, err)
			}
		}
	}
	return nil
}

// checkMember holds a member of a tag key or AI service against its syntax.
// Sources: Organizations User Guide, "Tag policy syntax", "AI services opt-out policy syntax and examples".
func (e *element) checkMember(t types.PolicyType, name string) error {
	if t != types.PolicyTypeTagPolicy && t != types.PolicyTypeAiservicesOptOutPolicy {
		return nil
	}
	if len(e.children) > 0 {
		return errors.New("has no members")
	}
	assigned, _ := e.values[opAssign].(string)
	single := len(e.values) == 0 || len(e.values) == 1 && assigned != ""
	switch {
	case t == types.PolicyTypeAiservicesOptOutPolicy:
		if name != "opt_out_policy" || !single || assigned != "" && assigned != "optIn" && assigned != "optOut" {
			return errors.New(`want opt_out_policy with "optIn" or "optOut" assigned`)
		}
	case name == "tag_key":
		if !single {
			return errors.New("want one key assigned")
		}
	case name == "tag_value" || name == "enforced_for" || name == "report_required_tag_for":
		if _, isList := e.values[opAssign].([]any); e.values[opAssign] != nil && !isList {
			return errors.New("want a list")
		}
	default:
		return errors.New("no member of a tag key")
	}
	return nil
}

// text gives a value as compact JSON with its members in order, and characters as they are.
func text(v any) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic("organizations: a value that was JSON is not: " + err.Error())
	}
	return strings.TrimSuffix(b.String(), "\n")
}
