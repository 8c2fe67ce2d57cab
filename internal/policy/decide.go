package policy

// decide weighs the opinions.
func (o *opinions) decide(r Request, p Policies) Decision {
	if d, denied := o.explicit(); denied {
		return d
	}
	if d, silent := o.silentLevel(); silent {
		return d
	}
	if !r.Principal.known() || r.Action == "" {
		return Decision{}
	}
	if !r.Principal.hasAccount() {
		return o.outsider(p)
	}
	own := r.ResourceAccountID == "" || r.ResourceAccountID == r.Principal.AccountID
	if own && o.resource.grant == namedSelf {
		return allowed(Resource, p, o.resource.allow)
	}
	if own && p.Trust && o.resource.grant == notNamed {
		return Decision{By: Resource, Trust: p.Trust}
	}
	d := o.identitySide(r, p, own)
	if d.Allowed && !own && o.resource.grant == notNamed {
		return Decision{By: Resource, Trust: p.Trust}
	}
	return d
}

// organization gives the kinds of the organization's policies with what each level of them says.
func (o *opinions) organization() [2]levelled {
	return [2]levelled{{ServiceControl, o.serviceControl}, {ResourceControl, o.resourceControl}}
}

type levelled struct {
	kind   Kind
	levels []opinion
}

// silentLevel looks for a level of the organization that allows nothing.
func (o *opinions) silentLevel() (Decision, bool) {
	for _, k := range o.organization() {
		for i := range k.levels {
			if !k.levels[i].allow.found {
				return Decision{By: k.kind, Level: i + 1}, true
			}
		}
	}
	return Decision{}, false
}

// explicit looks for an explicit deny.
func (o *opinions) explicit() (Decision, bool) {
	for _, k := range o.organization() {
		for i := range k.levels {
			if f := k.levels[i].deny; f.found {
				d := denied(k.kind, f)
				d.Level = i + 1
				return d, true
			}
		}
	}
	for _, k := range []struct {
		kind Kind
		find find
	}{{Resource, o.resource.deny}, {Identity, o.identity.deny}, {Boundary, o.boundary.deny}, {Session, o.session.deny}} {
		if k.find.found {
			return denied(k.kind, k.find), true
		}
	}
	return Decision{}, false
}

// outsider decides for callers who belong to no account: only a resource policy can let them in.
func (o *opinions) outsider(p Policies) Decision {
	if o.resource.grant == namedSelf {
		return allowed(Resource, p, o.resource.allow)
	}
	return Decision{By: Resource, Trust: p.Trust}
}

// identitySide decides what the caller's own account has to say: an identity policy allows, or within the account the
// resource policy names the role, and neither boundary nor session policies leave it out.
func (o *opinions) identitySide(r Request, p Policies, own bool) Decision {
	var d Decision
	switch {
	case o.identity.allow.found:
		d = allowed(Identity, p, o.identity.allow)
	case r.Principal.Type == Root:
		d = Decision{Allowed: true, By: Identity, Root: true}
	case own && o.resource.grant == namedRole:
		d = allowed(Resource, p, o.resource.allow)
	default:
		return Decision{By: Identity}
	}
	if p.Boundary != nil && !o.boundary.allow.found {
		return Decision{By: Boundary}
	}
	if (p.HasSession || len(p.Session) > 0) && !o.session.allow.found {
		return Decision{By: Session}
	}
	return d
}

func allowed(kind Kind, p Policies, f find) Decision {
	return Decision{Allowed: true, By: kind, Policy: f.policy, Sid: f.sid, Statement: f.number, Trust: kind == Resource && p.Trust}
}

func denied(kind Kind, f find) Decision {
	return Decision{Explicit: true, By: kind, Policy: f.policy, Sid: f.sid, Statement: f.number}
}
