package factory

import (
	"context"
	"fmt"
)

// Retry goes on with a failed request from the step that failed, as the next generation. Returns ErrNotFound,
// ConflictError when the request is not failed, and DuplicateError when its e-mail has an open request by now.
func (s *Service) Retry(ctx context.Context, c Caller, id string) (Detail, error) {
	if _, err := s.get(ctx, c, actRetry, id); err != nil {
		return Detail{}, err
	}
	r, err := s.store.Update(ctx, id, AnyGeneration, func(r *Request) ([]Event, error) {
		if r.State != StateFailed && r.State != StateNeedsDecision {
			return nil, &ConflictError{RequestID: id, State: r.State, Reason: "only a failed request can be retried"}
		}
		if !r.kind().has(r.Step) {
			return nil, &ConflictError{RequestID: id, State: r.State, Reason: "this version does not know its step " + r.Step}
		}
		from := r.Step
		r.restart()
		return []Event{s.event(r.Step, "Retried by %s: goes on from the step %s.", c.ARN, from).by(c, AuditRetry)}, nil
	})
	if err != nil {
		return Detail{}, err
	}
	return s.detail(ctx, r)
}

// restart makes a request wait again, as the next generation. What failed at AWS is continued from turn, where the
// product that is left decides between provisioning and updating it.
func (r *Request) restart() {
	r.Step = r.kind().resume(r.Step)
	r.Generation++
	r.State, r.CancelRequested, r.WaitReason, r.Light = StateWaiting, false, "", r.light()
	r.ErrorCode, r.ErrorMessage, r.Explanation = "", "", ""
	r.EndedAt = noTime
	r.Due = noTime
	r.Ask, r.AttendAt, r.Progress.Code = nil, noTime, ""
	r.Progress.StepSince, r.Progress.Alarmed = noTime, ""
	r.StartedAt = noTime
	r.Progress.Intent, r.Progress.RecordID, r.Progress.RecordStatus = nil, "", ""
	r.Progress.Tries, r.Progress.Looks, r.Progress.Busy, r.Progress.SlowNoted = 0, 0, 0, false
}

// Cancel ends a request. One that has no operation at AWS under way ends at once. Once an operation was sent nothing
// takes it back: the request is marked, waits for that operation's end, and then ends too: cancelled when it failed,
// succeeded when the account is there after all, with a line in the timeline that says so. Nothing is undone in AWS;
// the timeline says what exists. Returns ErrNotFound, and ConflictError for a request that has ended.
func (s *Service) Cancel(ctx context.Context, c Caller, id string) (Detail, error) {
	if _, err := s.get(ctx, c, actCancel, id); err != nil {
		return Detail{}, err
	}
	r, err := s.store.Update(ctx, id, AnyGeneration, func(r *Request) ([]Event, error) {
		if r.State.Ended() {
			return nil, &ConflictError{RequestID: id, State: r.State, Reason: "it has ended"}
		}
		if r.sent() {
			r.CancelRequested = true
			return []Event{s.event(r.Step, "%s asked to cancel. AWS is working on %s and cannot be stopped: the request ends when that does.",
				c.ARN, r.Progress.Intent.Operation).by(c, AuditCancel)}, nil
		}
		r.Generation++ // whoever works at it writes nothing any more, and sends nothing without writing first
		s.end(r, StateCancelled)
		return []Event{s.event(r.Step, "Cancelled by %s. %s", c.ARN, r.leftovers()).by(c, AuditCancel)}, nil
	})
	if err != nil {
		return Detail{}, err
	}
	return s.detail(ctx, r)
}

// leftovers says what a request leaves in the cloud when it ends without success.
func (r *Request) leftovers() string {
	name := r.Progress.Target.ProductName
	switch {
	case r.ProductID != "" && r.AccountID != "":
		return fmt.Sprintf("Account %s exists, with the provisioned product %s (%s).", r.AccountID, name, r.ProductID)
	case r.ProductID != "":
		return fmt.Sprintf("The provisioned product %s (%s) exists and keeps its name; the account may exist.", name, r.ProductID)
	case r.AccountID != "" && r.Kind == KindLaunch:
		return fmt.Sprintf("Account %s exists.", r.AccountID)
	}
	return "Nothing was created."
}

// maxLimit is as many workers as the store runs.
const maxLimit = 50
