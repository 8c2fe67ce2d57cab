package state

import (
	"strings"
	"time"

	"accountfactory/internal/arn"
)

// FaultKind says what goes wrong.
type FaultKind string

// The kinds of faults. The first group strikes API calls, the second operations over time.
const (
	FaultThrottle   FaultKind = "throttle"    // answer the service's throttling error
	FaultError      FaultKind = "error"       // answer 500
	FaultCutBefore  FaultKind = "cut-before"  // hang up, nothing done
	FaultCutAfter   FaultKind = "cut-after"   // do it, then hang up without an answer
	FaultKillBefore FaultKind = "kill-before" // the process dies with nothing done; with Step set, before that step
	FaultKillAfter  FaultKind = "kill-after"  // the process dies once the call, or with Step set the step, is durable
	FaultDelay      FaultKind = "delay"       // answer late

	FaultFail  FaultKind = "fail"  // fail the step, with Reason where the service knows reasons
	FaultStuck FaultKind = "stuck" // the operation stops here until released
)

// FaultKinds are all kinds, for messages and completion.
var FaultKinds = []FaultKind{FaultThrottle, FaultError, FaultCutBefore, FaultCutAfter, FaultKillBefore, FaultKillAfter, FaultDelay, FaultFail, FaultStuck}

// Fault is an armed fault. Every set field must match for it to strike.
type Fault struct {
	ID          string        `json:"id"`
	Name        string        `json:"name,omitempty"` // of the known failure it was armed as, if by name
	Kind        FaultKind     `json:"kind"`
	Service     string        `json:"service,omitempty"`     // "organizations"
	Operation   string        `json:"operation,omitempty"`   // an API call, or an operation over time: "CreateAccount"
	Step        string        `json:"step,omitempty"`        // a step of an operation over time; "*" is any
	Account     string        `json:"account,omitempty"`     // account id
	Email       string        `json:"email,omitempty"`       // in any case
	Code        string        `json:"code,omitempty"`        // for fail and error: the error code, where the service shows one
	Reason      string        `json:"reason,omitempty"`      // for fail: a CreateAccount FailureReason, or a message
	Delay       time.Duration `json:"delay,omitempty"`       // for delay
	Count       int           `json:"count,omitempty"`       // how often it still strikes; 0 is always
	Skip        int           `json:"skip,omitempty"`        // how many matches it lets pass first
	Probability float64       `json:"probability,omitempty"` // of striking at a match; 0 is always
}

// Kills reports whether the kind ends the process.
func (k FaultKind) Kills() bool { return k == FaultKillBefore || k == FaultKillAfter }

// FaultPoint is where a fault could strike.
type FaultPoint struct {
	Call                                     bool // an API call; otherwise a step of an operation over time
	Run                                      bool // that step as the runner sees it: only the kill kinds strike there
	Service, Operation, Step, Account, Email string
}

// ArmFault arms f and gives it an ID when it has none.
func (tx *Tx) ArmFault(f Fault) string {
	if f.ID == "" {
		f.ID = "fault-" + arn.ID(tx, arn.Lower, 8)
	}
	tx.store.system.faults.Put(tx, &f)
	return f.ID
}

// DisarmFault removes an armed fault and reports whether there was one.
func (tx *Tx) DisarmFault(id string) bool { return tx.store.system.faults.Delete(tx, id) }

// Faults gives what is armed.
func (tx *Tx) Faults() []*Fault {
	var out []*Fault
	for f := range tx.store.system.faults.All(tx) {
		out = append(out, f)
	}
	return out
}

// TakeFault gives the fault that strikes at p, or nil, and counts it down. The caller does what it says.
func (tx *Tx) TakeFault(p FaultPoint) *Fault {
	for _, f := range tx.Faults() {
		if !f.matches(p) {
			continue
		}
		if f.Skip > 0 {
			tx.store.system.faults.Change(tx, f.ID, func(f *Fault) { f.Skip-- })
			continue
		}
		if f.Probability > 0 && float64(tx.Uint64()>>11)/(1<<53) >= f.Probability {
			continue
		}
		switch f.Count {
		case 0:
		case 1:
			tx.store.system.faults.Delete(tx, f.ID)
		default:
			tx.store.system.faults.Change(tx, f.ID, func(f *Fault) { f.Count-- })
		}
		return f
	}
	return nil
}

func (f *Fault) matches(p FaultPoint) bool {
	same := func(want, got string) bool { return want == "" || want == got }
	return f.strikesRuns() == p.Run && f.strikesCalls() == p.Call && same(f.Service, p.Service) && same(f.Operation, p.Operation) &&
		(f.Step == "*" || same(f.Step, p.Step)) && same(f.Account, p.Account) && (f.Email == "" || strings.EqualFold(f.Email, p.Email))
}

// strikesRuns: a kill with a step strikes where the runner does that step, whatever service it is of.
func (f *Fault) strikesRuns() bool {
	return f.Step != "" && f.Kind.Kills()
}

func (f *Fault) strikesCalls() bool {
	return f.Kind != FaultFail && f.Kind != FaultStuck && !f.strikesRuns()
}
