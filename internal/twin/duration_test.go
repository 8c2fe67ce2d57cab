package twin_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"

	"accountfactory/internal/twin"
)

// TestDuration: at speed 1 an account takes the 15 to 30 minutes that people report, spread by the random seed.
func TestDuration(t *testing.T) {
	t.Parallel()
	for seed := uint64(1); seed <= 3; seed++ {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			f := setup(t, slow, func(c *twin.Config) { c.Seed = seed })
			f.freeze(t) // or the time of the test's own would not be counted
			out, err := f.launch(t, "one", nil)
			if err != nil {
				t.Fatal(err)
			}
			took := time.Duration(0)
			for {
				rec, err := f.Catalog.DescribeRecord(t.Context(), &servicecatalog.DescribeRecordInput{Id: out.RecordDetail.RecordId})
				if err != nil {
					t.Fatal(err)
				}
				if rec.RecordDetail.Status == types.RecordStatusSucceeded {
					break
				}
				if rec.RecordDetail.Status == types.RecordStatusFailed || took > time.Hour {
					t.Fatalf("%s after %s", rec.RecordDetail.Status, took)
				}
				f.later(t, "15s")
				f.settle(t)
				took += 15 * time.Second
			}
			if took < 15*time.Minute || took > 30*time.Minute {
				t.Errorf("%s took %s", aws.ToString(out.RecordDetail.ProvisionedProductName), took)
			}
		})
	}
}
