package twin_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"accountfactory/internal/twin"
	"accountfactory/test/harness"
)

// outsider is an account outside the organization and its owner's clients.
type outsider struct {
	*harness.Clients
	id, email string
}

func (f *fixture) outsider(t *testing.T, name string) outsider {
	t.Helper()
	var made struct{ AccountID, AccessKeyID, SecretAccessKey string }
	f.ask(t, http.MethodPost, "/_twin/admin/accounts", map[string]any{"name": name, "email": name + "@outside.example.com"}, &made)
	return outsider{f.as(made.AccessKeyID, made.SecretAccessKey, ""), made.AccountID, name + "@outside.example.com"}
}

func (f *fixture) invite(t *testing.T, kind types.HandshakePartyType, id string) (*types.Handshake, error) {
	t.Helper()
	out, err := f.Organizations.InviteAccountToOrganization(t.Context(), &sdk.InviteAccountToOrganizationInput{
		Target: &types.HandshakeParty{Type: kind, Id: &id}, Notes: aws.String("Join us"), Tags: []types.Tag{{Key: aws.String("team"), Value: aws.String("new")}},
	})
	if err != nil {
		return nil, err
	}
	return out.Handshake, nil
}

func accept(t *testing.T, c *harness.Clients, id *string) error {
	t.Helper()
	_, err := c.Organizations.AcceptHandshake(t.Context(), &sdk.AcceptHandshakeInput{HandshakeId: id})
	return err
}

func decline(t *testing.T, c *harness.Clients, id *string) error {
	t.Helper()
	_, err := c.Organizations.DeclineHandshake(t.Context(), &sdk.DeclineHandshakeInput{HandshakeId: id})
	return err
}

func cancel(t *testing.T, c *harness.Clients, id *string) error {
	t.Helper()
	_, err := c.Organizations.CancelHandshake(t.Context(), &sdk.CancelHandshakeInput{HandshakeId: id})
	return err
}

func stateOf(t *testing.T, c *harness.Clients, id *string) types.HandshakeState {
	t.Helper()
	out, err := c.Organizations.DescribeHandshake(t.Context(), &sdk.DescribeHandshakeInput{HandshakeId: id})
	if err != nil {
		t.Fatal(err)
	}
	return out.Handshake.State
}

