package console

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"accountfactory/internal/factory"
)

// manyRequests bounds a page of a list.
const manyRequests = 1000

// filterOf reads which requests are asked for. Without a limit all are given, as programs expect that follow no cursor.
func filterOf(q url.Values, who factory.Caller) (factory.Filter, error) {
	f := factory.Filter{Kind: factory.Kind(q.Get("kind"))}
	if f.Kind != "" && !slices.Contains(factory.Kinds(), f.Kind) {
		return f, badQuery("kind", fmt.Sprint(factory.Kinds()))
	}
	for state := range strings.SplitSeq(q.Get("state"), ",") {
		switch {
		case state == "":
		case state == "open":
			f.States = append(f.States, factory.StateWaiting, factory.StateRunning, factory.StateNeedsDecision)
		case slices.Contains(factory.States(), factory.State(state)):
			f.States = append(f.States, factory.State(state))
		default:
			return f, badQuery("state", fmt.Sprint("open or some of ", factory.States()))
		}
	}
	switch q.Get("order") {
	case "", "oldest":
	case "newest":
		f.Newest = true
	default:
		return f, badQuery("order", "oldest or newest")
	}
	if q.Get("mine") == "true" {
		f.Requester, f.SourceIdentity = who.ARN, who.SourceIdentity
	}
	var err error
	if text := q.Get("after"); text != "" {
		if f.After, err = strconv.ParseInt(text, 10, 64); err != nil || f.After < 0 {
			return f, badQuery("after", "the next of the page before")
		}
	}
	if text := q.Get("limit"); text != "" {
		if f.Limit, err = strconv.Atoi(text); err != nil || f.Limit < 1 || f.Limit > manyRequests {
			return f, badQuery("limit", fmt.Sprintf("1 to %d", manyRequests))
		}
	}
	return f, nil
}

func badQuery(name, want string) error {
	return &apiError{status: http.StatusBadRequest, Code: "BadRequest", Message: name + ": want " + want}
}
