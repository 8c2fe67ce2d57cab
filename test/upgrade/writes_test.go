package upgrade

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"accountfactory/internal/factory"
	"accountfactory/internal/factorydb"
)

// TestOldWrites: while replicas are replaced one after the other, the earlier version writes to the tables of this one. All that it
// wrote while it made the fixture is written again, to a database that this version made.
func TestOldWrites(t *testing.T) {
	t.Parallel()
	url := database(t)
	db, err := factorydb.Open(t.Context(), factorydb.Config{URL: url, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	kinds := map[string]int{}
	for _, s := range strings.SplitAfter(string(unpacked(t, postgres, writesFile)), ";\n") {
		if s = strings.TrimSpace(s); s == "" {
			continue
		}
		kinds[strings.Join(strings.Fields(s)[:3], " ")]++
		if _, err := conn.Exec(t.Context(), s); err != nil {
			t.Fatalf("%v\n%s", err, s)
		}
	}
	t.Logf("written again: %v", kinds)
	all, err := db.List(t.Context(), factory.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	var got []left
	for _, r := range all {
		got = append(got, left{r.ID, r.Kind, r.Name, r.State, r.Step})
		if timeline, err := db.Timeline(t.Context(), r.ID); err != nil || len(timeline) == 0 {
			t.Errorf("the timeline of %s: %d lines, %v", r.ID, len(timeline), err)
		}
	}
	slices.SortFunc(got, byID)
	want := told(t, postgres)
	slices.SortFunc(want, byID)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("read by this version (-as told then +now):\n%s", diff)
	}
}

func byID(a, b left) int { return strings.Compare(a.ID, b.ID) }
