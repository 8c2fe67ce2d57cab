package factory

import (
	"context"
	"fmt"
	"strings"
)

// updateKind changes an enrolled account: its organizational unit, its SSO user, or both.
func updateKind() kind {
	return kind{
		name: KindUpdate, launches: true,
		steps: []stage{
			{StepCheck, checkAgain, ""},
			{StepTurn, awaitTurn, ""},
			{StepSend, sendUpdate, StepTurn},
			{StepFollow, follow, StepTurn},
			{StepAccess, changeAccess, ""},
			{StepVerify, verify, ""},
		},
		check:  checkUpdate,
		writes: updateWrites,
		checked: func(_ Request, t Target) string {
			return "account " + t.AccountID + " has a product that can be updated"
		},
		asked: func(r Request) string { return fmt.Sprintf("account %s (%s) %s", r.AccountID, r.Name, r.changes()) },
	}
}

// changes says what an update changes.
func (r *Request) changes() string {
	var out []string
	if r.OU != "" {
		out = append(out, "to "+r.OU)
	}
	if r.SSOUserEmail != "" {
		out = append(out, "administered by "+r.SSOUserEmail)
	}
	if r.RemoveOldAccess {
		out = append(out, "without the former user's access")
	}
	return strings.Join(out, ", ")
}

// checkUpdate is an update's pre-flight.
func checkUpdate(ctx context.Context, s *Service, a AWS, in Input) (Target, []Check, error) {
	sub, l, checks, err := s.subject(ctx, a, in.Account)
	if err != nil || sub.ID == "" {
		return Target{}, checks, err
	}
	checks = append(append(checks, sub.checkActive(), sub.checkManaged()), checkProduct(l, s.cfg.Region, in)...)
	t := sub.target(l)
	if in.OU != "" {
		unit, check := checkOU(l, in.OU)
		checks = append(checks, check)
		t.OU, t.OUID = unit.text(), unit.ID
	} else {
		checks = append(checks, sub.checkPlace())
	}
	if in.SSOUserEmail != "" {
		more, err := s.checkNewUser(ctx, a, l, in)
		if err != nil {
			return t, nil, err
		}
		checks = append(checks, more...)
	}
	check, err := t.dropOld(ctx, s, a, l, sub, in)
	if err != nil {
		return t, nil, err
	}
	return t, append(checks, check), nil
}

// checkPlace looks whether the present organizational unit can be named in an update: all six parameters must be.
func (s subject) checkPlace() Check {
	if !s.OU.Registered {
		return bad(CheckOU, fmt.Sprintf("account %s is in %s, which is not registered with AWS Control Tower", s.ID, s.Parent), "name a registered one with --ou")
	}
	return ok(CheckOU, "account "+s.ID+" stays in "+s.OU.text())
}

// checkNewUser looks at the SSO user who takes over. One who does not exist needs a name.
func (s *Service) checkNewUser(ctx context.Context, a AWS, l *landscape, in Input) ([]Check, error) {
	check, err := checkSSOUser(ctx, a, l, in.SSOUserEmail)
	if err != nil {
		return nil, err
	}
	checks := []Check{check}
	if check.Result == CheckOK && (in.SSOUserFirstName == "" || in.SSOUserLastName == "") {
		checks = append(checks, bad(CheckParameters, "the SSO user "+in.SSOUserEmail+" does not exist and has no name", "give --sso-first and --sso-last"))
	}
	return checks, nil
}

// settled reports whether nothing is left to be done of an earlier operation.
func (s subject) settled() bool {
	return s.Request != "" || s.Product != nil && s.Product.Status == "AVAILABLE"
}

// dropOld looks whether there is anything to change, and resolves what the former user loses.
func (t *Target) dropOld(ctx context.Context, s *Service, a AWS, l *landscape, sub subject, in Input) (Check, error) {
	same := in.SSOUserEmail == "" || EmailKey(in.SSOUserEmail) == EmailKey(sub.SSOUser)
	switch {
	case in.RemoveOldAccess && in.SSOUserEmail == "":
		return bad(CheckChange, "the former SSO user is to lose access, and no new one is named", "give --sso-email"), nil
	case same && (in.OU == "" || t.OUID == sub.Parent) && sub.settled():
		return bad(CheckChange, "the account is in this organizational unit and has this SSO user already", "there is nothing to do"), nil
	case !in.RemoveOldAccess || same:
		return ok(CheckChange, "something changes"), nil
	case sub.SSOUser == "":
		return bad(CheckChange, "AWS does not say who the former SSO user is", "take their access away on its own: accountfactory access "+sub.ID+" --revoke user:EMAIL="+adminSet), nil
	}
	id, err := userID(ctx, a, l.identityStoreID, sub.SSOUser)
	if err != nil {
		return Check{}, err
	}
	if id == "" {
		return note(CheckChange, "the former SSO user "+sub.SSOUser+" is gone already"), nil
	}
	set, err := s.admins.find(ctx, a, l.ssoInstance)
	if err != nil {
		return Check{}, err
	}
	t.Changes = []Change{{Access: Access{User: sub.SSOUser, PermissionSet: adminSet}, PrincipalID: id, PermissionSetARN: set, Remove: true}}
	return ok(CheckChange, "the former SSO user "+sub.SSOUser+" loses "+adminSet), nil
}

func updateWrites(r Request, t Target) []Write {
	r.Progress.Target, r.ProductID = t, t.ProvisionedID
	in := updateInput(&r, "")
	params := map[string]string{"ProvisionedProductId": deref(in.ProvisionedProductId), "ProvisioningArtifactId": deref(in.ProvisioningArtifactId)}
	for _, p := range in.ProvisioningParameters {
		params["ProvisioningParameters."+deref(p.Key)] = deref(p.Value)
		if p.UsePreviousValue {
			params["ProvisioningParameters."+deref(p.Key)] = "(as before)"
		}
	}
	w := []Write{{
		Service: "servicecatalog", Operation: OpUpdate, As: r.as(), Parameters: params,
		Effect: fmt.Sprintf("AWS Control Tower updates account %s in %s.", t.AccountID, t.OU),
	}}
	return append(w, accessWrites(r, t)...)
}

// as says with whose credentials the factory writes.
func (r *Request) as() string { return "the factory's role, source identity " + r.Progress.RequestedBy }
