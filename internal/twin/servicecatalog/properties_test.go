package servicecatalog_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"
	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/twin/servicecatalog"
	"accountfactory/internal/twin/state"
)

func (f *fixture) properties(id string, properties map[string]string) *sdk.UpdateProvisionedProductPropertiesInput {
	return &sdk.UpdateProvisionedProductPropertiesInput{ProvisionedProductId: &id, ProvisionedProductProperties: properties, IdempotencyToken: aws.String("properties")}
}

// mine are the names of what a principal sees as their own.
func (f *fixture) mine(principal string) []string {
	f.t.Helper()
	out := must[*sdk.ScanProvisionedProductsOutput](f.t)(f.ScanProvisionedProducts(f.as(principal), &sdk.ScanProvisionedProductsInput{}))
	names := []string{}
	for _, p := range out.ProvisionedProducts {
		names = append(names, *p.Name)
	}
	return names
}

func TestUpdateProvisionedProductProperties_Owner(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, owner string
		see         []string // who sees it as theirs
	}{
		{"a colleague's session", colleague, []string{colleague}},
		{"a user", admin, []string{admin}},
		{"the role", endUserRole, []string{endUserSession, colleague}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			f := setup(t)
			p := f.launched(endUserSession, "dev", "222222222222")
			in := f.properties(*p.Id, map[string]string{"OWNER": tc.owner})
			out := must[*sdk.UpdateProvisionedProductPropertiesOutput](t)(f.UpdateProvisionedProductProperties(f.as(admin), in))
			if out.Status != types.RecordStatusSucceeded || *out.ProvisionedProductId != *p.Id || !cmp.Equal(out.ProvisionedProductProperties, in.ProvisionedProductProperties) {
				t.Errorf("answer %s %s %v", out.Status, *out.ProvisionedProductId, out.ProvisionedProductProperties)
			}
			again := must[*sdk.UpdateProvisionedProductPropertiesOutput](t)(f.UpdateProvisionedProductProperties(f.as(admin), in))
			if *again.RecordId != *out.RecordId {
				t.Error("the same token made a second record")
			}
			got := map[string][]string{}
			want := map[string][]string{}
			for _, who := range []string{endUserSession, colleague, admin} {
				got[who], want[who] = f.mine(who), []string{}
			}
			for _, who := range tc.see {
				want[who] = []string{"dev"}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("whose it is (-want +got):\n%s", diff)
			}
			now := f.describe(*p.Id)
			if *now.LastRecordId != *out.RecordId || *now.LastProvisioningRecordId != *p.LastProvisioningRecordId || now.Status != types.ProvisionedProductStatusAvailable {
				t.Errorf("product %+v", now)
			}
			// The first owner's history stays theirs.
			history := must[*sdk.ListRecordHistoryOutput](t)(f.ListRecordHistory(f.as(endUserSession), &sdk.ListRecordHistoryInput{})).RecordDetails
			if len(history) != 1 || *history[0].RecordId != *p.LastRecordId {
				t.Errorf("history %+v", history)
			}
		})
	}
}

