package identitycenter

import (
	"iter"
	"strings"

	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

// pageSize is how many rows a list gives when the caller names no number; it is also the most both APIs allow.
const pageSize = 100

// page collects up to max entries of rows, each with the key its page token would hold. next is the token of the page
// after, nil on the last.
func page[R, O any](scope string, max *int32, rows iter.Seq[R], key func(R) string, show func(R) O) (out []O, next *string) {
	limit := pageSize
	if max != nil && *max > 0 {
		limit = min(limit, int(*max))
	}
	out = []O{}
	last := ""
	for row := range rows {
		if len(out) == limit {
			return out, wire.Cursor(scope, last)
		}
		out = append(out, show(row))
		last = key(row)
	}
	return out, nil
}

// after gives the key a page token of ssoadmin holds.
func after(scope string, token *string) (string, error) {
	key, ok := wire.After(scope, token)
	if !ok {
		return "", invalid("The pagination token is not valid.")
	}
	return key, nil
}

// afterInStore is after for identitystore.
func afterInStore(scope string, token *string) (string, error) {
	key, ok := wire.After(scope, token)
	if !ok {
		return "", badValue("The pagination token is not valid.")
	}
	return key, nil
}

// under gives the rows whose keys begin with prefix and come after key; with "" all of them.
func under[T any](tx *state.Tx, t *state.Table[T], prefix, key string, of func(*T) string) iter.Seq[*T] {
	from := prefix
	if key != "" {
		from = key + "\x00"
	}
	return func(yield func(*T) bool) {
		for row := range t.From(tx, from) {
			if !strings.HasPrefix(of(row), prefix) || !yield(row) {
				return
			}
		}
	}
}

// only gives the rows that keep holds for.
func only[R any](rows iter.Seq[R], keep func(R) bool) iter.Seq[R] {
	return func(yield func(R) bool) {
		for row := range rows {
			if keep(row) && !yield(row) {
				return
			}
		}
	}
}

// Small conversions between the SDK's optional members and our rows, where empty is absent.

func deref[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}

func opt(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// lastPart gives what follows the last slash of an ARN, or the whole of a plain id.
func lastPart(s string) string { return s[strings.LastIndexByte(s, '/')+1:] }

func each[A, B any](in []A, f func(A) B) []B {
	if len(in) == 0 {
		return nil
	}
	out := make([]B, len(in))
	for i, a := range in {
		out[i] = f(a)
	}
	return out
}
