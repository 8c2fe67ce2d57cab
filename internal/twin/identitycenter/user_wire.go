package identitycenter

import (
	"encoding/json"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	"github.com/aws/aws-sdk-go-v2/service/identitystore/document"
	store "github.com/aws/aws-sdk-go-v2/service/identitystore/types"
)

// profileOf reads what CreateUser says of a user.
func profileOf(in *identitystore.CreateUserInput) (Profile, error) {
	p := Profile{
		UserName: deref(in.UserName), DisplayName: deref(in.DisplayName), NickName: deref(in.NickName), ProfileURL: deref(in.ProfileUrl),
		UserType: deref(in.UserType), Title: deref(in.Title), PreferredLanguage: deref(in.PreferredLanguage), Locale: deref(in.Locale),
		Timezone: deref(in.Timezone), Website: deref(in.Website), Birthdate: deref(in.Birthdate),
		Emails: each(in.Emails, func(e store.Email) Contact {
			return Contact{Value: deref(e.Value), Type: deref(e.Type), Primary: e.Primary}
		}),
		PhoneNumbers: each(in.PhoneNumbers, func(n store.PhoneNumber) Contact {
			return Contact{Value: deref(n.Value), Type: deref(n.Type), Primary: n.Primary}
		}),
		Roles: each(in.Roles, func(r store.Role) Contact {
			return Contact{Value: deref(r.Value), Type: deref(r.Type), Primary: r.Primary}
		}),
		Photos: each(in.Photos, func(f store.Photo) Photo {
			return Photo{Value: deref(f.Value), Type: deref(f.Type), Display: deref(f.Display), Primary: f.Primary}
		}),
		Addresses: each(in.Addresses, addressOf),
	}
	if n := in.Name; n != nil {
		p.Name = Name{
			Formatted: deref(n.Formatted), FamilyName: deref(n.FamilyName), GivenName: deref(n.GivenName), MiddleName: deref(n.MiddleName),
			HonorificPrefix: deref(n.HonorificPrefix), HonorificSuffix: deref(n.HonorificSuffix),
		}
	}
	for name, doc := range in.Extensions {
		raw, err := documentJSON(doc, name)
		if err != nil {
			return p, err
		}
		if err := p.extend(name, raw); err != nil {
			return p, err
		}
	}
	return p, nil
}

func addressOf(a store.Address) Address {
	return Address{
		StreetAddress: deref(a.StreetAddress), Locality: deref(a.Locality), Region: deref(a.Region), PostalCode: deref(a.PostalCode),
		Country: deref(a.Country), Formatted: deref(a.Formatted), Type: deref(a.Type), Primary: a.Primary,
	}
}

// wire gives a user as DescribeUser and ListUsers show it, with the extensions asked for.
func (u *User) wire(storeID *string, extensions []string) store.User {
	status := store.UserStatusEnabled
	if u.Disabled {
		status = store.UserStatusDisabled
	}
	return store.User{
		IdentityStoreId: storeID, UserId: &u.ID, UserArn: new(u.ARN()), Revision: &u.Revision, UserName: &u.UserName, UserStatus: status,
		DisplayName: opt(u.DisplayName), Name: u.Name.wire(), NickName: opt(u.NickName), ProfileUrl: opt(u.ProfileURL),
		Emails: each(u.Emails, func(c Contact) store.Email {
			return store.Email{Value: opt(c.Value), Type: opt(c.Type), Primary: c.Primary}
		}),
		PhoneNumbers: each(u.PhoneNumbers, func(c Contact) store.PhoneNumber {
			return store.PhoneNumber{Value: opt(c.Value), Type: opt(c.Type), Primary: c.Primary}
		}),
		Roles: each(u.Roles, func(c Contact) store.Role {
			return store.Role{Value: opt(c.Value), Type: opt(c.Type), Primary: c.Primary}
		}),
		Photos: each(u.Photos, func(f Photo) store.Photo {
			return store.Photo{Value: opt(f.Value), Type: opt(f.Type), Display: opt(f.Display), Primary: f.Primary}
		}),
		Addresses: each(u.Addresses, Address.wire), UserType: opt(u.UserType), Title: opt(u.Title), Locale: opt(u.Locale),
		PreferredLanguage: opt(u.PreferredLanguage), Timezone: opt(u.Timezone), Website: opt(u.Website), Birthdate: opt(u.Birthdate),
		Extensions: u.extensions(extensions),
		CreatedAt:  &u.Created, CreatedBy: opt(u.CreatedBy), UpdatedAt: &u.Updated, UpdatedBy: opt(u.UpdatedBy),
	}
}

func (n Name) wire() *store.Name {
	return &store.Name{
		Formatted: opt(n.Formatted), FamilyName: opt(n.FamilyName), GivenName: opt(n.GivenName), MiddleName: opt(n.MiddleName),
		HonorificPrefix: opt(n.HonorificPrefix), HonorificSuffix: opt(n.HonorificSuffix),
	}
}

func (a Address) wire() store.Address {
	return store.Address{
		StreetAddress: opt(a.StreetAddress), Locality: opt(a.Locality), Region: opt(a.Region), PostalCode: opt(a.PostalCode),
		Country: opt(a.Country), Formatted: opt(a.Formatted), Type: opt(a.Type), Primary: a.Primary,
	}
}

// extensions gives the extensions named, as documents; nil when the user has none of them.
func (p *Profile) extensions(names []string) map[string]document.Interface {
	var out map[string]document.Interface
	for name, raw := range p.Extensions {
		var v any
		if !slices.Contains(names, name) || json.Unmarshal(raw, &v) != nil {
			continue
		}
		if out == nil {
			out = map[string]document.Interface{}
		}
		out[name] = document.NewLazyDocument(v)
	}
	return out
}
