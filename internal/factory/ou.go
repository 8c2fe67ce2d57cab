package factory

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// ou is an organizational unit.
type ou struct {
	ID         string
	Name       string
	ARN        string
	Path       string // "Workloads/Dev", without the root
	Registered bool   // with Control Tower: its baseline is enabled
	Drifted    bool   // and is not what it should be
}

// text is the form the product's ManagedOrganizationalUnit takes without ambiguity.
func (o ou) text() string { return o.Name + " (" + o.ID + ")" }

// From the API reference: ou-, the root's id, a dash and the unit's own id; and the product's form of it.
var (
	ouID   = regexp.MustCompile(`^ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}$`)
	ouText = regexp.MustCompile(`^(.*\S)\s*\((ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})\)$`)
)

// findOUs gives the units a person may mean: by id, "Name (id)", name, or path from the root.
func findOUs(all []ou, want string) []ou {
	match := func(f func(ou) bool) []ou {
		var out []ou
		for _, o := range all {
			if f(o) {
				out = append(out, o)
			}
		}
		return out
	}
	if ouID.MatchString(want) {
		return match(func(o ou) bool { return o.ID == want })
	}
	if m := ouText.FindStringSubmatch(want); m != nil {
		return match(func(o ou) bool { return o.ID == m[2] && o.Name == m[1] })
	}
	if named := match(func(o ou) bool { return o.Name == want }); len(named) > 0 {
		return named
	}
	path := strings.TrimPrefix(strings.Trim(want, "/"), "Root/")
	return match(func(o ou) bool { return o.Path == path })
}

// checkOU resolves the organizational unit to one registered unit.
func checkOU(l *landscape, want string) (ou, Check) {
	found := findOUs(l.ous, want)
	switch {
	case len(found) == 0:
		return ou{}, bad(CheckOU, fmt.Sprintf("there is no organizational unit %q", want), "registered are: "+l.registeredOUs())
	case len(found) > 1:
		paths := make([]string, len(found))
		for i, o := range found {
			paths[i] = o.Path + " (" + o.ID + ")"
		}
		return ou{}, bad(CheckOU, fmt.Sprintf("%d organizational units are called %q", len(found), want), "name one by path or id: "+strings.Join(paths, ", "))
	case !found[0].Registered:
		return ou{}, bad(CheckOU, found[0].text()+" is not registered with AWS Control Tower", "register it first, or choose one of: "+l.registeredOUs())
	}
	return found[0], ok(CheckOU, found[0].text()+" is registered")
}

// unit resolves an organizational unit by a check of a landscape, and where that fails by one read now: somebody may just have
// made or registered it.
func (s *Service) unit(ctx context.Context, a AWS, l *landscape, want string, check func(*landscape, string) (ou, Check)) (ou, Check, error) {
	unit, seen := check(l, want)
	if seen.Result != CheckFailed {
		return unit, seen, nil
	}
	l, err := s.landscape(ctx, a, true)
	if err != nil {
		return ou{}, Check{}, err
	}
	unit, seen = check(l, want)
	return unit, seen, nil
}

func (l *landscape) registeredOUs() string {
	var names []string
	for _, o := range l.ous {
		if o.Registered {
			names = append(names, o.Path)
		}
	}
	slices.SortFunc(names, cmp.Compare[string])
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}
