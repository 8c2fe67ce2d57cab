package console

import (
	"net/http"
	"time"
)

// oidcCallbackPath is where a company's provider sends people back; it has to be registered there.
const oidcCallbackPath = flowPath + "/oidc/callback"

// OIDCCallbackURL is where the console at an address takes a provider's answers.
func OIDCCallbackURL(base string) string { return base + oidcCallbackPath }

// memberTime is how long a sign-in by a company's provider lasts, as long as Identity Center's. Groups are read anew at
// the next.
const memberTime = 8 * time.Hour

// beginOIDC leads to the provider.
func (c *Console) beginOIDC(w http.ResponseWriter, r *http.Request) error {
	f := c.newFlow(wayOIDC, r)
	to, err := c.config.OIDC.authorize(r.Context(), f, OIDCCallbackURL(c.config.About.Audience))
	if err != nil {
		return err
	}
	if err := c.keepFlow(w, f); err != nil {
		return err
	}
	harden(w.Header())
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// fromOIDC takes the provider's answer.
func (c *Console) fromOIDC(w http.ResponseWriter, r *http.Request) error {
	if c.config.OIDC == nil {
		return errNoWay
	}
	f, err := c.flowOf(r, wayOIDC, r.URL.Query().Get("state"))
	if err != nil {
		return err
	}
	c.dropFlow(w, f)
	m, err := c.config.OIDC.enter(r.Context(), f, r.URL.Query(), OIDCCallbackURL(c.config.About.Audience))
	if err != nil {
		return f.leading(err)
	}
	now := c.clock.Now()
	return c.letIn(w, r, &session{Way: wayOIDC, User: m.user(), Member: m, Begun: now, Expires: now.Add(memberTime)}, f.Return)
}
