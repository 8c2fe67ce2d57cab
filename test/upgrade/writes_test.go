package upgrade

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"accountfactory/internal/factory"
	"accountfactory/internal/factorydb"
)

// logged has PostgreSQL log each statement that writes to a database, with its parameters whole.
func logged(t *testing.T, url string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	var name string
	err = conn.QueryRow(t.Context(), `SELECT quote_ident(current_database())`).Scan(&name)
	for _, setting := range []string{"log_statement = 'mod'", "log_parameter_max_length = -1"} {
		_, setErr := conn.Exec(t.Context(), "ALTER DATABASE "+name+" SET "+setting)
		err = errors.Join(err, setErr)
	}
	if err := errors.Join(err, conn.Close(t.Context())); err != nil {
		t.Fatal(err)
	}
}

// What PostgreSQL's log looks like: entries, of which some are statements, with a second entry of their parameters.
var (
	entry     = regexp.MustCompile(`(?m)^\d{4}-\d\d-\d\d \S+ \S+ \[\d+\] (LOG|DETAIL):  `)
	statement = regexp.MustCompile(`(?s)^execute [^:]+: (\s*(?:INSERT INTO|UPDATE|DELETE FROM) (\w+).*)$`)
	parameter = regexp.MustCompile(`(?s)\$(\d+) = ('(?:[^']|'')*'|NULL)`)
	place     = regexp.MustCompile(`\$(\d+)`)
)

// writes gives the statements on our own tables, in order, with their parameters in them. River's tables have versions of their own.
func writes(log string) []byte {
	var out bytes.Buffer
	var open string
	at := entry.FindAllStringSubmatchIndex(log, -1)
	for i, m := range at {
		end := len(log)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		kind, text := log[m[2]:m[3]], strings.TrimSpace(strings.ReplaceAll(log[m[1]:end], "\n\t", "\n"))
		if kind == "LOG" {
			open = ""
			if s := statement.FindStringSubmatch(text); s != nil && !strings.HasPrefix(s[2], "river") && !strings.HasPrefix(s[2], "goose") {
				open = s[1]
			}
			continue
		}
		if open != "" {
			out.WriteString(strings.TrimSpace(filled(open, text)) + ";\n")
		}
	}
	return out.Bytes()
}

// filled puts parameters where they belong.
func filled(text, parameters string) string {
	values := map[string]string{}
	for _, p := range parameter.FindAllStringSubmatch(parameters, -1) {
		values["$"+p[1]] = p[2]
	}
	return place.ReplaceAllStringFunc(text, func(name string) string { return values[name] })
}

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
