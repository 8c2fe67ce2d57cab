package identitycenter

import (
	"iter"
	"time"

	"accountfactory/internal/arn"
	"accountfactory/internal/twin/state"
)

// Lasting of sign-ins and of what they are shown with, on the wall clock. Source: IAM Identity Center user guide,
// "Configure the session duration": eight hours unless changed; with a refresh token clients renew theirs hourly.
const (
	sessionTime = 8 * time.Hour
	renewedTime = time.Hour
)

// Use is what a token of a session is good for. A token of one use is nothing for another.
type Use string

// The uses of tokens.
const (
	BrowserUse Use = "browser" // the cookie of the sign-in pages
	AccessUse  Use = "access"  // bearer token of the portal's API
	RefreshUse Use = "refresh" // for another access token
)

// PortalSession is a person who is signed in: in a browser, or through a client that was given tokens.
type PortalSession struct {
	ID, UserID string
	Browser    string `json:",omitempty"` // the console's: the session of the browser it was opened in
	ClientID   string `json:",omitempty"` // empty for a browser
	ClientName string `json:",omitempty"`
	SourceIP   string `json:",omitempty"`
	UserAgent  string `json:",omitempty"`
	Begun      time.Time
	Expires    time.Time
}

// portalToken shows that somebody holds a session. Only the SHA-256 of the secret is kept.
type portalToken struct {
	Hash, SessionID string
	Use             Use
	Expires         time.Time
}

// BeginSession signs a user in; whoever calls has seen that they may. want says who and from where.
func (s *Service) BeginSession(tx *state.Tx, want PortalSession) *PortalSession {
	s.dropExpired(tx)
	now := s.cfg.Wall.Now()
	want.ID, want.Begun, want.Expires = arn.UUID(tx), now, now.Add(sessionTime)
	if browser := s.sessions.Get(tx, want.Browser); browser != nil {
		want.Expires = browser.Expires
	}
	s.sessions.Put(tx, &want)
	return &want
}

// Grant lets the holder of token use a session, for at most d.
func (s *Service) Grant(tx *state.Tx, p *PortalSession, use Use, token Token, d time.Duration) time.Time {
	expires := s.cfg.Wall.Now().Add(d)
	if expires.After(p.Expires) {
		expires = p.Expires
	}
	s.tokens.Put(tx, &portalToken{Hash: token.Hash, SessionID: p.ID, Use: use, Expires: expires})
	return expires
}

// Session gives the session and user that a token is good for, nil when it is good for none: unknown, expired, revoked,
// of another use, or of a user who is gone or disabled.
func (s *Service) Session(tx *state.Tx, use Use, secret string) (*PortalSession, *User) {
	t := s.tokens.Get(tx, HashToken(secret))
	now := s.cfg.Wall.Now()
	if t == nil || t.Use != use || !now.Before(t.Expires) {
		return nil, nil
	}
	p := s.sessions.Get(tx, t.SessionID)
	if p == nil || !now.Before(p.Expires) {
		return nil, nil
	}
	u := s.users.Get(tx, p.UserID)
	if u == nil || u.Disabled {
		return nil, nil
	}
	return p, u
}

// SessionsOf gives a user's sessions that have not ended.
func (s *Service) SessionsOf(tx *state.Tx, userID string) iter.Seq[*PortalSession] {
	now := s.cfg.Wall.Now()
	return only(s.sessionsOf.Of(tx, userID), func(p *PortalSession) bool { return now.Before(p.Expires) })
}

// EndSession revokes a session with all its tokens, and the console's that were opened with it, and reports whether there
// was one. Role sessions taken with it go on until they expire, as in AWS.
func (s *Service) EndSession(tx *state.Tx, id string) bool {
	if p := s.sessions.Get(tx, id); p != nil && p.ClientID == "" {
		for _, c := range collect(s.sessionsOf.Of(tx, p.UserID)) {
			if c.Browser == id {
				s.EndSession(tx, c.ID)
			}
		}
	}
	for _, t := range collect(s.tokensOf.Of(tx, id)) {
		s.tokens.Delete(tx, t.Hash)
	}
	return s.sessions.Delete(tx, id)
}

// EndSessions revokes all sessions of a user but the one named, which may be "".
func (s *Service) EndSessions(tx *state.Tx, userID, except string) {
	for _, p := range collect(s.sessionsOf.Of(tx, userID)) {
		if p.ID != except {
			s.EndSession(tx, p.ID)
		}
	}
}

// afterlife is how long codes are remembered that have expired, so that they are called expired and not unknown.
const afterlife = time.Hour

// dropExpired forgets a few of each kind of thing that expired long ago. Whatever makes a new one calls it.
func (s *Service) dropExpired(tx *state.Tx) {
	now := s.cfg.Wall.Now()
	drop(tx, s.sessions, s.sessionEnds, now, func(p *PortalSession) (string, time.Time) { return p.ID, p.Expires })
	drop(tx, s.tokens, s.tokenEnds, now, func(t *portalToken) (string, time.Time) { return t.Hash, t.Expires })
	drop(tx, s.clients, s.clientEnds, now, func(c *Client) (string, time.Time) { return c.ID, c.Expires })
	drop(tx, s.devices, s.deviceEnds, now.Add(-afterlife), func(d *DeviceAuthorization) (string, time.Time) { return d.Hash, d.Expires })
	drop(tx, s.codes, s.codeEnds, now.Add(-afterlife), func(c *code) (string, time.Time) { return c.Hash, c.Expires })
}

// dropAtOnce bounds the work that one new row does for old ones.
const dropAtOnce = 16

func drop[T any](tx *state.Tx, t *state.Table[T], ends *state.Index[T], before time.Time, of func(*T) (string, time.Time)) {
	var gone []string
	for row := range ends.From(tx, "") {
		key, expires := of(row)
		if len(gone) == dropAtOnce || !expires.Before(before) {
			break
		}
		gone = append(gone, key)
	}
	for _, key := range gone {
		t.Delete(tx, key)
	}
}

// sortable writes a time so that texts sort as the times do.
func sortable(t time.Time) string { return t.UTC().Format("20060102T150405.000000") }
