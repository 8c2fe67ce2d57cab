package twin_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"accountfactory/internal/twin"
)

// TestUnits: an organization has as many organizational units as AWS allowed at the age that is played, and no more.
func TestUnits(t *testing.T) {
	t.Parallel()
	for profile, want := range map[string]int{"": 1_000, "classic": 1_000, "current": 2_000} {
		t.Run("profile "+profile, func(t *testing.T) {
			t.Parallel()
			f := setup(t, func(c *twin.Config) { c.Profile, c.Empty = profile, true })
			if _, err := f.Organizations.CreateOrganization(t.Context(), &organizations.CreateOrganizationInput{}); err != nil {
				t.Fatal(err)
			}
			roots, err := f.Organizations.ListRoots(t.Context(), &organizations.ListRootsInput{})
			if err != nil {
				t.Fatal(err)
			}
			for i := range want + 1 {
				_, err = f.Organizations.CreateOrganizationalUnit(t.Context(), &organizations.CreateOrganizationalUnitInput{ParentId: roots.Roots[0].Id, Name: new(fmt.Sprint("unit ", i))})
				if err != nil && i < want {
					t.Fatalf("unit %d: %v", i, err)
				}
			}
			var over *types.ConstraintViolationException
			if !errors.As(err, &over) || over.Reason != types.ConstraintViolationExceptionReasonOuNumberLimitExceeded {
				t.Fatalf("unit %d: %v", want+1, err)
			}
		})
	}
}
