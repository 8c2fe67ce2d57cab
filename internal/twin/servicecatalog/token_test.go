package servicecatalog

import (
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

// Tokens are good for a day, and those that have expired go as others come.
func TestToken_Expires(t *testing.T) {
	t.Parallel()
	st := state.New(state.Options{Path: filepath.Join(t.TempDir(), "twin.db"), Seed: 1})
	s := New(st, Config{Region: "eu-west-1", Account: func(*state.Tx) string { return "111111111111" }})
	if _, err := st.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	ctx := wire.WithRequest(t.Context(), &wire.Request{Region: "eu-west-1", Caller: wire.Caller{AccountID: "111111111111"}})
	in := func(f func(c *call)) {
		t.Helper()
		if err := s.update(ctx, func(c *call) error { f(c); return nil }); err != nil {
			t.Fatal(err)
		}
	}
	advance := func(d time.Duration) {
		t.Helper()
		if err := st.SetClock(t.Context(), st.Clock().Advanced(d)); err != nil {
			t.Fatal(err)
		}
	}
	if err := st.SetClock(t.Context(), st.Clock().Stopped()); err != nil {
		t.Fatal(err)
	}
	for i := range 20 {
		in(func(c *call) { s.remember(c, "Op", strconv.Itoa(i), "request", "made") })
	}
	look := func(want string, wantSame bool, request string) {
		t.Helper()
		in(func(c *call) {
			if got, same := s.seen(c, "Op", "3", request); got != want || same != wantSame {
				t.Errorf("token 3 for %s: %q, same %t", request, got, same)
			}
		})
	}
	advance(24*time.Hour - time.Millisecond)
	look("made", true, "request")
	look("made", false, "other")
	advance(time.Millisecond)
	look("", true, "request")
	look("", true, "other")
	for i, want := range []int{13, 6, 3} { // eight go for each that comes
		in(func(c *call) { s.remember(c, "Op", "new"+strconv.Itoa(i), "request", "made") })
		in(func(c *call) {
			if got := s.tokens.Len(c.Tx); got != want {
				t.Errorf("%d tokens, want %d", got, want)
			}
		})
	}
}
