package codec

import (
	"encoding/base64"
	"math"
	"math/big"
	"reflect"
	"strconv"
)

// setText sets a scalar from its text; false when the text is no such value.
func setText(n *node, v reflect.Value, text string) bool {
	switch n.kind {
	case kindString:
		v.SetString(text)
	case kindBool:
		if text != "true" && text != "false" {
			return false
		}
		v.SetBool(text == "true")
	case kindInt:
		i, ok := integer(text)
		if !ok || v.OverflowInt(i) {
			return false
		}
		v.SetInt(i)
	case kindFloat:
		f, ok := float(text)
		if !ok {
			return false
		}
		v.SetFloat(f)
	case kindTime:
		t, ok := parseTime(text)
		if !ok {
			return false
		}
		v.Set(reflect.ValueOf(t))
	case kindBlob:
		raw, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return false
		}
		v.SetBytes(raw)
	default:
		return false
	}
	return true
}

// integer reads a whole number, also one written as 1.0 or 1e3.
func integer(text string) (int64, bool) {
	if i, err := strconv.ParseInt(text, 10, 64); err == nil {
		return i, true
	}
	if len(text) > 40 || !isNumber(text) {
		return 0, false
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || math.Abs(f) >= math.MaxInt64 {
		return 0, false
	}
	r, ok := new(big.Rat).SetString(text)
	if !ok || !r.IsInt() || !r.Num().IsInt64() {
		return 0, false
	}
	return r.Num().Int64(), true
}

func float(text string) (float64, bool) {
	switch text {
	case "NaN":
		return math.NaN(), true
	case "Infinity":
		return math.Inf(1), true
	case "-Infinity":
		return math.Inf(-1), true
	}
	f, err := strconv.ParseFloat(text, 64)
	return f, err == nil && isNumber(text)
}

// isNumber tells whether lit is a number as JSON writes it; strconv alone takes more.
func isNumber(lit string) bool {
	i := 0
	digits := func() bool {
		start := i
		for i < len(lit) && lit[i] >= '0' && lit[i] <= '9' {
			i++
		}
		return i > start
	}
	if i < len(lit) && lit[i] == '-' {
		i++
	}
	if i < len(lit) && lit[i] == '0' {
		i++
	} else if !digits() {
		return false
	}
	if i < len(lit) && lit[i] == '.' {
		i++
		if !digits() {
			return false
		}
	}
	if i < len(lit) && (lit[i] == 'e' || lit[i] == 'E') {
		i++
		if i < len(lit) && (lit[i] == '+' || lit[i] == '-') {
			i++
		}
		if !digits() {
			return false
		}
	}
	return i == len(lit)
}

// noun names what was wanted.
func (n *node) noun() string {
	switch n.kind {
	case kindString:
		return "a String"
	case kindBool:
		return "a Boolean"
	case kindInt:
		return "an Integer"
	case kindFloat:
		return "a Float"
	case kindTime:
		return "a Timestamp"
	case kindBlob:
		return "a Blob"
	case kindList:
		return "a List"
	case kindMap:
		return "a Map"
	default:
		return "a Structure"
	}
}
