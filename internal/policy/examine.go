package policy

import "slices"

// Effect is what the policies of one kind say of a request.
type Effect string

// Effects, in the words of AWS's policy simulator.
const (
	Allows Effect = "allowed"
	Denies Effect = "explicitDeny"
	Silent Effect = "implicitDeny"
)

// Worst gives the more restrictive of two effects.
func (e Effect) Worst(other Effect) Effect {
	if e == Denies || other == Denies {
		return Denies
	}
	if e == Silent || other == Silent {
		return Silent
	}
	return Allows
}

// Finding is a statement that applies to a request. Statement is 0 for a whole document that cannot be read, which denies.
type Finding struct {
	Kind      Kind
	Level     int // of an SCP or RCP; 1 is the root
	Policy    string
	Sid       string
	Statement int // from 1
	Deny      bool
	Span      Span
}

// Examination is a decision with all that bears on it: every statement that applies, not only the first that decides.
type Examination struct {
	Decision Decision
	Findings []Finding
	limits   map[Kind]bool // kinds that are there, and so must allow
	levels   map[Kind]int  // of SCPs and RCPs that bear on it
}

// Examine decides as Evaluate does, and finds every statement that applies. It costs more than Evaluate.
func Examine(r Request, p Policies) Examination {
	e := newEvaluation(&r, &p)
	x := Examination{levels: map[Kind]int{}, limits: map[Kind]bool{Identity: true, Resource: p.Resource != nil, Boundary: p.Boundary != nil, Session: p.HasSession || len(p.Session) > 0}}
	if r.boundBySCPs() {
		x.findLevels(e, ServiceControl, p.ServiceControl)
	}
	if !r.Principal.serviceLinked() {
		x.findLevels(e, ResourceControl, p.ResourceControl)
	}
	if p.Resource != nil {
		x.find(e, Resource, 0, []Named{*p.Resource})
	}
	x.find(e, Identity, 0, p.Identity)
	if p.Boundary != nil {
		x.find(e, Boundary, 0, []Named{*p.Boundary})
	}
	x.find(e, Session, 0, p.Session)
	x.Decision = Evaluate(r, p)
	return x
}

func (x *Examination) findLevels(e *evaluation, kind Kind, levels [][]Named) {
	x.levels[kind] = len(levels)
	for i, level := range levels {
		x.find(e, kind, i+1, level)
	}
}

func (x *Examination) find(e *evaluation, kind Kind, level int, policies []Named) {
	for _, n := range policies {
		if n.Document == nil {
			x.Findings = append(x.Findings, Finding{Kind: kind, Level: level, Policy: n.Name, Deny: true})
			continue
		}
		for i := range n.Document.statements {
			s := &n.Document.statements[i]
			if e.applies(kind, s) != notNamed {
				x.Findings = append(x.Findings, Finding{Kind: kind, Level: level, Policy: n.Name, Sid: s.sid, Statement: i + 1, Deny: s.deny, Span: s.span})
			}
		}
	}
}

// Says tells what the policies of one kind say. Kinds that limit what others allow, and are not there, allow.
func (x *Examination) Says(kind Kind) Effect {
	if kind == ServiceControl || kind == ResourceControl {
		return x.controls(kind)
	}
	if kind != Identity && kind != Resource && !x.limits[kind] {
		return Allows
	}
	return x.effect(func(f *Finding) bool { return f.Kind == kind })
}

// controls tells what SCPs or RCPs say: each level must allow.
func (x *Examination) controls(kind Kind) Effect {
	out := Allows
	for level := range x.levels[kind] {
		out = out.Worst(x.effect(func(f *Finding) bool { return f.Kind == kind && f.Level == level+1 }))
	}
	return out
}

func (x *Examination) effect(of func(*Finding) bool) Effect {
	out := Silent
	for i := range x.Findings {
		f := &x.Findings[i]
		if !of(f) {
			continue
		}
		if f.Deny {
			return Denies
		}
		out = Allows
	}
	return out
}

// Deciding gives the findings that bring the decision about: those that deny, or those that allow what is allowed.
func (x *Examination) Deciding() []Finding {
	if !x.Decision.Allowed && !x.Decision.Explicit {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(x.Findings), func(f Finding) bool { return f.Deny == x.Decision.Allowed })
}
