package organizations

import (
	"iter"

	"accountfactory/internal/wire"
)

// maxPage is both the default and the most AWS puts on a page.
const maxPage = 20

// after gives the key a page goes on after, "" for the first.
func after(scope string, token *string) (string, error) {
	key, ok := wire.After(scope, token)
	if !ok {
		return "", errBadToken()
	}
	return key, nil
}

// page takes a page's rows from those left, made into what the API shows, and the token of the next page if there is one.
// The page is never nil.
func page[R, T any](scope string, limit *int32, rows iter.Seq[R], key func(R) string, show func(R) T) (out []T, next *string) {
	n := maxPage
	if limit != nil {
		n = min(int(*limit), maxPage)
	}
	out = []T{}
	var last R
	for row := range rows {
		if len(out) == 0 {
			out = make([]T, 0, n)
		}
		if len(out) == n {
			return out, wire.Cursor(scope, key(last))
		}
		out, last = append(out, show(row)), row
	}
	return out, nil
}

// str gives the text a member holds, "" when it is absent.
func str(p *string) string { return or(p, "") }

func or(p *string, otherwise string) string {
	if p == nil {
		return otherwise
	}
	return *p
}
