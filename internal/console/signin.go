package console

import (
	"cmp"
	"encoding/base64"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Signing in begins at /sign-in, leads somewhere else and comes back with an answer that only the browser that set out can
// use: what belongs to it is sealed in a cookie of its own. Nothing is kept on this side until the answer has been found
// good.

// flowPath is where signing in begins; all of it is below.
const flowPath = "/sign-in"

// flow is a sign-in under way.
type flow struct {
	Way      string    `json:"way"`
	State    string    `json:"state"`
	Verifier string    `json:"verifier"` // RFC 7636
	Nonce    string    `json:"nonce,omitempty"`
	Return   string    `json:"return"`
	Expires  time.Time `json:"expires"`
	Device   *waiting  `json:"device,omitempty"` // by a device code
}

// flowTime is how long a person has to sign in; flowCookie is followed by a piece of the state, so that several tabs can
// sign in at once.
const (
	flowTime   = 15 * time.Minute
	flowCookie = "console_flow_"
	statePiece = 8
)

// signIn begins to sign in the one way there is, or lets the person choose.
func (c *Console) signIn(w http.ResponseWriter, r *http.Request) error {
	if to := c.atHome(r); to != "" {
		http.Redirect(w, r, to, http.StatusSeeOther)
		return nil
	}
	ways := c.Ways()
	switch len(ways) {
	case 0:
		return errNoWay
	case 1:
		return c.begin(w, r, ways[0].Kind)
	}
	c.choosePage(w, ways, localPath(r.URL.Query().Get("return")))
	return nil
}

// beginAs begins a way that was chosen.
func (c *Console) beginAs(kind string) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		if to := c.atHome(r); to != "" {
			http.Redirect(w, r, to, http.StatusSeeOther)
			return nil
		}
		return c.begin(w, r, kind)
	}
}

// step serves a step of a sign-in; what goes wrong is told on a page.
func (c *Console) step(h func(http.ResponseWriter, *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			c.troublePage(w, r, err)
		}
	}
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

// newFlow sets out.
func (c *Console) newFlow(way string, r *http.Request) flow {
	return flow{
		Way: way, State: newID(), Verifier: newID(), Nonce: newID(), Return: localPath(r.URL.Query().Get("return")), Expires: c.clock.Now().Add(flowTime),
	}
}

// keepFlow gives the browser what belongs to its sign-in.
func (c *Console) keepFlow(w http.ResponseWriter, f flow) error {
	sealed, err := c.config.Sealer.seal("flow", f)
	if err == nil {
		c.setFlow(w, f.State, encode(sealed), int(flowTime.Seconds()))
	}
	return err
}

func (c *Console) dropFlow(w http.ResponseWriter, f flow) { c.setFlow(w, f.State, "", -1) }

func (c *Console) setFlow(w http.ResponseWriter, state, value string, maxAge int) {
	name, path := c.own(flowCookie+state[:statePiece], flowPath)
	http.SetCookie(w, &http.Cookie{
		Name: name, Value: value, Path: path, MaxAge: maxAge, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: c.secure(),
	})
}

// Errors of signing in that are nobody's fault on this side.
var (
	errNoFlow = errors.New("no sign-in of this browser waits for that answer")
	errNoWay  = errors.New("no way of signing in is set up")
)

// flowOf gives the sign-in that an answer belongs to.
func (c *Console) flowOf(r *http.Request, way, state string) (flow, error) {
	if len(state) < statePiece {
		return flow{}, errNoFlow
	}
	name, _ := c.own(flowCookie+state[:statePiece], flowPath)
	sealed, err := base64.RawURLEncoding.DecodeString(cookieNamed(r, name))
	var f flow
	if err != nil || c.config.Sealer.open("flow", sealed, &f) != nil || f.State != state || f.Way != way || !c.clock.Now().Before(f.Expires) {
		return flow{}, errNoFlow
	}
	return f, nil
}

// letIn makes a session of a sign-in that was found good, in place of one that was there before, and leads to where the
// person wanted to go.
func (c *Console) letIn(w http.ResponseWriter, r *http.Request, one *session, to string) error {
	if old := c.sessions.id(r); old != "" {
		if err := c.sessions.drop(r.Context(), hashOf(old)); err != nil {
			return err
		}
	}
	id, err := c.sessions.begin(r.Context(), one)
	if err != nil {
		return err
	}
	c.log.InfoContext(r.Context(), "signed in", "way", one.Way, "user", cmp.Or(one.memberID(), one.User.UserName), "until", one.Expires)
	c.setCookie(w, id, one.Expires)
	harden(w.Header())
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// harden sets what every answer to a person's browser has.
func harden(h http.Header) {
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer") // addresses of the sign-in hold codes
	h.Set("X-Frame-Options", "DENY")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
}