func TestInvitation(t *testing.T) {
	t.Parallel()
	f := setup(t)
	ctx, o := t.Context(), f.outsider(t, "guest")
	_, err := o.Organizations.DescribeOrganization(ctx, &sdk.DescribeOrganizationInput{})
	wantCode(t, err, "AWSOrganizationsNotInUseException")

	for _, r := range []struct {
		answer  func(*testing.T, *harness.Clients, *string) error
		by, not *harness.Clients
		then    types.HandshakeState
		kind    types.HandshakePartyType
		id      string
	}{
		{cancel, f.Clients, o.Clients, types.HandshakeStateCanceled, types.HandshakePartyTypeAccount, o.id},
		{decline, o.Clients, f.Clients, types.HandshakeStateDeclined, types.HandshakePartyTypeEmail, o.email},
		{accept, o.Clients, f.Clients, types.HandshakeStateAccepted, types.HandshakePartyTypeEmail, o.email},
	} {
		h, err := f.invite(t, r.kind, r.id)
		if err != nil {
			t.Fatal(err)
		}
		if len(h.Parties) != 2 || aws.ToString(h.Parties[1].Id) != r.id || h.State != types.HandshakeStateRequested || h.Action != types.ActionTypeInviteAccountToOrganization {
			t.Errorf("invited: %+v", h)
		}
		_, err = f.invite(t, types.HandshakePartyTypeAccount, o.id)
		wantCode(t, err, "DuplicateHandshakeException")
		wantCode(t, r.answer(t, r.not, h.Id), "AccessDeniedException")
		if err := r.answer(t, r.by, h.Id); err != nil {
			t.Fatal(err)
		}
		wantCode(t, r.answer(t, r.by, h.Id), "HandshakeAlreadyInStateException")
		if r.then != types.HandshakeStateCanceled {
			wantCode(t, cancel(t, f.Clients, h.Id), "InvalidHandshakeTransitionException")
		}
		for _, c := range []*harness.Clients{f.Clients, o.Clients} {
			if got := stateOf(t, c, h.Id); got != r.then {
				t.Errorf("it is %s, want %s", got, r.then)
			}
		}
	}

	// The guest is a member now, with the tags of the invitation.
	shown, err := f.Organizations.DescribeAccount(ctx, &sdk.DescribeAccountInput{AccountId: &o.id})
	if err != nil || shown.Account.JoinedMethod != types.AccountJoinedMethodInvited || aws.ToString(shown.Account.Email) != o.email {
		t.Errorf("the guest: %+v, %v", shown, err)
	}
	tags, err := f.Organizations.ListTagsForResource(ctx, &sdk.ListTagsForResourceInput{ResourceId: &o.id})
	if err != nil || len(tags.Tags) != 1 {
		t.Errorf("the guest's tags: %+v, %v", tags, err)
	}
	_, err = f.invite(t, types.HandshakePartyTypeAccount, o.id)
	wantCode(t, err, "HandshakeConstraintViolationException")
	_, err = f.invite(t, types.HandshakePartyTypeOrganization, "o-exampleorgid")
	wantCode(t, err, "InvalidInputException")

	// It leaves, and again.
	if _, err := o.Organizations.LeaveOrganization(ctx, &sdk.LeaveOrganizationInput{}); err != nil {
		t.Fatal(err)
	}
	_, err = o.Organizations.LeaveOrganization(ctx, &sdk.LeaveOrganizationInput{})
	wantCode(t, err, "AWSOrganizationsNotInUseException")
	_, err = f.Organizations.DescribeAccount(ctx, &sdk.DescribeAccountInput{AccountId: &o.id})
	wantCode(t, err, "AccountNotFoundException")
	_, err = f.Organizations.LeaveOrganization(ctx, &sdk.LeaveOrganizationInput{})
	wantCode(t, err, "MasterCannotLeaveOrganizationException")
	f.listHandshakes(t, o)
}

// listHandshakes walks both lists in pages of one: three handshakes were about the outsider.
func (f *fixture) listHandshakes(t *testing.T, o outsider) {
	t.Helper()
	filter := &types.HandshakeFilter{ActionType: types.ActionTypeInviteAccountToOrganization}
	sent, received := 0, 0
	for pages := sdk.NewListHandshakesForOrganizationPaginator(f.Organizations, &sdk.ListHandshakesForOrganizationInput{MaxResults: aws.Int32(1), Filter: filter}); pages.HasMorePages(); {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		sent += len(page.Handshakes)
	}
	for pages := sdk.NewListHandshakesForAccountPaginator(o.Organizations, &sdk.ListHandshakesForAccountInput{MaxResults: aws.Int32(1)}); pages.HasMorePages(); {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		received += len(page.Handshakes)
	}
	if sent != 3 || received != 3 {
		t.Errorf("%d handshakes sent, %d received, want 3", sent, received)
	}
	both := &types.HandshakeFilter{ActionType: filter.ActionType, ParentHandshakeId: aws.String("h-12345678")}
	_, err := f.Organizations.ListHandshakesForOrganization(t.Context(), &sdk.ListHandshakesForOrganizationInput{Filter: both})
	wantCode(t, err, "InvalidInputException")
	_, err = o.Organizations.ListHandshakesForOrganization(t.Context(), &sdk.ListHandshakesForOrganizationInput{})
	wantCode(t, err, "AWSOrganizationsNotInUseException")
}

