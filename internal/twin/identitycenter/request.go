package identitycenter

import (
	"time"

	sso "github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	"accountfactory/internal/arn"
	"accountfactory/internal/twin/state"
)

// Kinds of requests, which are also the kinds of operations over time.
const (
	assignKind    = "ssoadmin.CreateAccountAssignment"
	unassignKind  = "ssoadmin.DeleteAccountAssignment"
	provisionKind = "ssoadmin.ProvisionPermissionSet"
)

// States of a request.
const (
	inProgress = string(sso.StatusValuesInProgress) // from the call until its step ends it
	succeeded  = string(sso.StatusValuesSucceeded)
	failed     = string(sso.StatusValuesFailed) // with a Reason
)

// The one step of each operation, for faults.
const provisionStep, removeStep = "provision", "remove"

const (
	// outstandingLimit is how many CreateAccountAssignment calls may be under way (IAM Identity Center quotas).
	outstandingLimit = 10
	// How long they take at AWS.
	assignTime    = 8 * time.Second
	provisionTime = 10 * time.Second
	// keepRequests is how long an ended request can be described; AWS names no time.
	keepRequests = 7 * 24 * time.Hour
	// batch is how many accounts ProvisionPermissionSet does in one transaction.
	batch = 100
)

// Request is a call whose work goes on after the answer.
type Request struct {
	ID, Kind, Status string
	Reason           string `json:",omitempty"`
	AccountID        string `json:",omitempty"` // "" means all accounts that have the set
	PermissionSetARN string
	PrincipalType    string `json:",omitempty"`
	PrincipalID      string `json:",omitempty"`
	Internal         bool   `json:",omitempty"` // begun by another service, not counted against the limit
	At               string `json:",omitempty"` // the last account done, when there are many
	Begun            time.Time
	Ended            time.Time `json:",omitzero"`
}

func (r *Request) assignment() Assignment {
	return Assignment{AccountID: r.AccountID, PermissionSetARN: r.PermissionSetARN, PrincipalType: r.PrincipalType, PrincipalID: r.PrincipalID}
}

// OnAssigned declares, before the store opens, who hears how requests begun with BeginAssign or CreateAccountAssignment
// end. reason is empty when ok.
func (s *Service) OnAssigned(f func(tx *state.Tx, requestID string, ok bool, reason string)) {
	s.assigned = append(s.assigned, f)
}

// BeginAssign begins an assignment for another service of the twin. It returns AWS's errors for sides that are not there
// and for an assignment already being made or removed.
func (s *Service) BeginAssign(tx *state.Tx, a Assignment) (requestID string, err error) {
	r, err := s.beginAssign(tx, a, true)
	if err != nil {
		return "", err
	}
	return r.ID, nil
}

func (s *Service) beginAssign(tx *state.Tx, a Assignment, internal bool) (*Request, error) {
	if err := s.assignable(tx, a); err != nil {
		return nil, err
	}
	if s.Provision(tx, a.AccountID, a.PermissionSetARN) == nil && len(collect(s.provisioned(tx, a.AccountID, ""))) >= accountSetLimit {
		return nil, quota("PermissionSet", accountSetLimit, a.AccountID)
	}
	if !internal && len(collect(s.outstanding.Of(tx, ""))) >= outstandingLimit {
		return nil, tooMany()
	}
	r := &Request{Kind: assignKind, AccountID: a.AccountID, PermissionSetARN: a.PermissionSetARN, PrincipalType: a.PrincipalType, PrincipalID: a.PrincipalID, Internal: internal}
	return r, s.begin(tx, r, provisionStep, assignTime)
}

// BeginUnassign begins to remove an assignment. It returns a ConflictException while it is being made or removed, a
// ResourceNotFoundException when there is none.
func (s *Service) BeginUnassign(tx *state.Tx, a Assignment) (*Request, error) {
	r := &Request{Kind: unassignKind, AccountID: a.AccountID, PermissionSetARN: a.PermissionSetARN, PrincipalType: a.PrincipalType, PrincipalID: a.PrincipalID}
	if err := s.free(tx, r); err != nil {
		return nil, err
	}
	if s.assignments.Get(tx, a.key()) == nil {
		return nil, notFound("Could not find AccountAssignment of %s %s with PermissionSet %s in account %s",
			a.PrincipalType, a.PrincipalID, lastPart(a.PermissionSetARN), a.AccountID)
	}
	return r, s.begin(tx, r, removeStep, assignTime)
}

