package organizations_test

import (
	"testing"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/twin/organizations"
	"accountfactory/internal/twin/state"
)

func TestServiceAccess(t *testing.T) {
	t.Parallel()
	w := setup(t, organizations.Quotas{}, 0)
	w.freeze()
	list := func() (names []string) {
		out, err := w.ListAWSServiceAccessForOrganization(w.ctx, &sdk.ListAWSServiceAccessForOrganizationInput{})
		must(t, err)
		for _, p := range out.EnabledServicePrincipals {
			names = append(names, *p.ServicePrincipal)
			if !p.DateEnabled.Equal(w.store.Clock().Now().Truncate(time.Millisecond)) {
				t.Errorf("%s enabled at %v", *p.ServicePrincipal, p.DateEnabled)
			}
		}
		return names
	}
	for range 2 { // twice is no error
		_, err := w.EnableAWSServiceAccess(w.ctx, &sdk.EnableAWSServiceAccessInput{ServicePrincipal: new("sso.amazonaws.com")})
		must(t, err)
	}
	w.update(func(tx *state.Tx) { must(t, w.TrustService(tx, "controltower.amazonaws.com")) })
	if diff := cmp.Diff([]string{"controltower.amazonaws.com", "sso.amazonaws.com"}, list()); diff != "" {
		t.Errorf("trusted (-want +got):\n%s", diff)
	}
	for range 2 {
		_, err := w.DisableAWSServiceAccess(w.ctx, &sdk.DisableAWSServiceAccessInput{ServicePrincipal: new("sso.amazonaws.com")})
		must(t, err)
	}
	if diff := cmp.Diff([]string{"controltower.amazonaws.com"}, list()); diff != "" {
		t.Errorf("trusted (-want +got):\n%s", diff)
	}
	_, err := w.EnableAWSServiceAccess(w.ctx, &sdk.EnableAWSServiceAccessInput{ServicePrincipal: new("sso.example.com")})
	wantError(t, err, "InvalidInputException", "UNRECOGNIZED_SERVICE_PRINCIPAL")
	_, err = w.ListAWSServiceAccessForOrganization(w.ctx, &sdk.ListAWSServiceAccessForOrganizationInput{NextToken: new("x")})
	wantError(t, err, "InvalidInputException", "INVALID_NEXT_TOKEN")
}

func TestDelegatedAdministrators(t *testing.T) {
	t.Parallel()
	w := setup(t, organizations.Quotas{}, 0)
	sso, config := "sso.amazonaws.com", "config.amazonaws.com"
	w.update(func(tx *state.Tx) { must(t, w.TrustService(tx, sso)); must(t, w.TrustService(tx, config)) })
	a, b := w.account("a"), w.account("b")
	register := func(id, principal string) error {
		_, err := w.RegisterDelegatedAdministrator(w.ctx, &sdk.RegisterDelegatedAdministratorInput{AccountId: &id, ServicePrincipal: &principal})
		return err
	}
	deregister := func(id, principal string) error {
		_, err := w.DeregisterDelegatedAdministrator(w.ctx, &sdk.DeregisterDelegatedAdministratorInput{AccountId: &id, ServicePrincipal: &principal})
		return err
	}
	administrators := func(principal *string) map[string]bool {
		got := map[string]bool{}
		var token *string
		for first := true; first || token != nil; first = false {
			out, err := w.ListDelegatedAdministrators(w.ctx, &sdk.ListDelegatedAdministratorsInput{ServicePrincipal: principal, MaxResults: new(int32(1)), NextToken: token})
			must(t, err)
			for _, d := range out.DelegatedAdministrators {
				if got[*d.Id] {
					t.Errorf("%s is listed twice", *d.Id)
				}
				got[*d.Id] = true
			}
			token = out.NextToken
		}
		return got
	}
	must(t, register(a, sso))
	must(t, register(a, config))
	must(t, register(b, config))
	if diff := cmp.Diff(map[string]bool{a: true, b: true}, administrators(nil)); diff != "" {
		t.Errorf("all administrators (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]bool{a: true, b: true}, administrators(&config)); diff != "" {
		t.Errorf("of config (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]bool{a: true}, administrators(&sso)); diff != "" {
		t.Errorf("of sso (-want +got):\n%s", diff)
	}
	first, err := w.ListDelegatedServicesForAccount(w.ctx, &sdk.ListDelegatedServicesForAccountInput{AccountId: &a, MaxResults: new(int32(1))})
	must(t, err)
	second, err := w.ListDelegatedServicesForAccount(w.ctx, &sdk.ListDelegatedServicesForAccountInput{AccountId: &a, NextToken: first.NextToken})
	must(t, err)
	if *first.DelegatedServices[0].ServicePrincipal != config || len(second.DelegatedServices) != 1 || *second.DelegatedServices[0].ServicePrincipal != sso {
		t.Errorf("services of a: %v %v", first.DelegatedServices, second.DelegatedServices)
	}

	wantError(t, register(a, sso), "AccountAlreadyRegisteredException")
	wantError(t, register("000000000000", sso), "AccountNotFoundException")
	wantError(t, register(management, sso), "ConstraintViolationException", "CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR")
	wantError(t, register(b, "guardduty.amazonaws.com"), "ConstraintViolationException", "SERVICE_ACCESS_NOT_ENABLED")
	wantError(t, deregister(b, sso), "AccountNotRegisteredException")
	wantError(t, deregister("000000000000", sso), "AccountNotFoundException")
	must(t, deregister(b, config))
	_, err = w.ListDelegatedServicesForAccount(w.ctx, &sdk.ListDelegatedServicesForAccountInput{AccountId: &b})
	wantError(t, err, "AccountNotRegisteredException")
	_, err = w.ListDelegatedServicesForAccount(w.ctx, &sdk.ListDelegatedServicesForAccountInput{AccountId: new("000000000000")})
	wantError(t, err, "AccountNotFoundException")
	must(t, w.close(b))
	wantError(t, register(b, sso), "ConstraintViolationException", "CANNOT_REGISTER_SUSPENDED_ACCOUNT_AS_DELEGATED_ADMINISTRATOR")
}
