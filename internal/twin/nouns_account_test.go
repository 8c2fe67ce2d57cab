package twin_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	accountapi "github.com/aws/aws-sdk-go-v2/service/account"
	accounttypes "github.com/aws/aws-sdk-go-v2/service/account/types"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"accountfactory/test/harness"
)

// memberNouns are what belongs to accounts.
func (f *fixture) memberNouns(t *testing.T) []noun {
	t.Helper()
	return []noun{f.administratorNoun(t), f.contactNoun(t)}
}

// administratorNoun is a delegated administrator of Config, which goes by its account.
func (f *fixture) administratorNoun(t *testing.T) noun {
	t.Helper()
	ctx, service, members := t.Context(), aws.String("config.amazonaws.com"), map[string]string{}
	if _, err := f.Organizations.EnableAWSServiceAccess(ctx, &organizations.EnableAWSServiceAccessInput{ServicePrincipal: service}); err != nil {
		t.Fatal(err)
	}
	return noun{
		kind: "delegated administrator", gone: "AccountNotRegisteredException", denied: "AccessDeniedException",
		create: func(name string) (string, error) {
			if members[name] == "" {
				members[name] = f.member(t, "administrator "+name)
			}
			id := members[name]
			_, err := f.Organizations.RegisterDelegatedAdministrator(ctx, &organizations.RegisterDelegatedAdministratorInput{AccountId: &id, ServicePrincipal: service})
			return id, err
		},
		read: func(c *harness.Clients, id string) (string, string, error) {
			out, err := c.Organizations.ListDelegatedServicesForAccount(ctx, &organizations.ListDelegatedServicesForAccountInput{AccountId: &id})
			if err != nil {
				return "", "", err
			}
			for name, member := range members {
				if member == id && *out.DelegatedServices[0].ServicePrincipal == *service {
					return name, "", nil
				}
			}
			return "", "", nil
		},
		page: func(token *string) (ids []string, next *string, err error) {
			out, err := f.Organizations.ListDelegatedAdministrators(ctx, &organizations.ListDelegatedAdministratorsInput{
				ServicePrincipal: service, MaxResults: aws.Int32(2), NextToken: token,
			})
			if err != nil {
				return nil, nil, err
			}
			for _, a := range out.DelegatedAdministrators {
				ids = append(ids, *a.Id)
			}
			return ids, out.NextToken, nil
		},
		delete: func(id string) error {
			_, err := f.Organizations.DeregisterDelegatedAdministrator(ctx, &organizations.DeregisterDelegatedAdministratorInput{AccountId: &id, ServicePrincipal: service})
			return err
		},
	}
}

// contactNoun is an alternate contact of the management account, which goes by its type; there are three.
func (f *fixture) contactNoun(t *testing.T) noun {
	t.Helper()
	ctx := t.Context()
	types := map[string]accounttypes.AlternateContactType{
		"noun0": accounttypes.AlternateContactTypeBilling, "noun1": accounttypes.AlternateContactTypeOperations, "noun2": accounttypes.AlternateContactTypeSecurity,
	}
	put := func(id, name, title string) error {
		_, err := f.Account.PutAlternateContact(ctx, &accountapi.PutAlternateContactInput{
			AlternateContactType: accounttypes.AlternateContactType(id), Name: &name, Title: &title, EmailAddress: aws.String("c@example.com"), PhoneNumber: aws.String("+15550100"),
		})
		return err
	}
	return noun{
		kind: "alternate contact", gone: "ResourceNotFoundException", denied: "AccessDeniedException", puts: true,
		create: func(name string) (string, error) { return string(types[name]), put(string(types[name]), name, "T") },
		read: func(c *harness.Clients, id string) (string, string, error) {
			out, err := c.Account.GetAlternateContact(ctx, &accountapi.GetAlternateContactInput{AlternateContactType: accounttypes.AlternateContactType(id)})
			if err != nil {
				return "", "", err
			}
			return *out.AlternateContact.Name, *out.AlternateContact.Title, nil
		},
		update: func(id, to string) error { return put(id, "renamed", to) },
		delete: func(id string) error {
			_, err := f.Account.DeleteAlternateContact(ctx, &accountapi.DeleteAlternateContactInput{AlternateContactType: accounttypes.AlternateContactType(id)})
			return err
		},
	}
}

