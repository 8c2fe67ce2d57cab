//go:build fixtures

package upgrade

import (
	"bytes"
	"errors"
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
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
