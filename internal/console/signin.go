package console

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"html"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"accountfactory/internal/cloud"
)

// The console signs people in as any OAuth client does: /sign-in leads to the portal with a challenge and a state, the
// portal back to the callback with a code, which only the browser that set out can use: what belongs to the state is
// sealed in a cookie of its own. Nothing is kept on this side until the code has been found good.

// callbackPath is where the portal sends people back.
const callbackPath = "/sign-in/callback"

// CallbackURL is where the console at an address takes the portal's answers.
func CallbackURL(base string) string { return base + callbackPath }

// flow is a sign-in under way.
type flow struct {
	State    string    `json:"state"`
	Verifier string    `json:"verifier"` // RFC 7636
	Return   string    `json:"return"`
	Expires  time.Time `json:"expires"`
}

// flowTime is how long a person has to sign in; flowCookie is followed by a piece of the state, so that several tabs can
// sign in at once.
const (
	flowTime   = 15 * time.Minute
	flowCookie = "console_flow_"
	flowPath   = "/sign-in"
)

// signIn leads to the portal's sign-in, and from there back to where the person wanted to go.
func (c *Console) signIn(w http.ResponseWriter, r *http.Request) {
	if to := c.atHome(r); to != "" {
		http.Redirect(w, r, to, http.StatusSeeOther)
		return
	}
	client, err := c.registration.get(r.Context(), c)
	if err != nil {
		c.signInPage(w, r, err)
		return
	}
	f := flow{State: newID(), Verifier: newID(), Return: localPath(r.URL.Query().Get("return")), Expires: c.clock.Now().Add(flowTime)}
	sealed, err := c.config.Sealer.seal("flow", f)
	if err != nil {
		c.signInPage(w, r, err)
		return
	}
	c.setFlow(w, f.State, encode(sealed), int(flowTime.Seconds()))
	challenge := sha256.Sum256([]byte(f.Verifier))
	query := url.Values{
		"response_type": {"code"}, "client_id": {client.ID}, "redirect_uri": {client.Redirect}, "state": {f.State},
		"code_challenge_method": {"S256"}, "code_challenge": {encode(challenge[:])}, "scopes": {cloud.PortalScopes()},
	}
	harden(w.Header())
	http.Redirect(w, r, c.config.AuthorizeURL+"?"+query.Encode(), http.StatusSeeOther)
}

// atHome gives where to go first when somebody on this machine came by another of its names: cookies know names.
func (c *Console) atHome(r *http.Request) string {
	base, err := url.Parse(c.config.About.Audience)
	if err != nil || r.Host == base.Host || !isLoopback(base.Host) || !isLoopback(r.Host) {
		return ""
	}
	return c.config.About.Audience + r.URL.RequestURI()
}

func isLoopback(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = hostport
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// localPath takes only paths of this server, so that a link to it never leads elsewhere.
func localPath(to string) string {
	u, err := url.Parse(to)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || u.Opaque != "" || len(to) > 2000 {
		return "/"
	}
	if !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n\t\x00") || strings.HasPrefix(u.Path, flowPath) || strings.HasPrefix(u.Path, "//") {
		return "/"
	}
	return to
}

func (c *Console) setFlow(w http.ResponseWriter, state, value string, maxAge int) {
	http.SetCookie(w, &http.Cookie{
		Name: flowCookie + state[:8], Value: value, Path: flowPath, MaxAge: maxAge, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: c.secure(),
	})
}

// errNoFlow is a callback that no sign-in of this browser waits for.
var errNoFlow = errors.New("no sign-in of this browser waits for that answer")

// flowOf gives the sign-in that a callback answers.
func (c *Console) flowOf(r *http.Request) (flow, error) {
	state := r.URL.Query().Get("state")
	if len(state) < 8 {
		return flow{}, errNoFlow
	}
	cookie, err := r.Cookie(flowCookie + state[:8])
	if err != nil {
		return flow{}, errNoFlow
	}
	sealed, err := base64.RawURLEncoding.DecodeString(cookie.Value)
	var f flow
	if err != nil || c.config.Sealer.open("flow", sealed, &f) != nil || f.State != state || !c.clock.Now().Before(f.Expires) {
		return flow{}, errNoFlow
	}
	return f, nil
}

