package factory_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/factory"
)

// samples are a value for each member of a submission, by its name in the API.
var samples = map[string]string{
	"name": `"Other"`, "accountEmail": `"other@example.com"`, "ou": `"Workloads/Dev"`,
	"ssoUserEmail": `"nina@example.com"`, "ssoUserFirstName": `"Nina"`, "ssoUserLastName": `"New"`,
	"account": `"` + first + `"`, "removeOldAccess": `true`, "newName": `"renamed"`, "newEmail": `"new@example.com"`, "coolOff": `"72h"`,
	"grant":  `[{"group":"Developers","permissionSet":"AWSReadOnlyAccess"}]`,
	"revoke": `[{"group":"Developers","permissionSet":"AWSReadOnlyAccess"}]`,
	"tags":   `{"team":"red"}`, "contacts": `[{"type":"SECURITY","name":"Sam","title":"Guard","email":"sam@example.com","phone":"+1 555 0100"}]`,
	"fields": `{"ticket":"ABC-1"}`, "region": `"us-east-1"`, "tagOptions": `["cost"]`, "notificationArns": `["arn:aws:sns:eu-west-1:1:t"]`, "plan": `true`,
}

// kept are those that go into the request as they are.
var kept = map[string]bool{"kind": true, "reason": true, "priority": true}

// memberNames gives the API's names of all that a submission can have.
func memberNames(t reflect.Type) (out []string) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous:
			out = append(out, memberNames(f.Type)...)
		case name != "-":
			out = append(out, name)
		}
	}
	return out
}

// TestMembers: whatever a submission of any kind carries is honoured or refused by name, with both provisioners: the checks
// and writes are others without it. A member that nobody thought of fails the test.
func TestMembers(t *testing.T) {
	t.Parallel()
	for _, p := range factory.Provisioners() {
		b := setup(t)
		vended(b)
		b.set = func(c *factory.Config) { c.Provisioner = p }
		b.reopen()
		for _, kind := range factory.Kinds() {
			for _, name := range memberNames(reflect.TypeFor[factory.Input]()) {
				if kept[name] {
					continue
				}
				t.Run(string(p)+"/"+string(kind)+"/"+name, func(t *testing.T) {
					if samples[name] == "" {
						t.Fatal("no sample: is it honoured, or refused?")
					}
					without, with := b.planned(t, kind, name, ""), b.planned(t, kind, name, samples[name])
					if cmp.Equal(without, with) {
						t.Errorf("dropped silently: %+v", with)
					}
				})
			}
		}
	}
}

// planned gives what a submission comes to, with a member or without it.
func (b *bundle) planned(t *testing.T, kind factory.Kind, name, value string) factory.Plan {
	t.Helper()
	all := map[string]json.RawMessage{"kind": json.RawMessage(`"` + string(kind) + `"`)}
	base := []string{"account"}
	switch kind {
	case factory.KindLaunch:
		base = []string{"name", "accountEmail", "ou", "ssoUserEmail", "ssoUserFirstName", "ssoUserLastName"}
	case factory.KindEnroll, factory.KindUpdate, factory.KindRepair:
		base = append(base, "ssoUserEmail", "ssoUserFirstName", "ssoUserLastName")
	case factory.KindAccess, factory.KindUnmanage, factory.KindClose:
	}
	for _, m := range base {
		all[m] = json.RawMessage(samples[m])
	}
	delete(all, name)
	if value != "" {
		all[name] = json.RawMessage(value)
	}
	text, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	var in factory.Input
	if err := json.Unmarshal(text, &in); err != nil {
		t.Fatal(err)
	}
	plan, err := b.svc.Check(t.Context(), boss, b.cloud, in)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// TestMembers_Foreign: what means nothing for a kind is refused by its name in the API.
func TestMembers_Foreign(t *testing.T) {
	t.Parallel()
	b := setup(t)
	vended(b)
	for _, tc := range []struct {
		kind factory.Kind
		name string
		says string
	}{
		{factory.KindLaunch, "account", "account means nothing for launch"},
		{factory.KindEnroll, "name", "name means nothing for enroll"},
		{factory.KindUpdate, "accountEmail", "accountEmail means nothing for update"},
		{factory.KindUpdate, "tags", "tags means nothing for update"},
		{factory.KindAccess, "ou", "ou means nothing for access"},
		{factory.KindAccess, "ssoUserEmail", "ssoUserEmail means nothing for access"},
		{factory.KindUnmanage, "ou", "ou means nothing for unmanage"},
		{factory.KindClose, "newName", "newName means nothing for close"},
		{factory.KindRepair, "grant", "grant means nothing for repair"},
		{factory.KindUnmanage, "plan", "a resource plan was asked for"},
	} {
		found := false
		for _, c := range b.planned(t, tc.kind, tc.name, samples[tc.name]).Checks {
			found = found || c.Result == factory.CheckFailed && c.Remedy != "" && strings.Contains(c.Seen, tc.says)
		}
		if !found {
			t.Errorf("%s with %s: nothing says %q", tc.kind, tc.name, tc.says)
		}
	}
}
