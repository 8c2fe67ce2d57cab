package factory

import (
	"context"
	"fmt"
)

// CheckLandingZone looks whether Control Tower has the organization.
const CheckLandingZone = "landing-zone"

// checkZone refuses to make accounts past a Control Tower that is there, unless that was said at the start.
func (s *Service) checkZone(l *landscape) Check {
	switch {
	case l.zone.ARN == "":
		return ok(CheckLandingZone, "the organization has no landing zone")
	case s.cfg.ProvisionerForce:
		return note(CheckLandingZone, "the organization has a landing zone, "+l.zone.ARN+", and accounts are made past it: nothing governs them")
	}
	return bad(CheckLandingZone, "the organization has a landing zone, "+l.zone.ARN+": accounts made past it would not be governed",
		"start the factory with --provisioner service-catalog, or with --provisioner-force if that is wanted")
}

// checkUnit resolves an organizational unit, or the root, to one.
func (l *landscape) checkUnit(want string) (ou, Check) {
	if want == l.root || want == "Root" {
		return ou{ID: l.root, Name: "Root"}, ok(CheckOU, "the account goes to the root")
	}
	units := &landscape{ous: make([]ou, len(l.ous))}
	copy(units.ous, l.ous)
	for i := range units.ous { // there is nothing to be registered with
		units.ous[i].Registered = true
	}
	unit, check := checkOU(units, want)
	if check.Result == CheckOK {
		check.Seen = unit.text() + " is there"
	}
	return unit, check
}

// checkDirectory looks at the SSO user who is to administer the account: one who does not exist must have a name.
func (s *Service) checkDirectory(ctx context.Context, a AWS, l *landscape, in Input) ([]Check, error) {
	if l.identityStoreID == "" {
		return []Check{bad(CheckSSOUser, "there is no IAM Identity Center instance in "+l.centerLooked+", to make the user in", "enable IAM Identity Center in the management account")}, nil
	}
	return s.checkNewUser(ctx, a, l, in)
}

// checkOwnLaunch is the pre-flight of a launch.
func checkOwnLaunch(ctx context.Context, s *Service, a AWS, in Input) (Target, []Check, error) {
	l, err := s.landscape(ctx, a, false)
	if err != nil {
		return Target{}, nil, err
	}
	var t Target
	checks := append(append(in.checkMissing(), in.checkUnsupported()...), s.checkZone(l))
	if in.OU != "" {
		unit, check, err := s.unit(ctx, a, l, in.OU, (*landscape).checkUnit)
		if err != nil {
			return t, nil, err
		}
		checks = append(checks, check)
		t.OU, t.OUID = unit.text(), unit.ID
	}
	if in.AccountEmail != "" {
		free, err := s.checkEmailUnused(ctx, l, in.AccountEmail)
		if err != nil {
			return t, nil, err
		}
		checks = append(append(checks, checkEmail(in.AccountEmail)), free...)
	}
	if in.Name != "" {
		checks = append(checks, checkName(in.Name))
	}
	if in.SSOUserEmail != "" && in.SSOUserFirstName != "" && in.SSOUserLastName != "" { // else that was said
		more, err := s.checkDirectory(ctx, a, l, in)
		if err != nil {
			return t, nil, err
		}
		checks = append(checks, more...)
	}
	room, err := s.checkRoom(ctx, a, l, in)
	if err != nil {
		return t, nil, err
	}
	extras, err := s.checkExtras(ctx, a, l, in, &t)
	return t, append(append(checks, room...), extras...), err
}

// member reads the account a request names, with the factory's tags.
func (s *Service) member(ctx context.Context, a AWS, want string) (subject, *landscape, []Check, error) {
	sub, l, checks, err := s.subject(ctx, a, want)
	if err != nil || sub.ID == "" {
		return sub, l, checks, err
	}
	checks = append(checks, s.checkZone(l))
	if sub.Product != nil || sub.Enrolled {
		checks = append(checks, bad(CheckManaged, "account "+sub.ID+" is enrolled in AWS Control Tower", "that must be done with --provisioner service-catalog"))
	}
	return sub, l, checks, sub.readMarks(ctx, a)
}

// ownTarget is the account as it is, at the root too.
func (s subject) ownTarget(l *landscape) Target {
	t := s.target(l)
	if s.OU.ID == "" {
		t.OU, t.OUID = ou{ID: s.Parent, Name: "Root"}.text(), s.Parent
	}
	return t
}

