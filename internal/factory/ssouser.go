package factory

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	idtypes "github.com/aws/aws-sdk-go-v2/service/identitystore/types"
)

// ensureUser finds the SSO user who is to administer the account, or makes them, and says what access they are to get. One
// who exists is used as they are. Twice is safe: AWS has no token, and a user with the e-mail is looked for first.
func ensureUser(ctx context.Context, w *work) (outcome, error) {
	if out, stop := w.stopping(); stop {
		return out, nil
	}
	email := w.administrator()
	if email == "" {
		return w.stepDone(""), nil
	}
	l, err := w.landscape(ctx, w.aws, false)
	if err != nil {
		return outcome{}, err
	}
	id, err := userID(ctx, w.aws, l.identityStoreID, email)
	if err != nil {
		return outcome{}, err
	}
	if id == "" && w.cfg.ExternalIdentity {
		return w.askUser(), nil
	}
	if id == "" {
		return w.makeUser(ctx, l.identityStoreID, email)
	}
	set, err := w.admins.find(ctx, w.aws, l.ssoInstance)
	if err != nil {
		return outcome{}, err
	}
	out := w.stepDone("The SSO user " + email + " is there.")
	then := out.change
	out.change = func(r *Request) {
		then(r)
		r.Progress.Target.grant(Change{Access: Access{User: email, PermissionSet: adminSet}, PrincipalID: id, PermissionSetARN: set})
	}
	return out, nil
}

// grant puts a change before those there are, once. Nobody loses what they are to get.
func (t *Target) grant(c Change) {
	t.Changes = append([]Change{c}, slices.DeleteFunc(slices.Clone(t.Changes), func(old Change) bool {
		return old.PrincipalID == c.PrincipalID && old.PermissionSetARN == c.PermissionSetARN
	})...)
}

func (w *work) makeUser(ctx context.Context, store, email string) (outcome, error) {
	if err := w.announce(ctx, OpCreateUser, "%s %s, %s", w.r.SSOUserFirstName, w.r.SSOUserLastName, email); err != nil {
		return outcome{}, err
	}
	_, err := w.aws.Own.Directory.CreateUser(ctx, &identitystore.CreateUserInput{
		IdentityStoreId: &store, UserName: &email, DisplayName: aws.String(w.r.SSOUserFirstName + " " + w.r.SSOUserLastName),
		Name:   &idtypes.Name{GivenName: &w.r.SSOUserFirstName, FamilyName: &w.r.SSOUserLastName},
		Emails: []idtypes.Email{{Value: &email, Type: aws.String("work"), Primary: true}},
	})
	switch {
	case isCode(err, "ConflictException"):
		return outcome{}, &notYet{text: fmt.Sprintf("Identity Center has a user named %s, and shows none with that e-mail.", email)}
	case err != nil:
		return outcome{}, refusedUser(w.refusedWrite(OpCreateUser, err))
	}
	return outcome{again: true, wait: w.cfg.poll(0)}, nil
}

// refusedUser adds what helps where it is not this directory that has the users.
func refusedUser(err error) error {
	var f *failure
	if errors.As(err, &f) {
		f.text += " Where users come from an identity provider, have this one brought by it, and start the factory with --identity-source external."
	}
	return err
}

// verifySettled sees the account as it was asked for. Twice is safe: it only reads.
func verifySettled(ctx context.Context, w *work) (outcome, error) {
	id := w.r.AccountID
	if err := w.verifyAccount(ctx, id); err != nil {
		return outcome{}, err
	}
	access := "its access is as it was"
	for _, c := range w.r.Progress.Target.Changes {
		there, err := w.assigned(ctx, c)
		if err != nil {
			return outcome{}, err
		}
		if there == c.Remove {
			return outcome{}, &notYet{text: "AWS does not show it yet: " + c.String() + "."}
		}
		if !c.Remove {
			access = c.holder() + " has " + c.PermissionSet
		}
	}
	extras, err := w.seeExtras(ctx)
	if err != nil {
		return outcome{}, err
	}
	names, err := w.seeNames(ctx)
	if err != nil {
		return outcome{}, err
	}
	return outcome{end: StateSucceeded, text: fmt.Sprintf("Seen at AWS: account %s is active in %s, %s.%s%s", id, w.r.Progress.Target.OU, access, extras, names)}, nil
}
