package signin

import (
	"bytes"
	"crypto/subtle"
	"image/png"
	"net/http"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"accountfactory/internal/twin/state"
)

// totpStep is how long a code is shown. One step to either side is taken too, for clocks that differ.
const totpStep = 30

// totpStepOf gives the time step whose code this is, when it lies after the one last taken: no code is good twice.
func totpStepOf(secret, code string, now time.Time, last int64) (step int64, ok bool) {
	for _, step := range []int64{now.Unix() / totpStep, now.Unix()/totpStep - 1, now.Unix()/totpStep + 1} {
		want, err := totp.GenerateCode(secret, time.Unix(step*totpStep, 0))
		if err == nil && step > last && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			return step, true
		}
	}
	return 0, false
}

// enrolment is the challenge of an authenticator app: its secret, until a code shows that the app has it.
type enrolment struct{ URL string }

type totpPage struct {
	frame
	Secret   string
	Passkeys bool
	Must     bool // the sign-in needs a device
}

func totpHolder(o owner) string { return o.holder + "/totp" }

// showTOTP gives an authenticator app its secret.
func (v *visit) showTOTP() error {
	o, err := v.owner()
	if err != nil {
		return err
	}
	key, err := totp.Generate(totp.GenerateOpts{Issuer: "Account Factory rehearsal", AccountName: o.user.UserName})
	if err != nil {
		return err
	}
	if err := v.put(totpHolder(o), enrolment{key.URL()}); err != nil {
		return err
	}
	v.showSecret(o, http.StatusOK, key.Secret(), "")
	return nil
}

func (v *visit) showSecret(o owner, status int, secret, wrong string) {
	page := totpPage{frame: v.frame("Register an authenticator app"), Secret: secret, Passkeys: v.passkeys != nil, Must: o.attempt != nil}
	page.Error = wrong
	v.show(status, "totp", page)
}

// enrolling gives the secret that was shown to the owner.
func (v *visit) enrolling(o owner) (*otp.Key, error) {
	var e enrolment
	known := false
	_ = v.state.View(func(tx *state.Tx) error { // View passes on what the function returns
		known = v.challenge(tx, totpHolder(o), &e)
		return nil
	})
	if !known {
		return nil, &refusal{http.StatusConflict, "This registration has taken too long. Begin again."}
	}
	return otp.NewKeyFromURL(e.URL)
}

// totpImage draws the secret for cameras.
func (v *visit) totpImage() error {
	o, err := v.owner()
	if err != nil {
		return err
	}
	key, err := v.enrolling(o)
	if err != nil {
		return err
	}
	img, err := key.Image(220, 220)
	if err != nil {
		return err
	}
	var body bytes.Buffer
	if err := png.Encode(&body, img); err != nil {
		return err
	}
	v.w.Header().Set("Content-Type", "image/png")
	_, _ = v.w.Write(body.Bytes()) // the browser may be gone
	return nil
}

// addTOTP registers the app once it has shown a code.
func (v *visit) addTOTP() error {
	o, err := v.owner()
	if err != nil {
		return err
	}
	key, err := v.enrolling(o)
	if err != nil {
		return err
	}
	step, ok := totpStepOf(key.Secret(), digits(v.field("code")), v.wall.Now(), 0)
	if !ok {
		v.showSecret(o, http.StatusUnprocessableEntity, key.Secret(), "That is not the code the app shows for this secret.")
		return nil
	}
	return v.add(o, totpHolder(o), &Device{Kind: totpKind, Name: deviceName(v.field("name"), "Authenticator app"), Secret: key.Secret(), Step: step})
}

// digits takes a code as people type it, with blanks between.
func digits(typed string) string {
	var out []byte
	for _, c := range []byte(typed) {
		if c != ' ' {
			out = append(out, c)
		}
	}
	return string(out)
}
