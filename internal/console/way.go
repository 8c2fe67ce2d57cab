package console

import (
	"net/http"
	"net/url"
)

// Ways of signing in.
const (
	wayPortal = "portal"          // the access portal of the twin
	wayCenter = "identity-center" // that of AWS, by its device flow
	wayOIDC   = "oidc"            // a company's own provider
)

// Way is a way of signing in, as pages offer it.
type Way struct {
	Kind string `json:"kind"`
	Name string `json:"name"` // for people
	URL  string `json:"url"`  // where it begins; ?return= may be added
}

// Ways gives the ways that are offered.
func (c *Console) Ways() []Way {
	out := []Way{}
	add := func(kind, name string) { out = append(out, Way{kind, name, flowPath + "/" + kind}) }
	if c.config.Sessions == nil {
		return out
	}
	if c.config.OIDC != nil {
		add(wayOIDC, "Company sign-in at "+hostOf(c.config.OIDC.config.Issuer))
	}
	switch c.portalWay() {
	case wayPortal:
		add(wayPortal, "Access portal")
	case wayCenter:
		add(wayCenter, "IAM Identity Center")
	}
	return out
}

// portalWay is by which of its two ways the access portal lets in, none when it is not asked.
func (c *Console) portalWay() string {
	switch {
	case c.config.Portal == nil:
		return ""
	case c.config.Center != nil:
		return wayCenter
	}
	return wayPortal
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return u.Host
}

func (c *Console) begin(w http.ResponseWriter, r *http.Request, kind string) error {
	switch {
	case kind == wayOIDC && c.config.OIDC != nil:
		return c.beginOIDC(w, r)
	case kind == wayCenter && c.portalWay() == kind:
		return c.beginCenter(w, r)
	case kind == wayPortal && c.portalWay() == kind:
		return c.beginPortal(w, r)
	}
	return errNoWay
}

// holds tells whether the way that a session came by is still offered, and still lets its person in.
func (c *Console) holds(one *session) bool {
	if one.Member != nil {
		return c.config.OIDC != nil && c.config.OIDC.holds(one.Member)
	}
	return one.Way == c.portalWay()
}

// signInRoutes are the addresses of signing in and out. They are for browsers and no part of the API.
func (c *Console) signInRoutes(mux *http.ServeMux) {
	mux.Handle("GET "+flowPath, c.step(c.signIn))
	for _, kind := range []string{wayPortal, wayCenter, wayOIDC} {
		mux.Handle("GET "+flowPath+"/"+kind, c.step(c.beginAs(kind)))
	}
	mux.Handle("GET "+callbackPath, c.step(c.fromPortal))
	mux.Handle("GET "+oidcCallbackPath, c.step(c.fromOIDC))
	mux.Handle("GET "+centerWaitPath, c.step(c.fromCenter))
	mux.Handle("GET "+signedOutPath, c.step(c.signedOut))
	mux.HandleFunc("GET "+stylePath, signInStyle)
}
