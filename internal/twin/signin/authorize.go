package signin

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"accountfactory/internal/twin/identitycenter"
	"accountfactory/internal/twin/state"
)

// authorizePage asks whether a client may have the person's accounts and roles.
type authorizePage struct {
	frame
	Client, To string
	Fields     []field // what the client asked, sent back with the decision
}

type field struct{ Name, Value string }

// asked are the parameters of /authorize. AWS's own clients say scopes where OAuth says scope.
var asked = [...]string{"response_type", "client_id", "redirect_uri", "state", "code_challenge_method", "code_challenge", "scopes", "scope"}

func authorization(q url.Values) identitycenter.Authorization {
	return identitycenter.Authorization{
		ClientID: q.Get("client_id"), Redirect: q.Get("redirect_uri"), ResponseType: q.Get("response_type"),
		Challenge: q.Get("code_challenge"), ChallengeMethod: q.Get("code_challenge_method"),
		Scopes: strings.Fields(q.Get("scopes") + " " + q.Get("scope")),
	}
}

// showAuthorize asks for the decision. A client that is not known, or wants the answer sent elsewhere than it registered,
// gets none; only the person is told.
func (v *visit) showAuthorize() error {
	q := v.r.URL.Query()
	a := authorization(q)
	var client *identitycenter.Client
	err := v.state.View(func(tx *state.Tx) (err error) {
		client, err = v.center.Authorizing(tx, a)
		return err
	})
	if err != nil {
		return v.refuseClient(a, q.Get("state"), err)
	}
	if v.user == nil {
		return v.askToSignIn()
	}
	if v.center.IsConsole(a.Redirect) {
		return v.enterConsole(a, q.Get("state"))
	}
	page := authorizePage{frame: v.frame("Let a client in"), Client: client.Name, To: origin(a.Redirect)}
	for _, name := range asked {
		if q.Has(name) {
			page.Fields = append(page.Fields, field{name, q.Get(name)})
		}
	}
	v.forms = " " + page.To // browsers hold form-action against redirects too
	v.show(http.StatusOK, "authorize", page)
	return nil
}

// authorize sends the person back to their client, with a code or a refusal.
func (v *visit) authorize() error {
	a, clientState := authorization(v.r.PostForm), v.field("state")
	if v.field("decision") != "allow" {
		return v.deny(a, clientState)
	}
	token := identitycenter.NewToken()
	if err := v.state.Update(v.r.Context(), func(tx *state.Tx) error {
		return v.center.Authorize(tx, a, v.user.ID, token)
	}); err != nil {
		return v.refuseClient(a, clientState, err)
	}
	return v.answer(a, url.Values{"code": {token.Secret}}, clientState)
}

// enterConsole sends the person on to the console without asking: it is part of the portal they are signed in to, and the
// answer goes nowhere else.
func (v *visit) enterConsole(a identitycenter.Authorization, clientState string) error {
	token := identitycenter.NewToken()
	if err := v.state.Update(v.r.Context(), func(tx *state.Tx) error {
		return v.center.AuthorizeConsole(tx, a, v.session, token)
	}); err != nil {
		return v.refuseClient(a, clientState, err)
	}
	return v.answer(a, url.Values{"code": {token.Secret}}, clientState)
}

func (v *visit) deny(a identitycenter.Authorization, clientState string) error {
	err := v.state.View(func(tx *state.Tx) error {
		_, err := v.center.Authorizing(tx, a)
		return err
	})
	if err == nil {
		err = &identitycenter.AuthorizationError{Code: "access_denied", Description: "the person has denied the request"}
	}
	return v.refuseClient(a, clientState, err)
}

func (v *visit) refuseClient(a identitycenter.Authorization, clientState string, err error) error {
	var refused *identitycenter.AuthorizationError
	switch {
	case errors.Is(err, identitycenter.ErrNoClient):
		return &refusal{http.StatusBadRequest, "The client that sent you here is not registered, or its registration has expired."}
	case errors.Is(err, identitycenter.ErrNoRedirect):
		return &refusal{http.StatusBadRequest, "The client that sent you here wants the answer sent to an address it has not registered."}
	case errors.As(err, &refused):
		return v.answer(a, url.Values{"error": {refused.Code}, "error_description": {refused.Description}}, clientState)
	}
	return err
}

// answer redirects to the client, whose address has been found to be registered.
func (v *visit) answer(a identitycenter.Authorization, q url.Values, clientState string) error {
	to, err := url.Parse(a.Redirect)
	if err != nil {
		return err
	}
	for name, values := range to.Query() {
		q[name] = values
	}
	if clientState != "" {
		q.Set("state", clientState)
	}
	to.RawQuery = q.Encode()
	v.w.Header().Set("Referrer-Policy", "no-referrer")
	return v.redirect(to.String())
}
