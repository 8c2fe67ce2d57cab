package identitycenter

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"regexp"
	"time"

	"accountfactory/internal/twin/state"
)

// codeTime is how long a client has to turn an authorization code into tokens.
const codeTime = 2 * time.Minute

// code is an authorization code. Only its SHA-256 is kept. It stays after its use, so that a second use is noticed.
type code struct {
	Hash, ClientID, UserID string
	Redirect, Challenge    string
	Browser                string `json:",omitempty"` // the console's: the session of the browser
	Used                   bool   `json:",omitempty"`
	SessionID              string `json:",omitempty"` // what it became
	Expires                time.Time
}

// Authorization is what a client asks of a person at /authorize, in its own words.
type Authorization struct {
	ClientID, Redirect, ResponseType, Challenge, ChallengeMethod string
	Scopes                                                       []string
}

// Refusals of authorizations that must not go back to the client, because it is not known to be one.
var (
	ErrNoClient   = errors.New("no such client")
	ErrNoRedirect = errors.New("the client has not registered this redirect URI")
)

// AuthorizationError is a refusal that goes back to the client: one of the codes of RFC 6749 section 4.1.2.1.
type AuthorizationError struct{ Code, Description string }

func (e *AuthorizationError) Error() string { return e.Code + ": " + e.Description }

// challenge is a PKCE challenge or verifier (RFC 7636 section 4.1), which here must be there.
var challenge = regexp.MustCompile(`^[A-Za-z0-9._~-]{43,128}$`)

// Authorizing says which client asks. It returns ErrNoClient, ErrNoRedirect or an AuthorizationError.
func (s *Service) Authorizing(tx *state.Tx, a Authorization) (*Client, error) {
	c := s.clients.Get(tx, a.ClientID)
	if c == nil || !s.cfg.Wall.Now().Before(c.Expires) {
		return nil, ErrNoClient
	}
	if !s.redirects(c, a.Redirect) {
		return nil, ErrNoRedirect
	}
	switch {
	case a.ResponseType != "code":
		return c, &AuthorizationError{"unsupported_response_type", "response_type must be code"}
	case !c.grants(codeGrant):
		return c, &AuthorizationError{"unauthorized_client", "the client has not registered authorization_code"}
	case a.ChallengeMethod != "S256" || !challenge.MatchString(a.Challenge):
		return c, &AuthorizationError{"invalid_request", "code_challenge with the method S256 is required"}
	}
	for _, scope := range a.Scopes {
		if scope != AccountScope {
			return c, &AuthorizationError{"invalid_scope", "scope not supported: " + scope}
		}
	}
	return c, nil
}

// Authorize makes token's secret an authorization code for the client, in a user's name. Its errors are those of
// Authorizing.
func (s *Service) Authorize(tx *state.Tx, a Authorization, userID string, token Token) error {
	return s.authorize(tx, a, userID, "", token)
}

func (s *Service) authorize(tx *state.Tx, a Authorization, userID, browser string, token Token) error {
	if _, err := s.Authorizing(tx, a); err != nil {
		return err
	}
	s.dropExpired(tx)
	s.codes.Put(tx, &code{
		Hash: token.Hash, ClientID: a.ClientID, UserID: userID, Redirect: a.Redirect, Challenge: a.Challenge,
		Browser: browser, Expires: s.cfg.Wall.Now().Add(codeTime),
	})
	return nil
}

// proves tells whether a verifier is the one its challenge was made of.
func proves(verifier, want string) bool {
	sum := sha256.Sum256([]byte(verifier))
	got := base64.RawURLEncoding.EncodeToString(sum[:])
	return challenge.MatchString(verifier) && subtle.ConstantTimeCompare([]byte(got), []byte(want)) == 1
}
