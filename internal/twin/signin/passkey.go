package signin

import (
	"encoding/json"
	"net"
	"net/http"
	"net/url"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"accountfactory/internal/twin/identitycenter"
	"accountfactory/internal/twin/state"
)

// newPasskeys sets WebAuthn up for the pages' host; nil when that is an address, for which browsers have no passkeys.
func newPasskeys(portalURL string) *webauthn.WebAuthn {
	u, err := url.Parse(portalURL)
	if err != nil || u.Hostname() == "" || net.ParseIP(u.Hostname()) != nil {
		return nil
	}
	w, err := webauthn.New(&webauthn.Config{RPID: u.Hostname(), RPDisplayName: "Account Factory rehearsal", RPOrigins: []string{origin(portalURL)}})
	if err != nil {
		return nil
	}
	return w
}

// passkeyUser is a user as WebAuthn wants to see one.
type passkeyUser struct {
	*identitycenter.User
	credentials []webauthn.Credential
}

func (u passkeyUser) WebAuthnID() []byte                         { return []byte(u.ID) }
func (u passkeyUser) WebAuthnName() string                       { return u.UserName }
func (u passkeyUser) WebAuthnDisplayName() string                { return u.DisplayName }
func (u passkeyUser) WebAuthnCredentials() []webauthn.Credential { return u.credentials }

// passkeyUser gives a user with their passkeys.
func (s *Service) passkeyUser(userID string) (u passkeyUser, err error) {
	err = s.state.View(func(tx *state.Tx) error {
		if u.User = s.center.User(tx, userID); u.User == nil {
			return identitycenter.ErrNoUser
		}
		for d := range s.devicesOf.Of(tx, userID) {
			if d.Kind != passkeyKind {
				continue
			}
			var c webauthn.Credential
			if err := json.Unmarshal(d.Credential, &c); err != nil {
				return err
			}
			u.credentials = append(u.credentials, c)
		}
		return nil
	})
	return u, err
}

type passkeyPage struct {
	frame
	Options string
	Must    bool
}

func passkeyHolder(o owner) string { return o.holder + "/passkey" }

func errNoPasskeys() error {
	return &refusal{http.StatusNotFound, "Browsers have passkeys only for hosts with a name, such as localhost."}
}

// showPasskey lets the browser make a passkey.
func (v *visit) showPasskey() error {
	o, err := v.owner()
	if err != nil {
		return err
	}
	if v.passkeys == nil {
		return errNoPasskeys()
	}
	u, err := v.passkeyUser(o.user.ID)
	if err != nil {
		return err
	}
	options, challenge, err := v.passkeys.BeginRegistration(u, webauthn.WithExclusions(webauthn.Credentials(u.credentials).CredentialDescriptors()))
	if err != nil {
		return err
	}
	body, err := json.Marshal(options)
	if err != nil {
		return err
	}
	if err := v.put(passkeyHolder(o), challenge); err != nil {
		return err
	}
	v.script = true
	v.show(http.StatusOK, "passkey", passkeyPage{v.frame("Register a passkey"), string(body), o.attempt != nil})
	return nil
}

// addPasskey registers the passkey that the browser has made.
func (v *visit) addPasskey() error {
	o, err := v.owner()
	if err != nil {
		return err
	}
	if v.passkeys == nil {
		return errNoPasskeys()
	}
	u, err := v.passkeyUser(o.user.ID)
	if err != nil {
		return err
	}
	challenge, ok := v.passkeyChallenge(passkeyHolder(o))
	if !ok {
		return &refusal{http.StatusConflict, "This registration has taken too long. Begin again."}
	}
	made, err := protocol.ParseCredentialCreationResponseBytes([]byte(v.field("credential")))
	if err != nil {
		return &refusal{http.StatusBadRequest, "The browser's answer is not a passkey."}
	}
	c, err := v.passkeys.CreateCredential(u, challenge, made)
	if err != nil {
		return &refusal{http.StatusBadRequest, "The passkey does not fit what was asked for. Begin again."}
	}
	body, err := json.Marshal(c)
	if err != nil {
		return err
	}
	return v.add(o, passkeyHolder(o), &Device{Kind: passkeyKind, Name: deviceName(v.field("name"), "Passkey"), Credential: body})
}

func (v *visit) passkeyChallenge(holder string) (c webauthn.SessionData, ok bool) {
	_ = v.state.View(func(tx *state.Tx) error { // View passes on what the function returns
		ok = v.challenge(tx, holder, &c)
		return nil
	})
	return c, ok
}

// passkeyLogin gives the options with which the browser asks for one of the user's passkeys, "" when they have none.
func (v *visit) passkeyLogin(a attempt) (string, error) {
	u, err := v.passkeyUser(a.UserID)
	if err != nil || len(u.credentials) == 0 || v.passkeys == nil {
		return "", err
	}
	options, challenge, err := v.passkeys.BeginLogin(u)
	if err != nil {
		return "", err
	}
	body, err := json.Marshal(options)
	if err != nil {
		return "", err
	}
	return string(body), v.put("attempt/"+a.Hash+"/login", challenge)
}

// showsPasskey tells whether the browser has proved one of the user's passkeys. The challenge is used up either way.
func (v *visit) showsPasskey(a attempt) (bool, error) {
	holder := "attempt/" + a.Hash + "/login"
	challenge, ok := v.passkeyChallenge(holder)
	u, err := v.passkeyUser(a.UserID)
	if err != nil || !ok || v.passkeys == nil {
		return false, err
	}
	given, err := protocol.ParseCredentialRequestResponseBytes([]byte(v.field("credential")))
	if err != nil {
		return false, nil //nolint:nilerr // not a passkey's answer: wrong, like a wrong code
	}
	c, err := v.passkeys.ValidateLogin(u, challenge, given)
	if err != nil {
		return false, nil //nolint:nilerr // the passkey proves nothing
	}
	return v.usePasskey(a, holder, c)
}

// usePasskey keeps the passkey's counter and drops its challenge; with a counter that went back the passkey is a copy, and
// refused.
func (v *visit) usePasskey(a attempt, holder string, c *webauthn.Credential) (ok bool, err error) {
	body, err := json.Marshal(c)
	if err != nil {
		return false, err
	}
	err = v.state.Update(v.r.Context(), func(tx *state.Tx) error {
		if !v.pendings.Delete(tx, holder) || c.Authenticator.CloneWarning {
			return nil
		}
		for d := range v.devicesOf.Of(tx, a.UserID) {
			var old webauthn.Credential
			if d.Kind == passkeyKind && json.Unmarshal(d.Credential, &old) == nil && string(old.ID) == string(c.ID) {
				ok = true
				v.devices.Change(tx, d.ID, func(d *Device) { d.Credential, d.Used = body, v.wall.Now() })
				return nil
			}
		}
		return nil
	})
	return ok, err
}
