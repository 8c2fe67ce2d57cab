package factorydb_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/clock"
	"accountfactory/internal/factory"
)

func TestList_Filter(t *testing.T) { eachEngine(t, testFilter) }

func testFilter(t *testing.T, at place) {
	db := open(t, at)
	ended := factory.Request{}
	for n := 1; n <= 5; n++ {
		r := factory.Request{ID: fmt.Sprintf("req-%d", n), Kind: factory.KindLaunch, State: factory.StateWaiting, Step: "check", Generation: 1, Requester: "ada"}
		r.CreatedAt = clock.Wall{}.Now().Add(time.Duration(n) * time.Minute)
		r.UpdatedAt = r.CreatedAt
		r.AccountEmail = fmt.Sprintf("%d@example.com", n)
		if n == 5 {
			r.Kind = factory.KindClose
		}
		added, err := db.Add(t.Context(), r, factory.Event{})
		if err != nil {
			t.Fatal(err)
		}
		if n == 1 {
			ended, err = db.Update(t.Context(), added.ID, factory.AnyGeneration, func(r *factory.Request) ([]factory.Event, error) {
				r.State, r.Slot = factory.StateFailed, false
				return nil, nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	last, err := db.Get(t.Context(), "req-5")
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		f    factory.Filter
		want []string
	}{
		"all":                {factory.Filter{}, []string{"req-1", "req-2", "req-3", "req-4", "req-5"}},
		"a page":             {factory.Filter{After: 2, Limit: 2}, []string{"req-3", "req-4"}},
		"newest":             {factory.Filter{Newest: true, Limit: 2}, []string{"req-5", "req-4"}},
		"newest, next page":  {factory.Filter{Newest: true, After: 4, Limit: 2}, []string{"req-3", "req-2"}},
		"a state":            {factory.Filter{States: []factory.State{factory.StateFailed}}, []string{"req-1"}},
		"states and a kind":  {factory.Filter{States: []factory.State{factory.StateWaiting, factory.StateFailed}, Kind: factory.KindClose}, []string{"req-5"}},
		"somebody's, open":   {factory.Filter{Requester: "ada", Open: true, Newest: true, Limit: 1}, []string{"req-5"}},
		"nobody's":           {factory.Filter{Requester: "bob", Newest: true}, nil},
		"changed since":      {factory.Filter{ChangedSince: last.UpdatedAt}, []string{"req-5"}},
		"changed since long": {factory.Filter{ChangedSince: ended.UpdatedAt, States: []factory.State{factory.StateFailed}}, []string{"req-1"}},
	} {
		got, err := db.List(t.Context(), tc.f)
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, r := range got {
			ids = append(ids, r.ID)
		}
		if diff := cmp.Diff(tc.want, ids); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestList_ByChange(t *testing.T) { eachEngine(t, testByChange) }

// testByChange reads pages in the order of changes; of those that changed at one time the cursor says which were read.
func testByChange(t *testing.T, at place) {
	db := open(t, at)
	begin := clock.Wall{}.Now().Truncate(time.Microsecond)
	for n, minute := range []int{0, 5, 3, 5, 4, 5} {
		r := request(n + 1)
		r.UpdatedAt = begin.Add(time.Duration(minute) * time.Minute)
		if _, err := db.Add(t.Context(), r, factory.Event{}); err != nil {
			t.Fatal(err)
		}
	}
	f := factory.Filter{ByChange: true, ChangedSince: begin.Add(2 * time.Minute), Limit: 2}
	var got [][]int64
	for {
		page, err := db.List(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		numbers := []int64{}
		for _, r := range page {
			numbers = append(numbers, r.Number)
			f.ChangedSince, f.After = r.UpdatedAt, r.Number
		}
		got = append(got, numbers)
	}
	if diff := cmp.Diff([][]int64{{3, 5}, {2, 4}, {6}}, got); diff != "" {
		t.Errorf("pages: %s", diff)
	}
}
