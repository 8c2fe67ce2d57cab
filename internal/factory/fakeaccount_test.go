package factory_test

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	accounts "github.com/aws/aws-sdk-go-v2/service/account"
	actypes "github.com/aws/aws-sdk-go-v2/service/account/types"
	cttypes "github.com/aws/aws-sdk-go-v2/service/controltower/types"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	orgtypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"
)

// fakeUpdate is a change of a primary e-mail.
type fakeUpdate struct {
	email, code string
	status      actypes.PrimaryEmailUpdateStatus
}

// fakeAccounts is what Account Management and Organizations keep of accounts beside what a launch makes.
type fakeAccounts struct {
	creations  []orgtypes.CreateAccountStatus // asked of Organizations, by others
	untrusted  bool                           // no trusted access
	constraint string                         // type of a constraint on the product
	updates    map[string]*fakeUpdate
	failEmail  bool // a change fails after its code was taken
	zoneDrift  bool
	zoneStatus cttypes.LandingZoneStatus
	drifted    map[string]bool // targets of baselines
	disabled   map[string]bool // SSO users
	tags       map[string]map[string]string
	contacts   map[string]actypes.AlternateContact // "account type"
}

// CreateAccount is what nobody asks of this fake: its accounts are made by Control Tower.
func (f *fakeCloud) CreateAccount(context.Context, *organizations.CreateAccountInput, ...func(*organizations.Options)) (*organizations.CreateAccountOutput, error) {
	return nil, apiError("AccessDeniedException", "nobody creates accounts here")
}

func (f *fakeCloud) DescribeCreateAccountStatus(ctx context.Context, in *organizations.DescribeCreateAccountStatusInput, _ ...func(*organizations.Options)) (*organizations.DescribeCreateAccountStatusOutput, error) {
	return call(f, ctx, "DescribeCreateAccountStatus", func() (*organizations.DescribeCreateAccountStatusOutput, error) {
		for _, st := range f.creations {
			if *st.Id == *in.CreateAccountRequestId {
				return &organizations.DescribeCreateAccountStatusOutput{CreateAccountStatus: &st}, nil
			}
		}
		return nil, apiError("CreateAccountStatusNotFoundException", "no such creation")
	})
}

func (f *fakeCloud) ListCreateAccountStatus(ctx context.Context, in *organizations.ListCreateAccountStatusInput, _ ...func(*organizations.Options)) (*organizations.ListCreateAccountStatusOutput, error) {
	return call(f, ctx, "ListCreateAccountStatus", func() (*organizations.ListCreateAccountStatusOutput, error) {
		out := &organizations.ListCreateAccountStatusOutput{}
		for _, st := range f.creations {
			if slices.Contains(in.States, st.State) {
				out.CreateAccountStatuses = append(out.CreateAccountStatuses, st)
			}
		}
		return out, nil
	})
}

func (f *fakeCloud) ListAWSServiceAccessForOrganization(ctx context.Context, _ *organizations.ListAWSServiceAccessForOrganizationInput, _ ...func(*organizations.Options)) (*organizations.ListAWSServiceAccessForOrganizationOutput, error) {
	return call(f, ctx, "ListAWSServiceAccessForOrganization", func() (*organizations.ListAWSServiceAccessForOrganizationOutput, error) {
		if f.untrusted {
			return &organizations.ListAWSServiceAccessForOrganizationOutput{}, nil
		}
		return &organizations.ListAWSServiceAccessForOrganizationOutput{EnabledServicePrincipals: []orgtypes.EnabledServicePrincipal{{ServicePrincipal: aws.String("account.amazonaws.com")}}}, nil
	})
}

func (f *fakeCloud) changeAccount(id string, change func(*orgtypes.Account)) {
	for i := range f.accounts {
		if *f.accounts[i].Id == id {
			change(&f.accounts[i])
		}
	}
}

func (f *fakeCloud) GetAccountInformation(ctx context.Context, in *accounts.GetAccountInformationInput, _ ...func(*accounts.Options)) (*accounts.GetAccountInformationOutput, error) {
	return call(f, ctx, "GetAccountInformation", func() (*accounts.GetAccountInformationOutput, error) {
		return &accounts.GetAccountInformationOutput{AccountName: f.account(*in.AccountId).Name}, nil
	})
}

func (f *fakeCloud) PutAccountName(ctx context.Context, in *accounts.PutAccountNameInput, _ ...func(*accounts.Options)) (*accounts.PutAccountNameOutput, error) {
	return call(f, ctx, "PutAccountName", func() (*accounts.PutAccountNameOutput, error) {
		f.effects["PutAccountName"]++
		f.changeAccount(*in.AccountId, func(a *orgtypes.Account) { a.Name = in.AccountName })
		return &accounts.PutAccountNameOutput{}, nil
	})
}

func (f *fakeCloud) GetPrimaryEmail(ctx context.Context, in *accounts.GetPrimaryEmailInput, _ ...func(*accounts.Options)) (*accounts.GetPrimaryEmailOutput, error) {
	return call(f, ctx, "GetPrimaryEmail", func() (*accounts.GetPrimaryEmailOutput, error) {
		return &accounts.GetPrimaryEmailOutput{PrimaryEmail: f.account(*in.AccountId).Email}, nil
	})
}