// accountNoun is a member account, which is gone 90 days after it was closed. Its e-mail can never be used again.
func (f *fixture) accountNoun(t *testing.T) noun {
	t.Helper()
	ctx, made := t.Context(), 0
	f.trustAccounts(t)
	read := func(c *harness.Clients, id string) (string, string, error) {
		out, err := c.Organizations.DescribeAccount(ctx, &organizations.DescribeAccountInput{AccountId: &id})
		if err != nil {
			return "", "", err
		}
		made, _, _ := strings.Cut(*out.Account.Name, " ")
		return made, *out.Account.Name, nil
	}
	n := noun{
		kind: "account", gone: "AccountNotFoundException", denied: "AccessDeniedException", puts: true,
		create: func(name string) (string, error) {
			made++
			return f.member(t, fmt.Sprint(name, " ", made)), nil
		},
		read: read,
		update: func(id, to string) error {
			_, err := f.Account.PutAccountName(ctx, &accountapi.PutAccountNameInput{AccountId: &id, AccountName: &to})
			return err
		},
		page: func(token *string) (ids []string, next *string, err error) {
			out, err := f.Organizations.ListAccounts(ctx, &organizations.ListAccountsInput{MaxResults: aws.Int32(2), NextToken: token})
			if err != nil {
				return nil, nil, err
			}
			for _, a := range out.Accounts {
				ids = append(ids, *a.Id)
			}
			return ids, out.NextToken, nil
		},
		delete: func(id string) error {
			if _, err := f.Organizations.CloseAccount(ctx, &organizations.CloseAccountInput{AccountId: &id}); err != nil {
				return err
			}
			f.await(t, func() bool {
				out, err := f.Organizations.DescribeAccount(ctx, &organizations.DescribeAccountInput{AccountId: &id})
				return err == nil && out.Account.State == types.AccountStateClosed && out.Account.Status == types.AccountStatusSuspended
			})
			f.advance(t, 91*24*time.Hour)
			f.await(t, func() bool {
				_, _, err := read(f.Clients, id)
				return err != nil
			})
			return nil
		},
	}
	n.tag, n.tags = f.organizationTags(t)
	return n
}

// handshakeNoun is an invitation, which is gone 30 days after it was canceled.
func (f *fixture) handshakeNoun(t *testing.T) noun {
	t.Helper()
	ctx := t.Context()
	read := func(c *harness.Clients, id string) (string, string, error) {
		out, err := c.Organizations.DescribeHandshake(ctx, &organizations.DescribeHandshakeInput{HandshakeId: &id})
		if err != nil {
			return "", "", err
		}
		for _, p := range out.Handshake.Parties {
			if p.Type == types.HandshakePartyTypeEmail {
				name, _, _ := strings.Cut(*p.Id, "@")
				return name, "", nil
			}
		}
		return "", "", nil
	}
	return noun{
		kind: "handshake", gone: "HandshakeNotFoundException", denied: "AccessDeniedException", most: 1,
		create: func(name string) (string, error) {
			h, err := f.invite(t, types.HandshakePartyTypeEmail, name+"@example.com")
			if err != nil {
				return "", err
			}
			return *h.Id, nil
		},
		read: read,
		page: func(token *string) (ids []string, next *string, err error) {
			out, err := f.Organizations.ListHandshakesForOrganization(ctx, &organizations.ListHandshakesForOrganizationInput{MaxResults: aws.Int32(2), NextToken: token})
			if err != nil {
				return nil, nil, err
			}
			for _, h := range out.Handshakes {
				ids = append(ids, *h.Id)
			}
			return ids, out.NextToken, nil
		},
		delete: func(id string) error {
			if err := cancel(t, f.Clients, &id); err != nil {
				return err
			}
			wantCode(t, cancel(t, f.Clients, &id), "HandshakeAlreadyInStateException")
			f.advance(t, 31*24*time.Hour)
			f.await(t, func() bool {
				_, _, err := read(f.Clients, id)
				return err != nil
			})
			return nil
		},
	}
}

// organizationNoun is the organization. What changes is its feature set; tags are its root's.
func (f *fixture) organizationNoun(t *testing.T) noun {
	t.Helper()
	ctx := t.Context()
	n := noun{
		kind: "organization", gone: "AWSOrganizationsNotInUseException", denied: "AccessDeniedException", most: 1,
		create: func(name string) (string, error) {
			_, err := f.Organizations.CreateOrganization(ctx, &organizations.CreateOrganizationInput{FeatureSet: types.OrganizationFeatureSetConsolidatedBilling})
			return name, err
		},
		read: func(c *harness.Clients, id string) (string, string, error) {
			out, err := c.Organizations.DescribeOrganization(ctx, &organizations.DescribeOrganizationInput{})
			if err != nil {
				return "", "", err
			}
			changed := ""
			if out.Organization.FeatureSet == types.OrganizationFeatureSetAll {
				changed = "changed"
			}
			return id, changed, nil
		},
		update: func(string, string) error {
			out, err := f.Organizations.EnableAllFeatures(ctx, &organizations.EnableAllFeaturesInput{})
			if err != nil {
				return err
			}
			return accept(t, f.Clients, out.Handshake.Id)
		},
		page: func(*string) ([]string, *string, error) {
			out, err := f.Organizations.ListRoots(ctx, &organizations.ListRootsInput{})
			if err != nil || len(out.Roots) != 1 || len(out.Roots[0].PolicyTypes) != 0 {
				return nil, nil, err
			}
			return []string{"noun0"}, out.NextToken, nil
		},
		delete: func(string) error {
			_, err := f.Organizations.DeleteOrganization(ctx, &organizations.DeleteOrganizationInput{})
			return err
		},
	}
	tag, tags := f.organizationTags(t)
	n.tag = func(_, key string) error { return tag(*f.root(t), key) }
	n.tags = func(string) ([]string, error) { return tags(*f.root(t)) }
	return n
}
