package signin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"accountfactory/internal/twin/identitycenter"
	"accountfactory/internal/twin/state"
)

// resetTime is how long a link to choose another password works.
const resetTime = time.Hour

// choosePage asks for a new password.
type choosePage struct {
	frame
	UserName string
	Lead     string // what the page is for
	Button   string
	Current  bool // asks for the present password too
}

// showInvitation asks an invited user for their first password.
func (v *visit) showInvitation() error {
	return v.showLink(v.invited, "Accept the invitation", "You have been invited. Choose a password for the user name below.")
}

// acceptInvitation sets the first password and goes on as after a sign-in.
func (v *visit) acceptInvitation() error {
	return v.useLink(v.invited, v.center.Accept, "Accept the invitation", "You have been invited. Choose a password for the user name below.")
}

func (v *visit) showReset() error {
	return v.showLink(v.resetting, "Choose another password", "Choose another password for the user name below.")
}

func (v *visit) useReset() error {
	return v.useLink(v.resetting, v.takeReset, "Choose another password", "Choose another password for the user name below.")
}

// finder gives the user a link's token is for, or why it is good for nothing.
type finder func(tx *state.Tx, hash string) (*identitycenter.User, error)

func (v *visit) invited(tx *state.Tx, hash string) (*identitycenter.User, error) {
	return v.center.Invitation(tx, hash)
}

func (v *visit) showLink(find finder, title, lead string) error {
	u, err := v.linked(find)
	if err != nil {
		return err
	}
	v.show(http.StatusOK, "choose", choosePage{frame: v.frame(title), UserName: u.UserName, Lead: lead, Button: "Set password"})
	return nil
}

// linked gives the user of the link that was opened.
func (v *visit) linked(find finder) (u *identitycenter.User, err error) {
	err = v.state.View(func(tx *state.Tx) error {
		u, err = find(tx, identitycenter.HashToken(v.r.PathValue("token")))
		return err
	})
	return u, linkRefusal(err)
}

// useLink sets the password and uses the link up in one transaction, then signs in. Whoever was signed in as this user is
// so no more: a link is also how one gets rid of them.
func (v *visit) useLink(find, take finder, title, lead string) error {
	u, err := v.linked(find)
	if err != nil {
		return err
	}
	fresh, err := v.prepare(v.r.Context(), u.ID, v.field("password"), v.field("again"))
	if err == nil {
		err = v.state.Update(v.r.Context(), func(tx *state.Tx) error {
			u, err := take(tx, identitycenter.HashToken(v.r.PathValue("token")))
			if err != nil {
				return err
			}
			if err := v.setPassword(tx, u.ID, fresh); err != nil {
				return err
			}
			v.signOutEverywhere(tx, u.ID, "")
			return nil
		})
	}
	if text, ok := passwordRefusal(err); ok {
		page := choosePage{frame: v.frame(title), UserName: u.UserName, Lead: lead, Button: "Set password"}
		page.Error = text
		v.show(http.StatusUnprocessableEntity, "choose", page)
		return nil
	}
	if err != nil {
		return linkRefusal(err)
	}
	return v.proceed(step{userID: u.ID})
}

// passwordRefusal tells refusals of a new password, which the form shows, from other errors.
func passwordRefusal(err error) (text string, ok bool) {
	var refused passwordError
	ok = errors.As(err, &refused)
	return string(refused), ok
}

var errNoReset = errors.New("no such reset")

func linkRefusal(err error) error {
	switch {
	case errors.Is(err, identitycenter.ErrInvitationUsed):
		return &refusal{http.StatusGone, "This invitation has been used. Sign in, or ask for another one."}
	case errors.Is(err, identitycenter.ErrInvitationExpired):
		return &refusal{http.StatusGone, "This invitation has expired. Ask your administrator for another one."}
	case errors.Is(err, identitycenter.ErrNoInvitation):
		return &refusal{http.StatusNotFound, "There is no such invitation. Perhaps a later one has replaced it."}
	case errors.Is(err, errNoReset):
		return &refusal{http.StatusNotFound, "This link has been used, or has expired. Ask for another one."}
	}
	return err
}

func (v *visit) resetting(tx *state.Tx, hash string) (*identitycenter.User, error) {
	row := v.resets.Get(tx, hash)
	if row == nil || row.UserID == "" || !v.wall.Now().Before(row.Expires) {
		return nil, errNoReset
	}
	u := v.center.User(tx, row.UserID)
	if u == nil || u.Disabled {
		return nil, errNoReset
	}
	return u, nil
}

func (v *visit) takeReset(tx *state.Tx, hash string) (*identitycenter.User, error) {
	u, err := v.resetting(tx, hash)
	if err == nil {
		v.resets.Delete(tx, hash)
	}
	return u, err
}

type forgotPage struct {
	frame
	Sent bool
}

func (v *visit) showForgot() error {
	v.show(http.StatusOK, "forgot", forgotPage{frame: v.frame("Forgotten password")})
	return nil
}

// forgot mails a link. Page and work are the same whether there is such a user or not, and so is what is held back when
// somebody asks too often.
func (v *visit) forgot() error {
	name := v.field("username")
	key := identitycenter.HashToken(strings.ToLower(name))
	if v.throttle.try(limit{key: "forgot/" + key, free: 2}, limit{key: "forgot-from/" + v.address(), free: 20}) == 0 {
		token := identitycenter.NewToken()
		if err := v.state.Update(v.r.Context(), func(tx *state.Tx) error {
			u := v.center.UserByName(tx, name)
			if u != nil && (u.Disabled || u.Email() == "") {
				u = nil
			}
			v.offerReset(tx, u, token)
			return nil
		}); err != nil {
			return err
		}
	}
	v.show(http.StatusOK, "forgot", forgotPage{frame: v.frame("Forgotten password"), Sent: true})
	return nil
}

// MailReset mails a user a link to choose another password, and ends their sessions.
func (s *Service) MailReset(ctx context.Context, userID string) error {
	token := identitycenter.NewToken()
	return s.state.Update(ctx, func(tx *state.Tx) error {
		u := s.center.User(tx, userID)
		if u == nil {
			return identitycenter.ErrNoUser
		}
		s.signOutEverywhere(tx, userID, "")
		s.offerReset(tx, u, token)
		return nil
	})
}

// offerReset writes a link for a user, or a row of no use for nobody.
func (s *Service) offerReset(tx *state.Tx, u *identitycenter.User, token identitycenter.Token) {
	s.dropExpired(tx)
	row := &reset{Hash: token.Hash, Expires: s.wall.Now().Add(resetTime)}
	if u != nil {
		s.forgetResets(tx, u.ID)
		row.UserID = u.ID
		tx.Post("mail", resetMail(u, s.cfg.PortalURL+"/reset/"+token.Secret))
	}
	s.resets.Put(tx, row)
}

func (s *Service) forgetResets(tx *state.Tx, userID string) {
	for _, r := range slices.Collect(s.resetsOf.Of(tx, userID)) {
		s.resets.Delete(tx, r.Hash)
	}
}

func resetMail(u *identitycenter.User, link string) identitycenter.Mail {
	return identitycenter.Mail{
		To: u.Email(), Name: u.DisplayName, Subject: "Choose another password", Link: link,
		Text: fmt.Sprintf("Hello %s,\n\nto choose another password for the user name %s, open:\n\n%s\n\n"+
			"The link works once, within an hour. If you did not ask for it, do nothing.\n", u.DisplayName, u.UserName, link),
	}
}
