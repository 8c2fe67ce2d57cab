package signin

import (
	"context"
	"errors"
	"time"

	"accountfactory/internal/twin/iam"
	"accountfactory/internal/twin/identitycenter"
	"accountfactory/internal/twin/state"
)

// entryTime is how long the browser may take from a link to the console beside the twin: it is led there at once.
const entryTime = time.Minute

// ErrNoEntry says that a code is unknown, used or too old, or that what it leads to has ended.
var ErrNoEntry = errors.New("no such entry")

// addEntry lets the console take a browser in that a link has let in as a role, and reports whether it can: a federated user
// has no role to open there.
func (v *visit) addEntry(tx *state.Tx, opened *console, hash string) bool {
	n := v.cfg.Sessions.LiveSession(tx, opened.Session)
	if v.cfg.ConsoleEntry == "" || n == nil || n.Federated() {
		return false
	}
	v.signinTokens.Put(tx, &signinToken{Hash: hash, Session: n.ID, Expires: v.wall.Now().Add(entryTime), Entry: true})
	return true
}

// Leave ends what a sign-in link has opened, named by the access key id of its session: the browser's cookie and the session's
// credentials are good for nothing then. Returns ErrNoEntry where no link has opened such a session.
func (s *Service) Leave(ctx context.Context, session string) error {
	return s.state.Update(ctx, func(tx *state.Tx) error {
		for row := range s.consoleEnds.From(tx, "") {
			if row.Session == session {
				s.leave(tx, row)
				return nil
			}
		}
		return ErrNoEntry
	})
}

func (s *Service) leave(tx *state.Tx, row *console) {
	s.consoles.Delete(tx, row.Hash)
	s.cfg.Sessions.EndSession(tx, row.Session)
}

// Enter gives the session that a code leads to, with its credentials. The code is used up by it. Returns ErrNoEntry.
func (s *Service) Enter(ctx context.Context, code string) (n *iam.Session, err error) {
	if s.cfg.Sessions == nil {
		return nil, ErrNoEntry
	}
	hash := identitycenter.HashToken(code)
	err = s.state.Update(ctx, func(tx *state.Tx) error {
		t := s.signinTokens.Get(tx, hash)
		if t == nil || !t.Entry || !s.wall.Now().Before(t.Expires) {
			return ErrNoEntry
		}
		s.signinTokens.Delete(tx, hash)
		if n = s.cfg.Sessions.LiveSession(tx, t.Session); n == nil {
			return ErrNoEntry
		}
		return nil
	})
	return n, err
}
