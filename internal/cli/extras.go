package cli

import (
	"strings"

	"github.com/spf13/pflag"

	"accountfactory/internal/factory"
)

// extras are what a new account is to have besides, as flags: each may be repeated.
type extras struct{ tags, contacts, grants, revokes, fields []string }

// flags adds those of a new account.
func (e *extras) flags(f *pflag.FlagSet) {
	f.StringArrayVar(&e.tags, "tag", nil, "KEY=VALUE, a tag of the account; may be repeated")
	f.StringArrayVar(&e.contacts, "contact", nil, `"TYPE;NAME;TITLE;EMAIL;PHONE", an alternate contact: billing, operations or security`)
	f.StringArrayVar(&e.grants, "grant", nil, "further access, group:NAME=PERMISSION-SET or user:EMAIL=PERMISSION-SET; may be repeated")
}

// fieldFlag adds that of the fields that every kind may carry.
func (e *extras) fieldFlag(f *pflag.FlagSet) {
	f.StringArrayVar(&e.fields, "field", nil, "NAME=VALUE of your own, kept with the request and given to its hooks; may be repeated")
}

func (e *extras) given() bool {
	return len(e.tags)+len(e.contacts)+len(e.grants)+len(e.revokes)+len(e.fields) > 0
}

// into puts them into a submission. What cannot be read is a usage error.
func (e *extras) into(in *factory.Input) error {
	var err error
	if in.Tags, err = pairs("tag", e.tags); err != nil {
		return err
	}
	if in.Fields, err = pairs("field", e.fields); err != nil {
		return err
	}
	for _, text := range e.contacts {
		c, err := factory.ParseContact(text)
		if err != nil {
			return usageError("--contact: %w", err)
		}
		in.Contacts = append(in.Contacts, c)
	}
	if in.Grant, err = accesses("grant", e.grants); err != nil {
		return err
	}
	in.Revoke, err = accesses("revoke", e.revokes)
	return err
}

func pairs(flag string, list []string) (map[string]string, error) {
	var out map[string]string
	for _, text := range list {
		k, v, found := strings.Cut(text, "=")
		if !found || k == "" {
			return nil, usageError("--%s: %q is not KEY=VALUE", flag, text)
		}
		if _, twice := out[k]; twice {
			return nil, usageError("--%s: %s is given twice", flag, k)
		}
		if out == nil {
			out = map[string]string{}
		}
		out[k] = v
	}
	return out, nil
}

func accesses(flag string, list []string) (out []factory.Access, err error) {
	for _, text := range list {
		one, err := factory.ParseAccess(text)
		if err != nil {
			return nil, usageError("--%s: %w", flag, err)
		}
		out = append(out, one)
	}
	return out, nil
}
