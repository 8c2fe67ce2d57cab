package policy

// evaluation is one run of Evaluate.
type evaluation struct {
	request  *Request
	action   string // lower case
	resource string
	trust    bool
	bounded  bool                // the principal has a permissions boundary
	context  map[string][]string // by key in lower case; made when the first condition asks
}

// values gives what the request has under a condition key, in lower case.
func (e *evaluation) values(key string) []string {
	if e.context == nil {
		e.context = make(map[string][]string, len(e.request.Context))
		if e.request.More != nil {
			for k, v := range e.request.More() {
				e.context[lower(k)] = v
			}
			for k := range e.request.Context {
				delete(e.context, lower(k))
			}
		}
		for k, v := range e.request.Context {
			k = lower(k)
			e.context[k] = append(e.context[k][:len(e.context[k]):len(e.context[k])], v...)
		}
	}
	return e.context[key]
}

// find is a statement that was found to apply. The zero find is none.
type find struct {
	policy string
	sid    string
	number int // from 1; 0 with found set means the whole document
	found  bool
}

// opinion is what the policies of one kind say.
type opinion struct {
	deny, allow find
	grant       grant // resource policies: how the allowing statement names the caller
}

// Evaluate decides a request. See the package comment for the order.
func Evaluate(r Request, p Policies) Decision {
	o := newEvaluation(&r, &p).opinions(p)
	d := o.decide(r, p)
	d.Action = r.Action
	return d
}

func newEvaluation(r *Request, p *Policies) *evaluation {
	return &evaluation{request: r, action: lower(r.Action), resource: r.Resource, trust: p.Trust, bounded: p.Boundary != nil}
}

// boundBySCPs tells whether service control policies bear on a request.
func (r *Request) boundBySCPs() bool {
	return r.Principal.hasAccount() && !r.Management && !r.Principal.serviceLinked()
}

// opinions is what every kind of policy says of one request.
type opinions struct {
	serviceControl              []opinion // per level; nil when SCPs do not apply
	resourceControl             []opinion // per level; nil when RCPs do not apply
	resource                    opinion
	identity, boundary, session opinion
}

func (e *evaluation) opinions(p Policies) opinions {
	var o opinions
	if e.request.boundBySCPs() {
		o.serviceControl = e.levels(ServiceControl, p.ServiceControl)
	}
	if !e.request.Principal.serviceLinked() {
		o.resourceControl = e.levels(ResourceControl, p.ResourceControl)
	}
	if p.Resource != nil {
		e.askOne(Resource, p.Resource, &o.resource)
	}
	if p.Boundary != nil {
		e.askOne(Boundary, p.Boundary, &o.boundary)
	}
	e.ask(Identity, p.Identity, &o.identity)
	e.ask(Session, p.Session, &o.session)
	return o
}

func (e *evaluation) levels(kind Kind, levels [][]Named) []opinion {
	out := make([]opinion, len(levels))
	for i, level := range levels {
		e.ask(kind, level, &out[i])
	}
	return out
}

func (e *evaluation) ask(kind Kind, policies []Named, o *opinion) {
	for i := range policies {
		e.askOne(kind, &policies[i], o)
	}
}

// askOne adds what one document says: its first statement that denies, and the one that allows most directly.
func (e *evaluation) askOne(kind Kind, n *Named, o *opinion) {
	if o.deny.found {
		return
	}
	if n.Document == nil {
		o.deny = find{policy: n.Name, found: true}
		return
	}
	for i := range n.Document.statements {
		s := &n.Document.statements[i]
		if !s.deny && o.allow.found && (kind != Resource || o.grant == namedSelf) {
			continue
		}
		how := e.applies(kind, s)
		switch at := (find{policy: n.Name, sid: s.sid, number: i + 1, found: true}); {
		case how == notNamed:
		case s.deny:
			o.deny = at
			return
		case how > o.grant:
			o.allow, o.grant = at, how
		}
	}
}

// applies reports whether a statement applies, as a grant. A statement that may not stand in its kind of policy, because
// it lacks a member or has one too many, allows nothing and denies everybody.
func (e *evaluation) applies(kind Kind, s *statement) grant {
	if !s.matchAction(e.action) {
		return notNamed
	}
	how := namedSelf
	switch {
	case kind.namesCaller() != (s.principals != nil):
		if !s.deny {
			return notNamed
		}
	case kind == Resource && s.principals.not && s.deny && e.bounded:
		// A Deny with NotPrincipal spares nobody who has a boundary (IAM User Guide, "Permissions boundaries").
	case kind.namesCaller():
		how = s.principals.match(e.request.Principal, s.deny)
	}
	if how == notNamed || !e.resourceApplies(kind, s) {
		return notNamed
	}
	for i := range s.conditions {
		if !s.conditions[i].holds(e, s.deny) {
			return notNamed
		}
	}
	return how
}

func (e *evaluation) resourceApplies(kind Kind, s *statement) bool {
	if s.resources == nil {
		return s.deny || kind == Resource && e.trust
	}
	return s.matchResource(e, e.resource)
}
