package account

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/account"
	"github.com/aws/aws-sdk-go-v2/service/account/types"

	"accountfactory/internal/twin/state"
)

// withState are the countries whose addresses need a state or region.
// Source: Account Management Reference Guide, ContactInformation, StateOrRegion.
var withState = []string{"US", "CA", "GB", "DE", "JP", "IN", "BR"}

// GetContactInformation tells an account's primary contact.
func (s *Service) GetContactInformation(ctx context.Context, in *account.GetContactInformationInput, _ ...func(*account.Options)) (*account.GetContactInformationOutput, error) {
	out := &account.GetContactInformationOutput{}
	err := s.read(ctx, in.AccountId, func(tx *state.Tx, id string) error {
		c := s.contacts.Get(tx, id)
		if c == nil {
			return errNoContact()
		}
		out.ContactInformation = wireContact(c)
		return nil
	})
	return answer(out, err)
}

// PutContactInformation replaces an account's primary contact; what is left out is no longer known.
func (s *Service) PutContactInformation(ctx context.Context, in *account.PutContactInformationInput, _ ...func(*account.Options)) (*account.PutContactInformationOutput, error) {
	err := s.write(ctx, in.AccountId, func(tx *state.Tx, id string) error {
		c := contactFrom(in.ContactInformation)
		if slices.Contains(withState, c.CountryCode) && c.StateOrRegion == "" {
			return invalid("stateOrRegion", "State or region is required in this country.")
		}
		c.AccountID = id
		s.contacts.Put(tx, c)
		return nil
	})
	return answer(&account.PutContactInformationOutput{}, err)
}

func contactFrom(in *types.ContactInformation) *contact {
	return &contact{
		FullName: str(in.FullName), PhoneNumber: str(in.PhoneNumber), AddressLine1: str(in.AddressLine1), AddressLine2: str(in.AddressLine2),
		AddressLine3: str(in.AddressLine3), City: str(in.City), DistrictOrCounty: str(in.DistrictOrCounty), StateOrRegion: str(in.StateOrRegion),
		PostalCode: str(in.PostalCode), CountryCode: str(in.CountryCode), CompanyName: str(in.CompanyName), WebsiteURL: str(in.WebsiteUrl),
	}
}

func wireContact(c *contact) *types.ContactInformation {
	return &types.ContactInformation{
		FullName: &c.FullName, PhoneNumber: &c.PhoneNumber, AddressLine1: &c.AddressLine1, AddressLine2: opt(c.AddressLine2),
		AddressLine3: opt(c.AddressLine3), City: &c.City, DistrictOrCounty: opt(c.DistrictOrCounty), StateOrRegion: opt(c.StateOrRegion),
		PostalCode: &c.PostalCode, CountryCode: &c.CountryCode, CompanyName: opt(c.CompanyName), WebsiteUrl: opt(c.WebsiteURL),
	}
}