// TestInvitation_Expires also holds that an invitation is forgotten 30 days after it ended.
// TestInvitation_BeforeAccount: whoever makes an account with an invited e-mail has the invitation.
func TestInvitation_BeforeAccount(t *testing.T) {
	t.Parallel()
	f := setup(t)
	h, err := f.invite(t, types.HandshakePartyTypeEmail, "Guest@outside.example.com")
	if err != nil {
		t.Fatal(err)
	}
	o := f.outsider(t, "guest")
	listed, err := o.Organizations.ListHandshakesForAccount(t.Context(), &sdk.ListHandshakesForAccountInput{})
	if err != nil || len(listed.Handshakes) != 1 || *listed.Handshakes[0].Id != *h.Id {
		t.Errorf("invitations %+v, %v", listed, err)
	}
	if err := accept(t, o.Clients, h.Id); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Organizations.DescribeAccount(t.Context(), &sdk.DescribeAccountInput{AccountId: &o.id}); err != nil {
		t.Error(err)
	}
}

func TestInvitation_Expires(t *testing.T) {
	t.Parallel()
	f := setup(t)
	o := f.outsider(t, "guest")
	f.freeze(t)
	h, err := f.invite(t, types.HandshakePartyTypeAccount, o.id)
	if err != nil {
		t.Fatal(err)
	}
	f.advance(t, 15*24*time.Hour+time.Minute)
	await(t, func() bool { return stateOf(t, o.Clients, h.Id) == types.HandshakeStateExpired })
	wantCode(t, accept(t, o.Clients, h.Id), "InvalidHandshakeTransitionException")
	if _, err := f.invite(t, types.HandshakePartyTypeAccount, o.id); err != nil {
		t.Errorf("invited again: %v", err)
	}
	f.advance(t, 30*24*time.Hour+time.Minute)
	await(t, func() bool {
		_, err := f.Organizations.DescribeHandshake(t.Context(), &sdk.DescribeHandshakeInput{HandshakeId: h.Id})
		return err != nil
	})
	for _, answer := range []func(*testing.T, *harness.Clients, *string) error{accept, decline, cancel} {
		wantCode(t, answer(t, o.Clients, h.Id), "HandshakeNotFoundException")
	}
}

// TestBillingOnly holds what an organization without all features refuses.
func TestBillingOnly(t *testing.T) {
	t.Parallel()
	f := setup(t, func(c *twin.Config) { c.Empty = true })
	ctx, c := t.Context(), f.Organizations
	if _, err := c.CreateOrganization(ctx, &sdk.CreateOrganizationInput{FeatureSet: types.OrganizationFeatureSetConsolidatedBilling}); err != nil {
		t.Fatal(err)
	}
	for _, kind := range types.PolicyType("").Values() {
		_, err := c.EnablePolicyType(ctx, &sdk.EnablePolicyTypeInput{RootId: f.root(t), PolicyType: kind})
		wantCode(t, err, "PolicyTypeNotAvailableForOrganizationException")
		_, err = c.CreatePolicy(ctx, &sdk.CreatePolicyInput{Name: aws.String("x"), Description: aws.String(""), Content: aws.String("{}"), Type: kind})
		wantCode(t, err, "PolicyTypeNotAvailableForOrganizationException")
	}
	_, err := c.PutResourcePolicy(ctx, &sdk.PutResourcePolicyInput{Content: aws.String("{}")})
	wantCode(t, err, "ConstraintViolationException")
	_, err = c.EnableAWSServiceAccess(ctx, &sdk.EnableAWSServiceAccessInput{ServicePrincipal: aws.String("sso.amazonaws.com")})
	wantCode(t, err, "ConstraintViolationException")
}

