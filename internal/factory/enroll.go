package factory

import (
	"context"
	"fmt"
)

// enrollKind brings an account of the organization under Control Tower: a launch with the e-mail of an account that
// exists enrolls it. Source: Control Tower user guide, "Enroll an existing account".
func enrollKind() kind {
	k := launchKind()
	k.name, k.operators = KindEnroll, true
	k.check, k.writes = checkEnroll, enrollWrites
	k.checked = func(_ Request, t Target) string { return "account " + t.AccountID + " can be enrolled in " + t.OU }
	k.asked = func(r Request) string {
		return fmt.Sprintf("account %s (%s) is to be enrolled in %s, administered by %s", r.AccountID, r.Name, r.OU, r.SSOUserEmail)
	}
	return k
}

// checkEnroll is an enrollment's pre-flight. What is inside the account, its role for Control Tower and what AWS Config
// left there, only that role could see: AWS answers for those, and the remedy is known by its words.
func checkEnroll(ctx context.Context, s *Service, a AWS, in Input) (Target, []Check, error) {
	sub, l, checks, err := s.subject(ctx, a, in.Account)
	if err != nil || sub.ID == "" {
		return Target{}, checks, err
	}
	in.Name, in.AccountEmail = sub.Name, sub.Email
	checks = append(append(checks, sub.checkActive(), sub.checkUnenrolled()), in.checkMissing()...)
	checks = append(checks, checkProduct(l, s.cfg.Region, in)...)
	t := sub.target(l)
	t.ProductName, t.ProvisionedID = productName(sub.Name), ""
	if in.OU != "" {
		unit, check, err := s.unit(ctx, a, l, in.OU, checkOU)
		if err != nil {
			return t, nil, err
		}
		checks = append(checks, check)
		t.OU, t.OUID = unit.text(), unit.ID
	}
	if sub.Product == nil {
		check, err := checkProductName(ctx, a, t.ProductName)
		if err != nil {
			return t, nil, err
		}
		checks = append(checks, check)
	}
	if in.SSOUserEmail != "" {
		check, err := s.checkSSOUser(ctx, a, l, in.SSOUserEmail)
		if err != nil {
			return t, nil, err
		}
		checks = append(checks, check)
	}
	extras, err := s.checkExtras(ctx, a, l, in, &t)
	if err != nil {
		return t, nil, err
	}
	return t, append(append(checks, extras...), note(CheckExecutionRole, "the account needs the role AWSControlTowerExecution with AdministratorAccess, trusting account "+
		s.cfg.Binding.ManagementAccount+", and no AWS Config recorder: AWS looks at that itself")), nil
}

// checkUnenrolled refuses an account that Control Tower has, or half has.
func (s subject) checkUnenrolled() Check {
	switch {
	case s.Product != nil:
		return bad(CheckEnrolled, fmt.Sprintf("account %s has a provisioned product, %s", s.ID, s.Product.Status), "repair it if it is in ERROR or TAINTED: accountfactory repair "+s.ID)
	case s.Enrolled:
		return bad(CheckEnrolled, "account "+s.ID+" is enrolled already", "there is nothing to do")
	}
	return ok(CheckEnrolled, "account "+s.ID+" is not enrolled")
}

func enrollWrites(r Request, t Target) []Write {
	r.Name, r.AccountEmail = t.AccountName, t.AccountEmail
	w := launchWrites(r, t)
	w[0].Effect = fmt.Sprintf("AWS Control Tower moves account %s to %s, enrolls it, creates or reuses the SSO user and gives it administrator access.", t.AccountID, t.OU)
	return w
}
