package policy

import (
	"bytes"
	"math/big"
	"net/netip"
	"strings"
	"time"
)

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