// begin stores a request and starts its work, unless one at work already is about the same thing.
func (s *Service) begin(tx *state.Tx, r *Request, step string, takes time.Duration) error {
	if err := s.free(tx, r); err != nil {
		return err
	}
	s.forget(tx)
	r.ID, r.Status, r.Begun = arn.UUID(tx), inProgress, tx.Now()
	s.requests.Put(tx, r)
	tx.Begin(r.Kind, r.ID, step, tx.Pace(takes))
	return nil
}

// free says whether nothing at work stands in a request's way.
func (s *Service) free(tx *state.Tx, r *Request) error {
	for other := range s.working.Of(tx, r.PermissionSetARN) {
		if r.collides(other) {
			return busy()
		}
	}
	return nil
}

// collides tells whether two requests for the same permission set cannot be at work together.
func (r *Request) collides(other *Request) bool {
	if (r.Kind == provisionKind) != (other.Kind == provisionKind) {
		return false
	}
	if r.Kind == provisionKind {
		return r.AccountID == "" || other.AccountID == "" || r.AccountID == other.AccountID
	}
	return r.AccountID == other.AccountID && r.PrincipalID == other.PrincipalID
}

// forget drops a few requests that ended long ago; each new one makes room for itself.
func (s *Service) forget(tx *state.Tx) {
	var old []*Request
	for r := range s.ended.From(tx, "") {
		if len(old) == 4 || tx.Now().Sub(r.Ended) < keepRequests {
			break
		}
		old = append(old, r)
	}
	for _, r := range old {
		s.requests.Delete(tx, r.ID)
	}
}

// stepAssign makes the role and the assignment. Nothing outside the transaction happens, so a crash repeats it whole.
func (s *Service) stepAssign(tx *state.Tx, op *state.Operation) error {
	return s.step(tx, op, func(r *Request) error {
		a := r.assignment()
		if err := s.assignable(tx, a); err != nil {
			return err
		}
		return s.assign(tx, a)
	})
}

// stepUnassign removes the assignment, and the role with the last one.
func (s *Service) stepUnassign(tx *state.Tx, op *state.Operation) error {
	return s.step(tx, op, func(r *Request) error {
		s.Unassign(tx, r.assignment())
		return nil
	})
}

// step runs the work of a request under the faults armed for it, and ends the request with its outcome.
func (s *Service) step(tx *state.Tx, op *state.Operation, work func(r *Request) error) error {
	r := s.requests.Get(tx, op.Ref)
	if r == nil {
		op.Done()
		return nil
	}
	reason, stuck := s.fault(tx, op, r)
	if stuck {
		op.Stuck = true
		return nil
	}
	if reason == "" {
		if err := work(r); err != nil {
			reason = reasonOf(err)
		}
	}
	s.end(tx, r, reason)
	op.Done()
	return nil
}

// fault takes the fault that strikes here. reason is not empty when the step shall fail.
func (s *Service) fault(tx *state.Tx, op *state.Operation, r *Request) (reason string, stuck bool) {
	_, email, _ := s.accounts.AccountName(tx, r.AccountID)
	f := tx.TakeFault(state.FaultPoint{
		Service: "ssoadmin", Operation: op.Kind[len("ssoadmin."):], Step: op.Step, Account: r.AccountID, Email: email,
	})
	switch {
	case f == nil:
		return "", false
	case f.Kind == state.FaultStuck:
		return "", true
	case f.Reason != "":
		return f.Reason, false
	}
	return "An unexpected internal service exception was encountered", false
}

// end stores how a request came out and tells who waits for it.
func (s *Service) end(tx *state.Tx, r *Request, reason string) {
	s.requests.Change(tx, r.ID, func(r *Request) {
		r.Status, r.Reason, r.Ended = succeeded, reason, tx.Now()
		if reason != "" {
			r.Status = failed
		}
	})
	if r.Kind != assignKind {
		return
	}
	for _, tell := range s.assigned {
		tell(tx, r.ID, reason == "", reason)
	}
}
