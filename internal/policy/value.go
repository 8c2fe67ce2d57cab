package policy

import (
	"encoding/base64"
	"errors"
	"fmt"
	"math/big"
	"net/netip"
	"strings"
	"time"
)

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
