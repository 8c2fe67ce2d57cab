package organizations_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/twin/organizations"
	"accountfactory/internal/twin/state"
)

func TestCreateAccount(t *testing.T) {
	t.Parallel()
	var heard []string
	w := setup(t, organizations.Quotas{}, 1, func(s *organizations.Service) {
		s.OnCreated(func(tx *state.Tx, st *organizations.CreateStatus) {
			heard = append(heard, st.State+" "+s.Account(tx, st.AccountID).Name)
		})
	})
	w.freeze()
	in := newAccount("Team A", "Team-A@example.com")
	in.RoleName, in.Tags = new("Boss"), []types.Tag{{Key: new("cost"), Value: new("1")}}
	out, err := w.CreateAccount(w.ctx, in)
	must(t, err)
	st := out.CreateAccountStatus
	want := &types.CreateAccountStatus{Id: st.Id, AccountName: new("Team A"), State: types.CreateAccountStateInProgress, RequestedTimestamp: st.RequestedTimestamp}
	if diff := cmp.Diff(want, st, structs); diff != "" {
		t.Errorf("at first (-want +got):\n%s", diff)
	}
	if !regexp.MustCompile(`^car-[a-z0-9]{8,32}$`).MatchString(*st.Id) {
		t.Errorf("request id %q", *st.Id)
	}
	w.view(func(tx *state.Tx) {
		if w.AccountByEmail(tx, "team-a@example.com") != nil {
			t.Error("the account is there before its creation ended")
		}
	})
	w.advance(2 * time.Minute)
	end := w.ended(*st.Id)
	want.State, want.AccountId, want.CompletedTimestamp = types.CreateAccountStateSucceeded, end.AccountId, end.CompletedTimestamp
	if diff := cmp.Diff(*want, end, structs); diff != "" {
		t.Errorf("in the end (-want +got):\n%s", diff)
	}
	if took := end.CompletedTimestamp.Sub(*end.RequestedTimestamp); took < time.Minute || took > 2*time.Minute {
		t.Errorf("it took %v, want a minute or two", took)
	}
	w.view(func(tx *state.Tx) {
		a := w.Account(tx, *end.AccountId)
		got := organizations.Account{
			ID: *end.AccountId, Name: "Team A", Email: "Team-A@example.com", Parent: w.root, JoinedMethod: "CREATED", State: organizations.Active,
			RoleName: "Boss", Tags: []organizations.Tag{{Key: "cost", Value: "1"}}, Joined: a.Joined,
		}
		if diff := cmp.Diff(got, *a); diff != "" {
			t.Errorf("account (-want +got):\n%s", diff)
		}
	})
	if role := w.members.role(*end.AccountId); role != "Boss<-"+management {
		t.Errorf("IAM was told of role %q", role)
	}
	if diff := cmp.Diff([]string{"SUCCEEDED Team A"}, heard); diff != "" {
		t.Errorf("listeners heard (-want +got):\n%s", diff)
	}
	_, err = w.DescribeCreateAccountStatus(w.ctx, &sdk.DescribeCreateAccountStatusInput{CreateAccountRequestId: new("car-00000000")})
	wantError(t, err, "CreateAccountStatusNotFoundException")
}

// What CreateAccount finds out later, it tells in the status.
func TestCreateAccountFails(t *testing.T) {
	t.Parallel()
	w := setup(t, organizations.Quotas{Accounts: 3}, 0)
	w.account("Taken")
	for _, tc := range []struct {
		name, email string
		want        types.CreateAccountFailureReason
	}{
		{"the management account's e-mail", "OWNER@Example.com", "EMAIL_ALREADY_EXISTS"},
		{"another account's e-mail", "taken@example.com", "EMAIL_ALREADY_EXISTS"},
		{"an e-mail that only the pattern lets pass", "a%b@example.com", "INVALID_EMAIL"},
		{"one more that fits", "third@example.com", ""},
		{"one too many", "fourth@example.com", "ACCOUNT_LIMIT_EXCEEDED"},
	} {
		end := w.create(newAccount(tc.name, tc.email))
		if end.FailureReason != tc.want || (end.State == types.CreateAccountStateFailed) != (tc.want != "") {
			t.Errorf("%s: %s %s, want %q", tc.name, end.State, end.FailureReason, tc.want)
		}
		if end.CompletedTimestamp == nil {
			t.Errorf("%s: not completed", tc.name)
		}
	}
}

func TestCreateAccountFaults(t *testing.T) {
	t.Parallel()
	w := setup(t, organizations.Quotas{}, 0)
	reasons := append(types.CreateAccountFailureReason("").Values(), "whatever")
	for i, reason := range reasons {
		email := fmt.Sprintf("f%d@example.com", i)
		w.update(func(tx *state.Tx) {
			tx.ArmFault(state.Fault{Kind: state.FaultFail, Service: "organizations", Operation: "CreateAccount", Email: strings.ToUpper(email), Reason: string(reason), Count: 1})
		})
		want := reason
		if reason == "whatever" {
			want = types.CreateAccountFailureReasonInternalFailure
		}
		if end := w.create(newAccount("x", email)); end.FailureReason != want {
			t.Errorf("armed %s: %s %s", reason, end.State, end.FailureReason)
		}
		if end := w.create(newAccount("x", email)); end.State != types.CreateAccountStateSucceeded {
			t.Errorf("after %s the same e-mail ended %s %s", reason, end.State, end.FailureReason)
		}
	}
}

