package iam

import (
	"iter"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"accountfactory/internal/wire"
)

// page is one page of a list as IAM does pages: by Marker and MaxItems, a hundred at a time when nobody says how many.
type page struct {
	scope string
	after string // key of the last item of the page before
	max   int
}

// newPage reads where a list goes on. scope is the operation with all that filters it.
func newPage(marker *string, maxItems *int32, scope ...string) (page, error) {
	p := page{scope: strings.Join(scope, "\x01"), max: 100}
	if maxItems != nil {
		p.max = int(*maxItems)
	}
	after, ok := wire.After(p.scope, marker)
	if !ok {
		return page{}, invalid("Invalid Marker.")
	}
	p.after = after
	return p, nil
}

// listed is what a page holds. Marker is set when there is more.
type listed[T any] struct {
	Items     []T
	Marker    *string
	Truncated bool
}

// take fills a page from a sequence that begins after p.after.
func take[R, T any](p page, rows iter.Seq[R], key func(R) string, show func(R) T) listed[T] {
	out := listed[T]{Items: []T{}}
	last := ""
	for r := range rows {
		if len(out.Items) == p.max {
			out.Truncated, out.Marker = true, wire.Cursor(p.scope, last)
			return out
		}
		out.Items = append(out.Items, show(r))
		last = key(r)
	}
	return out
}

// following gives those of the sorted texts that come after one.
func following(sorted []string, after string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, s := range sorted {
			if s > after && !yield(s) {
				return
			}
		}
	}
}

// matching leaves out what does not match.
func matching[R any](rows iter.Seq[R], ok func(R) bool) iter.Seq[R] {
	return func(yield func(R) bool) {
		for r := range rows {
			if ok(r) && !yield(r) {
				return
			}
		}
	}
}

// self is the key of a text.
func self(s string) string { return s }

// under tells whether a path begins with the prefix asked for.
func under(path string, prefix *string) bool { return strings.HasPrefix(path, aws.ToString(prefix)) }
