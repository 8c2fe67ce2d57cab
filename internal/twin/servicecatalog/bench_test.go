package servicecatalog_test

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"

	"accountfactory/internal/twin/servicecatalog"
	"accountfactory/internal/twin/state"
)

// enrol puts n provisioned products, one in a hundred the end user's and the rest the administrator's.
func (f *fixture) enrol(n int) {
	f.t.Helper()
	f.change(func(tx *state.Tx) {
		for i := range n {
			owner := servicecatalog.Owner{ARN: admin, Session: admin}
			if i%100 == 0 {
				owner = servicecatalog.Owner{ARN: endUserRole, Session: endUserSession}
			}
			f.Enrolled(tx, servicecatalog.Enrolment{ProductID: f.product.ID, PhysicalID: fmt.Sprintf("%012d", i), Owner: owner})
		}
	})
}

// words is a search for what the first hundred have in their names, from a page on.
func words(token *string) *sdk.SearchProvisionedProductsInput {
	in := query("Account-0000")
	in.PageToken = token
	return in
}

// Each row of the table costs about the same with 100 products and with 10,000, but the filters that look at all.
func BenchmarkProvisionedProducts(b *testing.B) {
	self := &types.AccessLevelFilter{Key: types.AccessLevelFilterKeyUser, Value: aws.String("self")}
	for _, n := range []int{100, 10_000} {
		f := setup(b)
		f.enrol(n)
		ctx := f.as(endUserSession)
		first, err := f.SearchProvisionedProducts(ctx, words(nil))
		if err != nil {
			b.Fatal(err)
		}
		second := first.NextPageToken
		for name, call := range map[string]func() error{
			"page":       func() error { _, err := f.SearchProvisionedProducts(ctx, query()); return err },
			"physicalId": func() error { _, err := f.SearchProvisionedProducts(ctx, query("physicalId:000000000042")); return err },
			"mine": func() error {
				_, err := f.ScanProvisionedProducts(ctx, &sdk.ScanProvisionedProductsInput{AccessLevelFilter: self})
				return err
			},
			"my records":    func() error { _, err := f.ListRecordHistory(ctx, &sdk.ListRecordHistoryInput{}); return err },
			"type (looks)":  func() error { _, err := f.SearchProvisionedProducts(ctx, query("type:"+productType)); return err },
			"words, page 2": func() error { _, err := f.SearchProvisionedProducts(ctx, words(second)); return err },
			"words (looks)": func() error { _, err := f.SearchProvisionedProducts(ctx, words(nil)); return err },
		} {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if err := call(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
