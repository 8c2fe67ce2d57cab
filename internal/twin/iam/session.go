package iam

import (
	"errors"
	"time"

	"accountfactory/internal/policy"
	"accountfactory/internal/twin/state"
)

// RoleSession says what session of a role is wanted.
type RoleSession struct {
	AccountID   string
	Role        string // name
	SessionName string
	Duration    time.Duration // the role's maximum when 0
	Secret      Secret        // from NewSecret, drawn before the transaction

	Policies       []string // session policies, documents
	PolicyARNs     []string // session policies, managed
	Tags           map[string]string
	Transitive     []string
	SourceIdentity string
	Chained        bool // asked for with temporary credentials
}

// ErrNoRole says that there is no such role, or that its account is suspended.
var ErrNoRole = errors.New("no such role")

// NewRoleSession makes a session of a role without asking anybody: who calls it has decided that the caller may have one.
// It returns ErrNoRole when there is no such role.
func (s *Service) NewRoleSession(tx *state.Tx, want RoleSession) (*Session, error) {
	r := s.Role(tx, want.AccountID, want.Role)
	if r == nil || !s.active(tx, want.AccountID) {
		return nil, ErrNoRole
	}
	if want.Duration == 0 {
		want.Duration = r.MaxSession
	}
	n := &Session{
		AccountID: r.AccountID, Type: policy.AssumedRole, Name: r.Name, EntityID: r.ID,
		ARN:    "arn:aws:sts::" + r.AccountID + ":assumed-role/" + r.Name + "/" + want.SessionName,
		UserID: r.ID + ":" + want.SessionName, Policies: want.Policies, PolicyARNs: want.PolicyARNs,
		Tags: want.Tags, Transitive: want.Transitive, SourceIdentity: want.SourceIdentity, Chained: want.Chained,
	}
	s.putSession(tx, n, want.Secret, want.Duration)
	return n, nil
}

// putSession gives a session its credentials and keeps it.
func (s *Service) putSession(tx *state.Tx, n *Session, secret Secret, d time.Duration) {
	now := s.wall.Now().Truncate(time.Second)
	n.ID = keyID(tx, temporaryPrefix, n.AccountID)
	n.Secret, n.Token = secret.Key, secret.Token
	n.Issued, n.Expires = now, now.Add(d)
	s.sessions.Put(tx, n)
	s.sweep(tx, now.Add(-afterlife))
}

// afterlife is how long an ended session is kept, so that its use is answered with ExpiredToken and an operation it began
// still knows who asked. sweepAtOnce bounds the work that the making of one session does for those long gone.
const (
	afterlife   = 24 * time.Hour
	sweepAtOnce = 16
)

// sweep drops sessions that ended before the time given.
func (s *Service) sweep(tx *state.Tx, before time.Time) {
	var gone []string
	for n := range s.ending.From(tx, "") {
		if len(gone) == sweepAtOnce || !n.Expires.Before(before) {
			break
		}
		gone = append(gone, n.ID)
	}
	for _, id := range gone {
		s.sessions.Delete(tx, id)
	}
}
