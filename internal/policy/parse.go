package policy

import (
	"fmt"
	"strings"
)

// Parse reads a policy document. The grammar is IAM's, strictly: members it does not have, members given twice, unknown
// condition operators and values an operator cannot read are errors, each naming place, member and remedy.
// Source: IAM User Guide, "Grammar of the IAM JSON policy language".
func Parse(text string) (*Document, error) {
	root, err := readJSON(text)
	if err != nil {
		return nil, err
	}
	p := &parser{text: text, doc: &Document{}}
	if err := p.document(root); err != nil {
		return nil, err
	}
	return p.doc, nil
}

// parser turns nodes into a Document.
type parser struct {
	text string
	doc  *Document
	at   ruler
}

func (p *parser) fail(n node, path, format string, args ...any) error {
	return errAt(p.text, n.at, "%s: %s", path, fmt.Sprintf(format, args...))
}

func (p *parser) document(root node) error {
	if root.kind != '{' {
		return p.fail(root, "policy", "want a JSON object")
	}
	var body *node
	for _, m := range root.members {
		switch m.name {
		case "Version":
			if m.node.kind != '"' || m.node.text != Version2008 && m.node.text != Version2012 {
				return p.fail(m.node, "Version", "want %q or %q", Version2012, Version2008)
			}
			p.doc.version = m.node.text
		case "Id":
			if m.node.kind != '"' {
				return p.fail(m.node, "Id", "want a string")
			}
			p.doc.hasID = true
		case "Statement":
			body = &m.node
		default:
			return errAt(p.text, m.at, "%s: unknown member: a policy has Version, Id and Statement", m.name)
		}
	}
	if body == nil {
		return p.fail(root, "Statement", "missing: add at least one statement")
	}
	return p.statements(*body)
}

func (p *parser) statements(n node) error {
	if n.kind == '{' {
		return p.statement(n, n.at, "Statement")
	}
	if n.kind != '[' || len(n.items) == 0 {
		return p.fail(n, "Statement", "want a statement or a list of them")
	}
	begin := n.at + len("[")
	for i, item := range n.items {
		if err := p.statement(item, begin, fmt.Sprintf("Statement[%d]", i)); err != nil {
			return err
		}
		begin = item.end
	}
	return nil
}

// statement reads one statement; begin is where AWS says that it begins, see Span.
func (p *parser) statement(n node, begin int, path string) error {
	if n.kind != '{' {
		return p.fail(n, path, "want a JSON object")
	}
	s := statement{span: Span{Start: p.at.position(p.text, begin)}}
	s.span.End = p.at.position(p.text, n.end)
	given := map[string]bool{}
	for _, m := range n.members {
		element := strings.TrimPrefix(m.name, "Not")
		if given[element] {
			return errAt(p.text, m.at, "%s.%s: stands beside its opposite: keep one of %s and Not%s", path, m.name, element, element)
		}
		given[element] = true
		if err := p.element(&s, m, path+"."+m.name); err != nil {
			return err
		}
	}
	for _, need := range []string{"Effect", "Action"} {
		if !given[need] {
			return p.fail(n, path+"."+need, "missing: add it")
		}
	}
	p.doc.statements = append(p.doc.statements, s)
	return nil
}

// element reads one member of a statement.
func (p *parser) element(s *statement, m member, path string) (err error) {
	switch m.name {
	case "Sid":
		if m.node.kind != '"' {
			return p.fail(m.node, path, "want a string")
		}
		s.sid = m.node.text
	case "Effect":
		if m.node.kind != '"' || m.node.text != "Allow" && m.node.text != "Deny" {
			return p.fail(m.node, path, `want "Allow" or "Deny"`)
		}
		s.deny = m.node.text == "Deny"
	case "Principal", "NotPrincipal":
		s.principals, err = p.principals(m.node, path)
		if s.principals != nil {
			s.principals.not = m.name == "NotPrincipal"
		}
	case "Action", "NotAction":
		s.notAction = m.name == "NotAction"
		s.actions, err = p.actions(m.node, path)
	case "Resource", "NotResource":
		s.notResource = m.name == "NotResource"
		s.resources, err = p.resources(m.node, path)
	case "Condition":
		s.conditions, err = p.conditions(m.node, path)
	default:
		return errAt(p.text, m.at, "%s: unknown member: a statement has Sid, Effect, (Not)Principal, (Not)Action, (Not)Resource and Condition", path)
	}
	return err
}

// strings gives the strings of a node that is one or a list of them, never none.
func (p *parser) strings(n node, path string) ([]node, error) {
	items := n.items
	if n.kind == '"' {
		items = []node{n}
	} else if n.kind != '[' || len(items) == 0 {
		return nil, p.fail(n, path, "want a string or a list with at least one")
	}
	for _, item := range items {
		if item.kind != '"' {
			return nil, p.fail(item, path, "want a string")
		}
	}
	return items, nil
}

func (p *parser) actions(n node, path string) ([]pattern, error) {
	items, err := p.strings(n, path)
	if err != nil {
		return nil, err
	}
	var out []pattern
	for _, item := range items {
		if !validAction(item.text) {
			return nil, p.fail(item, path, `%q is no action: write "service:Operation", with * and ? if need be, or "*"`, item.text)
		}
		action, err := compile(lower(item.text), true, false)
		if err != nil {
			return nil, p.fail(item, path, "%v", err)
		}
		out = append(out, action)
	}
	return out, nil
}

func validAction(s string) bool {
	service, operation, found := strings.Cut(s, ":")
	if !found {
		return s == "*"
	}
	for _, c := range []byte(service + operation) {
		letter := 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9'
		if !letter && strings.IndexByte("-_*?", c) < 0 {
			return false
		}
	}
	return service != "" && operation != ""
}

func (p *parser) resources(n node, path string) ([]pattern, error) {
	items, err := p.strings(n, path)
	if err != nil {
		return nil, err
	}
	var out []pattern
	for _, item := range items {
		resource, err := compile(completeARN(item.text), true, p.doc.version == Version2012)
		if err != nil {
			return nil, p.fail(item, path, "%v", err)
		}
		if !strings.HasPrefix(item.text, "arn:") && !resource.isAny() {
			return nil, p.fail(item, path, `%q is no resource: write an ARN, with * and ? if need be, or "*"`, item.text)
		}
		p.doc.referTo(resource)
		out = append(out, resource)
	}
	return out, nil
}

// completeARN adds the fields an ARN lacks as wildcards, as AWS does: arn:aws:sqs is every queue. Colons inside a variable
// separate nothing, and an ARN with a variable or wildcard in its last field may already reach to the end.
func completeARN(s string) string {
	fields := strings.Count(s, ":") + 1
	if !strings.HasPrefix(s, "arn:") || strings.ContainsAny(s, "*$") || fields >= 6 {
		return s
	}
	return s + strings.Repeat(":*", 6-fields)
}
