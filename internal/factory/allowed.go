package factory

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// checkAllowed refuses a requester's choice of an organizational unit that is not among those the operators opened to
// requesters. It is asked once, of the person who submits, as a launch path is; operators, who say what is allowed, are not
// bound by it.
func (s *Service) checkAllowed(c Caller, l *landscape, in Input, t Target) []Check {
	if !s.bound(c) || in.OU == "" || t.OUID == "" {
		return nil
	}
	allowed, names := l.open(s.cfg.AllowedOUs)
	if slices.Contains(allowed, t.OUID) {
		return nil
	}
	return []Check{bad(CheckOU, fmt.Sprintf("%s is not allowed here", t.OU), "allowed: "+names)}
}

// bound reports whether a caller may choose only among the units that are open to requesters.
func (s *Service) bound(c Caller) bool { return len(s.cfg.AllowedOUs) > 0 && c.role() != RoleOperator }

// open gives the ids and the paths of the units that a setting names, by path, name, id or "Name (id)". A name that
// several have names them all; one that none has names none.
func (l *landscape) open(want []string) (ids []string, names string) {
	var paths []string
	for _, w := range want {
		if w == "Root" || w == l.root {
			ids, paths = append(ids, l.root), append(paths, "Root")
		}
		for _, o := range findOUs(l.ous, w) {
			ids, paths = append(ids, o.ID), append(paths, o.Path)
		}
	}
	slices.Sort(paths)
	return ids, cmp.Or(strings.Join(slices.Compact(paths), ", "), "none of those that are there")
}
