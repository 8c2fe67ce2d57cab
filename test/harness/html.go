package harness

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
)

// Node is an element of a page, or a text when it has no name.
type Node struct {
	Name     string
	Attrs    map[string]string
	Text     string
	Children []*Node
}

// ParseHTML reads a page of ours. Unlike a browser it wants every element closed that HTML wants closed.
func ParseHTML(r io.Reader) (*Node, error) {
	d := xml.NewDecoder(r)
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	root := &Node{Name: "#document"}
	open := []*Node{root}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return root, nil
		}
		if err != nil {
			return nil, fmt.Errorf("parse HTML: %w", err)
		}
		top := open[len(open)-1]
		switch token := token.(type) {
		case xml.StartElement:
			n := &Node{Name: token.Name.Local, Attrs: map[string]string{}}
			for _, a := range token.Attr {
				n.Attrs[a.Name.Local] = a.Value
			}
			top.Children = append(top.Children, n)
			open = append(open, n)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			top.Children = append(top.Children, &Node{Text: string(token)})
		}
	}
}

// Find gives the first element, the node itself included, that match holds for; nil for none.
func (n *Node) Find(match func(*Node) bool) *Node {
	for _, found := range n.FindAll(match) {
		return found
	}
	return nil
}

// FindAll gives all elements that match holds for, in the order of the page.
func (n *Node) FindAll(match func(*Node) bool) (out []*Node) {
	if n.Name != "" && match(n) {
		out = append(out, n)
	}
	for _, c := range n.Children {
		out = append(out, c.FindAll(match)...)
	}
	return out
}

// ID finds the element with an id.
func (n *Node) ID(id string) *Node {
	return n.Find(func(n *Node) bool { return n.Attrs["id"] == id })
}

// Element matches elements by name, and by class where one is given.
func Element(name, class string) func(*Node) bool {
	return func(n *Node) bool {
		return n.Name == name && (class == "" || strings.Contains(" "+n.Attrs["class"]+" ", " "+class+" "))
	}
}

// Content gives the text in an element, blanks collapsed; "" for a nil one.
func (n *Node) Content() string {
	if n == nil {
		return ""
	}
	var b strings.Builder
	n.write(&b)
	return strings.Join(strings.Fields(b.String()), " ")
}

func (n *Node) write(b *strings.Builder) {
	b.WriteString(n.Text)
	for _, c := range n.Children {
		c.write(b)
	}
}

// Fields gives what a form would send if nobody typed anything: buttons and unticked boxes send nothing.
func (n *Node) Fields() url.Values {
	out := url.Values{}
	for _, in := range n.FindAll(Element("input", "")) {
		if in.Attrs["name"] != "" && in.Attrs["type"] != "checkbox" {
			out.Add(in.Attrs["name"], in.Attrs["value"])
		}
	}
	return out
}
