package factory

import "context"

// kind is what requests of one kind consist of. Its file lists its steps; the machinery that takes turns at them, the
// queue and the timeline are the same for all.
type kind struct {
	name  Kind
	steps []stage // in their order; a step that is done goes on to the next
	aside []stage // steps that are only gone to by name

	light     bool // it changes access only, and occupies none of Control Tower's account operations
	launches  bool // it sends the Account Factory product: the caller must have a launch path
	operators bool // only operators may ask for it; else the account's requester may too

	check   func(context.Context, *Service, AWS, Input) (Target, []Check, error) // pre-flight; it only reads
	writes  func(Request, Target) []Write                                        // for a dry run
	checked func(Request, Target) string                                         // what a passed check says in the timeline
	asked   func(Request) string                                                 // the request in a few words
}

// stage is a named step of a kind.
type stage struct {
	name  string
	do    step
	retry string // the step a retry goes on from; empty: this one
	look  look   // of a step that waits for a person: is their part done?
	// needed reports whether a request takes the step at all; nil: always.
	needed func(*Request) bool
}

// step is one step's work. It may run twice at any point: its comment says why that is safe.
type step func(context.Context, *work) (outcome, error)

// kindOf gives a kind of the configured provisioner by its name; the empty name is a launch, as it was when there was no
// other.
func (s *Service) kindOf(name Kind) (kind, bool) { return s.cfg.Provisioner.steps().kind(name) }

// Kinds gives all kinds there are.
func Kinds() []Kind {
	return []Kind{KindLaunch, KindEnroll, KindUpdate, KindAccess, KindUnmanage, KindClose, KindRepair}
}

func (k kind) stage(name string) (stage, bool) {
	for _, list := range [][]stage{k.steps, k.aside} {
		for _, s := range list {
			if s.name == name {
				return s, true
			}
		}
	}
	return stage{}, false
}

// isLight reports whether a request occupies none of Control Tower's account operations.
func (k kind) isLight(in Input) bool {
	return k.light || k.name == KindUpdate && !in.viaProduct(in.Parameters)
}

func (k kind) has(name string) bool {
	_, found := k.stage(name)
	return found
}

// after gives the step that follows one for a request; empty after the last.
func (k kind) after(name string, r *Request) string {
	passed := false
	for _, s := range k.steps {
		if passed && (s.needed == nil || s.needed(r)) {
			return s.name
		}
		passed = passed || s.name == name
	}
	return ""
}

// taken gives the steps that a request takes by what is known of it now, in order.
func (k kind) taken(r *Request) []string {
	var out []string
	for _, s := range k.steps {
		if s.name == r.Step || s.needed == nil || s.needed(r) {
			out = append(out, s.name)
		}
	}
	return out
}

// resume gives the step a retry goes on from when a request failed in a step.
func (k kind) resume(name string) string {
	if s, found := k.stage(name); found && s.retry != "" {
		return s.retry
	}
	return name
}

// kind gives the request's kind, of the provisioner it began with; the zero kind, with no steps, for one of a newer version.
func (r *Request) kind() kind {
	k, _ := r.Progress.Provisioner.steps().kind(r.Kind)
	return k
}
