package cli

import (
	"fmt"
	"os"
	"strings"

	"github.com/goccy/go-yaml"

	"accountfactory/internal/factory"
)

// accountEntry is one account of a launch file. Fields are named like the flags.
type accountEntry struct {
	Name     string `yaml:"name"`
	Email    string `yaml:"email"`
	OU       string `yaml:"ou"`
	SSOEmail string `yaml:"sso-email"`
	SSOFirst string `yaml:"sso-first"`
	SSOLast  string `yaml:"sso-last"`
	Reason   string `yaml:"reason"`

	Tags     map[string]string `yaml:"tags"`
	Contacts []contactEntry    `yaml:"contacts"`
	Grant    []string          `yaml:"grant"` // as --grant
	Fields   map[string]string `yaml:"fields"`
}

// contactEntry is an alternate contact.
type contactEntry struct {
	Type  string `yaml:"type"`
	Name  string `yaml:"name"`
	Title string `yaml:"title"`
	Email string `yaml:"email"`
	Phone string `yaml:"phone"`
}

// readAccounts reads a launch file. Unknown fields and wrong types are usage errors with their position; so are an empty
// list and an e-mail given twice.
func readAccounts(path string) ([]factory.Input, error) {
	body, err := os.ReadFile(path)
	if err != nil {
		return nil, usageError("--file: %w", err)
	}
	var entries []accountEntry
	if err := yaml.UnmarshalWithOptions(body, &entries, yaml.Strict()); err != nil {
		return nil, usageError("--file %s: %w", path, err)
	}
	if len(entries) == 0 {
		return nil, usageError("--file %s: the list is empty; want entries with name, email, ou, sso-email, sso-first and sso-last", path)
	}
	seen := map[string]int{}
	out := make([]factory.Input, len(entries))
	for i, e := range entries {
		key := factory.EmailKey(e.Email)
		if first := seen[key]; first > 0 && key != "" {
			return nil, usageError("--file %s: accounts %d and %d have the same email %s", path, first, i+1, e.Email)
		}
		seen[key] = i + 1
		if missing := e.missing(); missing != "" {
			return nil, usageError("--file %s: account %d has no %s", path, i+1, missing)
		}
		if out[i], err = e.input(); err != nil {
			return nil, usageError("--file %s: account %d: %w", path, i+1, err)
		}
	}
	return out, nil
}

func (e accountEntry) input() (factory.Input, error) {
	in := factory.Input{Reason: e.Reason, Parameters: factory.Parameters{
		Name: e.Name, AccountEmail: e.Email, OU: e.OU, SSOUserEmail: e.SSOEmail, SSOUserFirstName: e.SSOFirst, SSOUserLastName: e.SSOLast,
	}}
	in.Tags, in.Fields = e.Tags, e.Fields
	for _, c := range e.Contacts {
		in.Contacts = append(in.Contacts, factory.Contact{Type: strings.ToUpper(c.Type), Name: c.Name, Title: c.Title, Email: c.Email, Phone: c.Phone})
	}
	var err error
	in.Grant, err = accesses("grant", e.Grant)
	return in, err
}

func (e accountEntry) missing() string {
	var out []string
	for _, f := range []struct{ value, name string }{
		{e.Name, "name"}, {e.Email, "email"}, {e.OU, "ou"}, {e.SSOEmail, "sso-email"}, {e.SSOFirst, "sso-first"}, {e.SSOLast, "sso-last"},
	} {
		if strings.TrimSpace(f.value) == "" {
			out = append(out, f.name)
		}
	}
	return strings.Join(out, ", ")
}

// checkLine shows a check in one line.
func checkLine(c factory.Check) string {
	line := fmt.Sprintf("%-6s  %-20s  %s", c.Result, c.Name, c.Seen)
	if c.Remedy != "" && c.Result == factory.CheckFailed {
		line += ": " + c.Remedy
	}
	return line
}
