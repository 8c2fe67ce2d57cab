package signin

import (
	"errors"
	"net/http"

	"accountfactory/internal/twin/identitycenter"
	"accountfactory/internal/twin/state"
)

// devicePage asks for a code, or for a decision about the client that shows it.
type devicePage struct {
	frame
	Code, Client, From, Agent string
	Done                      string // what was decided
}

const textNoCode = "There is no client waiting with that code. It may have expired."

// showDevice shows the client that waits with a code; without a code it asks for one.
func (v *visit) showDevice() error {
	code := v.r.URL.Query().Get("user_code")
	page := devicePage{frame: v.frame("Let a client in")}
	if code == "" {
		v.show(http.StatusOK, "device", page)
		return nil
	}
	if v.throttle.try(limit{key: "code/" + v.user.ID, free: 20}) > 0 {
		return &refusal{http.StatusTooManyRequests, "Too many codes. Wait a little, then try again."}
	}
	err := v.state.View(func(tx *state.Tx) error {
		d, err := v.center.Device(tx, code)
		if err == nil {
			page.Code, page.Client, page.From, page.Agent = d.UserCode, d.ClientName, d.SourceIP, d.UserAgent
		}
		return err
	})
	status := http.StatusOK
	if err != nil {
		status, page.Error = http.StatusNotFound, deviceRefusal(err)
	}
	v.show(status, "device", page)
	return nil
}

func deviceRefusal(err error) string {
	switch {
	case errors.Is(err, identitycenter.ErrDeviceExpired):
		return "That code has expired. Start again where it was shown."
	case errors.Is(err, identitycenter.ErrDeviceDecided):
		return "That code has been used."
	}
	return textNoCode
}

// decideDevice lets the client in, or sends it away.
func (v *visit) decideDevice() error {
	allow := v.field("decision") == "allow"
	err := v.state.Update(v.r.Context(), func(tx *state.Tx) error {
		return v.center.Decide(tx, v.field("user_code"), v.user.ID, allow)
	})
	page := devicePage{frame: v.frame("Let a client in")}
	switch {
	case errors.Is(err, identitycenter.ErrNoDevice), errors.Is(err, identitycenter.ErrDeviceExpired), errors.Is(err, identitycenter.ErrDeviceDecided):
		page.Error = deviceRefusal(err)
		v.show(http.StatusConflict, "device", page)
		return nil
	case err != nil:
		return err
	}
	page.Done = "The request was denied. You can close this page."
	if allow {
		page.Done = "The client is signed in as you. You can close this page."
	}
	v.show(http.StatusOK, "device", page)
	return nil
}
