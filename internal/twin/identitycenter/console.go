package identitycenter

import (
	"slices"

	"accountfactory/internal/twin/state"
)

// The console served beside the portal signs people in as any client does, with an authorization code and PKCE, with two
// differences. Its answers may go to an address that is not loopback, and nobody is asked whether to let it in: it is the
// portal that they just signed in to. Both hold for one exact address. Anybody may register a client with it, and gains
// nothing: the code still goes to the console, which takes none but its own client's, for the browser that asked.

// HasConsole tells whether there is one.
func (s *Service) HasConsole() bool { return s.cfg.ConsoleCallback != "" }

// IsConsole tells whether answers to this address go to the console.
func (s *Service) IsConsole(redirect string) bool {
	return redirect != "" && redirect == s.cfg.ConsoleCallback
}

// redirects tells whether the client has registered this redirect URI.
func (s *Service) redirects(c *Client, redirect string) bool {
	if s.IsConsole(redirect) && slices.Contains(c.Redirects, redirect) {
		return true
	}
	return c.redirectsTo(redirect)
}

// AuthorizeConsole is Authorize for the console, in the name of who is signed in to a browser. What comes of the code
// ends with the browser's session.
func (s *Service) AuthorizeConsole(tx *state.Tx, a Authorization, browser *PortalSession, token Token) error {
	if !s.IsConsole(a.Redirect) {
		return ErrNoRedirect
	}
	return s.authorize(tx, a, browser.UserID, browser.ID, token)
}
