package signin

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"accountfactory/internal/arn"
	"accountfactory/internal/twin/identitycenter"
	"accountfactory/internal/twin/state"
)

// deviceLimit is how many devices a user can register (IAM Identity Center user guide, "Register an MFA device").
const deviceLimit = 8

// pendingTime is how long a challenge is good for.
const pendingTime = 10 * time.Minute

// ErrNoDevice says that a user has no such device.
var ErrNoDevice = errors.New("no such device")

// Devices gives a user's devices.
func (s *Service) Devices(tx *state.Tx, userID string) []*Device {
	return slices.Collect(s.devicesOf.Of(tx, userID))
}

// RemoveDevice removes a device, or returns ErrNoDevice. Browsers trusted by it are trusted no more.
func (s *Service) RemoveDevice(ctx context.Context, userID, id string) error {
	return s.state.Update(ctx, func(tx *state.Tx) error {
		d := s.devices.Get(tx, id)
		if d == nil || d.UserID != userID {
			return ErrNoDevice
		}
		s.devices.Delete(tx, id)
		s.forgetBrowsers(tx, userID)
		return nil
	})
}

// owner is who registers a device: somebody signed in, or on the way there because the policy wants one.
type owner struct {
	user    *identitycenter.User
	holder  string // of the challenge
	attempt *attempt
}

// owner finds out who registers a device, and refuses others.
func (v *visit) owner() (owner, error) {
	if v.user != nil {
		return owner{user: v.user, holder: "session/" + v.session.ID}, nil
	}
	a, err := v.attempt(needDevice)
	if err != nil {
		return owner{}, err
	}
	o := owner{holder: "attempt/" + a.Hash, attempt: &a}
	_ = v.state.View(func(tx *state.Tx) error { // View passes on what the function returns
		o.user = v.center.User(tx, a.UserID)
		return nil
	})
	if o.user == nil || o.user.Disabled {
		return owner{}, &refusal{http.StatusForbidden, textDisabled}
	}
	return o, nil
}

// put keeps a challenge for its holder, in place of an earlier one.
func (v *visit) put(holder string, challenge any) error {
	body, err := json.Marshal(challenge)
	if err != nil {
		return err
	}
	return v.state.Update(v.r.Context(), func(tx *state.Tx) error {
		v.dropExpired(tx)
		v.pendings.Put(tx, &pending{Holder: holder, Body: body, Expires: v.wall.Now().Add(pendingTime)})
		return nil
	})
}

// challenge reads the holder's challenge, and reports whether there is one.
func (s *Service) challenge(tx *state.Tx, holder string, into any) bool {
	p := s.pendings.Get(tx, holder)
	return p != nil && s.wall.Now().Before(p.Expires) && json.Unmarshal(p.Body, into) == nil
}

// add registers a device in place of its challenge, and goes on with the sign-in that needed it.
func (v *visit) add(o owner, challenge string, d *Device) error {
	if err := v.state.Update(v.r.Context(), func(tx *state.Tx) error {
		if v.pendings.Get(tx, challenge) == nil {
			return &refusal{http.StatusConflict, "This registration has ended. Begin again."}
		}
		v.pendings.Delete(tx, challenge)
		if len(slices.Collect(v.devicesOf.Of(tx, o.user.ID))) >= deviceLimit {
			return &refusal{http.StatusConflict, "You have eight devices already. Remove one first."}
		}
		d.ID, d.UserID, d.Created = arn.UUID(tx), o.user.ID, v.wall.Now()
		v.devices.Put(tx, d)
		return nil
	}); err != nil {
		return err
	}
	if o.attempt != nil {
		return v.proceed(step{userID: o.user.ID, next: o.attempt.Next, proven: true})
	}
	return v.redirect(cookiePath)
}

// deviceName takes what people call a device, or a name of ours.
func deviceName(typed, otherwise string) string {
	name := strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, typed))
	if name == "" {
		return otherwise
	}
	for utf8.RuneCountInString(name) > 64 {
		_, size := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-size]
	}
	return name
}
