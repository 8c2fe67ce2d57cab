package identitycenter

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/service/identitystore/document"
	store "github.com/aws/aws-sdk-go-v2/service/identitystore/types"
)

// enterprise is the one extension AWS knows.
const enterprise = "aws:identitystore:enterprise"

// check says what of a profile AWS would refuse, whether it came with CreateUser, where the model has checked much of it
// already, or by paths of UpdateUser, where nobody has.
func (p *Profile) check() error {
	if p.UserName == "" {
		return badValue("userName is a required attribute")
	}
	var missing []string
	for _, a := range []struct{ name, value string }{
		{"displayname", p.DisplayName}, {"givenname", p.Name.GivenName}, {"familyname", p.Name.FamilyName},
	} {
		if a.value == "" {
			missing = append(missing, a.name+": The attribute "+a.name+" is required")
		}
	}
	if len(missing) > 0 {
		return badValue("%s", strings.Join(missing, ", "))
	}
	if reserved(p.UserName) {
		return badValue("The user name %s is reserved.", p.UserName)
	}
	if utf8.RuneCountInString(p.UserName) > 128 || strings.ContainsFunc(p.UserName, notInUserName) {
		return badValue("userName must be 1 to 128 letters, symbols, numbers and punctuation marks")
	}
	return p.checkRest()
}

// notInUserName follows the model's UserName.
func notInUserName(r rune) bool {
	return !unicode.In(r, unicode.L, unicode.M, unicode.S, unicode.N, unicode.P)
}

func (p *Profile) checkRest() error {
	if len(p.Emails) > 1 || len(p.Addresses) > 1 || len(p.PhoneNumbers) > 1 || len(p.Roles) > 1 || len(p.Photos) > 3 {
		return badValue("emails, addresses, phoneNumbers and roles hold one entry, photos three")
	}
	if p.Birthdate != "" {
		if _, err := time.Parse(time.DateOnly, p.Birthdate); err != nil {
			return badValue("birthdate must have the form YYYY-MM-DD")
		}
	}
	if len(p.Emails) == 1 && p.Emails[0].Value == "" {
		return badValue("emails.value: The attribute emails.value is required")
	}
	for name := range p.Extensions {
		if name != enterprise {
			return badValue("The extension %s is not supported", name)
		}
	}
	for _, v := range p.strings() {
		if !validText(v) {
			return badValue("An attribute is longer than 1024 characters or holds characters that are not allowed")
		}
	}
	return nil
}

// strings gives all text of a profile except the user name, which has rules of its own.
func (p *Profile) strings() []string {
	out := []string{
		p.DisplayName, p.NickName, p.ProfileURL, p.UserType, p.Title, p.PreferredLanguage, p.Locale, p.Timezone, p.Website,
		p.Name.Formatted, p.Name.FamilyName, p.Name.GivenName, p.Name.MiddleName, p.Name.HonorificPrefix, p.Name.HonorificSuffix,
	}
	for _, list := range [][]Contact{p.Emails, p.PhoneNumbers, p.Roles} {
		for _, c := range list {
			out = append(out, c.Value, c.Type)
		}
	}
	for _, a := range p.Addresses {
		out = append(out, a.StreetAddress, a.Locality, a.Region, a.PostalCode, a.Country, a.Formatted, a.Type)
	}
	return out
}

// validText follows the model's SensitiveStringType.
func validText(v string) bool {
	return utf8.RuneCountInString(v) <= 1024 && !strings.ContainsFunc(v, func(r rune) bool {
		return unicode.IsControl(r) && r != '\t' && r != '\n' && r != '\r'
	})
}

// reserved tells names that AWS keeps from users and groups (CreateUser, CreateGroup).
func reserved(name string) bool {
	return strings.EqualFold(name, "Administrator") || strings.EqualFold(name, "AWSAdministrators")
}

