package cli

import (
	"fmt"
	"net/url"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"accountfactory/internal/server"
)

// database is where the factory's database is: a URL, or a file that holds one, so that its password stands in no command line.
type database struct {
	url, file string
	typed     bool // the URL stands on the command line
}

func (d *database) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&d.url, "database", "", "postgres://… for a database that several replicas share (default: SQLite in the data folder)")
	f.StringVar(&d.file, "database-file", "", "file that holds the URL instead; PGPASSWORD and PGPASSFILE are followed too")
}

// noticed is called before the environment and the file fill flags in: others on the machine see only command lines.
func (d *database) noticed(cmd *cobra.Command) { d.typed = cmd.Flags().Changed("database") }

// resolve gives the URL, and warns with one line of a password that others on the machine can see.
func (d *database) resolve(a *app) (string, error) {
	switch {
	case d.file == "":
	case d.url != "":
		return "", server.UsageError{Setting: "database-file", Problem: "give either --database or --database-file"}
	default:
		return readDatabaseFile(d.file)
	}
	if !d.typed || !hasPassword(d.url) {
		return d.url, nil
	}
	_, err := fmt.Fprintf(a.streams.Err, "--database: others on this machine see the password in it: give --database-file, %s, PGPASSWORD or PGPASSFILE instead\n", envName("database"))
	return d.url, err
}

func readDatabaseFile(path string) (string, error) {
	body, err := os.ReadFile(path)
	if err != nil {
		return "", server.UsageError{Setting: "database-file", Problem: err.Error()}
	}
	text := strings.TrimSpace(string(body))
	if text == "" || strings.ContainsAny(text, "\r\n") {
		return "", server.UsageError{Setting: "database-file", Problem: path + " does not hold one line, postgres://user:password@host/database"}
	}
	return text, nil
}

// hasPassword tells whether a database's URL holds a password, in either of the places it may stand.
func hasPassword(database string) bool {
	u, err := url.Parse(database)
	if err != nil {
		return false
	}
	_, set := u.User.Password()
	return set || u.Query().Has("password")
}
