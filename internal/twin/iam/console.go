package iam

import (
	"crypto/subtle"
	"errors"
	"time"

	"accountfactory/internal/policy"
	"accountfactory/internal/twin/state"
)

// Console sessions are what AWS's federation endpoint makes of temporary credentials.
// Source: IAM User Guide, "Enable custom identity broker access to the AWS console".

// Bounds of console sessions that ask for a duration of their own. The role's maximum does not bind them (IAM API
// Reference, UpdateRole).
const (
	consoleMin   = 15 * time.Minute
	consoleMax   = 12 * time.Hour // of roles
	federatedMax = 36 * time.Hour // of federated users
)

// Refusals of console sessions.
var (
	ErrNoSession = errors.New("no such session, or it has ended")
	ErrNoConsole = errors.New("only sessions of roles and federated users can enter the console")
	ErrChained   = errors.New("a session got by role chaining cannot ask for a duration")
	ErrDuration  = errors.New("the duration is out of range")
)

// LiveSession gives a session whose credentials are good, nil for any other.
func (s *Service) LiveSession(tx *state.Tx, id string) *Session {
	n := s.sessions.Get(tx, id)
	if n == nil || !s.active(tx, n.AccountID) || !s.lives(tx, n) || !s.wall.Now().Before(n.Expires) {
		return nil
	}
	return n
}

// ConsoleEntry says whether these credentials may enter the console, for the duration asked: 0 is as long as they last
// themselves. It returns ErrNoSession, ErrNoConsole, ErrChained or ErrDuration.
func (s *Service) ConsoleEntry(tx *state.Tx, id string, secret Secret, d time.Duration) error {
	n := s.LiveSession(tx, id)
	if n == nil || subtle.ConstantTimeCompare([]byte(n.Secret), []byte(secret.Key)) != 1 ||
		subtle.ConstantTimeCompare([]byte(n.Token), []byte(secret.Token)) != 1 {
		return ErrNoSession
	}
	return n.entersFor(d)
}

func (n *Session) entersFor(d time.Duration) error {
	longest := consoleMax
	switch n.Type {
	case policy.AssumedRole:
	case policy.FederatedUser:
		longest = federatedMax
	case policy.User, policy.Root, policy.Service, policy.Anonymous:
		return ErrNoConsole
	}
	switch {
	case d == 0:
		return nil
	case n.Chained:
		return ErrChained
	case d < consoleMin || d > longest:
		return ErrDuration
	}
	return nil
}

// ConsoleSession makes a session with credentials of its own, for a browser, of one that ConsoleEntry has let in. It returns
// ErrNoSession when that has ended meanwhile.
func (s *Service) ConsoleSession(tx *state.Tx, of string, secret Secret, d time.Duration) (*Session, error) {
	from := s.sessions.Get(tx, of)
	if from == nil || !s.active(tx, from.AccountID) || !s.lives(tx, from) {
		return nil, ErrNoSession
	}
	if d == 0 {
		d = from.Expires.Sub(s.wall.Now().Truncate(time.Second))
	}
	if d <= 0 {
		return nil, ErrNoSession
	}
	n := *from
	s.putSession(tx, &n, secret, d)
	return &n, nil
}

// EndSession makes a session's credentials good for nothing.
func (s *Service) EndSession(tx *state.Tx, id string) { s.sessions.Delete(tx, id) }

// Federated tells whether a session is that of GetFederationToken's user.
func (n *Session) Federated() bool { return n.Type == policy.FederatedUser }
