package factory

import (
	"cmp"
	"context"
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

// unknown gives those of a setting's names that no unit has.
func (l *landscape) unknown(want []string) (out []string) {
	for _, w := range want {
		if ids, _ := l.open([]string{w}); len(ids) == 0 {
			out = append(out, w)
		}
	}
	return out
}

// sayUnknown logs the names of the setting that no unit has: once the organization is read first, and when they are others.
func (s *Service) sayUnknown(ctx context.Context, l *landscape) {
	unknown := l.unknown(s.cfg.AllowedOUs)
	k := &s.lands
	k.mu.Lock()
	said := slices.Equal(unknown, k.unknown)
	k.unknown = unknown
	k.mu.Unlock()
	if len(unknown) == 0 || said {
		return
	}
	_, open := l.open(s.cfg.AllowedOUs)
	s.log.WarnContext(ctx, "the setting allowed-ous names what is no organizational unit: requests for it are refused", "names", unknown, "open", open)
}
