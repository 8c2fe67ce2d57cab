package console

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"strings"
	"time"

	"accountfactory/internal/clock"
	"accountfactory/internal/cloud"
	"accountfactory/internal/few"
)

// SessionStore keeps sessions by the hash of their id, and single things by name. All of it is sealed.
type SessionStore interface {
	AddSession(ctx context.Context, hash string, sealed []byte, expires time.Time) error
	// Session gives nil when there is none, or it has expired.
	Session(ctx context.Context, hash string) ([]byte, error)
	// ChangeSession reports whether there is such a session; it never brings one back.
	ChangeSession(ctx context.Context, hash string, sealed []byte) (bool, error)
	DropSession(ctx context.Context, hash string) error
	Keep(ctx context.Context, name string, sealed []byte) error
	// Kept gives nil for nothing.
	Kept(ctx context.Context, name string) ([]byte, error)
}

// Portal is the access portal and its sign-in. *cloud.Portal is one.
type Portal interface {
	Register(ctx context.Context, name, redirect string) (cloud.PortalClient, error)
	Knows(ctx context.Context, c cloud.PortalClient) (bool, error)
	Exchange(ctx context.Context, c cloud.PortalClient, code, verifier string) (cloud.PortalTokens, error)
	Renew(ctx context.Context, c cloud.PortalClient, refresh string) (cloud.PortalTokens, error)
	Alive(ctx context.Context, access string) error
	SignOut(ctx context.Context, access string) error
	PortalAccess
}

// User is who is signed in.
type User struct {
	ID          string `json:"id"`
	UserName    string `json:"userName"`
	DisplayName string `json:"displayName"`
	Email       string `json:"email,omitempty"`
}

// session is a person signed in to the console in one browser.
type session struct {
	Way     string             `json:"way"`
	User    User               `json:"user"`
	Member  *member            `json:"member,omitempty"` // of a company's provider; then there is no token
	Role    *openRole          `json:"role,omitempty"`   // of a federation link; then there is no token either
	Client  cloud.PortalClient `json:"client"`           // that the tokens were given to
	Tokens  cloud.PortalTokens `json:"tokens"`
	Begun   time.Time          `json:"begun"`
	Expires time.Time          `json:"expires"` // Identity Center's; nothing makes it longer

	hash string
	live *live
}

// sessions finds who calls by the cookie. What is in memory besides, a restart may lose.
type sessions struct {
	store  SessionStore
	sealer *Sealer
	portal Portal
	clock  clock.Clock
	lives  few.Map[live] // that were used lately, by hash
	cookie string        // its name

	holds    func(*session) bool // whether its way in is still one
	aliveFor time.Duration       // how long it is taken for granted that a sign-in was not revoked
}

// hasRoles tells whether the person has roles of AWS.
func (one *session) hasRoles() bool { return one.Member == nil }

// memberID names a person of a company's provider, "" others.
func (one *session) memberID() string {
	if one.Member == nil {
		return ""
	}
	return one.Member.id()
}

// cookieName is the console's cookie. With HTTPS ours have a prefix, and browsers see to it that no other host and no plain page
// sets one: RFC 6265bis section 4.1.3.2. It wants the path /.
const (
	cookieName   = "console"
	cookiePrefix = "__Host-"
)

// own gives the name and path of a cookie that nobody else can set.
func (c *Console) own(name, path string) (ownName, ownPath string) {
	if c.secure() {
		return cookiePrefix + name, "/"
	}
	return name, path
}

// renewBefore is how long before its end an access token is replaced; aliveFor is for how long it is taken for granted that
// a sign-in was not revoked, and aliveForAWS the same where asking costs more. AWS allows itself up to an hour for it.
const (
	renewBefore = 5 * time.Minute
	aliveFor    = 5 * time.Second
	aliveForAWS = time.Minute
)

const sessionEnded = "the session has ended: sign in again"

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func hashOf(id string) string {
	sum := sha256.Sum256([]byte(id))
	return encode(sum[:])
}

func unauthenticated(why string) error {
	return &apiError{status: http.StatusUnauthorized, Code: "Unauthenticated", Message: why}
}

// of gives the session of a request. sure asks the portal anew whether it still holds.
func (s *sessions) of(r *http.Request, sure bool) (*session, error) {
	id := s.id(r)
	if id == "" {
		return nil, unauthenticated("sign in at /sign-in")
	}
	return s.get(r.Context(), hashOf(id), sure)
}

