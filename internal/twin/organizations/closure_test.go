package organizations_test

import (
	"fmt"
	"testing"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/twin/organizations"
	"accountfactory/internal/twin/state"
)

const day = 24 * time.Hour

func (w *twin) close(id string) error {
	_, err := w.CloseAccount(w.ctx, &sdk.CloseAccountInput{AccountId: &id})
	return err
}

func (w *twin) awaitState(id string, want organizations.State) {
	w.t.Helper()
	w.await(func(tx *state.Tx) bool { a := w.Account(tx, id); return a != nil && a.State == want })
}

func TestCloseAccount(t *testing.T) {
	t.Parallel()
	var heard []string
	w := setup(t, organizations.Quotas{}, 1, func(s *organizations.Service) {
		s.OnClosed(func(_ *state.Tx, id string) { heard = append(heard, "closed "+id) })
		s.OnGone(func(tx *state.Tx, id string) { heard = append(heard, "gone "+s.Account(tx, id).ID) })
	})
	w.freeze()
	id := w.account("team")
	states := func() (types.AccountState, types.AccountStatus) {
		out, err := w.DescribeAccount(w.ctx, &sdk.DescribeAccountInput{AccountId: &id})
		must(t, err)
		return out.Account.State, out.Account.Status
	}
	must(t, w.close(id))
	if st, status := states(); st != types.AccountStatePendingClosure || status != types.AccountStatusPendingClosure {
		t.Errorf("at first %s, %s", st, status)
	}
	wantError(t, w.close(id), "ConflictException")
	w.advance(10 * time.Minute)
	w.awaitState(id, organizations.Closed)
	if st, status := states(); st != types.AccountStateClosed || status != types.AccountStatusSuspended {
		t.Errorf("closed it is %s, %s", st, status)
	}
	wantError(t, w.close(id), "AccountAlreadyClosedException")

	w.advance(89 * day)
	if st, _ := states(); st != types.AccountStateClosed {
		t.Errorf("after 89 days it is %s", st)
	}
	w.advance(day)
	w.await(func(tx *state.Tx) bool { return w.Account(tx, id) == nil })
	_, err := w.DescribeAccount(w.ctx, &sdk.DescribeAccountInput{AccountId: &id})
	wantError(t, err, "AccountNotFoundException")
	if diff := cmp.Diff([]string{"closed " + id, "gone " + id}, heard); diff != "" {
		t.Errorf("listeners heard (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{id}, w.members.removed); diff != "" {
		t.Errorf("IAM removed (-want +got):\n%s", diff)
	}

	out, err := w.CreateAccount(w.ctx, newAccount("again", "TEAM@example.com"))
	must(t, err)
	w.advance(time.Hour)
	if end := w.ended(*out.CreateAccountStatus.Id); end.FailureReason != types.CreateAccountFailureReasonEmailAlreadyExists {
		t.Errorf("the e-mail of an account that is gone: %s %s", end.State, end.FailureReason)
	}
}

func TestCloseAccountRefusals(t *testing.T) {
	t.Parallel()
	w := setup(t, organizations.Quotas{Accounts: 5}, 1)
	w.freeze()
	var ids []string
	for i := range 4 {
		ids = append(ids, w.account(fmt.Sprint("a", i)))
	}
	wantError(t, w.close("000000000000"), "AccountNotFoundException")
	wantError(t, w.close(management), "ConstraintViolationException", "CANNOT_CLOSE_MANAGEMENT_ACCOUNT")
	for _, id := range ids[:3] {
		must(t, w.close(id))
	}
	wantError(t, w.close(ids[3]), "ConstraintViolationException", "CLOSE_ACCOUNT_REQUESTS_LIMIT_EXCEEDED")

	w.advance(time.Hour)
	w.awaitState(ids[0], organizations.Closed)
	w.awaitState(ids[2], organizations.Closed)
	out, err := w.CreateAccount(w.ctx, newAccount("x", "x@example.com"))
	must(t, err)
	w.advance(time.Hour)
	if end := w.ended(*out.CreateAccountStatus.Id); end.FailureReason != types.CreateAccountFailureReasonAccountLimitExceeded {
		t.Errorf("closed accounts do not count: %s %s", end.State, end.FailureReason)
	}
}

func TestCloseAccountQuota(t *testing.T) {
	t.Parallel()
	w := setup(t, organizations.Quotas{Closures: 1000}, 1)
	w.freeze()
	w.update(func(tx *state.Tx) {
		for i := range 251 {
			a := w.AddAccount(tx, organizations.Account{Name: "x", Email: fmt.Sprintf("x%d@example.com", i)})
			if err := w.Close(tx, a.ID); (err == nil) != (i < 250) {
				t.Errorf("closure %d: %v", i+1, err)
			} else if err != nil {
				wantError(t, err, "ConstraintViolationException", "CLOSE_ACCOUNT_QUOTA_EXCEEDED")
			}
		}
	})
	last := w.account("last")
	wantError(t, w.close(last), "ConstraintViolationException", "CLOSE_ACCOUNT_QUOTA_EXCEEDED")
	w.advance(31 * day)
	if err := w.close(last); err != nil {
		t.Errorf("31 days later: %v", err)
	}
}

func TestCloseAccountFault(t *testing.T) {
	t.Parallel()
	w := setup(t, organizations.Quotas{}, 0)
	id := w.account("x")
	w.update(func(tx *state.Tx) {
		tx.ArmFault(state.Fault{Kind: state.FaultFail, Operation: "CloseAccount", Step: "close", Account: id, Count: 1})
	})
	must(t, w.close(id))
	w.awaitState(id, organizations.Active)
	must(t, w.close(id))
	w.awaitState(id, organizations.Closed)
}
