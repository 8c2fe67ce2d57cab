package console

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// signedOutPath is where browsers go that are signed out, and where a provider sends them back to.
const signedOutPath = flowPath + "/out"

// leaveCookie names the sign-out under way: between the answer to the page and the browser's visit at the provider. It is
// good once, for leaveTime.
const (
	leaveCookie = "console_leave"
	leaveTime   = 2 * time.Minute
)

// signOut ends the session here and where it came from. Without one there is nothing to end.
func (c *Console) signOut(w http.ResponseWriter, r *http.Request) {
	c.setCookie(w, "", time.Time{})
	one, err := c.sessions.of(r, false)
	if err != nil {
		c.forgetCookie(w, r)
		return
	}
	if err := c.sessions.drop(r.Context(), one.hash); err != nil {
		c.write(w, r, answer{}, err)
		return
	}
	switch {
	case one.Member != nil:
		err = c.keepLeave(w, r, one.Member)
	case one.Role != nil:
		err = c.config.Entrance.Leave(r.Context(), one.Role.Keys.AccessKeyID)
	default:
		err = c.config.Portal.SignOut(r.Context(), one.Tokens.Access)
	}
	harden(w.Header())
	if err != nil || one.Way != wayPortal {
		c.write(w, r, ok(map[string]string{"next": signedOutPath}), err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// forgetCookie drops what may be left of a session that is none any more.
func (c *Console) forgetCookie(w http.ResponseWriter, r *http.Request) {
	if id := c.sessions.id(r); id != "" {
		if err := c.sessions.drop(r.Context(), hashOf(id)); err != nil {
			c.write(w, r, answer{}, err)
			return
		}
	}
	harden(w.Header())
	w.WriteHeader(http.StatusNoContent)
}

// keepLeave keeps what the provider must be told, for the browser to fetch it there: no page gets to see a token.
func (c *Console) keepLeave(w http.ResponseWriter, r *http.Request, m *member) error {
	id := newID()
	sealed, err := c.config.Sealer.seal("leave/"+hashOf(id), m)
	if err != nil {
		return err
	}
	c.setLeave(w, id, int(leaveTime.Seconds()))
	return c.config.Sessions.AddSession(r.Context(), hashOf(id), sealed, c.clock.Now().Add(leaveTime))
}

func (c *Console) setLeave(w http.ResponseWriter, id string, maxAge int) {
	name, path := c.own(leaveCookie, signedOutPath)
	http.SetCookie(w, &http.Cookie{
		Name: name, Value: id, Path: path, MaxAge: maxAge, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: c.secure(),
	})
}

// signedOut leads to the provider once, to end its sign-in too, and says that one is signed out when it is back.
func (c *Console) signedOut(w http.ResponseWriter, r *http.Request) error {
	m, err := c.leaving(w, r)
	if err != nil {
		return err
	}
	if to := c.endSession(r.Context(), m); to != "" {
		harden(w.Header())
		http.Redirect(w, r, to, http.StatusSeeOther)
		return nil
	}
	text := "You are signed out."
	if m != nil {
		text = "You are signed out here. Your sign-in at " + hostOf(m.Issuer) + " goes on until you end it there."
	}
	c.page(w, http.StatusOK, signInPage{Title: "Signed out", Text: text, Again: flowPath})
	return nil
}

// leaving gives who is on the way out, once; nobody when it was fetched before.
func (c *Console) leaving(w http.ResponseWriter, r *http.Request) (*member, error) {
	name, _ := c.own(leaveCookie, signedOutPath)
	id := cookieNamed(r, name)
	if id == "" || c.config.Sessions == nil {
		return nil, nil
	}
	c.setLeave(w, "", -1)
	hash := hashOf(id)
	sealed, err := c.config.Sessions.Session(r.Context(), hash)
	if err != nil || sealed == nil {
		return nil, err
	}
	var m member
	if ours := c.config.Sealer.open("leave/"+hash, sealed, &m) == nil; !ours { // but a session, say
		return nil, nil
	}
	return &m, c.config.Sessions.DropSession(r.Context(), hash)
}

// endSession gives where the provider ends its own sign-in, "" where it has no such place. Source: OpenID Connect
// RP-Initiated Logout 1.0 section 2.
func (c *Console) endSession(ctx context.Context, m *member) string {
	if m == nil || c.config.OIDC == nil || m.Issuer != c.config.OIDC.config.Issuer {
		return ""
	}
	p, err := c.config.OIDC.get(ctx)
	if err != nil || p.meta.EndSession == "" {
		return ""
	}
	to, err := url.Parse(p.meta.EndSession)
	if err != nil {
		return ""
	}
	query := to.Query()
	query.Set("id_token_hint", m.IDToken)
	query.Set("client_id", m.ClientID)
	query.Set("post_logout_redirect_uri", c.config.About.Audience+signedOutPath)
	to.RawQuery = query.Encode()
	return to.String()
}
