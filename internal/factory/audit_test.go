package factory_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/factory"
)

// log gives the whole audit log.
func (b *bundle) log() []factory.AuditRow {
	b.t.Helper()
	rows, err := b.svc.Audit(b.t.Context(), boss, 0)
	if err != nil {
		b.t.Fatal(err)
	}
	return rows
}

// TestAuditLog: who did what is there in its order, with what it was before and after, and the chain holds over a crash.
func TestAuditLog(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.cloud.fail = func(op string, try int) (string, string) {
		if op == "ProvisionProduct" && try == 1 {
			return "InvalidParametersException", "ACCOUNT_LIMIT_EXCEEDED"
		}
		return "", ""
	}
	in := input(1)
	in.Reason = "a new team"
	d := b.drive(b.submit(ada, in).ID, nil)
	b.reopen()
	if _, err := b.svc.Retry(t.Context(), boss, d.ID); err != nil {
		t.Fatal(err)
	}
	b.drive(d.ID, nil)
	b.mode(factory.ModePaused)
	if err := b.svc.ChangeQueue(t.Context(), boss, factory.QueueChange{Limit: new(3)}); err != nil {
		t.Fatal(err)
	}
	other := b.submit(ada, input(2))
	if _, err := b.svc.Cancel(t.Context(), ada, other.ID); err != nil {
		t.Fatal(err)
	}
	rows := b.log()
	if err := factory.VerifyAudit(0, "", rows); err != nil {
		t.Error(err)
	}
	var got []string
	for _, r := range rows {
		got = append(got, r.Action+" by "+r.Actor[strings.LastIndex(r.Actor, "/")+1:]+" "+states(t, r.Before)+">"+states(t, r.After))
	}
	want := []string{
		"submit by ada >waiting", "state by accountfactory waiting>running", "state by accountfactory running>failed",
		"retry by management failed>waiting", "state by accountfactory waiting>running", "state by accountfactory running>succeeded",
		"mode by management >", "limit by management >", "submit by ada >waiting", "cancel by ada waiting>cancelled",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("audit log (-want +got):\n%s", diff)
	}
	if rows[0].Reason != "a new team" || rows[0].RequestID != d.ID || !strings.HasPrefix(string(rows[7].Before), `{"limit":1,`) || !strings.HasPrefix(string(rows[7].After), `{"limit":3,`) {
		t.Errorf("reasons and values: %+v", rows)
	}
	var denied *factory.DeniedError
	if _, err := b.svc.Audit(t.Context(), ada, 0); !errors.As(err, &denied) {
		t.Errorf("a requester reads the log: %v", err)
	}
}

func states(t *testing.T, view json.RawMessage) string {
	t.Helper()
	var v struct{ State string }
	if strings.HasPrefix(string(view), "{") {
		if err := json.Unmarshal(view, &v); err != nil {
			t.Fatal(err)
		}
	}
	return v.State
}

// TestAuditTampered: whatever is changed, replaced or removed shows, with its row.
func TestAuditTampered(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for n := range 4 {
		if err := b.svc.ChangeQueue(t.Context(), boss, factory.QueueChange{Limit: new(n)}); err != nil {
			t.Fatal(err)
		}
	}
	for _, tc := range []struct {
		name   string
		tamper func([]factory.AuditRow) []factory.AuditRow
		row    int64
	}{
		{"actor", func(r []factory.AuditRow) []factory.AuditRow { r[1].Actor = "somebody"; return r }, 2},
		{"action", func(r []factory.AuditRow) []factory.AuditRow { r[1].Action = "mode"; return r }, 2},
		{"reason", func(r []factory.AuditRow) []factory.AuditRow { r[1].Reason = "none"; return r }, 2},
		{"request", func(r []factory.AuditRow) []factory.AuditRow { r[1].RequestID = "req-x"; return r }, 2},
		{"time", func(r []factory.AuditRow) []factory.AuditRow { r[1].At = r[1].At.Add(1000); return r }, 2},
		{"before", func(r []factory.AuditRow) []factory.AuditRow { r[1].Before = json.RawMessage("7"); return r }, 2},
		{"after", func(r []factory.AuditRow) []factory.AuditRow { r[1].After = json.RawMessage("7"); return r }, 2},
		{"with a new hash", func(r []factory.AuditRow) []factory.AuditRow {
			r[1].Actor = "somebody"
			r[1].Hash = r[1].Sum()
			return r
		}, 3},
		{"removed", func(r []factory.AuditRow) []factory.AuditRow { return slices.Delete(r, 1, 2) }, 2},
		{"first removed", func(r []factory.AuditRow) []factory.AuditRow { return r[1:] }, 1},
		{"swapped", func(r []factory.AuditRow) []factory.AuditRow { r[1], r[2] = r[2], r[1]; return r }, 2},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var bad *factory.AuditError
			if err := factory.VerifyAudit(0, "", tc.tamper(b.log())); !errors.As(err, &bad) || bad.Number != tc.row {
				t.Errorf("%v, want row %d named", err, tc.row)
			}
		})
	}
}
