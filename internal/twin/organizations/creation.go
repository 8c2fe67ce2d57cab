package organizations

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"accountfactory/internal/arn"
	"accountfactory/internal/twin/state"
)

// States of a creation.
const (
	InProgress = string(types.CreateAccountStateInProgress)
	Succeeded  = string(types.CreateAccountStateSucceeded)
	Failed     = string(types.CreateAccountStateFailed)
)

const (
	createKind = "organizations.CreateAccount"
	createTime = 90 * time.Second // AWS takes a minute or two
)

// NewAccount is what CreateAccount asks for.
type NewAccount struct {
	Name, Email string
	RoleName    string // OrganizationAccountAccessRole when empty
	Tags        []Tag
	By          string // ARN of the caller
	AtOnce      int    // how many creations may be in progress, this one included; the quota when 0
}

// BeginCreateAccount starts the creation of a member account. It returns InvalidInputException for what the API refuses by
// its model, also to callers inside the twin, and ConstraintViolationException while too many are in progress. All else
// shows later, in the status.
func (s *Service) BeginCreateAccount(tx *state.Tx, in NewAccount) (*CreateStatus, error) {
	if s.Organization(tx) == nil {
		return nil, errNotInUse()
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	running := 0
	for range s.creationsBy.Of(tx, InProgress) {
		if running++; running >= cmp.Or(in.AtOnce, s.quotas.Creations) {
			return nil, errTooManyCreations()
		}
	}
	st := &CreateStatus{
		ID: "car-" + arn.ID(tx, arn.Hex, 32), Name: in.Name, Email: in.Email, RoleName: cmp.Or(in.RoleName, defaultRole),
		Tags: in.Tags, By: in.By, State: InProgress, Requested: tx.Now(),
	}
	s.creations.Put(tx, st)
	tx.Begin(createKind, st.ID, "create", tx.Pace(createTime))
	return st, nil
}

func (in NewAccount) check() error {
	switch {
	case len(in.Email) < minEmail || in.Name == "":
		return errTooShort()
	case len(in.Email) > maxEmail || len(in.Name) > maxAccountName:
		return errTooLong()
	case !emailPattern.MatchString(in.Email) || strings.ContainsFunc(in.Name, notPrintable):
		return errBadPattern()
	case strings.HasPrefix(in.RoleName, "AWSServiceRoleFor"):
		return errRoleName()
	}
	return nil
}

func notPrintable(r rune) bool { return r < ' ' || r > '~' }

// CreateStatusOf gives a creation, or nil.
func (s *Service) CreateStatusOf(tx *state.Tx, id string) *CreateStatus {
	return s.creations.Get(tx, id)
}

// createStep ends a creation. It is one transaction: the account is there, and IAM knows it, exactly if the status says so.
func (s *Service) createStep(tx *state.Tx, op *state.Operation) error {
	st := s.creations.Get(tx, op.Ref)
	fault := tx.TakeFault(state.FaultPoint{Service: "organizations", Operation: "CreateAccount", Step: op.Step, Email: st.Email})
	if fault != nil && fault.Kind == state.FaultStuck {
		op.Stuck = true
		return nil
	}
	op.Done()
	reason := s.obstacle(tx, st)
	if fault != nil {
		reason = failureReason(fault.Reason)
	}
	if reason != "" {
		s.endCreation(tx, st.ID, func(st *CreateStatus) { st.State, st.FailureReason = Failed, string(reason) })
		return nil
	}
	a := s.AddAccount(tx, Account{Email: st.Email, Name: st.Name, RoleName: st.RoleName, Tags: st.Tags})
	s.endCreation(tx, st.ID, func(st *CreateStatus) { st.State, st.AccountID = Succeeded, a.ID })
	return nil
}

// obstacle gives why the account cannot be created, "" when it can.
func (s *Service) obstacle(tx *state.Tx, st *CreateStatus) types.CreateAccountFailureReason {
	switch {
	case !ValidEmail(st.Email):
		return types.CreateAccountFailureReasonInvalidEmail
	case s.EmailTaken(tx, st.Email):
		return types.CreateAccountFailureReasonEmailAlreadyExists
	case s.rival(tx, st):
		return types.CreateAccountFailureReasonConcurrentAccountModification
	case s.accounts.Len(tx) >= s.AccountLimit(tx):
		return types.CreateAccountFailureReasonAccountLimitExceeded
	}
	return ""
}

// rival tells whether an earlier request for the same e-mail is still in progress.
func (s *Service) rival(tx *state.Tx, st *CreateStatus) bool {
	for other := range s.creationsBy.Of(tx, InProgress) {
		if other.ID != st.ID && folded(other.Email) == folded(st.Email) && other.Requested.Before(st.Requested) {
			return true
		}
	}
	return false
}

// failureReason gives the documented reason a fault names, INTERNAL_FAILURE for any other text.
func failureReason(text string) types.CreateAccountFailureReason {
	reason := types.CreateAccountFailureReason(text)
	if slices.Contains(reason.Values(), reason) {
		return reason
	}
	return types.CreateAccountFailureReasonInternalFailure
}

func (s *Service) endCreation(tx *state.Tx, id string, f func(st *CreateStatus)) {
	s.creations.Change(tx, id, func(st *CreateStatus) {
		f(st)
		st.Completed = tx.Now()
	})
	for _, listen := range s.created {
		listen(tx, s.creations.Get(tx, id))
	}
}
