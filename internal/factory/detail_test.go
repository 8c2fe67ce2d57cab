package factory_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestDetail_JSON: the names scripts rely on, and nothing of the machinery.
func TestDetail_JSON(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.submit(ada, input(1))
	in := input(2)
	in.Reason = "a new team"
	raw, err := json.Marshal(b.submit(ada, in))
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(raw, &got); err != nil {
		t.Fatal(err)
	}
	if lines, _ := got["timeline"].([]any); len(lines) != 1 {
		t.Errorf("timeline %v", got["timeline"])
	}
	waits, _ := got["waitingFor"].(string)
	if waits == "" {
		t.Error("it does not say what it waits for")
	}
	for _, changing := range []string{"id", "timeline", "waitingFor"} {
		delete(got, changing)
	}
	want := map[string]any{
		"number": 2.0, "kind": "launch", "state": "waiting", "step": "check", "position": 1.0, "generation": 1.0,
		"name": "Team 2", "accountEmail": "team2@example.com", "accountId": "", "ou": "Sandbox",
		"ssoUserEmail": "lead2@example.com", "ssoUserFirstName": "Lea", "ssoUserLastName": "Lead",
		"steps":     []any{"check", "turn", "provision", "follow", "verify"},
		"requester": ada.ARN, "role": ada.Role, "reason": "a new team",
		"createdAt": "2026-11-22T09:00:00Z", "updatedAt": "2026-11-22T09:00:00Z",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