func (f *fakeCloud) StartPrimaryEmailUpdate(ctx context.Context, in *accounts.StartPrimaryEmailUpdateInput, _ ...func(*accounts.Options)) (*accounts.StartPrimaryEmailUpdateOutput, error) {
	return call(f, ctx, "StartPrimaryEmailUpdate", func() (*accounts.StartPrimaryEmailUpdateOutput, error) {
		f.effects["StartPrimaryEmailUpdate"]++
		code := fmt.Sprintf("CODE%02d", f.effects["StartPrimaryEmailUpdate"])
		f.updates[*in.AccountId] = &fakeUpdate{*in.PrimaryEmail, code, actypes.PrimaryEmailUpdateStatusPending}
		return &accounts.StartPrimaryEmailUpdateOutput{Status: actypes.PrimaryEmailUpdateStatusPending}, nil
	})
}

func (f *fakeCloud) AcceptPrimaryEmailUpdate(ctx context.Context, in *accounts.AcceptPrimaryEmailUpdateInput, _ ...func(*accounts.Options)) (*accounts.AcceptPrimaryEmailUpdateOutput, error) {
	return call(f, ctx, "AcceptPrimaryEmailUpdate", func() (*accounts.AcceptPrimaryEmailUpdateOutput, error) {
		u := f.updates[*in.AccountId]
		switch {
		case u == nil || u.status != actypes.PrimaryEmailUpdateStatusPending:
			return nil, apiError("ResourceNotFoundException", "No primary email update request was found for the account.")
		case u.code != *in.Otp || u.email != *in.PrimaryEmail:
			return nil, apiError("ValidationException", "The verification code is invalid.")
		}
		f.effects["AcceptPrimaryEmailUpdate"]++
		u.status = actypes.PrimaryEmailUpdateStatusAccepted
		return &accounts.AcceptPrimaryEmailUpdateOutput{Status: u.status}, nil
	})
}

// GetPrimaryEmailUpdateStatus ends a change that was accepted: it is seen as accepted once.
func (f *fakeCloud) GetPrimaryEmailUpdateStatus(ctx context.Context, in *accounts.GetPrimaryEmailUpdateStatusInput, _ ...func(*accounts.Options)) (*accounts.GetPrimaryEmailUpdateStatusOutput, error) {
	return call(f, ctx, "GetPrimaryEmailUpdateStatus", func() (*accounts.GetPrimaryEmailUpdateStatusOutput, error) {
		u := f.updates[*in.AccountId]
		if u == nil {
			return nil, apiError("ResourceNotFoundException", "No primary email update request was found for the account.")
		}
		seen := u.status
		if seen == actypes.PrimaryEmailUpdateStatusAccepted {
			if u.status = actypes.PrimaryEmailUpdateStatusFailed; !f.failEmail {
				u.status = actypes.PrimaryEmailUpdateStatusCompleted
				f.changeAccount(*in.AccountId, func(a *orgtypes.Account) { a.Email = &u.email })
			}
		}
		return &accounts.GetPrimaryEmailUpdateStatusOutput{Status: seen}, nil
	})
}

func (f *fakeCloud) TagResource(ctx context.Context, in *organizations.TagResourceInput, _ ...func(*organizations.Options)) (*organizations.TagResourceOutput, error) {
	return call(f, ctx, "TagResource", func() (*organizations.TagResourceOutput, error) {
		f.effects["TagResource"]++
		if f.tags[*in.ResourceId] == nil {
			f.tags[*in.ResourceId] = map[string]string{}
		}
		for _, t := range in.Tags {
			f.tags[*in.ResourceId][*t.Key] = *t.Value
		}
		return &organizations.TagResourceOutput{}, nil
	})
}

func (f *fakeCloud) ListTagsForResource(ctx context.Context, in *organizations.ListTagsForResourceInput, _ ...func(*organizations.Options)) (*organizations.ListTagsForResourceOutput, error) {
	return call(f, ctx, "ListTagsForResource", func() (*organizations.ListTagsForResourceOutput, error) {
		out := &organizations.ListTagsForResourceOutput{}
		for _, k := range slices.Sorted(maps.Keys(f.tags[*in.ResourceId])) {
			out.Tags = append(out.Tags, orgtypes.Tag{Key: &k, Value: aws.String(f.tags[*in.ResourceId][k])})
		}
		return out, nil
	})
}

func (f *fakeCloud) GetAlternateContact(ctx context.Context, in *accounts.GetAlternateContactInput, _ ...func(*accounts.Options)) (*accounts.GetAlternateContactOutput, error) {
	return call(f, ctx, "GetAlternateContact", func() (*accounts.GetAlternateContactOutput, error) {
		c, found := f.contacts[*in.AccountId+" "+string(in.AlternateContactType)]
		if !found {
			return nil, apiError("ResourceNotFoundException", "No contact of the inputted alternate contact type found.")
		}
		return &accounts.GetAlternateContactOutput{AlternateContact: &c}, nil
	})
}

func (f *fakeCloud) PutAlternateContact(ctx context.Context, in *accounts.PutAlternateContactInput, _ ...func(*accounts.Options)) (*accounts.PutAlternateContactOutput, error) {
	return call(f, ctx, "PutAlternateContact", func() (*accounts.PutAlternateContactOutput, error) {
		f.effects["PutAlternateContact"]++
		f.contacts[*in.AccountId+" "+string(in.AlternateContactType)] = actypes.AlternateContact{
			AlternateContactType: in.AlternateContactType, Name: in.Name, Title: in.Title, EmailAddress: in.EmailAddress, PhoneNumber: in.PhoneNumber,
		}
		return &accounts.PutAlternateContactOutput{}, nil
	})
}
