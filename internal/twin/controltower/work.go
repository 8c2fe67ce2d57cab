package controltower

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"math"
	"time"

	"accountfactory/internal/arn"
	"accountfactory/internal/twin/state"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// statusInProgress is the status of an operation that has not ended; baselines and controls then are UNDER_CHANGE.
const statusInProgress = "IN_PROGRESS"

// Operations are shown for 90 days after they ended (GetControlOperation, GetLandingZoneOperation, API reference).
// sweptAtOnce bounds the work that beginning one does for those that are older.
const (
	shownFor    = 90 * 24 * time.Hour
	sweptAtOnce = 8
	sortable    = "20060102T150405.000000000"
)

// age sorts operations from the newest to the oldest.
func (w *Work) age() string { return fmt.Sprintf("%016x/%s", math.MaxInt64-w.Start.UnixNano(), w.ID) }

// latest gives the operations of a class, the most recent first, after one.
func (s *Service) latest(class string) func(tx *state.Tx, after string) iter.Seq[*Work] {
	return func(tx *state.Tx, after string) iter.Seq[*Work] {
		return func(yield func(*Work) bool) {
			for w := range s.tables.recent.From(tx, class+"/"+after) {
				if w.Class != class {
					return
				}
				if after != "" && w.age() <= after || s.forgettable(tx, w) {
					continue
				}
				if !yield(w) {
					return
				}
			}
		}
	}
}

func (s *Service) forgettable(tx *state.Tx, w *Work) bool {
	return !w.End.IsZero() && tx.Now().Sub(w.End) > shownFor
}

// sweep forgets a few operations that are shown no more.
func (s *Service) sweep(tx *state.Tx) {
	var gone []string
	for w := range s.tables.over.From(tx, "") {
		if len(gone) == sweptAtOnce || !s.forgettable(tx, w) {
			break
		}
		gone = append(gone, w.ID)
	}
	for _, id := range gone {
		s.tables.work.Delete(tx, id)
	}
}

// begin starts an operation of the API: w says what is asked for.
func (s *Service) begin(tx *state.Tx, w Work, step string, takes time.Duration) *Work {
	s.sweep(tx)
	w.ID, w.Status, w.Start = arn.UUID(tx), statusInProgress, tx.Now()
	s.tables.work.Put(tx, &w)
	tx.Begin(w.Class, w.ID, step, tx.Pace(takes))
	return &w
}

// end ends an operation, with why it failed or "" for success.
func (s *Service) end(tx *state.Tx, id, why string) {
	s.tables.work.Change(tx, id, func(w *Work) {
		w.Status, w.End, w.Message = statusSucceeded, tx.Now(), why
		if why != "" {
			w.Status = statusFailed
		}
	})
}

// workAt gives the work a step is for, and whether an armed fault has it end here: with a reason, or stuck with none.
func (s *Service) workAt(tx *state.Tx, run *state.Operation) (w *Work, why string, stuck bool) {
	w = s.tables.work.Get(tx, run.Ref)
	if w == nil || w.Status != statusInProgress {
		run.Done()
		return nil, "", false
	}
	f := tx.TakeFault(state.FaultPoint{Service: "controltower", Operation: w.Name, Step: run.Step})
	switch {
	case f == nil:
		return w, "", false
	case f.Kind == state.FaultStuck:
		run.Stuck = true
		return w, "", true
	}
	return w, cmp.Or(f.Reason, "AWS Control Tower could not complete the operation."), false
}

// workOf finds an operation of one class, for the calls that show it.
func (s *Service) workOf(tx *state.Tx, id, class string) (*Work, error) {
	if w := s.tables.work.Get(tx, id); w != nil && w.Class == class && !s.forgettable(tx, w) {
		return w, nil
	}
	return nil, notFound("operation", id)
}

// reads decodes parameters and the like; what is not there stays zero.
func reads[T any](raw json.RawMessage) (v T) {
	_ = json.Unmarshal(raw, &v) // checked when it came in
	return v
}

// workCalled finds the operation a call names.
func (s *Service) workCalled(ctx context.Context, tx *state.Tx, id *string, class string) (*Work, error) {
	if !s.atHome(ctx) {
		return nil, notFound("operation", aws.ToString(id))
	}
	return s.workOf(tx, aws.ToString(id), class)
}

func (w *Work) ended() *time.Time {
	if w.End.IsZero() {
		return nil
	}
	return aws.Time(w.End)
}

func (w *Work) message() *string {
	if w.Message == "" {
		return nil
	}
	return aws.String(w.Message)
}
