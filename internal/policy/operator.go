package policy

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"math/big"
	"net/netip"
	"strings"
	"time"
)

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

// compile reads a policy's value for the operator. Only strings, Booleans and ARNs may hold variables.
func (f family) compile(s string, op operator, vars bool) (operand, error) {
	switch f {
	case text, arns, boolean:
		return compileText(s, op, vars)
	case null:
		if s != "true" && s != "false" {
			return operand{}, fmt.Errorf(`%q: want "true" or "false"`, s)
		}
		return operand{other: s == "true"}, nil
	case numeric, date, binary, address:
	}
	v, err := f.read(s)
	return operand{other: v}, err
}

func compileText(s string, op operator, vars bool) (operand, error) {
	p, err := compile(s, op.wild, vars)
	if err != nil {
		return operand{}, err
	}
	if op.family == boolean && !p.variables && lower(s) != "true" && lower(s) != "false" {
		return operand{}, fmt.Errorf(`%q: want "true" or "false"`, s)
	}
	v := operand{pattern: p, fold: op.fold}
	if op.family == arns && !p.variables {
		v.fields = p.split(arnFields)
	}
	return v, nil
}

// read reads a number, time, network or bytes, of the policy or of the request.
func (f family) read(s string) (any, error) {
	switch f {
	case numeric:
		return readNumber(s)
	case date:
		return readTime(s)
	case binary:
		return base64.StdEncoding.DecodeString(s)
	case address:
		return readNetwork(s)
	case text, boolean, arns, null:
	}
	return nil, errors.New("not a value to be read")
}

// readNumber reads an integer or decimal. Exponents are refused: a short one can stand for a number of any size.
func readNumber(s string) (*big.Rat, error) {
	if len(s) > 64 || strings.Trim(s, "+-.0123456789") != "" {
		return nil, fmt.Errorf("%q: want an integer or decimal number", s)
	}
	if n, ok := new(big.Rat).SetString(s); ok {
		return n, nil
	}
	return nil, fmt.Errorf("%q: want an integer or decimal number", s)
}

// readTime reads a time of ISO 8601, as the W3C profile has it, or seconds since 1970.
func readTime(s string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04Z07:00", "2006-01-02", "2006-01", "20060102T150405Z0700"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, nil
		}
	}
	if n, err := readNumber(s); err == nil && n.IsInt() && n.Num().IsInt64() {
		return time.Unix(n.Num().Int64(), 0), nil
	}
	return time.Time{}, fmt.Errorf("%q: want a time like 2026-01-31T12:00:00Z, or seconds since 1970", s)
}

func readNetwork(s string) (netip.Prefix, error) {
	if a, err := netip.ParseAddr(s); err == nil {
		a = a.Unmap().WithZone("")
		return netip.PrefixFrom(a, a.BitLen()), nil
	}
	p, err := netip.ParsePrefix(s)
	if err != nil {
		return netip.Prefix{}, fmt.Errorf("%q: want an address or a range like 203.0.113.0/24", s)
	}
	return p.Masked(), nil
}

// verdict is the outcome of comparing two values.
type verdict uint8

const (
	no verdict = iota
	yes
	unknown // the request's value is not of the operator's kind
	noValue // the policy's value rests on a variable that has none
)

func verdictOf(b bool) verdict {
	if b {
		return yes
	}
	return no
}

// compare sets a value of the request against one of the policy, leaving negation to the caller.
func (op operator) compare(e *evaluation, value string, v *operand) verdict {
	switch op.family {
	case text:
		return v.matchText(e, value)
	case boolean:
		if value = lower(value); value != "true" && value != "false" {
			return unknown
		}
		return v.matchText(e, value)
	case arns:
		return v.matchARN(e, value)
	case numeric, date, binary, address, null:
	}
	got, err := op.family.read(value)
	if err != nil {
		return unknown
	}
	switch want := v.other.(type) {
	case *big.Rat:
		return verdictOf(op.relation.holds(got.(*big.Rat).Cmp(want)))
	case time.Time:
		return verdictOf(op.relation.holds(got.(time.Time).Compare(want)))
	case []byte:
		return verdictOf(bytes.Equal(got.([]byte), want))
	case netip.Prefix:
		caller := got.(netip.Prefix)
		return verdictOf(caller.Bits() >= want.Bits() && want.Contains(caller.Addr()))
	}
	return unknown
}

func (r relation) holds(order int) bool {
	switch r {
	case less:
		return order < 0
	case lessEqual:
		return order <= 0
	case greater:
		return order > 0
	case greaterEqual:
		return order >= 0
	case equal:
	}
	return order == 0
}

func (v *operand) matchText(e *evaluation, value string) verdict {
	p, ok := v.pattern.resolve(e)
	if !ok {
		return noValue
	}
	if v.fold {
		return verdictOf(strings.EqualFold(p.plain(), value))
	}
	return verdictOf(p.match(value))
}

// plain gives the text of a pattern without wildcards and variables.
func (p pattern) plain() string {
	if len(p.parts) == 1 {
		return p.parts[0].text
	}
	var b strings.Builder
	for _, q := range p.parts {
		b.WriteString(q.text)
	}
	return b.String()
}

const arnFields = 6

// matchARN compares field by field, so that a * stays within its field; the last one holds the rest, colons included.
// A lone * is every ARN.
func (v *operand) matchARN(e *evaluation, value string) verdict {
	fields := v.fields
	if fields == nil {
		p, ok := v.pattern.resolve(e)
		if !ok {
			return noValue
		}
		fields = p.split(arnFields)
	}
	if strings.Count(value, ":") < arnFields-1 || !strings.HasPrefix(value, "arn:") {
		return unknown
	}
	if len(fields) == 1 && fields[0].isAny() {
		return yes
	}
	if len(fields) != arnFields {
		return no
	}
	for i, field := range fields {
		part, rest, found := strings.Cut(value, ":")
		if i == arnFields-1 || !found {
			part = value
		}
		if !field.match(part) {
			return no
		}
		value = rest
	}
	return yes
}
