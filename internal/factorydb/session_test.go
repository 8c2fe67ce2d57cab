package factorydb_test

import (
	"context"
	"testing"
	"time"

	"accountfactory/internal/clock"
)

func TestSession(t *testing.T) { eachEngine(t, testSession) }

func testSession(t *testing.T, at place) {
	db, now := open(t, at), clock.Wall{}.Now()
	for hash, expires := range map[string]time.Time{"a": now.Add(time.Hour), "late": now.Add(-time.Second)} {
		if err := db.AddSession(t.Context(), hash, []byte("of "+hash), expires); err != nil {
			t.Fatal(err)
		}
	}
	holds(t, db.Session, map[string]string{"a": "of a", "late": "", "none": ""})
	if found, err := db.ChangeSession(t.Context(), "a", []byte("changed")); !found || err != nil {
		t.Errorf("change: %v %v", found, err)
	}
	holds(t, db.Session, map[string]string{"a": "changed"})
	for range 2 { // the second time there is nothing to drop
		if err := db.DropSession(t.Context(), "a"); err != nil {
			t.Error(err)
		}
	}
	if found, err := db.ChangeSession(t.Context(), "a", []byte("again")); found || err != nil {
		t.Errorf("a change brings a session back: %v %v", found, err)
	}
	holds(t, db.Session, map[string]string{"a": ""})
}

func TestKept(t *testing.T) { eachEngine(t, testKept) }

func testKept(t *testing.T, at place) {
	db := open(t, at)
	holds(t, db.Kept, map[string]string{"x": ""})
	for _, value := range []string{"one", "two"} {
		if err := db.Keep(t.Context(), "x", []byte(value)); err != nil {
			t.Fatal(err)
		}
	}
	holds(t, db.Kept, map[string]string{"x": "two", "y": ""})
}

func holds(t *testing.T, get func(context.Context, string) ([]byte, error), want map[string]string) {
	t.Helper()
	for name, value := range want {
		if got, err := get(t.Context(), name); err != nil || string(got) != value {
			t.Errorf("%s: %q %v, want %q", name, got, err, value)
		}
	}
}
