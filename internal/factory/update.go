package factory

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// updateKind changes an account: its organizational unit and its SSO user through its product, its name and its e-mail
// through Account Management, which works for accounts that are not enrolled too.
func updateKind() kind {
	return kind{
		name: KindUpdate, launches: true,
		steps: []stage{
			{name: StepCheck, do: checkUpdating},
			userThere(),
			{name: StepTurn, do: awaitTurn},
			{name: StepSend, do: sendUpdate, retry: StepTurn},
			{name: StepFollow, do: follow, retry: StepTurn},
			{name: StepAccess, do: changeAccess, needed: hasChanges},
			renaming(), emailing(), emailCode(), emailFollowing(),
			{name: StepVerify, do: verifyUpdate},
		},
		check:   checkUpdate,
		writes:  updateWrites,
		checked: func(_ Request, t Target) string { return "account " + t.AccountID + " can be updated" },
		asked:   func(r Request) string { return fmt.Sprintf("account %s (%s) %s", r.AccountID, r.Name, r.changes()) },
	}
}

// The steps of another name and another e-mail.
func renaming() stage { return stage{name: StepRename, do: rename, needed: hasNewName} }
func emailing() stage { return stage{name: StepEmailStart, do: startEmail, needed: hasNewEmail} }

func emailCode() stage {
	return stage{name: StepEmailCode, do: acceptEmail, retry: StepEmailStart, look: lookEmail, needed: hasNewEmail}
}

func emailFollowing() stage {
	return stage{name: StepEmailFollow, do: followEmail, retry: StepEmailStart, needed: hasNewEmail}
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
	if r.NewName != "" {
		out = append(out, fmt.Sprintf("to be called %q", r.NewName))
	}
	if r.NewEmail != "" {
		out = append(out, "with the e-mail "+r.NewEmail)
	}
	if r.RemoveOldAccess {
		out = append(out, "without the former user's access")
	}
	return strings.Join(out, ", ")
}

// viaProduct reports whether an update goes through the account's product; one that names nothing is taken for one.
func (o Options) viaProduct(p Parameters) bool {
	return p.OU != "" || p.SSOUserEmail != "" || o.RemoveOldAccess || o.NewName == "" && o.NewEmail == ""
}

// checkUpdating goes straight to the name and the e-mail where nothing else changes. Twice is safe: it only reads.
func checkUpdating(ctx context.Context, w *work) (outcome, error) {
	_, out, err := w.recheck(ctx)
	if err == nil && !w.r.viaProduct(w.r.Parameters) {
		out.next = w.r.kind().after(StepAccess, &w.r)
	}
	return out, err
}

func hasChanges(r *Request) bool  { return len(r.Progress.Target.Changes) > 0 }
func hasNewName(r *Request) bool  { return r.NewName != "" }
func hasNewEmail(r *Request) bool { return r.NewEmail != "" }

// checkUpdate is an update's pre-flight.
func checkUpdate(ctx context.Context, s *Service, a AWS, in Input) (Target, []Check, error) {
	sub, l, checks, err := s.subject(ctx, a, in.Account)
	if err != nil || sub.ID == "" {
		return Target{}, checks, err
	}
	checks, t := append(checks, sub.checkActive()), sub.target(l)
	if in.viaProduct(in.Parameters) {
		more, err := t.checkThroughProduct(ctx, s, a, l, sub, in)
		if err != nil {
			return t, nil, err
		}
		checks = append(checks, more...)
	}
	more, err := s.checkNewNames(ctx, a, l, sub, in)
	return t, append(checks, more...), err
}

// checkNewNames looks at another name and another e-mail.
func (s *Service) checkNewNames(ctx context.Context, a AWS, l *landscape, sub subject, in Input) ([]Check, error) {
	if in.NewName == "" && in.NewEmail == "" {
		return nil, nil
	}
	check, err := checkTrustedAccess(ctx, a)
	if err != nil {
		return nil, err
	}
	checks := []Check{check}
	if in.NewName != "" {
		checks = append(checks, checkNewName(sub, in.NewName))
	}
	if in.NewEmail != "" {
		more, err := s.checkNewEmail(ctx, l, sub, in.NewEmail)
		if err != nil {
			return nil, err
		}
		checks = append(checks, more...)
	}
	return checks, nil
}

