package signin

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"accountfactory/internal/twin/identitycenter"
	"accountfactory/internal/twin/state"
)

// Texts for people who may not enter. The first says nothing about whether there is such a user.
const (
	textWrong    = "User name or password is wrong."
	textDisabled = "Your user is disabled. Ask your administrator."
	textBlocked  = "You need a second factor to sign in, and have none. Ask your administrator."
)

type signInPage struct {
	frame
	UserName, Next string
}

func (v *visit) showSignIn() error {
	v.show(http.StatusOK, "in", signInPage{frame: v.frame("Sign in"), Next: ownPage(v.r.URL.Query().Get("next"))})
	return nil
}

// signIn checks user name and password. What is unknown costs and answers the same as what is wrong.
func (v *visit) signIn() error {
	name, next := v.field("username"), ownPage(v.field("next"))
	limits := v.guesses(name)
	if wait := v.throttle.try(limits...); wait > 0 {
		return v.again(name, next, wait)
	}
	u, err := v.known(name, v.field("password"))
	if err != nil {
		return err
	}
	if u == nil {
		page := signInPage{frame: v.frame("Sign in"), UserName: name, Next: next}
		page.Error = textWrong
		v.show(http.StatusUnauthorized, "in", page)
		return nil
	}
	v.throttle.forgive(limits...)
	return v.proceed(step{userID: u.ID, next: next})
}

// guesses are the counts a try in somebody's name goes to: few from one address, more from all together, so that strangers
// hardly slow down the person themselves.
func (v *visit) guesses(name string) []limit {
	name = identitycenter.HashToken(strings.ToLower(name))
	return []limit{{key: "password/" + name + "/" + v.address(), free: 3}, {key: "password/" + name, free: 20}}
}

func (v *visit) again(name, next string, wait time.Duration) error {
	seconds := int(wait.Seconds()) + 1
	v.w.Header().Set("Retry-After", fmt.Sprint(seconds))
	page := signInPage{frame: v.frame("Sign in"), UserName: name, Next: next}
	page.Error = fmt.Sprintf("Too many tries. Wait %d seconds, then try again.", seconds)
	v.show(http.StatusTooManyRequests, "in", page)
	return nil
}

// known gives the user whose name and password these are, nil for none.
func (v *visit) known(name, password string) (*identitycenter.User, error) {
	var u *identitycenter.User
	var a account
	_ = v.state.View(func(tx *state.Tx) error { // View passes on what the function returns
		if u = v.center.UserByName(tx, name); u != nil {
			if row := v.accounts.Get(tx, u.ID); row != nil {
				a = *row
			}
		}
		return nil
	})
	ok, err := v.hasher.verify(v.r.Context(), a.Hash, password)
	if err != nil || !ok {
		return nil, err
	}
	return u, nil
}

// signOut ends the browser's session.
func (v *visit) signOut() error {
	if v.session != nil {
		if err := v.state.Update(v.r.Context(), func(tx *state.Tx) error {
			v.center.EndSession(tx, v.session.ID)
			return nil
		}); err != nil {
			return err
		}
	}
	v.clearCookie(sessionCookie)
	v.clearCookie(attemptCookie)
	return v.redirect("/signin/in")
}
