package policy

// Glob is text with the wildcards * and ?, compiled.
type Glob struct{ pattern pattern }

// NewGlob compiles text with wildcards. Any text is one.
func NewGlob(text string) *Glob {
	p, _ := compile(text, true, false) // only variables can be wrong, and there are none
	return &Glob{p}
}

// Match reports whether the whole of s fits.
func (g *Glob) Match(s string) bool { return g.pattern.match(s) }

// Concerns reports whether the document could speak of a resource: whether a statement's Resource fits it, or has a
// variable, on which it depends.
func (d *Document) Concerns(resource string) bool {
	for i := range d.statements {
		s := &d.statements[i]
		if s.notResource || s.resources == nil {
			return true
		}
		for _, p := range s.resources {
			if p.variables || p.match(resource) {
				return true
			}
		}
	}
	return false
}

// ReadsAs reports whether a condition operator can read a value that a request has: NumericEquals a number, and so on.
func ReadsAs(operator, value string) bool {
	op, ok := findOperator(operator)
	switch {
	case !ok:
		return false
	case op.family == boolean:
		v := lower(value)
		return v == "true" || v == "false"
	case op.family == text || op.family == arns:
		return true
	}
	_, err := op.family.read(value)
	return err == nil
}
