package main

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"accountfactory/internal/wire/facts"
)

var protocols = map[string]facts.Protocol{"json": facts.JSON, "rest-json": facts.REST, "query": facts.Query}

// facts keeps of a model what Go types lack, and drops what the protocol's name rule gives anyway.
func (m *model) facts() *facts.Service {
	meta := m.Metadata
	s := &facts.Service{
		Protocol: protocols[meta.Protocol], Version: meta.APIVersion, SigningName: meta.SigningName,
		TargetPrefix: meta.TargetPrefix, XMLNamespace: meta.XMLNamespace,
		Operations: map[string]*facts.Operation{}, Shapes: map[string]*facts.Shape{},
	}
	if s.SigningName == "" {
		s.SigningName = meta.EndpointPrefix
	}
	c := converter{model: m, out: s, inputs: map[string]bool{}, needed: map[string]bool{}}
	for name, op := range m.Operations {
		f := &facts.Operation{NoOutput: op.Output == nil, Unsigned: op.AuthType == "none"}
		if s.Protocol == facts.REST {
			f.Method, f.URI = op.HTTP.Method, op.HTTP.RequestURI
		}
		if code := op.HTTP.ResponseCode; code != 200 {
			f.Status = code
		}
		if op.Input != nil {
			f.Input = op.Input.Shape
			c.reach(f.Input, c.inputs)
		}
		if op.Output != nil {
			f.Output, f.Wrapper = op.Output.Shape, op.Output.ResultWrapper
		}
		for _, e := range op.Errors {
			f.Errors = append(f.Errors, e.Shape)
		}
		s.Operations[name] = f
	}
	c.convert()
	return s
}

// converter makes the shapes of one service.
type converter struct {
	model  *model
	out    *facts.Service
	inputs map[string]bool // shapes reachable from inputs: only they are validated
	needed map[string]bool // shapes with something to say
}

// reach marks a shape and everything under it.
func (c *converter) reach(name string, seen map[string]bool) {
	if name == "" || seen[name] {
		return
	}
	seen[name] = true
	sh := c.model.Shapes[name]
	for _, m := range sh.Members {
		c.reach(m.Shape, seen)
	}
	c.reach(sh.Member.Shape, seen)
	c.reach(sh.Key.Shape, seen)
	c.reach(sh.Value.Shape, seen)
}

func (c *converter) convert() {
	// A shape is needed when it says something itself or leads to one that does; repeat until nothing is added.
	for grown := true; grown; {
		grown = false
		for name := range c.model.Shapes {
			if !c.needed[name] && c.says(name) {
				c.needed[name], grown = true, true
			}
		}
	}
	for name := range c.needed {
		c.out.Shapes[name] = c.shape(name)
	}
	for _, op := range c.out.Operations {
		op.Input, op.Output = c.known(op.Input), c.known(op.Output)
	}
}

func (c *converter) known(name string) string {
	if c.needed[name] {
		return name
	}
	return ""
}

func (c *converter) says(name string) bool {
	sh := c.model.Shapes[name]
	if sh.Exception || sh.Union || sh.TimestampFormat != "" || c.inputs[name] && sh.constrained() {
		return true
	}
	for model, m := range sh.Members {
		if c.member(model, m) != nil {
			return true
		}
	}
	return c.needed[sh.Member.Shape] || c.needed[sh.Key.Shape] || c.needed[sh.Value.Shape]
}

func (s *shape) constrained() bool {
	return len(s.Required) > 0 || s.Min != nil || s.Max != nil || s.Pattern != "" || len(s.Enum) > 0 || s.Sensitive
}

// member gives what must be said of a member, or nil.
func (c *converter) member(name string, m member) *facts.Member {
	f := &facts.Member{Shape: c.known(m.Shape), In: m.Location}
	if wire := m.LocationName; wire != "" && wire != name {
		f.Name = wire
	} else if name != ruled(c.out.Protocol, name) {
		f.Name = name
	}
	if *f == (facts.Member{}) {
		return nil
	}
	return f
}

// ruled is the name a member has on the wire when nothing is said: the Go name, lower first in restJson.
func ruled(p facts.Protocol, name string) string {
	r, n := utf8.DecodeRuneInString(name)
	if p == facts.REST {
		return string(unicode.ToLower(r)) + name[n:]
	}
	return string(unicode.ToUpper(r)) + name[n:]
}

func (c *converter) shape(name string) *facts.Shape {
	sh := c.model.Shapes[name]
	f := &facts.Shape{Union: sh.Union, Format: sh.TimestampFormat, Key: c.known(sh.Key.Shape)}
	f.Elem = c.known(sh.Member.Shape) + c.known(sh.Value.Shape) // a shape has one or the other
	for model, m := range sh.Members {
		if fm := c.member(model, m); fm != nil {
			if f.Members == nil {
				f.Members = map[string]*facts.Member{}
			}
			f.Members[model] = fm
		}
	}
	if sh.Exception {
		f.Error = sh.error(name)
	}
	if c.inputs[name] {
		f.Required, f.Enum, f.Sensitive = slices.Sorted(slices.Values(sh.Required)), sh.Enum, sh.Sensitive
		f.Min, f.Max = whole(sh.Min), whole(sh.Max)
		f.Pattern, f.RE2 = sh.Pattern, translate(sh.Pattern)
	}
	return f
}

func (s *shape) error(name string) *facts.Error {
	e := &facts.Error{Server: s.Fault}
	if s.Error != nil {
		e.Status = s.Error.HTTPStatusCode
		if s.Error.Code != name {
			e.Code = s.Error.Code
		}
	}
	for m := range s.Members {
		if strings.EqualFold(m, "message") || m == "error_description" {
			e.Message = m
		}
	}
	return e
}

func whole(f *float64) *int64 {
	if f == nil {
		return nil
	}
	n := int64(*f)
	return &n
}