// checkThroughProduct looks at the changes that Control Tower makes.
func (t *Target) checkThroughProduct(ctx context.Context, s *Service, a AWS, l *landscape, sub subject, in Input) ([]Check, error) {
	checks := append([]Check{sub.checkManaged()}, checkProduct(l, s.cfg.Region, in)...)
	if in.OU != "" {
		unit, check, err := s.unit(ctx, a, l, in.OU, checkOU)
		if err != nil {
			return nil, err
		}
		checks = append(checks, check)
		t.OU, t.OUID = unit.text(), unit.ID
	} else {
		checks = append(checks, sub.checkPlace())
	}
	if in.SSOUserEmail != "" {
		more, err := s.checkNewUser(ctx, a, l, in)
		if err != nil {
			return nil, err
		}
		checks = append(checks, more...)
	}
	check, err := t.dropOld(ctx, s, a, l, sub, in)
	return append(checks, check), err
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
	check, err := s.checkSSOUser(ctx, a, l, in.SSOUserEmail)
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
	case same && in.NewName == "" && in.NewEmail == "" && (in.OU == "" || t.OUID == sub.Parent) && sub.settled():
		return bad(CheckChange, "the account is in this organizational unit and has this SSO user already", "there is nothing to do"), nil
	case !in.RemoveOldAccess || same:
		return ok(CheckChange, "something changes"), nil
	case sub.SSOUser == "":
		return bad(CheckChange, "AWS does not say who the former SSO user is", "take their access away on its own: accountfactory access "+sub.ID+" --revoke user:EMAIL="+adminSet), nil
	}
	return t.resolveOld(ctx, s, a, l, sub.SSOUser)
}

// resolveOld finds what the former user's access means at AWS.
func (t *Target) resolveOld(ctx context.Context, s *Service, a AWS, l *landscape, email string) (Check, error) {
	if l.identityStoreID == "" {
		return bad(CheckChange, "there is no IAM Identity Center instance to take access away in", "enable it, or leave the former user's access as it is"), nil
	}
	id, err := userID(ctx, a, l.identityStoreID, email)
	if err != nil {
		return Check{}, err
	}
	if id == "" {
		return note(CheckChange, "the former SSO user "+email+" is gone already"), nil
	}
	set, err := s.admins.find(ctx, a, l.ssoInstance)
	var none *notYet
	if errors.As(err, &none) {
		return note(CheckChange, "there is no permission set "+adminSet+" that the former SSO user "+email+" could have"), nil
	}
	if err != nil {
		return Check{}, err
	}
	t.Changes = []Change{{Access: Access{User: email, PermissionSet: adminSet}, PrincipalID: id, PermissionSetARN: set, Remove: true}}
	return ok(CheckChange, "the former SSO user "+email+" loses "+adminSet), nil
}

func updateWrites(r Request, t Target) []Write {
	if r.viaProduct(r.Parameters) {
		return append(productWrites(r, t), accountWrites(r, t)...)
	}
	return accountWrites(r, t)
}

// accountWrites are those of Account Management.
func accountWrites(r Request, t Target) (out []Write) {
	if r.NewName != "" {
		out = append(out, Write{
			Service: "account", Operation: OpRename, As: r.as(), Parameters: map[string]string{"AccountId": t.AccountID, "AccountName": r.NewName},
			Effect: fmt.Sprintf("Account %s is called %q. Its provisioned product keeps its name.", t.AccountID, r.NewName),
		})
	}
	if r.NewEmail != "" {
		params := map[string]string{"AccountId": t.AccountID, "PrimaryEmail": r.NewEmail}
		out = append(out,
			Write{Service: "account", Operation: OpEmailStart, As: r.as(), Parameters: params, Effect: "AWS mails a code to " + r.NewEmail + ", and the request waits for it."},
			Write{Service: "account", Operation: OpEmailAccept, As: r.as(), Parameters: params, Effect: fmt.Sprintf("With the code, %s becomes the e-mail of account %s.", r.NewEmail, t.AccountID)},
		)
	}
	return out
}

func productWrites(r Request, t Target) []Write {
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

// verifyUpdate sees every change on the cloud. Twice is safe: it only reads.
func verifyUpdate(ctx context.Context, w *work) (outcome, error) {
	out := outcome{end: StateSucceeded, text: "Seen at AWS: account " + w.r.AccountID + "."}
	if w.r.viaProduct(w.r.Parameters) {
		var err error
		if out, err = verify(ctx, w); err != nil {
			return out, err
		}
	}
	seen, err := w.seeNames(ctx)
	if err != nil {
		return outcome{}, err
	}
	out.text += seen
	return out, nil
}

// seeNames sees an account's new name and e-mail, and says so.
func (w *work) seeNames(ctx context.Context) (seen string, err error) {
	if w.r.NewName != "" {
		name, err := w.accountName(ctx)
		switch {
		case err != nil:
			return "", err
		case name != w.r.NewName:
			return "", &notYet{text: fmt.Sprintf("AWS shows the name %q still.", name)}
		}
		seen += fmt.Sprintf(" It is called %q.", name)
	}
	if w.r.NewEmail != "" {
		changed, err := w.emailChanged(ctx)
		switch {
		case err != nil:
			return "", err
		case !changed:
			return "", &notYet{text: "AWS does not show the new e-mail yet."}
		}
		seen += " Its e-mail is " + w.r.NewEmail + "."
	}
	return seen, nil
}

// as says with whose credentials the factory writes.
func (r *Request) as() string { return "the factory's role, source identity " + r.Progress.RequestedBy }
