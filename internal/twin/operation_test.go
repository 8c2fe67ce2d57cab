package twin_test

import (
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/controltower"
)

// TestOperations_Listed: the most recent comes first, page by page, and after 90 days there are none.
func TestOperations_Listed(t *testing.T) {
	t.Parallel()
	f := setup(t)
	var made []string
	for range 5 {
		out := check[*controltower.ResetLandingZoneOutput](t)(f.ControlTower.ResetLandingZone(t.Context(), &controltower.ResetLandingZoneInput{LandingZoneIdentifier: f.zone(t).LandingZone.Arn}))
		f.zoneEnds(t, out.OperationIdentifier, "SUCCEEDED")
		made = append([]string{*out.OperationIdentifier}, made...)
		f.later(t, "1h")
	}
	listed := func() (ids []string) {
		t.Helper()
		for in := (&controltower.ListLandingZoneOperationsInput{MaxResults: aws.Int32(2)}); ; {
			out := check[*controltower.ListLandingZoneOperationsOutput](t)(f.ControlTower.ListLandingZoneOperations(t.Context(), in))
			for _, o := range out.LandingZoneOperations {
				ids = append(ids, *o.OperationIdentifier)
			}
			if in.NextToken = out.NextToken; in.NextToken == nil {
				return ids
			}
		}
	}
	if got := listed(); !slices.Equal(got, made) {
		t.Errorf("listed %v, want %v", got, made)
	}
	f.later(t, "2156h30m") // the first two are older than 90 days
	if got := listed(); !slices.Equal(got, made[:3]) {
		t.Errorf("after 90 days %v, want %v", got, made[:3])
	}
	_, err := f.ControlTower.GetLandingZoneOperation(t.Context(), &controltower.GetLandingZoneOperationInput{OperationIdentifier: &made[4]})
	wantAPI(t, err, "ResourceNotFoundException", made[4])
	enabled := f.enableControl(t, "AWS-GR_RESTRICT_ROOT_USER", "Sandbox", nil) // which sweeps the old ones away
	f.controlEnds(t, enabled.OperationIdentifier, "SUCCEEDED")
	ops := check[*controltower.ListControlOperationsOutput](t)(f.ControlTower.ListControlOperations(t.Context(), &controltower.ListControlOperationsInput{}))
	if len(ops.ControlOperations) != 1 || *ops.ControlOperations[0].OperationIdentifier != *enabled.OperationIdentifier || len(listed()) != 3 {
		t.Errorf("control operations %v, of the landing zone %v", ops.ControlOperations, listed())
	}
}

// TestOperations_Found: whatever operation an enabled baseline names can be looked up.
func TestOperations_Found(t *testing.T) {
	t.Parallel()
	f := setup(t)
	f.makeOU(t, "Team")
	f.move(t, f.member(t, "mine"), aws.ToString(f.findOU(t, "Team").Id))
	f.register(t, "Team")
	f.vend(t, "one", nil)
	named := 0
	list := check[*controltower.ListEnabledBaselinesOutput](t)(f.ControlTower.ListEnabledBaselines(t.Context(), &controltower.ListEnabledBaselinesInput{IncludeChildren: true}))
	for _, b := range list.EnabledBaselines {
		if id := b.StatusSummary.LastOperationIdentifier; id != nil {
			named++
			check[*controltower.GetBaselineOperationOutput](t)(f.ControlTower.GetBaselineOperation(t.Context(), &controltower.GetBaselineOperationInput{OperationIdentifier: id}))
		}
	}
	if named != 2 { // the OU that was registered, and the account in it
		t.Errorf("%d of %d name an operation, want 2", named, len(list.EnabledBaselines))
	}
}
