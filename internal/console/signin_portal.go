package console

import (
	"context"
	"crypto/sha256"
	"net/http"
	"net/url"
	"sync"
	"time"

	"accountfactory/internal/cloud"
)

// The console signs people in to the twin as any OAuth client of the portal does: with a challenge and a state, and a
// callback that takes a code.

// callbackPath is where the portal sends people back.
const callbackPath = flowPath + "/callback"

// CallbackURL is where the console at an address takes the portal's answers.
func CallbackURL(base string) string { return base + callbackPath }

// beginPortal leads to the portal's sign-in.
func (c *Console) beginPortal(w http.ResponseWriter, r *http.Request) error {
	client, err := c.registration.get(r.Context(), c)
	if err != nil {
		return err
	}
	f := c.newFlow(wayPortal, r)
	if err := c.keepFlow(w, f); err != nil {
		return err
	}
	challenge := sha256.Sum256([]byte(f.Verifier))
	query := url.Values{
		"response_type": {"code"}, "client_id": {client.ID}, "redirect_uri": {client.Redirect}, "state": {f.State},
		"code_challenge_method": {"S256"}, "code_challenge": {encode(challenge[:])}, "scopes": {cloud.PortalScopes()},
	}
	harden(w.Header())
	http.Redirect(w, r, c.config.AuthorizeURL+"?"+query.Encode(), http.StatusSeeOther)
	return nil
}

// fromPortal takes the portal's answer, and a code for a session.
func (c *Console) fromPortal(w http.ResponseWriter, r *http.Request) error {
	f, err := c.flowOf(r, wayPortal, r.URL.Query().Get("state"))
	if err != nil {
		return err
	}
	c.dropFlow(w, f)
	one, err := c.enterPortal(r.Context(), f, r.URL.Query().Get("code"))
	if err != nil {
		return f.leading(err)
	}
	return c.letIn(w, r, one, f.Return)
}

// enterPortal turns a code into a session.
func (c *Console) enterPortal(ctx context.Context, f flow, code string) (*session, error) {
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
	return &session{Way: wayPortal, User: who, Client: client, Tokens: tokens, Begun: c.clock.Now(), Expires: expires}, nil
}

// registration is the console's own at the portal, made once and kept, and made again when it has expired or the portal
// has forgotten it.
type registration struct {
	mu sync.Mutex
}

// registrationName is under which it is kept; portalClientName is what people read when they let it in.
const (
	registrationName = "portal-client"
	portalClientName = "Account Factory console"
)

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
	made, err := c.config.Portal.Register(ctx, portalClientName, redirect)
	if err != nil {
		return made, err
	}
	if sealed, err = c.config.Sealer.seal(registrationName, made); err != nil {
		return made, err
	}
	return made, c.config.Sessions.Keep(ctx, registrationName, sealed)
}