// set changes the attribute a path of UpdateUser names; null removes it. Paths are taken in any case.
func (p *Profile) set(path string, value json.RawMessage) error {
	switch key := strings.ToLower(path); key {
	case "username":
		return assign(&p.UserName, path, value)
	case "name":
		return assign(&p.Name, path, value)
	case "displayname":
		return assign(&p.DisplayName, path, value)
	case "emails":
		return assign(&p.Emails, path, value)
	case "addresses":
		return assign(&p.Addresses, path, value)
	case "phonenumbers":
		return assign(&p.PhoneNumbers, path, value)
	case "photos":
		return assign(&p.Photos, path, value)
	case "roles":
		return assign(&p.Roles, path, value)
	default:
		if field := p.textAt(key); field != nil {
			return assign(field, path, value)
		}
		if strings.HasPrefix(key, "aws:identitystore:") {
			return p.extend(path, value)
		}
	}
	return badValue("The attribute path %s is not supported", path)
}

// textAt gives the simple attribute at a path in lower case, or nil.
func (p *Profile) textAt(path string) *string {
	switch path {
	case "name.formatted":
		return &p.Name.Formatted
	case "name.familyname":
		return &p.Name.FamilyName
	case "name.givenname":
		return &p.Name.GivenName
	case "name.middlename":
		return &p.Name.MiddleName
	case "name.honorificprefix":
		return &p.Name.HonorificPrefix
	case "name.honorificsuffix":
		return &p.Name.HonorificSuffix
	case "nickname":
		return &p.NickName
	case "profileurl":
		return &p.ProfileURL
	case "usertype":
		return &p.UserType
	case "title":
		return &p.Title
	case "preferredlanguage":
		return &p.PreferredLanguage
	case "locale":
		return &p.Locale
	case "timezone":
		return &p.Timezone
	case "website":
		return &p.Website
	case "birthdate":
		return &p.Birthdate
	}
	return nil
}

// extend sets a whole extension, or with a path below it one of its members.
func (p *Profile) extend(path string, value json.RawMessage) error {
	name, member, below := strings.Cut(path, ".")
	if name != enterprise || strings.Contains(member, ".") {
		return badValue("The attribute path %s is not supported", path)
	}
	extensions := map[string]json.RawMessage{}
	for k, v := range p.Extensions {
		extensions[k] = v
	}
	if below {
		members := map[string]json.RawMessage{}
		if old := extensions[name]; old != nil {
			if err := assign(&members, path, old); err != nil {
				return err
			}
		}
		if isNull(value) {
			delete(members, member)
		} else {
			members[member] = value
		}
		value, _ = json.Marshal(members) // raw messages that were decoded before
	}
	if isNull(value) {
		delete(extensions, name)
	} else {
		extensions[name] = value
	}
	p.Extensions = extensions
	return nil
}

// assign decodes a document into a fresh value: rows share what they point to, so nothing is written in place. Member
// names are taken in any case, since clients send both spellings.
func assign[T any](dst *T, path string, value json.RawMessage) error {
	var v T
	if !isNull(value) {
		d := json.NewDecoder(bytes.NewReader(value))
		d.DisallowUnknownFields()
		if err := d.Decode(&v); err != nil {
			return badValue("The value given for attribute path %s is not valid", path)
		}
	}
	*dst = v
	return nil
}

func isNull(value json.RawMessage) bool {
	return len(value) == 0 || bytes.Equal(bytes.TrimSpace(value), []byte("null"))
}

// documentJSON gives a document as JSON; nothing for an absent one. The SDK's own UnmarshalSmithyDocument cannot read a
// document that the server side made.
func documentJSON(d document.Interface, path string) (json.RawMessage, error) {
	if d == nil {
		return nil, nil
	}
	raw, err := d.MarshalSmithyDocument()
	if err != nil {
		return nil, badValue("The value given for attribute path %s is not valid", path)
	}
	return raw, nil
}

// update applies the operations of UpdateUser or UpdateGroup in order.
func update(ops []store.AttributeOperation, set func(path string, value json.RawMessage) error) error {
	for _, op := range ops {
		value, err := documentJSON(op.AttributeValue, deref(op.AttributePath))
		if err != nil {
			return err
		}
		if err := set(deref(op.AttributePath), value); err != nil {
			return err
		}
	}
	return nil
}
