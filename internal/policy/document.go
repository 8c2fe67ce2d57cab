package policy

// The versions of the policy language. A document that names none is of 2008-10-17, which has no variables.
const (
	Version2008 = "2008-10-17"
	Version2012 = "2012-10-17"
)

// Document is a parsed IAM policy document, immutable and safe for concurrent use. Its patterns are compiled.
type Document struct {
	version    string // "" when the text names none
	hasID      bool   // the text has an Id
	statements []statement
	keys       []string // see Keys
}

// Statements gives the number of statements.
func (d *Document) Statements() int { return len(d.statements) }

// Version gives the version of the policy language the document is read by.
func (d *Document) Version() string {
	if d.version == "" {
		return Version2008
	}
	return d.version
}

// statement is one statement. Exactly one of Action and NotAction is given; Principal and Resource may be absent, which
// Validate judges.
type statement struct {
	span        Span
	sid         string
	deny        bool
	principals  *principals // nil when there is neither Principal nor NotPrincipal
	actions     []pattern
	notAction   bool
	resources   []pattern // nil when there is neither Resource nor NotResource
	notResource bool
	conditions  []condition
}

// matchAction reports whether the statement speaks of the action, in lower case.
func (s *statement) matchAction(action string) bool {
	for i := range s.actions {
		if s.actions[i].match(action) {
			return !s.notAction
		}
	}
	return s.notAction
}

// matchResource reports whether the statement speaks of the resource. A pattern whose variable has no value matches
// nothing, and an Allow that rests on such a NotResource does not apply.
func (s *statement) matchResource(e *evaluation, resource string) bool {
	for i := range s.resources {
		p, ok := s.resources[i].resolve(e)
		if !ok && s.notResource && !s.deny {
			return false
		}
		if ok && p.match(resource) {
			return !s.notResource
		}
	}
	return s.notResource
}
