package factory

import (
	"context"

	accounts "github.com/aws/aws-sdk-go-v2/service/account"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
)

// AccountManagement reads and changes a member account's name, e-mail and contacts. *account.Client is one. All of it
// needs trusted access for account.amazonaws.com. Source: Account Management Reference Guide, AccountId of each operation.
type AccountManagement interface {
	AccountContacts
	GetAccountInformation(context.Context, *accounts.GetAccountInformationInput, ...func(*accounts.Options)) (*accounts.GetAccountInformationOutput, error)
	PutAccountName(context.Context, *accounts.PutAccountNameInput, ...func(*accounts.Options)) (*accounts.PutAccountNameOutput, error)
	GetPrimaryEmail(context.Context, *accounts.GetPrimaryEmailInput, ...func(*accounts.Options)) (*accounts.GetPrimaryEmailOutput, error)
	StartPrimaryEmailUpdate(context.Context, *accounts.StartPrimaryEmailUpdateInput, ...func(*accounts.Options)) (*accounts.StartPrimaryEmailUpdateOutput, error)
	AcceptPrimaryEmailUpdate(context.Context, *accounts.AcceptPrimaryEmailUpdateInput, ...func(*accounts.Options)) (*accounts.AcceptPrimaryEmailUpdateOutput, error)
	GetPrimaryEmailUpdateStatus(context.Context, *accounts.GetPrimaryEmailUpdateStatusInput, ...func(*accounts.Options)) (*accounts.GetPrimaryEmailUpdateStatusOutput, error)
}

// AccountContacts are a member account's alternate contacts.
type AccountContacts interface {
	GetAlternateContact(context.Context, *accounts.GetAlternateContactInput, ...func(*accounts.Options)) (*accounts.GetAlternateContactOutput, error)
	PutAlternateContact(context.Context, *accounts.PutAlternateContactInput, ...func(*accounts.Options)) (*accounts.PutAlternateContactOutput, error)
}

// AccountTags are the tags Organizations keeps of an account.
type AccountTags interface {
	TagResource(context.Context, *organizations.TagResourceInput, ...func(*organizations.Options)) (*organizations.TagResourceOutput, error)
	ListTagsForResource(context.Context, *organizations.ListTagsForResourceInput, ...func(*organizations.Options)) (*organizations.ListTagsForResourceOutput, error)
}

// TrustedAccess tells which services the organization trusts.
type TrustedAccess interface {
	ListAWSServiceAccessForOrganization(context.Context, *organizations.ListAWSServiceAccessForOrganizationInput, ...func(*organizations.Options)) (*organizations.ListAWSServiceAccessForOrganizationOutput, error)
}
