package twin_test

import (
	"maps"
	"net/http"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestLabViews: mails and operations under way have the lab's spelling, and a mail's id leads to those after it.
func TestLabViews(t *testing.T) {
	t.Parallel()
	f := setup(t)
	f.vend(t, "first", nil)
	f.vend(t, "second", map[string]string{"SSOUserEmail": "other@example.com"})
	mails := func(after string) (all []map[string]any) {
		var box struct{ Mails []map[string]any }
		f.ask(t, http.MethodGet, "/_twin/outbox?after="+after, nil, &box)
		return box.Mails
	}
	all := mails("")
	if len(all) < 2 {
		t.Fatalf("%d mails, want those to two owners", len(all))
	}
	want := []string{"at", "id", "link", "name", "subject", "text", "to"}
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(all[len(all)-1]))); diff != "" {
		t.Errorf("a mail (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(all[1:], mails(all[0]["id"].(string))); diff != "" {
		t.Errorf("after the first (-want +got):\n%s", diff)
	}
	f.arm(t, map[string]any{"kind": "stuck", "service": "controltower", "step": "finish", "count": 1})
	if _, err := f.launch(t, "third", nil); err != nil {
		t.Fatal(err)
	}
	var stuck map[string]any
	await(t, func() bool {
		var under struct{ Operations []map[string]any }
		f.ask(t, http.MethodGet, "/_twin/operations", nil, &under)
		for _, op := range under.Operations {
			if op["stuck"] == true {
				stuck = op
			}
		}
		return stuck != nil
	})
	want = []string{"begun", "due", "id", "kind", "of", "step", "stuck"}
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(stuck))); diff != "" {
		t.Errorf("an operation (-want +got):\n%s", diff)
	}
}
