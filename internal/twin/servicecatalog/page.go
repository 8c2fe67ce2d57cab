package servicecatalog

import (
	"iter"
	"slices"
	"strconv"
	"strings"

	"accountfactory/internal/wire"
)

// defaultPage is the page size where a request names none.
const defaultPage = 20

// paginate collects one page. from gives the rows whose keys come after a key, in the order of their keys; list names the
// list, with all that must be the same on the next page.
func paginate[T any](list string, token *string, size int32, from func(after string) iter.Seq[T], key func(T) string) (page []T, next *string, err error) {
	after, ok := wire.After(list, token)
	if !ok {
		return nil, nil, invalid("The page token is not valid.")
	}
	if size <= 0 {
		size = defaultPage
	}
	for row := range from(after) {
		if len(page) == int(size) {
			return page, wire.Cursor(list, key(page[size-1])), nil
		}
		page = append(page, row)
	}
	return page, nil, nil
}

// paginateFixed collects one page of a list that never changes, by place.
func paginateFixed[T any](list string, token *string, size int32, rows []T) (page []T, next *string, err error) {
	last, ok := wire.After(list, token)
	at, bad := strconv.Atoi("0" + last)
	if !ok || bad != nil || at > len(rows) {
		return nil, nil, invalid("The page token is not valid.")
	}
	if size <= 0 {
		size = defaultPage
	}
	end := min(at+int(size), len(rows))
	if end < len(rows) {
		next = wire.Cursor(list, strconv.Itoa(end))
	}
	return rows[at:end], next, nil
}

// paginateSorted sorts what a search found by its keys, which are unique, and collects one page.
func paginateSorted[T any](list string, token *string, size int32, found []T, key func(T) string, descending bool) (page []T, next *string, err error) {
	last, ok := wire.After(list, token)
	if !ok {
		return nil, nil, invalid("The page token is not valid.")
	}
	if size <= 0 {
		size = defaultPage
	}
	direction := 1
	if descending {
		direction = -1
	}
	type keyed struct {
		key string
		row T
	}
	rows := make([]keyed, 0, len(found))
	for _, row := range found {
		if k := key(row); last == "" || direction*strings.Compare(k, last) > 0 {
			rows = append(rows, keyed{k, row})
		}
	}
	slices.SortFunc(rows, func(a, b keyed) int { return direction * strings.Compare(a.key, b.key) })
	if len(rows) > int(size) {
		rows = rows[:size]
		next = wire.Cursor(list, rows[size-1].key)
	}
	return convert(rows, func(k keyed) T { return k.row }), next, nil
}

// after gives the elements of a short list in the order of their keys whose keys come after one.
func after[T any](rows []T, key func(T) string) func(string) iter.Seq[T] {
	return func(last string) iter.Seq[T] {
		return func(yield func(T) bool) {
			for _, row := range rows {
				if (last == "" || key(row) > last) && !yield(row) {
					return
				}
			}
		}
	}
}

// merged gives the rows of two lists, each in the order of its keys, in that order. No key is in both.
func merged[T any](a, b iter.Seq[T], key func(T) string) iter.Seq[T] {
	return func(yield func(T) bool) {
		next, stop := iter.Pull(b)
		defer stop()
		other, more := next()
		for row := range a {
			for ; more && key(other) < key(row); other, more = next() {
				if !yield(other) {
					return
				}
			}
			if !yield(row) {
				return
			}
		}
		for ; more; other, more = next() {
			if !yield(other) {
				return
			}
		}
	}
}

// convert maps a list, giving an empty one for nil: clients index into the answer.
func convert[T, U any](in []T, f func(T) U) []U {
	out := make([]U, 0, len(in))
	for _, v := range in {
		out = append(out, f(v))
	}
	return out
}
