package organizations

import (
	"iter"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"accountfactory/internal/arn"
	"accountfactory/internal/twin/state"
)

// Handshake is something an account or the organization is asked to agree to.
type Handshake struct {
	ID         string // h-…
	Action     types.ActionType
	State      types.HandshakeState
	OrgID      string // of the organization that asks; it may be gone
	Management string // its management account
	Party      Party  // who is asked, as the request named them
	AccountID  string `json:",omitempty"` // the account that may answer
	Parent     string `json:",omitempty"` // of a handshake that asks on behalf of another
	Notes      string `json:",omitempty"`
	Tags       []Tag  `json:",omitempty"` // the account's, once it has joined
	Requested  time.Time
	Expires    time.Time
}

// Party is a participant: an account by id or e-mail, or the organization.
type Party struct {
	Type types.HandshakePartyType
	ID   string
}

// How long handshakes wait for an answer, and how long they are shown after it.
// Source: Organizations API Reference, Handshake; User Guide, "Quotas and service limits", handshake expirations.
const (
	inviteTime   = 15 * 24 * time.Hour
	featuresTime = 90 * 24 * time.Hour
	answeredTime = 30 * 24 * time.Hour
)

const (
	handshakeKind = "organizations.Handshake"
	stepExpire    = "expire"
	stepForget    = "forget"
)

// propose puts a handshake that waits for an answer.
func (s *Service) propose(tx *state.Tx, h *Handshake, wait time.Duration) *Handshake {
	h.ID = s.newHandshakeID(tx)
	h.State, h.Requested, h.Expires = types.HandshakeStateRequested, tx.Now(), tx.Now().Add(wait)
	s.handshakes.Put(tx, h)
	tx.Begin(handshakeKind, h.ID, stepExpire, wait)
	return h
}

func (s *Service) newHandshakeID(tx *state.Tx) string {
	for {
		if id := "h-" + arn.ID(tx, arn.Lower, 8); s.handshakes.Get(tx, id) == nil {
			return id
		}
	}
}

// settle moves a handshake to a state; a final one is shown for a while yet.
func (s *Service) settle(tx *state.Tx, id string, to types.HandshakeState) *Handshake {
	s.handshakes.Change(tx, id, func(h *Handshake) { h.State = to })
	if !isWaiting(to) {
		for _, op := range tx.Running(handshakeKind, id) {
			tx.Cancel(op.ID)
		}
		tx.Begin(handshakeKind, id, stepForget, answeredTime)
	}
	return s.handshakes.Get(tx, id)
}

// handshakeStep ends a handshake that nobody answered, and forgets one some time after it ended.
func (s *Service) handshakeStep(tx *state.Tx, op *state.Operation) error {
	if op.Step == stepForget {
		op.Done()
		s.handshakes.Delete(tx, op.Ref)
		return nil
	}
	s.handshakes.Change(tx, op.Ref, func(h *Handshake) { h.State = types.HandshakeStateExpired })
	op.Next(tx, stepForget, answeredTime)
	return nil
}

func isWaiting(st types.HandshakeState) bool {
	return st == types.HandshakeStateRequested || st == types.HandshakeStateOpen
}

// waiting gives the handshakes of an action that wait for an answer.
func (s *Service) waiting(tx *state.Tx, action types.ActionType) iter.Seq[*Handshake] {
	return func(yield func(*Handshake) bool) {
		for h := range s.handshakesBy.Of(tx, string(action)) {
			if isWaiting(h.State) && !yield(h) {
				return
			}
		}
	}
}

// children gives the handshakes that ask on behalf of another.
func (s *Service) children(tx *state.Tx, parent string) []*Handshake {
	return slices.Collect(s.handshakesOf.Of(tx, parent))
}

// answerable gives a handshake in which the caller may say something that leads to a state. who gives the account that may.
func (s *Service) answerable(tx *state.Tx, caller, id string, to types.HandshakeState, who func(*Handshake) string) (*Handshake, error) {
	h := s.handshakes.Get(tx, id)
	switch {
	case h == nil:
		return nil, errHandshakeNotFound()
	case who(h) != caller:
		return nil, errDenied()
	case h.State == to:
		return nil, errHandshakeInState()
	case !isWaiting(h.State):
		return nil, errHandshakeTransition()
	}
	return h, nil
}

func recipient(h *Handshake) string { return h.AccountID }

func sender(h *Handshake) string { return h.Management }

// ARN gives a handshake's ARN.
func (h *Handshake) ARN() string {
	return arn.Make("organizations", "", h.Management, "handshake/"+h.OrgID+"/"+lower(h.Action)+"/"+h.ID)
}
