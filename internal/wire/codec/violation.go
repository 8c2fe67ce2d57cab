package codec

import (
	"fmt"
	"strings"
)

// Constraint is what kind of rule a value breaks.
type Constraint uint8

// The constraints of AWS's models.
const (
	Required Constraint = iota
	MinLength
	MaxLength
	MinValue
	MaxValue
	Pattern
	Enum
	Element // something inside a list or map of scalars
)

// Violation is one value that breaks a rule of its model.
type Violation struct {
	At         string // "tags.1.member.key"
	Constraint Constraint
	value      *string // nil when absent
	sensitive  bool
	must       string // "Member must not be null"
}

// String gives AWS's sentence: Value 'x' at 'name' failed to satisfy constraint: Member must …
// The value of a sensitive member is left out, as Cognito does for passwords.
func (v Violation) String() string {
	value := " null"
	switch {
	case v.value != nil && v.sensitive:
		value = ""
	case v.value != nil:
		value = " '" + *v.value + "'"
	}
	return fmt.Sprintf("Value%s at '%s' failed to satisfy constraint: %s", value, v.At, v.must)
}

// Must gives the rule alone: "Member must have length less than or equal to 12".
func (v Violation) Must() string { return v.must }

// Sentence gives all violations as AWS's services report them.
func Sentence(vs []Violation) string {
	all := make([]string, len(vs))
	for i, v := range vs {
		all[i] = v.String()
	}
	noun := "errors"
	if len(vs) == 1 {
		noun = "error"
	}
	return fmt.Sprintf("%d validation %s detected: %s", len(vs), noun, strings.Join(all, "; "))
}