// What is given to a role comes in order among what is a session's own, page by page.
func TestScanProvisionedProducts_RoleOwned(t *testing.T) {
	t.Parallel()
	f := setup(t)
	f.change(func(tx *state.Tx) {
		for i, session := range []string{endUserSession, endUserRole, endUserSession, endUserRole, endUserRole, colleague, endUserSession} {
			f.Enrolled(tx, servicecatalog.Enrolment{ProductID: f.product.ID, Name: string(rune('a' + i)), PhysicalID: "222222222222", Owner: servicecatalog.Owner{ARN: endUserRole, Session: session}})
		}
	})
	seen, last := map[string]bool{}, ""
	for in := (&sdk.ScanProvisionedProductsInput{PageSize: 2}); ; {
		out := must[*sdk.ScanProvisionedProductsOutput](t)(f.ScanProvisionedProducts(f.as(endUserSession), in))
		for _, p := range out.ProvisionedProducts {
			if *p.Id <= last {
				t.Errorf("%s after %s", *p.Id, last)
			}
			last, seen[*p.Name] = *p.Id, true
		}
		if in.PageToken = out.NextPageToken; in.PageToken == nil {
			break
		}
	}
	if diff := cmp.Diff(map[string]bool{"a": true, "b": true, "c": true, "d": true, "e": true, "g": true}, seen); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestUpdateProvisionedProductProperties_LaunchRole(t *testing.T) {
	t.Parallel()
	f := setup(t)
	p := f.launched(endUserSession, "dev", "222222222222")
	must[*sdk.UpdateProvisionedProductPropertiesOutput](t)(f.UpdateProvisionedProductProperties(f.as(admin), f.properties(*p.Id, map[string]string{"LAUNCH_ROLE": launchRole})))
	if got := f.describe(*p.Id); aws.ToString(got.LaunchRoleArn) != launchRole {
		t.Errorf("product's role %s", aws.ToString(got.LaunchRoleArn))
	}
	r := must[*sdk.TerminateProvisionedProductOutput](t)(f.TerminateProvisionedProduct(f.as(endUserSession), f.terminating(*p.Id))).RecordDetail
	f.awaitStatus(*r.RecordId, types.RecordStatusInProgress)
	if got := f.fake.last().Caller.ARN; got != launchRole {
		t.Errorf("terminated by %s", got)
	}
}

func TestUpdateProvisionedProductProperties_Refused(t *testing.T) {
	t.Parallel()
	f := setup(t)
	p := f.launched(endUserSession, "dev", "222222222222")
	busy := f.provision(endUserSession, "busy")
	must[*sdk.UpdateProvisionedProductPropertiesOutput](t)(f.UpdateProvisionedProductProperties(f.as(admin), &sdk.UpdateProvisionedProductPropertiesInput{
		ProvisionedProductId: p.Id, ProvisionedProductProperties: map[string]string{"OWNER": admin}, IdempotencyToken: aws.String("used"),
	}))
	for _, tc := range []struct{ name, id, token, key, value, code, text string }{
		{"unknown", "pp-x", "a", "OWNER", admin, "ResourceNotFoundException", "pp-x"},
		{"under change", *busy.ProvisionedProductId, "b", "OWNER", admin, "InvalidStateException", "UNDER_CHANGE"},
		{"token of another request", *p.Id, "used", "OWNER", colleague, "InvalidParametersException", "used"},
		{"another account's user", *p.Id, "c", "OWNER", "arn:aws:iam::222222222222:user/x", "InvalidParametersException", "222222222222"},
		{"nobody", *p.Id, "d", "OWNER", "arn:aws:iam::111111111111:user/nobody", "InvalidParametersException", "nobody"},
		{"a group", *p.Id, "e", "OWNER", "arn:aws:iam::111111111111:group/g", "InvalidParametersException", "group/g"},
		{"no ARN", *p.Id, "f", "OWNER", "me", "InvalidParametersException", "me"},
		{"a session of no role", *p.Id, "g", "OWNER", "arn:aws:sts::111111111111:assumed-role/nobody/x", "InvalidParametersException", "nobody"},
		{"a session without a name", *p.Id, "h", "OWNER", "arn:aws:sts::111111111111:assumed-role/R", "InvalidParametersException", "assumed-role/R"},
		{"a user as launch role", *p.Id, "i", "LAUNCH_ROLE", admin, "InvalidParametersException", "role ARN"},
		{"no launch role", *p.Id, "j", "LAUNCH_ROLE", "", "InvalidParametersException", "role ARN"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			in := f.properties(tc.id, map[string]string{tc.key: tc.value})
			in.IdempotencyToken = &tc.token
			_, err := f.UpdateProvisionedProductProperties(f.as(admin), in)
			refused(t, err, tc.code, tc.text)
		})
	}
}