func TestCreateAccountStuck(t *testing.T) {
	t.Parallel()
	w := setup(t, organizations.Quotas{}, 0)
	w.update(func(tx *state.Tx) {
		tx.ArmFault(state.Fault{Kind: state.FaultStuck, Service: "organizations", Operation: "CreateAccount", Count: 1})
	})
	out, err := w.CreateAccount(w.ctx, newAccount("x", "x@example.com"))
	must(t, err)
	id := *out.CreateAccountStatus.Id
	var op *state.Operation
	w.await(func(tx *state.Tx) bool {
		ops := tx.Running("organizations.CreateAccount", id)
		if len(ops) != 1 || !ops[0].Stuck {
			return false
		}
		op = ops[0]
		return w.CreateStatusOf(tx, id).State == organizations.InProgress
	})
	w.update(func(tx *state.Tx) { tx.SetStuck(op.ID, false) })
	if end := w.ended(id); end.State != types.CreateAccountStateSucceeded {
		t.Errorf("released, it ended %s", end.State)
	}
}

func TestCreateAccountRefusals(t *testing.T) {
	t.Parallel()
	w := setup(t, organizations.Quotas{}, 1)
	w.freeze()
	bad := newAccount("x", "x@example.com")
	bad.RoleName = new("AWSServiceRoleForMe")
	_, err := w.CreateAccount(w.ctx, bad)
	wantError(t, err, "InvalidInputException", "INVALID_ROLE_NAME")
	tags := newAccount("x", "x@example.com")
	tags.Tags = []types.Tag{{Key: new("a"), Value: new("1")}, {Key: new("a"), Value: new("2")}}
	_, err = w.CreateAccount(w.ctx, tags)
	wantError(t, err, "InvalidInputException", "DUPLICATE_TAG_KEY")

	for i := range 5 {
		_, err = w.CreateAccount(w.ctx, newAccount("x", fmt.Sprintf("x%d@example.com", i)))
		must(t, err)
	}
	_, err = w.CreateAccount(w.ctx, newAccount("x", "x6@example.com"))
	wantError(t, err, "ConstraintViolationException", "ACCOUNT_CREATION_RATE_LIMIT_EXCEEDED")
	w.update(func(tx *state.Tx) {
		for _, tc := range []struct{ name, email, reason string }{
			{"", "x@example.com", "MIN_LENGTH_EXCEEDED"},
			{"x", "x@y.z", "MIN_LENGTH_EXCEEDED"},
			{strings.Repeat("x", 51), "x@example.com", "MAX_LENGTH_EXCEEDED"},
			{"x", strings.Repeat("x", 60) + "@example.com", "MAX_LENGTH_EXCEEDED"},
			{"x", "x.example.com", "INVALID_PATTERN"},
			{"é", "x@example.com", "INVALID_PATTERN"},
		} {
			_, err := w.BeginCreateAccount(tx, organizations.NewAccount{Name: tc.name, Email: tc.email})
			wantError(t, err, "InvalidInputException", tc.reason)
		}
	})
}

func TestConcurrentCreationOfOneEmail(t *testing.T) {
	t.Parallel()
	w := setup(t, organizations.Quotas{}, 1)
	w.freeze()
	var ids []string
	for range 3 {
		out, err := w.CreateAccount(w.ctx, newAccount("x", "x@example.com"))
		must(t, err)
		ids = append(ids, *out.CreateAccountStatus.Id)
		w.advance(time.Millisecond)
	}
	w.advance(time.Hour)
	made := 0
	for _, id := range ids {
		switch end := w.ended(id); {
		case end.State == types.CreateAccountStateSucceeded:
			made++
		case end.FailureReason != "EMAIL_ALREADY_EXISTS" && end.FailureReason != "CONCURRENT_ACCOUNT_MODIFICATION":
			t.Errorf("%s: %s", end.State, end.FailureReason)
		}
	}
	if made != 1 {
		t.Errorf("%d accounts with one e-mail", made)
	}
}

func TestListCreateAccountStatus(t *testing.T) {
	t.Parallel()
	w := setup(t, organizations.Quotas{Creations: 100}, 0)
	want := map[types.CreateAccountState]int{}
	for i := range 25 {
		want[w.create(newAccount("x", fmt.Sprintf("x%d@example.com", i%23))).State]++
	}
	w.update(func(tx *state.Tx) { tx.ArmFault(state.Fault{Kind: state.FaultStuck, Operation: "CreateAccount"}) })
	_, err := w.CreateAccount(w.ctx, newAccount("x", "stuck@example.com"))
	must(t, err)
	want[types.CreateAccountStateInProgress]++
	for _, states := range [][]types.CreateAccountState{
		nil, {"IN_PROGRESS"}, {"FAILED"}, {"SUCCEEDED"}, {"SUCCEEDED", "FAILED"}, {"SUCCEEDED", "SUCCEEDED", "IN_PROGRESS", "FAILED"},
	} {
		got := map[types.CreateAccountState]int{}
		var token *string
		for first := true; first || token != nil; first = false {
			out, err := w.ListCreateAccountStatus(w.ctx, &sdk.ListCreateAccountStatusInput{States: states, NextToken: token, MaxResults: new(int32(4))})
			must(t, err)
			if len(out.CreateAccountStatuses) > 4 {
				t.Errorf("a page of %d", len(out.CreateAccountStatuses))
			}
			for _, st := range out.CreateAccountStatuses {
				got[st.State]++
			}
			token = out.NextToken
		}
		asked := map[types.CreateAccountState]int{}
		for _, st := range states {
			asked[st] = want[st]
		}
		if states == nil {
			asked = want
		}
		if diff := cmp.Diff(asked, got); diff != "" {
			t.Errorf("states %v (-want +got):\n%s", states, diff)
		}
	}
	_, err = w.ListCreateAccountStatus(w.ctx, &sdk.ListCreateAccountStatusInput{NextToken: new("x")})
	wantError(t, err, "InvalidInputException", "INVALID_NEXT_TOKEN")
}
