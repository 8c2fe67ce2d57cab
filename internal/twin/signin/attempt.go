package signin

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"accountfactory/internal/arn"
	"accountfactory/internal/twin/identitycenter"
	"accountfactory/internal/twin/state"
)

const (
	attemptTime = 10 * time.Minute
	trustTime   = 30 * 24 * time.Hour
	// wrongCodes is how many wrong codes end an attempt.
	wrongCodes = 5
)

// step is what a sign-in has come to: the password was right, perhaps a second factor too.
type step struct {
	userID, next string
	proven       bool // a second factor was shown
	remember     bool // do not ask for one in this browser again
}

// outcome is what follows a step.
type outcome struct {
	need    string // "" means signed in
	expires time.Time
	refused string
}

// secrets are drawn before the transaction that may need them.
type secrets struct {
	session, attempt, browser identitycenter.Token
	code                      string
}

func newSecrets() secrets {
	return secrets{identitycenter.NewToken(), identitycenter.NewToken(), identitycenter.NewToken(), arn.ID(strong{}, arn.Digits, 6)}
}

// proceed takes a person to the next thing they need, or signs them in. The session gets a secret of its own, whatever
// cookies the browser had before.
func (v *visit) proceed(at step) error {
	secret := newSecrets()
	var out outcome
	if err := v.state.Update(v.r.Context(), func(tx *state.Tx) error {
		out = v.advance(tx, at, secret)
		return nil
	}); err != nil {
		return err
	}
	if out.refused != "" {
		return &refusal{http.StatusForbidden, out.refused}
	}
	if at.remember && at.proven {
		v.setCookie(browserCookie, secret.browser.Secret, v.wall.Now().Add(trustTime))
	}
	if out.need != "" {
		v.setCookie(attemptCookie, secret.attempt.Secret, out.expires)
		return v.redirect(pageOf(out.need))
	}
	v.clearCookie(attemptCookie)
	v.setCookie(sessionCookie, secret.session.Secret, out.expires)
	return v.redirect(ownPage(at.next))
}

// pageOf is where people do what is needed.
func pageOf(need string) string {
	switch need {
	case needPassword:
		return "/signin/new-password"
	case needDevice:
		return "/signin/devices/totp"
	}
	return "/signin/factor"
}

// advance decides what comes after a step, in its transaction.
func (v *visit) advance(tx *state.Tx, at step, secret secrets) outcome {
	v.dropExpired(tx)
	v.attempts.Delete(tx, v.cookie(attemptCookie))
	u := v.center.User(tx, at.userID)
	if u == nil || u.Disabled {
		return outcome{refused: textDisabled}
	}
	need, ok := v.missing(tx, u, at)
	if !ok {
		return outcome{refused: textBlocked}
	}
	if at.remember && at.proven {
		v.trusts.Put(tx, &trusted{Hash: secret.browser.Hash, UserID: u.ID, Expires: v.wall.Now().Add(trustTime)})
	}
	if need == "" {
		p := v.center.BeginSession(tx, identitycenter.PortalSession{UserID: u.ID, SourceIP: v.address(), UserAgent: v.agent()})
		return outcome{expires: v.center.Grant(tx, p, identitycenter.BrowserUse, secret.session, p.Expires.Sub(p.Begun))}
	}
	a := &attempt{Hash: secret.attempt.Hash, UserID: u.ID, Need: need, Next: at.next, Proven: at.proven, Expires: v.wall.Now().Add(attemptTime)}
	if need == needEmail {
		a.Code = identitycenter.HashToken(secret.code)
		tx.Post("mail", codeMail(u, secret.code))
	}
	v.attempts.Put(tx, a)
	return outcome{need: need, expires: a.Expires}
}

// missing says what a person still needs: first the second factor, then another password.
func (v *visit) missing(tx *state.Tx, u *identitycenter.User, at step) (need string, ok bool) {
	if !at.proven {
		devices := len(slices.Collect(v.devicesOf.Of(tx, u.ID)))
		need, ok = v.Policy(tx).factorFor(devices, v.inTrusted(tx, u.ID))
		if need == needEmail && u.Email() == "" {
			return "", false
		}
		if need != "" || !ok {
			return need, ok
		}
	}
	if a := v.accounts.Get(tx, u.ID); a != nil && a.Change {
		return needPassword, true
	}
	return "", true
}

// inTrusted tells whether the visitor's browser is one the user has trusted.
func (v *visit) inTrusted(tx *state.Tx, userID string) bool {
	b := v.trusts.Get(tx, v.cookie(browserCookie))
	return b != nil && b.UserID == userID && v.wall.Now().Before(b.Expires)
}

// attempt gives the sign-in under way in this browser, which must wait for one of needs.
func (v *visit) attempt(needs ...string) (a attempt, err error) {
	err = &refusal{http.StatusUnauthorized, "The sign-in has taken too long, or was begun elsewhere. Sign in again."}
	_ = v.state.View(func(tx *state.Tx) error { // View passes on what the function returns
		row := v.attempts.Get(tx, v.cookie(attemptCookie))
		if row != nil && slices.Contains(needs, row.Need) && v.wall.Now().Before(row.Expires) {
			a, err = *row, nil
		}
		return nil
	})
	return a, err
}

// errAttemptOver ends an attempt with too many wrong codes.
var errAttemptOver = errors.New("too many wrong codes")

// missed counts a wrong code. It returns errAttemptOver with the last one that was allowed.
func (v *visit) missed(a attempt) error {
	over := false
	err := v.state.Update(v.r.Context(), func(tx *state.Tx) error {
		row := v.attempts.Get(tx, a.Hash)
		if over = row == nil || row.Tries+1 >= wrongCodes; over {
			v.attempts.Delete(tx, a.Hash)
			return nil
		}
		v.attempts.Change(tx, a.Hash, func(row *attempt) { row.Tries++ })
		return nil
	})
	if err == nil && over {
		return errAttemptOver
	}
	return err
}

// forgetBrowsers makes all browsers ask a user for a second factor again.
func (s *Service) forgetBrowsers(tx *state.Tx, userID string) {
	for _, b := range slices.Collect(s.trustsOf.Of(tx, userID)) {
		s.trusts.Delete(tx, b.Hash)
	}
}

func codeMail(u *identitycenter.User, code string) identitycenter.Mail {
	return identitycenter.Mail{
		To: u.Email(), Name: u.DisplayName, Subject: "Your verification code",
		Text: fmt.Sprintf("Hello %s,\n\nyour code to sign in is %s. It is good for ten minutes.\n\n"+
			"If you are not signing in, somebody has your password: change it.\n", u.DisplayName, code),
	}
}
