package cli

import (
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/spf13/pflag"
)

// format is the value of -o.
type format string

func (f *format) flag(flags *pflag.FlagSet) {
	*f = "table"
	flags.VarP(f, "output", "o", "table, json or yaml")
}

// String, Set and Type make format a pflag.Value.
func (f *format) String() string { return string(*f) }

func (f *format) Set(v string) error {
	if v != "table" && v != "json" && v != "yaml" {
		return fmt.Errorf("%q is none of table, json and yaml", v)
	}
	*f = format(v)
	return nil
}

// Type names the value in help.
func (f *format) Type() string { return "format" }

// print writes v as JSON or YAML, or with table as a table.
func (a *app) print(f format, v any, table func(*tabwriter.Writer)) error {
	switch f {
	case "json":
		out := json.NewEncoder(a.streams.Out)
		out.SetIndent("", "  ")
		return out.Encode(v)
	case "yaml":
		body, err := json.Marshal(v)
		if err != nil {
			return err
		}
		if body, err = yaml.JSONToYAML(body); err != nil { // so that both forms have the same names
			return err
		}
		_, err = a.streams.Out.Write(body)
		return err
	}
	w := tabwriter.NewWriter(a.streams.Out, 0, 0, 2, ' ', 0)
	table(w)
	return w.Flush()
}

// row writes a line of a table; empty cells show as "-".
func row(w *tabwriter.Writer, cells ...string) {
	for i, c := range cells {
		if c == "" {
			cells[i] = "-"
		}
	}
	_, _ = fmt.Fprintln(w, strings.Join(cells, "\t")) // Flush reports what went wrong
}

// soon shows a time to come: with its date unless that is today.
func soon(at, now time.Time) string {
	at, now = at.Local(), now.Local()
	if at.Format(time.DateOnly) == now.Format(time.DateOnly) {
		return at.Format(time.TimeOnly)
	}
	return at.Format(time.DateTime)
}
