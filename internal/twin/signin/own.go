package signin

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"time"

	"accountfactory/internal/twin/identitycenter"
	"accountfactory/internal/twin/state"
)

type homePage struct {
	frame
	UserName string
	Sessions []sessionRow
	Devices  []deviceRow
	Passkeys bool // can be registered here
	Trusted  bool // a browser is trusted
	Console  bool // accounts and roles are to be seen here
}

type sessionRow struct {
	ID, What, From string
	Begun, Expires string
	This           bool
}

type deviceRow struct{ ID, Name, Kind, Created, Used string }

// shown writes a time for people.
func shown(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.UTC().Format("2 Jan 2006 15:04 UTC")
}

// home shows people who they are here, where they are signed in, and their devices.
func (v *visit) home() error {
	page := homePage{frame: v.frame("You are signed in"), UserName: v.user.UserName, Passkeys: v.passkeys != nil, Console: v.center.HasConsole()}
	_ = v.state.View(func(tx *state.Tx) error { // View passes on what the function returns
		sessions := slices.SortedFunc(v.center.SessionsOf(tx, v.user.ID), func(a, b *identitycenter.PortalSession) int {
			return cmp.Or(b.Begun.Compare(a.Begun), cmp.Compare(a.ID, b.ID))
		})
		for _, p := range sessions {
			page.Sessions = append(page.Sessions, v.sessionRow(p))
		}
		for d := range v.devicesOf.Of(tx, v.user.ID) {
			kind := "authenticator app"
			if d.Kind == passkeyKind {
				kind = "passkey"
			}
			page.Devices = append(page.Devices, deviceRow{d.ID, d.Name, kind, shown(d.Created), shown(d.Used)})
		}
		for range v.trustsOf.Of(tx, v.user.ID) {
			page.Trusted = true
		}
		return nil
	})
	v.show(http.StatusOK, "home", page)
	return nil
}

func (v *visit) sessionRow(p *identitycenter.PortalSession) sessionRow {
	row := sessionRow{ID: p.ID, What: p.UserAgent, From: p.SourceIP, Begun: shown(p.Begun), Expires: shown(p.Expires), This: p.ID == v.session.ID}
	if p.ClientID != "" {
		row.What = p.ClientName
	}
	if row.What == "" {
		row.What = "a browser"
	}
	return row
}

// endSession revokes one of the visitor's own sessions; nobody else's.
func (v *visit) endSession() error {
	id := v.r.PathValue("id")
	if err := v.state.Update(v.r.Context(), func(tx *state.Tx) error {
		for p := range v.center.SessionsOf(tx, v.user.ID) {
			if p.ID == id {
				v.center.EndSession(tx, id)
				return nil
			}
		}
		return &refusal{http.StatusNotFound, "You have no such session. It may have ended."}
	}); err != nil {
		return err
	}
	return v.redirect(cookiePath)
}

// distrust makes all browsers ask for a second factor again.
func (v *visit) distrust() error {
	if err := v.state.Update(v.r.Context(), func(tx *state.Tx) error {
		v.forgetBrowsers(tx, v.user.ID)
		return nil
	}); err != nil {
		return err
	}
	return v.redirect(cookiePath)
}

// removeDevice removes one of the visitor's own devices.
func (v *visit) removeDevice() error {
	if err := v.RemoveDevice(v.r.Context(), v.user.ID, v.r.PathValue("id")); errors.Is(err, ErrNoDevice) {
		return &refusal{http.StatusNotFound, "You have no such device."}
	} else if err != nil {
		return err
	}
	return v.redirect(cookiePath)
}

const changeLead = "Choose another password. You will be signed out everywhere else."

func (v *visit) showChange() error {
	v.show(http.StatusOK, "choose", choosePage{
		frame: v.frame("Change password"), UserName: v.user.UserName, Lead: changeLead, Button: "Change password", Current: true,
	})
	return nil
}

// change replaces the password of somebody who is signed in and knows it.
func (v *visit) change() error {
	limits := []limit{{key: "change/" + v.user.ID, free: 5}}
	page := choosePage{frame: v.frame("Change password"), UserName: v.user.UserName, Lead: changeLead, Button: "Change password", Current: true}
	if v.throttle.try(limits...) > 0 {
		page.Error = "Too many tries. Wait a little, then try again."
		v.show(http.StatusTooManyRequests, "choose", page)
		return nil
	}
	ok, err := v.hasher.verify(v.r.Context(), v.account(v.user.ID).Hash, v.field("current"))
	if err != nil {
		return err
	}
	if !ok {
		page.Error = "That is not your present password."
		v.show(http.StatusUnprocessableEntity, "choose", page)
		return nil
	}
	v.throttle.forgive(limits...)
	return v.choose(page, v.user.ID, v.session.ID, func() error { return v.redirect(cookiePath) })
}

// choose takes the new password of a form and goes on, or shows the form again with what is wrong.
func (v *visit) choose(page choosePage, userID, session string, goOn func() error) error {
	fresh, err := v.prepare(v.r.Context(), userID, v.field("password"), v.field("again"))
	if err == nil {
		err = v.state.Update(v.r.Context(), func(tx *state.Tx) error {
			if err := v.setPassword(tx, userID, fresh); err != nil {
				return err
			}
			v.center.EndSessions(tx, userID, session)
			return nil
		})
	}
	if text, ok := passwordRefusal(err); ok {
		page.Error = text
		v.show(http.StatusUnprocessableEntity, "choose", page)
		return nil
	}
	if err != nil {
		return err
	}
	return goOn()
}

const replaceLead = "The password you signed in with was given to you by an administrator. Choose your own."

func (v *visit) replacePage(a attempt) choosePage {
	page := choosePage{frame: v.frame("Choose a password"), Lead: replaceLead, Button: "Set password"}
	_ = v.state.View(func(tx *state.Tx) error { // View passes on what the function returns
		if u := v.center.User(tx, a.UserID); u != nil {
			page.UserName = u.UserName
		}
		return nil
	})
	return page
}

// showReplace asks for a password in the place of a one-time one.
func (v *visit) showReplace() error {
	a, err := v.attempt(needPassword)
	if err != nil {
		return err
	}
	v.show(http.StatusOK, "choose", v.replacePage(a))
	return nil
}

func (v *visit) replace() error {
	a, err := v.attempt(needPassword)
	if err != nil {
		return err
	}
	return v.choose(v.replacePage(a), a.UserID, "", func() error {
		return v.proceed(step{userID: a.UserID, next: a.Next, proven: true})
	})
}
