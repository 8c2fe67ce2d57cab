package twin_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"accountfactory/internal/twin"
)

// TestCreationsAtOnce counts how many accounts Organizations takes on while none is ready: five, or as many as Control Tower
// works on.
func TestCreationsAtOnce(t *testing.T) {
	t.Parallel()
	for operations, want := range map[int]int{0: 5, 1: 5, 8: 8} {
		t.Run(fmt.Sprint(operations), func(t *testing.T) {
			t.Parallel()
			f := setup(t, slowly, func(c *twin.Config) { c.AccountOperations = operations })
			f.freeze(t) // none gets ready
			for i := range want + 1 {
				_, err := f.Organizations.CreateAccount(t.Context(), &organizations.CreateAccountInput{
					AccountName: aws.String("x"), Email: aws.String(fmt.Sprintf("x%d@example.com", i)),
				})
				var full *types.ConstraintViolationException
				if i == want && !errors.As(err, &full) {
					t.Errorf("creation %d: %v, want a ConstraintViolationException", i+1, err)
				}
				if i < want && err != nil {
					t.Errorf("creation %d: %v", i+1, err)
				}
			}
		})
	}
}
