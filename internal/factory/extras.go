package factory

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Contact is an alternate contact of an account.
type Contact struct {
	Type  string `json:"type"` // BILLING, OPERATIONS or SECURITY
	Name  string `json:"name"`
	Title string `json:"title"`
	Email string `json:"email"`
	Phone string `json:"phone"`
}

// ParseContact reads "TYPE;NAME;TITLE;E-MAIL;PHONE".
func ParseContact(text string) (Contact, error) {
	f := strings.Split(text, ";")
	if len(f) != 5 {
		return Contact{}, fmt.Errorf("%q is not TYPE;NAME;TITLE;EMAIL;PHONE", text)
	}
	for i := range f {
		f[i] = strings.TrimSpace(f[i])
	}
	return Contact{Type: strings.ToUpper(f[0]), Name: f[1], Title: f[2], Email: f[3], Phone: f[4]}, nil
}

// Limits of what a request carries along. Those of tags are AWS's; those of custom fields are ours: they go into each
// hook's input, and hooks are programs with buffers of their own.
const (
	maxTags       = 50
	maxTagKey     = 128
	maxTagValue   = 256
	maxFields     = 50
	maxFieldValue = 1024
)

// Patterns of AWS's. Sources: Organizations API reference, Tag, and the user guide's list of characters; Account Management
// Reference Guide, PutAlternateContact.
var (
	tagText      = regexp.MustCompile(`^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$`)
	fieldKey     = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$`)
	contactEmail = regexp.MustCompile(`^[\w+=.#!&-]+@[\w.-]+\.\w+$`)
	contactPhone = regexp.MustCompile(`^[\s0-9()+-]{1,25}$`)
)

// contactTypes are AWS's kinds of alternate contacts; an account has one of each at most.
var contactTypes = []string{"BILLING", "OPERATIONS", "SECURITY"}

// checkFields looks at the custom fields, which any kind may carry.
func (in Input) checkFields() (out []Check) {
	if len(in.Fields) > maxFields {
		out = append(out, bad(CheckFields, fmt.Sprintf("%d custom fields", len(in.Fields)), fmt.Sprintf("%d are possible", maxFields)))
	}
	for _, k := range slices.Sorted(maps.Keys(in.Fields)) {
		switch v := in.Fields[k]; {
		case !fieldKey.MatchString(k):
			out = append(out, bad(CheckFields, fmt.Sprintf("the custom field %q is not named by letters, digits, dots, dashes and underscores", k), "1 to 64 of those, beginning with a letter or digit"))
		case len(v) > maxFieldValue || !utf8.ValidString(v):
			out = append(out, bad(CheckFields, fmt.Sprintf("the custom field %s has %d bytes", k, len(v)), fmt.Sprintf("0 to %d of UTF-8 are possible", maxFieldValue)))
		}
	}
	if len(out) == 0 && len(in.Fields) > 0 {
		out = append(out, ok(CheckFields, fmt.Sprintf("%d custom fields", len(in.Fields))))
	}
	return out
}

// checkTags looks at the account's tags as Organizations will.
func (in Input) checkTags() (out []Check) {
	if len(in.Tags) > maxTags {
		out = append(out, bad(CheckTags, fmt.Sprintf("%d tags", len(in.Tags)), fmt.Sprintf("AWS takes %d", maxTags)))
	}
	for _, k := range slices.Sorted(maps.Keys(in.Tags)) {
		switch v := in.Tags[k]; {
		case k == "" || utf8.RuneCountInString(k) > maxTagKey || utf8.RuneCountInString(v) > maxTagValue:
			out = append(out, bad(CheckTags, fmt.Sprintf("the tag %q has a key of %d and a value of %d characters", k, utf8.RuneCountInString(k), utf8.RuneCountInString(v)),
				fmt.Sprintf("AWS takes keys of 1 to %d and values of up to %d", maxTagKey, maxTagValue)))
		case strings.HasPrefix(strings.ToLower(k), "aws:"):
			out = append(out, bad(CheckTags, fmt.Sprintf("the tag %q begins with aws:", k), "AWS keeps those for itself"))
		case strings.HasPrefix(k, tagPrefix):
			out = append(out, bad(CheckTags, fmt.Sprintf("the tag %q begins with %s", k, tagPrefix), "the factory keeps those for itself"))
		case !tagText.MatchString(k) || !tagText.MatchString(v):
			out = append(out, bad(CheckTags, fmt.Sprintf("the tag %q has a character that AWS does not take", k), "letters, digits, spaces and _.:/=+-@ are possible"))
		}
	}
	if len(out) == 0 && len(in.Tags) > 0 {
		out = append(out, ok(CheckTags, fmt.Sprintf("%d tags that AWS takes", len(in.Tags))))
	}
	return out
}

// checkContacts looks at the alternate contacts as Account Management will.
func (in Input) checkContacts() (out []Check) {
	seen := map[string]bool{}
	for _, c := range in.Contacts {
		switch {
		case !slices.Contains(contactTypes, c.Type) || seen[c.Type]:
			out = append(out, bad(CheckContacts, fmt.Sprintf("there is no contact of type %q, or two of them", c.Type), "one each of "+strings.Join(contactTypes, ", ")))
		case c.Name == "" || len(c.Name) > 64 || c.Title == "" || len(c.Title) > 50:
			out = append(out, bad(CheckContacts, "the contact "+c.Type+" has no name or title AWS takes", "a name of 1 to 64 and a title of 1 to 50 characters"))
		case len(c.Email) > 254 || !contactEmail.MatchString(c.Email):
			out = append(out, bad(CheckContacts, fmt.Sprintf("the contact %s has the e-mail %q", c.Type, c.Email), "correct it"))
		case !contactPhone.MatchString(c.Phone):
			out = append(out, bad(CheckContacts, fmt.Sprintf("the contact %s has the phone number %q", c.Type, c.Phone), "1 to 25 digits, spaces and ()+-"))
		}
		seen[c.Type] = true
	}
	if len(out) == 0 && len(in.Contacts) > 0 {
		out = append(out, ok(CheckContacts, fmt.Sprintf("%d alternate contacts that AWS takes", len(in.Contacts))))
	}
	return out
}

// checkExtras looks at what a new account is to have besides, and resolves its access.
func (s *Service) checkExtras(ctx context.Context, a AWS, l *landscape, in Input, t *Target) ([]Check, error) {
	checks := append(in.checkTags(), in.checkContacts()...)
	if len(in.Contacts) > 0 {
		check, err := checkTrustedAccess(ctx, a)
		if err != nil {
			return nil, err
		}
		checks = append(checks, check)
	}
	if len(in.Grant) == 0 {
		return checks, nil
	}
	more, err := t.resolve(ctx, a, l, in)
	return append(checks, more...), err
}
