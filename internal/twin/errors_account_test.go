package twin

import (
	"encoding/json"
	"regexp"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/account"
	accounttypes "github.com/aws/aws-sdk-go-v2/service/account/types"
	"github.com/aws/aws-sdk-go-v2/service/organizations"

	"accountfactory/internal/twin/state"
)

// trusted lets Account Management work on members.
func trusted(t *testing.T, w *world) map[string]any {
	t.Helper()
	must(w.as("m.user").Organizations.EnableAWSServiceAccess(t.Context(), &organizations.EnableAWSServiceAccessInput{
		ServicePrincipal: aws.String("account.amazonaws.com"),
	}))(t)
	return map[string]any{}
}

// takenMeanwhile has another account take the address while a code for it is under way.
func takenMeanwhile(t *testing.T, w *world) map[string]any {
	t.Helper()
	trusted(t, w)
	must(w.as("m.user").Account.StartPrimaryEmailUpdate(t.Context(), &account.StartPrimaryEmailUpdateInput{
		AccountId: aws.String(w.accounts["vended"]), PrimaryEmail: aws.String("new@example.com"),
	}))(t)
	code := ""
	w.update(t, func(tx *state.Tx) {
		for m := range tx.Messages("mail", "") {
			var mail struct{ Text string }
			if found := regexp.MustCompile(`code: (\w{6})`); json.Unmarshal(m.Body, &mail) == nil && found.MatchString(mail.Text) {
				code = found.FindStringSubmatch(mail.Text)[1]
			}
		}
		w.twin.org.AddStandalone(tx, "faster", "new@example.com")
	})
	return map[string]any{"Otp": code}
}

// regionStuck has a Region stop on its way, on or off.
func regionStuck(on bool) func(*testing.T, *world) map[string]any {
	return func(t *testing.T, w *world) map[string]any {
		t.Helper()
		c, name := w.as("m.user").Account, aws.String("af-south-1")
		if on {
			w.stuckOperations(t, "account", "EnableRegion")
		}
		must(c.EnableRegion(t.Context(), &account.EnableRegionInput{RegionName: name}))(t)
		if on {
			return map[string]any{}
		}
		until(t, func() bool {
			out := must(c.GetRegionOptStatus(t.Context(), &account.GetRegionOptStatusInput{RegionName: name}))(t)
			return out.RegionOptStatus == accounttypes.RegionOptStatusEnabled
		})
		w.stuckOperations(t, "account", "DisableRegion")
		must(c.DisableRegion(t.Context(), &account.DisableRegionInput{RegionName: name}))(t)
		return map[string]any{}
	}
}

var accountErrors = []provocation{
	{operation: "account.AcceptPrimaryEmailUpdate", code: "ConflictException", prepare: takenMeanwhile},
	{operation: "account.AcceptPrimaryEmailUpdate", code: "ResourceNotFoundException", prepare: trusted},
	{operation: "account.StartPrimaryEmailUpdate", code: "ConflictException", change: map[string]any{"PrimaryEmail": "outsider@example.com"}, prepare: trusted},
	{operation: "account.GetPrimaryEmailUpdateStatus", code: "ResourceNotFoundException", prepare: trusted},
	{operation: "account.DeleteAlternateContact", code: "ResourceNotFoundException"},
	{operation: "account.GetAlternateContact", code: "ResourceNotFoundException"},
	{operation: "account.GetContactInformation", code: "ResourceNotFoundException"},
	{operation: "account.DisableRegion", code: "ConflictException", prepare: regionStuck(true)},
	{operation: "account.EnableRegion", code: "ConflictException", prepare: regionStuck(false)},
}
