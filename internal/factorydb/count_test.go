package factorydb_test

import (
	"testing"

	"accountfactory/internal/factory"
)

// TestComing: open launches that have no account yet count, whatever they wait for.
func TestComing(t *testing.T) { eachEngine(t, testComing) }

func testComing(t *testing.T, at place) {
	db := open(t, at)
	n := 0
	for _, r := range []factory.Request{
		{Kind: factory.KindLaunch, State: factory.StateWaiting},
		{Kind: factory.KindLaunch, State: factory.StateWaitingForPerson},
		{Kind: factory.KindLaunch, State: factory.StateRunning, AccountID: "111122223333"},
		{Kind: factory.KindEnroll, State: factory.StateWaiting},
		{Kind: factory.KindLaunch, State: factory.StateFailed},
		{Kind: factory.KindLaunch, State: factory.StateSucceeded, AccountID: "444455556666"},
	} {
		n++
		row := request(n)
		row.Kind, row.State, row.AccountID = r.Kind, r.State, r.AccountID
		if _, err := db.Add(t.Context(), row, factory.Event{}); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := db.Coming(t.Context()); err != nil || got != 2 {
		t.Errorf("%d accounts are coming, want 2: %v", got, err)
	}
}
