package policy

import "strings"

// family is a group of operators that read values alike.
type family uint8

const (
	text family = iota
	numeric
	date
	boolean
	binary
	address
	arns
	null
)

// relation is how a request's value must stand to the policy's.
type relation uint8

const (
	equal relation = iota
	less
	lessEqual
	greater
	greaterEqual
)

// operator is one of IAM's condition operators, without its set prefix and IfExists.
type operator struct {
	family   family
	negated  bool
	relation relation
	fold     bool // ignore case
	wild     bool // * and ? are wildcards
}

// findOperator knows IAM's operators by their exact names.
func findOperator(name string) (operator, bool) {
	switch name {
	case "StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike", "StringNotLike":
		return operator{family: text, negated: strings.HasPrefix(name, "StringNot"), fold: strings.HasSuffix(name, "IgnoreCase"), wild: strings.HasSuffix(name, "Like")}, true
	case "ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike": // Equals and Like are the same here
		return operator{family: arns, negated: strings.HasPrefix(name, "ArnNot"), wild: true}, true
	case "Bool":
		return operator{family: boolean, fold: true}, true
	case "BinaryEquals":
		return operator{family: binary}, true
	case "IpAddress", "NotIpAddress":
		return operator{family: address, negated: name == "NotIpAddress"}, true
	case "Null":
		return operator{family: null}, true
	}
	if rest, ok := strings.CutPrefix(name, "Numeric"); ok {
		return ordered(numeric, rest)
	}
	if rest, ok := strings.CutPrefix(name, "Date"); ok {
		return ordered(date, rest)
	}
	return operator{}, false
}

func ordered(f family, name string) (operator, bool) {
	switch name {
	case "Equals":
		return operator{family: f}, true
	case "NotEquals":
		return operator{family: f, negated: true}, true
	case "LessThan":
		return operator{family: f, relation: less}, true
	case "LessThanEquals":
		return operator{family: f, relation: lessEqual}, true
	case "GreaterThan":
		return operator{family: f, relation: greater}, true
	case "GreaterThanEquals":
		return operator{family: f, relation: greaterEqual}, true
	}
	return operator{}, false
}
