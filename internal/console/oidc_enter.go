package console

import (
	"cmp"
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// authorize gives where a sign-in begins at the provider.
func (o *OIDC) authorize(ctx context.Context, f flow, redirect string) (string, error) {
	p, err := o.get(ctx)
	if err != nil {
		return "", err
	}
	client, err := o.oauth(p, redirect)
	if err != nil {
		return "", err
	}
	return client.AuthCodeURL(f.State, oidc.Nonce(f.Nonce), oauth2.S256ChallengeOption(f.Verifier)), nil
}

// refusedError says why an answer of the provider lets nobody in. People are told no more than that; the log has it all.
type refusedError struct{ why error }

func (e *refusedError) Error() string { return "the provider's answer is not good: " + e.why.Error() }
func (e *refusedError) Unwrap() error { return e.why }

func notGood(format string, args ...any) error { return &refusedError{fmt.Errorf(format, args...)} }

// enter turns the provider's answer into a person. It returns a refusedError for an answer that is not good, a
// strangerError for a person who is nothing here, and an awayError.
func (o *OIDC) enter(ctx context.Context, f flow, answered url.Values, redirect string) (*member, error) {
	p, err := o.get(ctx)
	if err != nil {
		return nil, err
	}
	if code := answered.Get("error"); code != "" {
		return nil, notGood("%s: %s", code, answered.Get("error_description"))
	}
	// RFC 9207: an answer that says whose it is must be the issuer's.
	if iss := answered.Get("iss"); iss != o.config.Issuer && (iss != "" || p.meta.IssuerInAnswer) {
		return nil, notGood("the answer is of the issuer %q", iss)
	}
	client, err := o.oauth(p, redirect)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(oidc.ClientContext(ctx, o.client), 2*providerWithin)
	defer cancel()
	tokens, err := client.Exchange(ctx, answered.Get("code"), oauth2.VerifierOption(f.Verifier))
	if err != nil {
		return nil, o.exchangeError(err)
	}
	raw, _ := tokens.Extra("id_token").(string)
	token, err := o.verify(ctx, p, raw, f.Nonce)
	if err != nil {
		return nil, err
	}
	m, err := o.read(ctx, p, token, tokens)
	if err != nil {
		return nil, err
	}
	m.IDToken = raw
	if _, any := o.config.of(m.Groups); !any {
		return nil, &strangerError{m}
	}
	return m, nil
}

// exchangeError tells a code that is not good from a provider that is not there.
func (o *OIDC) exchangeError(err error) error {
	var refused *oauth2.RetrieveError
	if errors.As(err, &refused) && refused.Response != nil && refused.Response.StatusCode < 500 {
		return &refusedError{err}
	}
	return &awayError{o.config.Issuer, err}
}

// verify checks an ID token as Core 1.0 section 3.1.3.7 says: signature with the provider's keys, issuer, audience, end,
// nonce, and to whom it was given.
func (o *OIDC) verify(ctx context.Context, p *provider, raw, nonce string) (*oidc.IDToken, error) {
	if raw == "" {
		return nil, notGood("it has no ID token")
	}
	token, err := p.Verifier(&oidc.Config{ClientID: o.config.ClientID, Now: o.clock.Now}).Verify(ctx, raw)
	if err != nil {
		return nil, &refusedError{err}
	}
	var claims struct {
		Party string `json:"azp"`
	}
	if err := token.Claims(&claims); err != nil {
		return nil, &refusedError{err}
	}
	switch {
	case subtle.ConstantTimeCompare([]byte(token.Nonce), []byte(nonce)) != 1:
		return nil, notGood("the nonce is another sign-in's")
	case claims.Party != "" && claims.Party != o.config.ClientID, claims.Party == "" && len(token.Audience) > 1:
		return nil, notGood("the token was given to %q, for %q", claims.Party, token.Audience)
	case token.Subject == "":
		return nil, notGood("the token is about nobody")
	}
	return token, nil
}

// profile is what a provider tells of a person, in the ID token or when asked.
type profile struct {
	Email    string    `json:"email"`
	Verified *truthish `json:"email_verified"`
	Name     string    `json:"name"`
	UserName string    `json:"preferred_username"`
}

// email gives the e-mail, unless the provider says that it is not known to be theirs.
func (p profile) email() string {
	if p.Verified != nil && !bool(*p.Verified) {
		return ""
	}
	return p.Email
}

// truthish is a boolean, which some providers write as text.
type truthish bool

// UnmarshalJSON takes either.
func (t *truthish) UnmarshalJSON(b []byte) error {
	*t = string(b) == "true" || string(b) == `"true"`
	return nil
}

// read makes a person of what the provider tells. Groups that the token has not got are asked for.
func (o *OIDC) read(ctx context.Context, p *provider, token *oidc.IDToken, tokens *oauth2.Token) (*member, error) {
	var told profile
	claims := map[string]json.RawMessage{}
	if err := errors.Join(token.Claims(&told), token.Claims(&claims)); err != nil {
		return nil, &refusedError{err}
	}
	if claims[o.config.GroupsClaim] == nil && p.UserInfoEndpoint() != "" && SafeURL(p.UserInfoEndpoint()) {
		info, err := p.UserInfo(ctx, oauth2.StaticTokenSource(tokens))
		if err != nil {
			return nil, &awayError{o.config.Issuer, err}
		}
		if info.Subject != token.Subject { // Core 1.0 section 5.3.2
			return nil, notGood("asked about %q, it tells of %q", token.Subject, info.Subject)
		}
		if err := errors.Join(info.Claims(&told), info.Claims(&claims)); err != nil {
			return nil, &refusedError{err}
		}
	}
	m := &member{Issuer: o.config.Issuer, ClientID: o.config.ClientID, Subject: token.Subject, Email: told.email(), Groups: texts(claims[o.config.GroupsClaim])}
	m.UserName = cmp.Or(m.Email, told.UserName, m.Subject)
	m.Name = cmp.Or(told.Name, m.UserName)
	return m, nil
}

// texts reads a claim that is a list of texts, or one of them alone. Anything else is no group.
func texts(claim json.RawMessage) []string {
	var list []json.RawMessage
	if json.Unmarshal(claim, &list) != nil {
		list = []json.RawMessage{claim}
	}
	out := []string{}
	for _, one := range list {
		var text string
		if json.Unmarshal(one, &text) == nil && text != "" {
			out = append(out, text)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// strangerError is a person whom the provider knows and who is nothing here.
type strangerError struct{ who *member }

func (e *strangerError) Error() string {
	return fmt.Sprintf("%s (%s) is in no group that is anything here; their groups are %q", e.who.UserName, e.who.id(), e.who.Groups)
}