// callback takes the portal's answer, and a code for a session.
func (c *Console) callback(w http.ResponseWriter, r *http.Request) {
	f, err := c.flowOf(r)
	if err != nil {
		c.signInPage(w, r, err)
		return
	}
	c.setFlow(w, f.State, "", -1)
	one, err := c.enter(r.Context(), f, r.URL.Query().Get("code"))
	if err != nil {
		c.signInPage(w, r, err)
		return
	}
	if old := cookie(r); old != "" { // signing in again replaces what was before
		if err := c.sessions.drop(r.Context(), hashOf(old)); err != nil {
			c.signInPage(w, r, err)
			return
		}
	}
	id, err := c.sessions.begin(r.Context(), one)
	if err != nil {
		c.signInPage(w, r, err)
		return
	}
	c.setCookie(w, id, one.Expires)
	harden(w.Header())
	http.Redirect(w, r, f.Return, http.StatusSeeOther)
}

// enter turns a code into a session.
func (c *Console) enter(ctx context.Context, f flow, code string) (*session, error) {
	client, err := c.registration.get(ctx, c)
	if err != nil {
		return nil, err
	}
	tokens, err := c.config.Portal.Exchange(ctx, client, code, f.Verifier)
	if err != nil {
		return nil, err
	}
	who, expires, err := c.config.Directory.Who(ctx, tokens.Access)
	if err != nil {
		return nil, err
	}
	return &session{User: who, Client: client, Tokens: tokens, Begun: c.clock.Now(), Expires: expires}, nil
}

// signInPage tells a person that signing in went wrong, and lets them try again. The log knows more.
func (c *Console) signInPage(w http.ResponseWriter, r *http.Request, err error) {
	text, status := "Signing in did not work. The server's log says why.", http.StatusInternalServerError
	switch {
	case errors.Is(err, errNoFlow):
		text, status = "This answer belongs to no sign-in of this browser, or to one that took too long.", http.StatusBadRequest
	case errors.Is(err, cloud.ErrSignedOut):
		text, status = "The sign-in was not completed, or has ended already.", http.StatusUnauthorized
	default:
		c.log.ErrorContext(r.Context(), "sign in", "path", r.URL.Path, "error", err)
	}
	h := w.Header()
	harden(h)
	h.Set("Content-Security-Policy", "default-src 'none'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Sign in</title></head><body><main><h1>Sign in</h1><p role="alert">%s</p><p><a href="/sign-in">Sign in</a></p></main></body></html>`+"\n",
		html.EscapeString(text)) // the browser may be gone
}

// harden sets what every answer to a person's browser has.
func harden(h http.Header) {
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer") // addresses of the sign-in hold codes
	h.Set("X-Frame-Options", "DENY")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
}

// signOut ends the session here and at the portal. Without one there is nothing to end.
func (c *Console) signOut(w http.ResponseWriter, r *http.Request) {
	c.setCookie(w, "", time.Time{})
	one, err := c.sessions.of(r, false)
	if err == nil {
		if err = c.sessions.drop(r.Context(), one.hash); err == nil {
			err = c.config.Portal.SignOut(r.Context(), one.Tokens.Access)
		}
	} else if id := cookie(r); id != "" && c.sessions != nil {
		err = c.sessions.drop(r.Context(), hashOf(id))
	} else {
		err = nil
	}
	if err != nil {
		c.write(w, r, answer{}, err)
		return
	}
	harden(w.Header())
	w.WriteHeader(http.StatusNoContent)
}

// registration is the console's own at the portal, made once and kept, and made again when it has expired or the portal
// has forgotten it.
type registration struct {
	mu sync.Mutex
}

// registrationName is under which it is kept.
const registrationName = "portal-client"

// registerAgain is how long before its end a registration is replaced.
const registerAgain = 24 * time.Hour

func (g *registration) get(ctx context.Context, c *Console) (cloud.PortalClient, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	redirect := CallbackURL(c.config.About.Audience)
	var have cloud.PortalClient
	sealed, err := c.config.Sessions.Kept(ctx, registrationName)
	if err != nil {
		return have, err
	}
	if sealed != nil && c.config.Sealer.open(registrationName, sealed, &have) == nil && have.Redirect == redirect && c.clock.Now().Add(registerAgain).Before(have.Expires) {
		if known, err := c.config.Portal.Knows(ctx, have); known || err != nil {
			return have, err
		}
	}
	made, err := c.config.Portal.Register(ctx, "Account Factory console", redirect)
	if err != nil {
		return made, err
	}
	if sealed, err = c.config.Sealer.seal(registrationName, made); err != nil {
		return made, err
	}
	return made, c.config.Sessions.Keep(ctx, registrationName, sealed)
}
