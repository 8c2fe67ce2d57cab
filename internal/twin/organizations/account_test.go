package organizations_test

import (
	"fmt"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/twin/organizations"
	"accountfactory/internal/twin/state"
)

func TestDescribeAccount(t *testing.T) {
	t.Parallel()
	w := setup(t, organizations.Quotas{}, 0)
	ou := w.ou(w.root, "A")
	w.freeze()
	var id string
	w.update(func(tx *state.Tx) {
		id = w.AddAccount(tx, organizations.Account{Name: "Log archive", Email: "Logs@example.com", Parent: ou}).ID
	})
	got, err := w.DescribeAccount(w.ctx, &sdk.DescribeAccountInput{AccountId: &id})
	must(t, err)
	want := &types.Account{
		Id: &id, Arn: new("arn:aws:organizations::111111111111:account/" + w.org + "/" + id), Name: new("Log archive"),
		Email: new("Logs@example.com"), JoinedMethod: types.AccountJoinedMethodCreated, State: types.AccountStateActive,
		Status: types.AccountStatusActive, Paths: []string{w.org + "/" + w.root + "/" + ou + "/" + id + "/"},
		JoinedTimestamp: got.Account.JoinedTimestamp,
	}
	if diff := cmp.Diff(want, got.Account, structs); diff != "" {
		t.Errorf("account (-want +got):\n%s", diff)
	}
	boss, err := w.DescribeAccount(w.ctx, &sdk.DescribeAccountInput{AccountId: new(management)})
	must(t, err)
	if boss.Account.JoinedMethod != types.AccountJoinedMethodInvited {
		t.Errorf("the management account joined as %s", boss.Account.JoinedMethod)
	}
	if role := w.members.role(id); role != "OrganizationAccountAccessRole<-"+management {
		t.Errorf("IAM was told of role %q", role)
	}
	_, err = w.DescribeAccount(w.ctx, &sdk.DescribeAccountInput{AccountId: new("000000000000")})
	wantError(t, err, "AccountNotFoundException")
	w.view(func(tx *state.Tx) {
		if a := w.AccountByEmail(tx, "LOGS@EXAMPLE.COM"); a == nil || a.ID != id {
			t.Errorf("by e-mail in another case: %+v", a)
		}
		if a := w.AccountByEmail(tx, "nobody@example.com"); a != nil {
			t.Errorf("by an unknown e-mail: %+v", a)
		}
		if got, want := w.AccountARN(tx, id), *want.Arn; got != want {
			t.Errorf("ARN %s, want %s", got, want)
		}
	})
}

func TestMoveAccount(t *testing.T) {
	t.Parallel()
	var moves []string
	w := setup(t, organizations.Quotas{}, 0, func(s *organizations.Service) {
		s.OnMoved(func(_ *state.Tx, id, from, to string) { moves = append(moves, id+" "+from+" "+to) })
	})
	a, b, id := w.ou(w.root, "A"), w.ou(w.root, "B"), w.account("x")
	move := func(id, from, to string) error {
		_, err := w.MoveAccount(w.ctx, &sdk.MoveAccountInput{AccountId: &id, SourceParentId: &from, DestinationParentId: &to})
		return err
	}
	must(t, move(id, w.root, a))
	must(t, move(id, a, b))
	if diff := cmp.Diff([]string{id + " " + w.root + " " + a, id + " " + a + " " + b}, moves); diff != "" {
		t.Errorf("listeners heard (-want +got):\n%s", diff)
	}
	out, err := w.ListAccountsForParent(w.ctx, &sdk.ListAccountsForParentInput{ParentId: &b})
	must(t, err)
	if len(out.Accounts) != 1 || *out.Accounts[0].Id != id {
		t.Errorf("accounts in the new OU: %v", out.Accounts)
	}
	wantError(t, move("000000000000", a, b), "AccountNotFoundException")
	wantError(t, move(id, a, w.root), "SourceParentNotFoundException")
	wantError(t, move(id, b, "ou-none-00000000"), "DestinationParentNotFoundException")
	wantError(t, move(id, b, b), "DuplicateAccountException")
	if len(moves) != 2 {
		t.Errorf("listeners heard of refused moves: %v", moves[2:])
	}
}

