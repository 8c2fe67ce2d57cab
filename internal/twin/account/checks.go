package account

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/account"

	"accountfactory/internal/arn"
	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

// checks gives the question for an action on the caller's own account or, with an AccountId, on one in the organization.
// keys are the request's own condition keys; a member adds where it stands and its tags.
// Source: Service Authorization Reference, "Actions, resources, and condition keys for AWS Account Management".
func (s *Service) checks(ctx context.Context, action string, accountID *string, keys map[string][]string) (out []wire.Check, err error) {
	caller := wire.RequestFrom(ctx).Caller.AccountID
	c := wire.Check{Action: "account:" + action, Resource: arn.Make("account", "", caller, "account"), Context: map[string][]string{}}
	for k, v := range keys {
		c.Context[k] = v
	}
	if accountID == nil {
		return []wire.Check{c}, nil
	}
	err = s.state.View(func(tx *state.Tx) error {
		org, a := s.org.Organization(tx), s.org.Account(tx, *accountID)
		if org == nil {
			return nil
		}
		c.Resource = arn.Make("account", "", org.ManagementID, "account/"+org.ID+"/"+*accountID)
		if a == nil {
			return nil
		}
		c.Context["account:AccountResourceOrgPaths"] = []string{org.ID + "/" + strings.Join(s.org.Path(tx, a.ID), "/") + "/"}
		for _, t := range a.Tags {
			c.Context["account:AccountResourceOrgTags/"+t.Key] = []string{t.Value}
		}
		return nil
	})
	return []wire.Check{c}, err
}

func (s *Service) checkGetAccountInformation(ctx context.Context, in *account.GetAccountInformationInput) ([]wire.Check, error) {
	return s.checks(ctx, "GetAccountInformation", in.AccountId, nil)
}

func (s *Service) checkPutAccountName(ctx context.Context, in *account.PutAccountNameInput) ([]wire.Check, error) {
	return s.checks(ctx, "PutAccountName", in.AccountId, nil)
}

func (s *Service) checkGetContactInformation(ctx context.Context, in *account.GetContactInformationInput) ([]wire.Check, error) {
	return s.checks(ctx, "GetContactInformation", in.AccountId, nil)
}

func (s *Service) checkPutContactInformation(ctx context.Context, in *account.PutContactInformationInput) ([]wire.Check, error) {
	return s.checks(ctx, "PutContactInformation", in.AccountId, nil)
}

func (s *Service) checkGetAlternateContact(ctx context.Context, in *account.GetAlternateContactInput) ([]wire.Check, error) {
	return s.checks(ctx, "GetAlternateContact", in.AccountId, ofType(string(in.AlternateContactType)))
}

func (s *Service) checkPutAlternateContact(ctx context.Context, in *account.PutAlternateContactInput) ([]wire.Check, error) {
	return s.checks(ctx, "PutAlternateContact", in.AccountId, ofType(string(in.AlternateContactType)))
}

func (s *Service) checkDeleteAlternateContact(ctx context.Context, in *account.DeleteAlternateContactInput) ([]wire.Check, error) {
	return s.checks(ctx, "DeleteAlternateContact", in.AccountId, ofType(string(in.AlternateContactType)))
}

func (s *Service) checkListRegions(ctx context.Context, in *account.ListRegionsInput) ([]wire.Check, error) {
	return s.checks(ctx, "ListRegions", in.AccountId, nil)
}

func (s *Service) checkGetRegionOptStatus(ctx context.Context, in *account.GetRegionOptStatusInput) ([]wire.Check, error) {
	return s.checks(ctx, "GetRegionOptStatus", in.AccountId, ofRegion(in.RegionName))
}

func (s *Service) checkEnableRegion(ctx context.Context, in *account.EnableRegionInput) ([]wire.Check, error) {
	return s.checks(ctx, "EnableRegion", in.AccountId, ofRegion(in.RegionName))
}

func (s *Service) checkDisableRegion(ctx context.Context, in *account.DisableRegionInput) ([]wire.Check, error) {
	return s.checks(ctx, "DisableRegion", in.AccountId, ofRegion(in.RegionName))
}

func (s *Service) checkGetPrimaryEmail(ctx context.Context, in *account.GetPrimaryEmailInput) ([]wire.Check, error) {
	return s.checks(ctx, "GetPrimaryEmail", in.AccountId, nil)
}

func (s *Service) checkStartPrimaryEmailUpdate(ctx context.Context, in *account.StartPrimaryEmailUpdateInput) ([]wire.Check, error) {
	return s.checks(ctx, "StartPrimaryEmailUpdate", in.AccountId, ofDomain(in.PrimaryEmail))
}

func (s *Service) checkAcceptPrimaryEmailUpdate(ctx context.Context, in *account.AcceptPrimaryEmailUpdateInput) ([]wire.Check, error) {
	return s.checks(ctx, "AcceptPrimaryEmailUpdate", in.AccountId, ofDomain(in.PrimaryEmail))
}

func (s *Service) checkGetPrimaryEmailUpdateStatus(ctx context.Context, in *account.GetPrimaryEmailUpdateStatusInput) ([]wire.Check, error) {
	return s.checks(ctx, "GetPrimaryEmailUpdateStatus", in.AccountId, nil)
}

func ofType(contactType string) map[string][]string {
	return map[string][]string{"account:AlternateContactTypes": {contactType}}
}

func ofRegion(name *string) map[string][]string {
	return map[string][]string{"account:TargetRegion": {str(name)}}
}

func ofDomain(email *string) map[string][]string {
	_, domain, _ := strings.Cut(str(email), "@")
	return map[string][]string{"account:EmailTargetDomain": {domain}}
}