func TestEnableAllFeatures(t *testing.T) {
	t.Parallel()
	f := setup(t, func(c *twin.Config) { c.Empty = true })
	ctx := t.Context()
	if _, err := f.Organizations.CreateOrganization(ctx, &sdk.CreateOrganizationInput{FeatureSet: types.OrganizationFeatureSetConsolidatedBilling}); err != nil {
		t.Fatal(err)
	}
	o := f.outsider(t, "guest")
	h, err := f.invite(t, types.HandshakePartyTypeAccount, o.id)
	if err != nil {
		t.Fatal(err)
	}
	if err := accept(t, o.Clients, h.Id); err != nil {
		t.Fatal(err)
	}
	enable := func() (*types.Handshake, error) {
		out, err := f.Organizations.EnableAllFeatures(ctx, &sdk.EnableAllFeaturesInput{})
		if err != nil {
			return nil, err
		}
		return out.Handshake, nil
	}
	all, err := enable()
	if err != nil || all.Action != types.ActionTypeEnableAllFeatures {
		t.Fatal(all, err)
	}
	_, err = enable()
	wantCode(t, err, "HandshakeConstraintViolationException")
	_, err = f.invite(t, types.HandshakePartyTypeEmail, "other@example.com")
	wantCode(t, err, "HandshakeConstraintViolationException")
	wantCode(t, accept(t, f.Clients, all.Id), "InvalidHandshakeTransitionException")
	children, err := f.Organizations.ListHandshakesForOrganization(ctx, &sdk.ListHandshakesForOrganizationInput{Filter: &types.HandshakeFilter{ParentHandshakeId: all.Id}})
	if err != nil || len(children.Handshakes) != 1 || children.Handshakes[0].Action != types.ActionTypeApproveAllFeatures {
		t.Fatal(children, err)
	}
	if err := accept(t, o.Clients, children.Handshakes[0].Id); err != nil {
		t.Fatal(err)
	}
	if got := stateOf(t, f.Clients, all.Id); got != types.HandshakeStateOpen {
		t.Errorf("approved by all it is %s", got)
	}
	if err := accept(t, f.Clients, all.Id); err != nil {
		t.Fatal(err)
	}
	org, err := f.Organizations.DescribeOrganization(ctx, &sdk.DescribeOrganizationInput{})
	if err != nil || org.Organization.FeatureSet != types.OrganizationFeatureSetAll {
		t.Errorf("%+v, %v", org, err)
	}
	_, err = enable()
	wantCode(t, err, "HandshakeConstraintViolationException")
}

// TestOrganization makes, reads and deletes an organization, twice.
func TestOrganization(t *testing.T) {
	t.Parallel()
	f := setup(t, func(c *twin.Config) { c.Empty = true })
	ctx := t.Context()
	o := f.outsider(t, "guest")
	for range 2 {
		_, err := f.Organizations.DescribeOrganization(ctx, &sdk.DescribeOrganizationInput{})
		wantCode(t, err, "AWSOrganizationsNotInUseException")
		made, err := f.Organizations.CreateOrganization(ctx, &sdk.CreateOrganizationInput{})
		if err != nil || aws.ToString(made.Organization.MasterAccountEmail) != "management@example.com" {
			t.Fatal(made, err)
		}
		_, err = f.Organizations.CreateOrganization(ctx, &sdk.CreateOrganizationInput{})
		wantCode(t, err, "AlreadyInOrganizationException")
		h, err := f.invite(t, types.HandshakePartyTypeEmail, o.email)
		if err != nil {
			t.Fatal(err)
		}
		if err := accept(t, o.Clients, h.Id); err != nil {
			t.Fatal(err)
		}
		_, err = f.Organizations.DeleteOrganization(ctx, &sdk.DeleteOrganizationInput{})
		wantCode(t, err, "OrganizationNotEmptyException")
		_, err = o.Organizations.DeleteOrganization(ctx, &sdk.DeleteOrganizationInput{})
		wantCode(t, err, "AccessDeniedException")
		if _, err := f.Organizations.RemoveAccountFromOrganization(ctx, &sdk.RemoveAccountFromOrganizationInput{AccountId: &o.id}); err != nil {
			t.Fatal(err)
		}
		if _, err := f.Organizations.DeleteOrganization(ctx, &sdk.DeleteOrganizationInput{}); err != nil {
			t.Fatal(err)
		}
		_, err = f.Organizations.DeleteOrganization(ctx, &sdk.DeleteOrganizationInput{})
		wantCode(t, err, "AWSOrganizationsNotInUseException")
	}
}
