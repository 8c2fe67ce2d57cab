package factory_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/cloud"
	"accountfactory/internal/factory"
)

// TestProvisioners_Permissions: there are permissions for each provisioner, and for nothing else.
func TestProvisioners_Permissions(t *testing.T) {
	t.Parallel()
	var names []string
	for _, p := range factory.Provisioners() {
		names = append(names, string(p))
	}
	if diff := cmp.Diff(names, cloud.Ways()); diff != "" {
		t.Errorf("(-factory +cloud):\n%s", diff)
	}
}