// id gives the session's id that a browser sent. No other name of the cookie counts: with HTTPS one without the prefix may be
// another host's, to slip somebody else's session in.
func (s *sessions) id(r *http.Request) string {
	if s == nil {
		return ""
	}
	return cookieNamed(r, s.cookie)
}

func cookieNamed(r *http.Request, name string) string {
	c, err := r.Cookie(name)
	if err != nil { // there is none
		return ""
	}
	return c.Value
}

func (s *sessions) get(ctx context.Context, hash string, sure bool) (*session, error) {
	one, err := s.read(ctx, hash)
	if err != nil {
		return nil, err
	}
	if !s.holds(one) || !s.clock.Now().Before(one.Expires) {
		return nil, s.ended(ctx, hash, cloud.ErrSignedOut)
	}
	one.live = s.lives.Of(hash, manyLives)
	if !one.hasRoles() || one.Role != nil { // there is nobody to ask: groups are read at the sign-in, and a link opens one role
		return one, nil
	}
	one.live.mu.Lock()
	defer one.live.mu.Unlock()
	now := s.clock.Now()
	switch {
	case now.Add(renewBefore).After(one.Tokens.Expires):
		err = s.renew(ctx, one)
	case sure || now.Sub(one.live.seen) > s.aliveFor:
		err = s.portal.Alive(ctx, one.Tokens.Access)
	default: // it said so lately; being used meanwhile makes that no younger
		return one, nil
	}
	if err != nil {
		return nil, s.ended(ctx, hash, err)
	}
	one.live.seen = now
	return one, nil
}

// read gives a session as it is stored.
func (s *sessions) read(ctx context.Context, hash string) (*session, error) {
	sealed, err := s.store.Session(ctx, hash)
	if err != nil {
		return nil, err
	}
	one := &session{hash: hash}
	if sealed == nil || s.sealer.open("session/"+hash, sealed, one) != nil {
		return nil, unauthenticated(sessionEnded)
	}
	one.Way = cmp.Or(one.Way, wayPortal) // rows of before ways
	return one, nil
}

// renew gets another access token; whoever held the lock before may have done so already.
func (s *sessions) renew(ctx context.Context, one *session) error {
	now, err := s.read(ctx, one.hash)
	if err != nil {
		return err
	}
	if now.Tokens != one.Tokens {
		one.Tokens = now.Tokens
		return nil
	}
	left := one.Expires.Sub(one.Tokens.Expires)
	if left < time.Minute || one.Tokens.Refresh == "" { // what there is lasts as long as the session
		return s.portal.Alive(ctx, one.Tokens.Access)
	}
	tokens, err := s.portal.Renew(ctx, one.Client, one.Tokens.Refresh)
	if err != nil {
		return err
	}
	if tokens.Refresh == "" {
		tokens.Refresh = one.Tokens.Refresh
	}
	one.Tokens = tokens
	sealed, err := s.sealer.seal("session/"+one.hash, one)
	if err != nil {
		return err
	}
	found, err := s.store.ChangeSession(ctx, one.hash, sealed)
	if err == nil && !found {
		err = unauthenticated(sessionEnded)
	}
	return err
}

// ended drops a session that the portal calls ended, and gives every other error as it is.
func (s *sessions) ended(ctx context.Context, hash string, err error) error {
	if !errors.Is(err, cloud.ErrSignedOut) {
		return err
	}
	if dropErr := s.drop(ctx, hash); dropErr != nil {
		return dropErr
	}
	return unauthenticated(sessionEnded)
}

func (s *sessions) drop(ctx context.Context, hash string) error {
	s.lives.Drop(hash)
	return s.store.DropSession(ctx, hash)
}

// begin keeps a new session and gives its id, drawn here and now, whatever cookie the browser brought.
func (s *sessions) begin(ctx context.Context, one *session) (id string, err error) {
	id = newID()
	one.hash = hashOf(id)
	sealed, err := s.sealer.seal("session/"+one.hash, one)
	if err != nil {
		return "", err
	}
	return id, s.store.AddSession(ctx, one.hash, sealed, one.Expires)
}

// setCookie gives the browser its session's id, or with "" takes it away.
func (c *Console) setCookie(w http.ResponseWriter, id string, expires time.Time) {
	name, path := c.own(cookieName, "/")
	out := &http.Cookie{Name: name, Value: id, Path: path, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: c.secure(), Expires: expires}
	if id == "" {
		out.MaxAge = -1
	}
	http.SetCookie(w, out)
}

// secure tells whether people reach the console with HTTPS.
func (c *Console) secure() bool { return strings.HasPrefix(c.config.About.Audience, "https:") }