// checkMarked refuses an account that the factory neither made nor enrolled.
func (s subject) checkMarked() Check {
	if s.Request == "" {
		return bad(CheckManaged, fmt.Sprintf("account %s is not the factory's: it has no tag %s", s.ID, TagRequest), "enroll it first: accountfactory enroll "+s.ID)
	}
	return ok(CheckManaged, "account "+s.ID+" is the factory's, by request "+s.Request)
}

// checkOwnEnroll is an enrollment's pre-flight.
func checkOwnEnroll(ctx context.Context, s *Service, a AWS, in Input) (Target, []Check, error) {
	sub, l, checks, err := s.member(ctx, a, in.Account)
	if err != nil || sub.ID == "" {
		return Target{}, checks, err
	}
	in.Name, in.AccountEmail = sub.Name, sub.Email
	checks = append(append(checks, sub.checkActive()), in.checkMissing()...)
	if sub.Request != "" {
		checks = append(checks, bad(CheckEnrolled, "account "+sub.ID+" is the factory's already, by request "+sub.Request, "update or repair it"))
	}
	t, checks, err := s.checkSettling(ctx, a, l, in, sub.ownTarget(l), checks)
	if err != nil {
		return t, nil, err
	}
	extras, err := s.checkExtras(ctx, a, l, in, &t)
	return t, append(checks, extras...), err
}

// checkSettling looks at where the account is to go, and at who is to administer it.
func (s *Service) checkSettling(ctx context.Context, a AWS, l *landscape, in Input, t Target, checks []Check) (Target, []Check, error) {
	if in.OU != "" {
		unit, check, err := s.unit(ctx, a, l, in.OU, (*landscape).checkUnit)
		if err != nil {
			return t, nil, err
		}
		checks = append(checks, check)
		t.OU, t.OUID = unit.text(), unit.ID
	}
	if in.SSOUserEmail == "" {
		return t, checks, nil
	}
	more, err := s.checkDirectory(ctx, a, l, in)
	return t, append(checks, more...), err
}

// checkOwnUpdate is an update's pre-flight.
func checkOwnUpdate(ctx context.Context, s *Service, a AWS, in Input) (Target, []Check, error) {
	sub, l, checks, err := s.member(ctx, a, in.Account)
	if err != nil || sub.ID == "" {
		return Target{}, checks, err
	}
	t, checks, err := s.checkSettling(ctx, a, l, in, sub.ownTarget(l), append(checks, sub.checkActive(), sub.checkMarked()))
	if err != nil {
		return t, nil, err
	}
	check, err := t.dropOld(ctx, s, a, l, sub, in)
	if err != nil {
		return t, nil, err
	}
	names, err := s.checkNewNames(ctx, a, l, sub, in)
	return t, append(append(checks, check), names...), err
}

// checkOwnRepair is a repair's pre-flight. Its steps look what is missing, so that it needs no finding of what is wrong.
func checkOwnRepair(ctx context.Context, s *Service, a AWS, in Input) (Target, []Check, error) {
	sub, l, checks, err := s.member(ctx, a, in.Account)
	if err != nil || sub.ID == "" {
		return Target{}, checks, err
	}
	if in.SSOUserEmail == "" {
		in.SSOUserEmail = sub.SSOUser
	}
	return s.checkSettling(ctx, a, l, in, sub.ownTarget(l), append(checks, sub.checkActive(), sub.checkMarked()))
}

func checkOwnUnmanage(ctx context.Context, s *Service, a AWS, in Input) (Target, []Check, error) {
	sub, l, checks, err := s.member(ctx, a, in.Account)
	if err != nil || sub.ID == "" {
		return Target{}, checks, err
	}
	return sub.ownTarget(l), append(checks, sub.checkMarked()), nil
}

// checkOwnClose is a closure's pre-flight: as with Control Tower, of an account that Control Tower has not.
func checkOwnClose(ctx context.Context, s *Service, a AWS, in Input) (Target, []Check, error) {
	sub, _, checks, err := s.member(ctx, a, in.Account)
	if err != nil || sub.ID == "" {
		return Target{}, checks, err
	}
	t, more, err := checkClose(ctx, s, a, in)
	for _, c := range checks {
		if c.Result == CheckFailed {
			more = append(more, c)
		}
	}
	return t, more, err
}
