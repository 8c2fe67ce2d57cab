package signin

import (
	"crypto/subtle"
	"errors"
	"net/http"

	"accountfactory/internal/twin/identitycenter"
	"accountfactory/internal/twin/state"
)

type factorPage struct {
	frame
	Code    bool   // a code can be typed
	Mailed  bool   // it was mailed
	Options string // for the browser's passkeys, "" when the user has none
	Trust   bool   // the browser can be trusted
}

const textWrongCode = "That code is wrong, or has been used. Wait for the next one."

// showFactor asks for the second factor.
func (v *visit) showFactor() error {
	a, err := v.attempt(needFactor, needEmail)
	if err != nil {
		return err
	}
	return v.askFactor(a, http.StatusOK, "")
}

func (v *visit) askFactor(a attempt, status int, wrong string) error {
	page := factorPage{Code: a.Need == needEmail, Mailed: a.Need == needEmail}
	_ = v.state.View(func(tx *state.Tx) error { // View passes on what the function returns
		page.Trust = v.Policy(tx).Mode == ContextAware
		for d := range v.devicesOf.Of(tx, a.UserID) {
			page.Code = page.Code || d.Kind == totpKind
		}
		return nil
	})
	if a.Need == needFactor {
		options, err := v.passkeyLogin(a)
		if err != nil {
			return err
		}
		page.Options, v.script = options, options != ""
	}
	page.frame = v.frame("Second factor")
	page.Error = wrong
	v.show(status, "factor", page)
	return nil
}

// factor checks the second factor.
func (v *visit) factor() error {
	a, err := v.attempt(needFactor, needEmail)
	if err != nil {
		return err
	}
	limits := []limit{{key: "factor/" + a.UserID, free: wrongCodes}}
	if v.throttle.try(limits...) > 0 {
		return v.askFactor(a, http.StatusTooManyRequests, "Too many tries. Wait a little, then try again.")
	}
	ok, err := v.shows(a)
	if err != nil {
		return err
	}
	if !ok {
		if err := v.missed(a); errors.Is(err, errAttemptOver) {
			v.clearCookie(attemptCookie)
			return &refusal{http.StatusForbidden, "Too many wrong codes. Sign in again."}
		} else if err != nil {
			return err
		}
		return v.askFactor(a, http.StatusUnprocessableEntity, textWrongCode)
	}
	v.throttle.forgive(limits...)
	return v.proceed(step{userID: a.UserID, next: a.Next, proven: true, remember: v.field("remember") != ""})
}

// shows tells whether the form holds the factor the attempt waits for. What was shown is used up.
func (v *visit) shows(a attempt) (bool, error) {
	switch {
	case a.Need == needEmail:
		got := identitycenter.HashToken(digits(v.field("code")))
		return subtle.ConstantTimeCompare([]byte(got), []byte(a.Code)) == 1, nil
	case v.field("credential") != "":
		return v.showsPasskey(a)
	}
	return v.showsCode(a, digits(v.field("code")))
}

// showsCode tells whether a code is that of one of the user's apps, and uses it up.
func (v *visit) showsCode(a attempt, code string) (ok bool, err error) {
	err = v.state.Update(v.r.Context(), func(tx *state.Tx) error {
		for d := range v.devicesOf.Of(tx, a.UserID) {
			if d.Kind != totpKind {
				continue
			}
			if step, good := totpStepOf(d.Secret, code, v.wall.Now(), d.Step); good {
				ok = true
				v.devices.Change(tx, d.ID, func(d *Device) { d.Step, d.Used = step, v.wall.Now() })
				return nil
			}
		}
		return nil
	})
	return ok, err
}
