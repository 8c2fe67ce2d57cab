package organizations

import (
	"maps"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"accountfactory/internal/twin/state"
)

// Effective gives what the management policies of a type on the path to an account come to, as JSON, and when one of
// them was last changed or attached. It returns EffectivePolicyNotFoundException when there are none.
func (s *Service) Effective(tx *state.Tx, accountID string, t types.PolicyType) (content string, since time.Time, err error) {
	kind, found := s.kind(t), false
	top := newSetting()
	for _, target := range s.Path(tx, accountID) {
		var docs []*element
		for _, at := range s.inOrder(tx, target, t) {
			p := s.policies.Get(tx, at.Policy)
			doc, err := parseManagement(kind, p.Content)
			if err != nil { // it was checked when it was written
				return "", time.Time{}, errMalformedPolicy()
			}
			docs, found = append(docs, doc), true
			since = later(since, later(p.Changed, at.Order.Since))
		}
		top.merge(docs)
	}
	if !found {
		return "", time.Time{}, errNoEffectivePolicy()
	}
	out, _ := top.shown().(map[string]any)
	if out[kind.root] == nil {
		out = map[string]any{kind.root: map[string]any{}}
	}
	return text(out), since, nil
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// inOrder gives the attachments of a target of one type as they were attached.
func (s *Service) inOrder(tx *state.Tx, target string, t types.PolicyType) []*attachment {
	var out []*attachment
	for at := range s.attachedAt(tx, target, t) {
		out = append(out, at)
	}
	slices.SortFunc(out, func(a, b *attachment) int { return a.Order.N - b.Order.N })
	return out
}

// setting is a place in an effective policy: a value, or settings of its own.
type setting struct {
	value    any // nil while there is none
	allowed  operators
	children map[string]*setting
	level    bool // set on the level that is being merged
}

func newSetting() *setting { return &setting{allowed: opAll, children: map[string]*setting{}} }

// merge takes in the policies of one level, in their order; its child controls count for the levels below.
// Source: Organizations User Guide, "Inheritance operators" and "Policy inheritance examples".
func (s *setting) merge(docs []*element) {
	for _, d := range docs {
		s.apply(d, opAll)
	}
	for _, d := range docs {
		s.restrict(d)
	}
	s.settle()
}

// apply does to the setting what an element says, as far as may lets it, and tells whether that was anything.
func (s *setting) apply(e *element, may operators) (done bool) {
	done = s.set(e, may)
	for _, name := range slices.Sorted(maps.Keys(e.children)) {
		if c := s.children[name]; c != nil {
			done = c.apply(e.children[name], c.allowed) || done
			continue
		}
		// A new member is the container's affair, whichever operator makes it.
		if c := newSetting(); c.apply(e.children[name], may&s.allowed) {
			s.children[name], done = c, true
		}
	}
	return done
}

// set applies operators to the value. Of policies on one level the first that sets a value wins over others that assign.
func (s *setting) set(e *element, may operators) (done bool) {
	if v, given := e.values[opAssign]; given && may&opAssign != 0 && !s.level {
		s.value, s.level, done = v, true, true
	}
	if more, given := e.values[opAppend].([]any); given && len(more) > 0 && may&opAppend != 0 {
		s.value, s.level, done = union(s.value, more), true, true
	}
	less, given := e.values[opRemove].([]any)
	old, isList := s.value.([]any)
	if !given || !isList || may&opRemove == 0 {
		return done
	}
	s.value = nil
	if kept := slices.DeleteFunc(slices.Clone(old), func(v any) bool { return slices.Contains(less, v) }); len(kept) > 0 {
		s.value = kept
	}
	return true
}

// union gives a list, or a value alone, with more behind it; what is there already is not added again.
func union(old any, more []any) []any {
	list, isList := old.([]any)
	if !isList && old != nil {
		list = []any{old}
	}
	list = slices.Clone(list)
	for _, v := range more {
		if !slices.Contains(list, v) {
			list = append(list, v)
		}
	}
	return list
}

// restrict takes in what an element lets child policies do. What one forbids none below can allow again.
func (s *setting) restrict(e *element) {
	if e.allows != nil {
		s.allowed &= *e.allows
	}
	for name, c := range e.children {
		if s.children[name] == nil {
			if !c.restricts() {
				continue
			}
			s.children[name] = newSetting()
		}
		s.children[name].restrict(c)
	}
}

// restricts tells whether there is a child control in the element.
func (e *element) restricts() bool {
	if e.allows != nil {
		return true
	}
	for _, c := range e.children {
		if c.restricts() {
			return true
		}
	}
	return false
}

// settle ends a level.
func (s *setting) settle() {
	s.level = false
	for _, c := range s.children {
		c.settle()
	}
}

// shown gives the setting as the effective policy has it, nil when nothing is left of it.
func (s *setting) shown() any {
	if s.value != nil {
		return s.value
	}
	out := map[string]any{}
	for name, c := range s.children {
		if v := c.shown(); v != nil {
			out[name] = v
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}