func TestAccountPages(t *testing.T) {
	t.Parallel()
	w := setup(t, organizations.Quotas{}, 0)
	ou := w.ou(w.root, "A")
	w.update(func(tx *state.Tx) {
		for i := range 45 {
			w.AddAccount(tx, organizations.Account{Name: "x", Email: fmt.Sprintf("x%d@example.com", i), Parent: ou})
		}
	})
	var sizes []int
	seen := map[string]bool{}
	var token *string
	for {
		out, err := w.ListAccounts(w.ctx, &sdk.ListAccountsInput{NextToken: token})
		must(t, err)
		sizes = append(sizes, len(out.Accounts))
		for _, a := range out.Accounts {
			seen[*a.Id] = true
		}
		w.account(fmt.Sprint("late", len(sizes))) // rows that come meanwhile do no harm
		if token = out.NextToken; token == nil {
			break
		}
	}
	if len(seen) < 46 || sizes[0] != 20 || sizes[1] != 20 {
		t.Errorf("pages of %v accounts, %d in all, want at least 46", sizes, len(seen))
	}
	first, err := w.ListAccountsForParent(w.ctx, &sdk.ListAccountsForParentInput{ParentId: &ou, MaxResults: new(int32(7))})
	must(t, err)
	if len(first.Accounts) != 7 || first.NextToken == nil {
		t.Errorf("a page of 7 has %d", len(first.Accounts))
	}
	_, err = w.ListAccountsForParent(w.ctx, &sdk.ListAccountsForParentInput{ParentId: &w.root, NextToken: first.NextToken})
	wantError(t, err, "InvalidInputException", "INVALID_NEXT_TOKEN")
	_, err = w.ListAccountsForParent(w.ctx, &sdk.ListAccountsForParentInput{ParentId: new("r-none")})
	wantError(t, err, "ParentNotFoundException")
	exact, err := w.ListAccountsForParent(w.ctx, &sdk.ListAccountsForParentInput{ParentId: &ou, NextToken: nextOf(t, w, ou, 40)})
	must(t, err)
	if len(exact.Accounts) != 5 || exact.NextToken != nil {
		t.Errorf("the last page has %d accounts, token %v", len(exact.Accounts), exact.NextToken)
	}
}

// nextOf gives the token after n accounts of a parent.
func nextOf(t *testing.T, w *twin, parent string, n int) (token *string) {
	t.Helper()
	for range n / 20 {
		out, err := w.ListAccountsForParent(w.ctx, &sdk.ListAccountsForParentInput{ParentId: &parent, NextToken: token})
		must(t, err)
		token = out.NextToken
	}
	return token
}

func TestRenameAndChangeEmail(t *testing.T) {
	t.Parallel()
	w := setup(t, organizations.Quotas{}, 0)
	a, b := w.account("a"), w.account("b")
	w.update(func(tx *state.Tx) {
		must(t, w.Rename(tx, a, "Alpha"))
		wantError(t, w.Rename(tx, "000000000000", "x"), "AccountNotFoundException")
		if free, err := w.ChangeEmail(tx, a, "B@example.com"); free || err != nil {
			t.Errorf("another account's e-mail was taken: %v %v", free, err)
		}
		if free, err := w.ChangeEmail(tx, a, "A@EXAMPLE.com"); !free || err != nil {
			t.Errorf("its own e-mail in another case was refused: %v %v", free, err)
		}
		if free, err := w.ChangeEmail(tx, a, "new@example.com"); !free || err != nil {
			t.Errorf("a free e-mail was refused: %v %v", free, err)
		}
		if free, err := w.ChangeEmail(tx, b, "a@example.com"); !free || err != nil {
			t.Errorf("an e-mail given up was refused: %v %v", free, err)
		}
		_, err := w.ChangeEmail(tx, "000000000000", "z@example.com")
		wantError(t, err, "AccountNotFoundException")
	})
	out, err := w.DescribeAccount(w.ctx, &sdk.DescribeAccountInput{AccountId: &a})
	must(t, err)
	if *out.Account.Name != "Alpha" || *out.Account.Email != "new@example.com" {
		t.Errorf("account %s <%s>", *out.Account.Name, *out.Account.Email)
	}
}
