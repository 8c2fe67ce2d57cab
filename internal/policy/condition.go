package policy

import (
	"fmt"
	"strings"
)

// quantifier says how a condition treats a key with several values.
type quantifier uint8

const (
	single    quantifier = iota
	allValues            // ForAllValues:
	anyValue             // ForAnyValue:
)

// condition is one operator on one key.
type condition struct {
	op       operator
	set      quantifier
	ifExists bool
	key      string // lower case
	values   []operand
}

// operand is a value of the policy, compiled for its operator.
type operand struct {
	pattern pattern   // strings, Booleans, ARNs
	fields  []pattern // the six fields of an ARN without variables
	fold    bool      // ignore case
	other   any       // number, time, network, bytes: what the operator made of it
}

func (p *parser) conditions(n node, path string) ([]condition, error) {
	if n.kind != '{' {
		return nil, p.fail(n, path, "want a JSON object of operators")
	}
	var out []condition
	for _, m := range n.members {
		where := path + "." + m.name
		base, err := readOperator(m.name)
		if err != nil {
			return nil, errAt(p.text, m.at, "%s: %v", where, err)
		}
		if m.node.kind != '{' || len(m.node.members) == 0 {
			return nil, p.fail(m.node, where, "want a JSON object with at least one condition key")
		}
		for _, key := range m.node.members {
			c := base
			c.key = lower(key.name)
			if !strings.Contains(c.key, ":") || strings.ContainsAny(c.key, "*?$") {
				return nil, errAt(p.text, key.at, "%s: %q is no condition key: write one like aws:PrincipalArn", where, key.name)
			}
			p.doc.refer(key.name)
			if c.values, err = p.operands(c.op, key.node, where+"."+key.name); err != nil {
				return nil, err
			}
			out = append(out, c)
		}
	}
	return out, nil
}

func (p *parser) operands(op operator, n node, path string) ([]operand, error) {
	items := n.items
	if n.kind != '[' {
		items = []node{n}
	}
	if len(items) == 0 {
		return nil, p.fail(n, path, "no values: give at least one")
	}
	var out []operand
	for _, item := range items {
		if item.kind != '"' && item.kind != '0' && item.kind != 't' {
			return nil, p.fail(item, path, "want a string, number or Boolean")
		}
		v, err := op.family.compile(item.text, op, p.doc.version == Version2012)
		if err != nil {
			return nil, p.fail(item, path, "%v", err)
		}
		p.doc.referTo(v.pattern)
		out = append(out, v)
	}
	return out, nil
}

// readOperator takes an operator's name apart: ForAnyValue:StringLikeIfExists.
func readOperator(name string) (condition, error) {
	c, rest := condition{}, name
	if set, op, found := strings.Cut(name, ":"); found {
		rest = op
		switch set {
		case "ForAllValues":
			c.set = allValues
		case "ForAnyValue":
			c.set = anyValue
		default:
			return condition{}, fmt.Errorf("unknown set operator: use ForAllValues or ForAnyValue")
		}
	}
	rest, c.ifExists = strings.CutSuffix(rest, "IfExists")
	op, ok := findOperator(rest)
	if !ok {
		return condition{}, fmt.Errorf("unknown condition operator: use one of IAM's, such as StringEquals")
	}
	if op.family == null && (c.ifExists || c.set != single) {
		return condition{}, fmt.Errorf("Null asks whether a key is present: leave IfExists, ForAllValues and ForAnyValue off")
	}
	c.op = op
	return c, nil
}

// holds reports whether the condition is met. What cannot be judged, a malformed value of the request or a variable
// without a value, never lets an Allow apply.
//
// A key the request lacks: IfExists and ForAllValues hold, ForAnyValue does not, a negated operator holds, others do not.
// Source: IAM User Guide, "Condition operators" and "Set operators for multivalued context keys".
func (c *condition) holds(e *evaluation, deny bool) bool {
	values := e.values(c.key)
	if c.op.family == null {
		return c.null(len(values) == 0)
	}
	if len(values) == 0 {
		return c.ifExists || c.set == allValues || c.op.negated && c.set != anyValue
	}
	// A plain operator is meant for one value. Met with several, it must hold for all to allow and for one to deny.
	all := c.set == allValues || c.set == single && !deny
	for _, value := range values {
		if c.one(e, value, deny) != all {
			return !all
		}
	}
	return all
}

// one judges a single value of the request against all values of the policy.
func (c *condition) one(e *evaluation, value string, deny bool) bool {
	matched, unresolved := false, false
	for i := range c.values {
		switch c.op.compare(e, value, &c.values[i]) {
		case yes:
			matched = true
		case unknown: // the request's value is not of this kind
			return deny
		case noValue:
			unresolved = true
		case no:
		}
	}
	if unresolved && !matched && c.op.negated {
		return deny
	}
	return matched != c.op.negated
}

func (c *condition) null(absent bool) bool {
	for _, v := range c.values {
		if v.other.(bool) == absent {
			return true
		}
	}
	return false
}
