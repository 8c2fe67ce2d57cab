package factory_test

import (
	"testing"

	"accountfactory/internal/factory"
)

func TestLaunch(t *testing.T) {
	t.Parallel()
	b := setup(t)
	d := b.submit(ada, input(1))
	if d.State != factory.StateWaiting || d.ID == "" || d.AccountID != "" {
		t.Fatalf("fresh request: %+v", d)
	}
	d = b.drive(d.ID, nil)
	if d.State != factory.StateSucceeded || d.AccountID == "" || d.ProductID == "" || d.EndedAt.IsZero() {
		t.Fatalf("ended as %s\n%s", d.State, story(d))
	}
	t.Log("\n" + story(d))
	if n := b.cloud.effect("ProvisionProduct"); n != 1 {
		t.Errorf("%d ProvisionProduct took effect, want 1", n)
	}
}
