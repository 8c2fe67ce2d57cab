package organizations_test

import (
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/twin/organizations"
	"accountfactory/internal/twin/state"
)

func TestRemoveAccountFromOrganization(t *testing.T) {
	t.Parallel()
	var heard []string
	w := setup(t, organizations.Quotas{}, 0, func(s *organizations.Service) {
		s.OnLeft(func(tx *state.Tx, id string) { heard = append(heard, s.Account(tx, id).Name) })
	})
	w.freeze()
	id, sso := w.account("team"), "sso.amazonaws.com"
	leave := func(id string) error {
		_, err := w.RemoveAccountFromOrganization(w.ctx, &sdk.RemoveAccountFromOrganizationInput{AccountId: &id})
		return err
	}
	wantError(t, leave("000000000000"), "AccountNotFoundException")
	wantError(t, leave(management), "MasterCannotLeaveOrganizationException")
	wantError(t, leave(id), "ConstraintViolationException", "MEMBER_ACCOUNT_PAYMENT_INSTRUMENT_REQUIRED")
	w.update(func(tx *state.Tx) {
		must(t, w.SetStandalone(tx, id, true))
		wantError(t, w.SetStandalone(tx, "000000000000", true), "AccountNotFoundException")
		must(t, w.TrustService(tx, sso))
		must(t, w.Delegate(tx, id, sso))
	})
	wantError(t, leave(id), "ConstraintViolationException", "CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG")
	_, err := w.DeregisterDelegatedAdministrator(w.ctx, &sdk.DeregisterDelegatedAdministratorInput{AccountId: &id, ServicePrincipal: &sso})
	must(t, err)
	wantError(t, leave(id), "ConstraintViolationException", "WAIT_PERIOD_ACTIVE")
	w.advance(4 * day)
	must(t, leave(id))

	if diff := cmp.Diff([]string{"team"}, heard); diff != "" {
		t.Errorf("listeners heard (-want +got):\n%s", diff)
	}
	wantError(t, leave(id), "AccountNotFoundException")
	if w.members.role(id) == "" {
		t.Error("IAM forgot an account that goes on to exist")
	}
	_, err = w.DescribeOrganization(as(id), &sdk.DescribeOrganizationInput{})
	wantError(t, err, "AWSOrganizationsNotInUseException")
	if end := w.create(newAccount("again", "Team@example.com")); end.FailureReason != "EMAIL_ALREADY_EXISTS" {
		t.Errorf("its e-mail: %s %s", end.State, end.FailureReason)
	}
	w.view(func(tx *state.Tx) {
		if got := w.ServiceControlPolicies(tx, id); got != nil {
			t.Errorf("still limited by %v", got)
		}
	})

	closing := w.account("closing")
	w.update(func(tx *state.Tx) { must(t, w.SetStandalone(tx, closing, true)) })
	w.advance(4 * day)
	must(t, w.close(closing))
	w.awaitState(closing, organizations.Closed)
	wantError(t, leave(closing), "ConstraintViolationException", "MEMBER_ACCOUNT_PAYMENT_INSTRUMENT_REQUIRED")
}
