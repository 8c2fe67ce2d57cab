package twin_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/controltower"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/twin"
	"accountfactory/test/harness"
)

// The known failures of Account Factory: each occurs when its cause does, with AWS's words, and its documented recovery
// works.

func (f *fixture) set(t *testing.T, name string, more ...string) {
	t.Helper()
	f.condition(t, "POST", name, more)
}

func (f *fixture) clear(t *testing.T, name string, more ...string) {
	t.Helper()
	f.condition(t, "DELETE", name, more)
}

// condition sets or clears a condition; more are pairs of field and value.
func (f *fixture) condition(t *testing.T, method, name string, more []string) {
	t.Helper()
	body := map[string]string{"name": name}
	for i := 0; i+1 < len(more); i += 2 {
		body[more[i]] = more[i+1]
	}
	if err := f.lab.Do(t.Context(), method, "/_twin/conditions", body, nil); err != nil {
		t.Fatalf("%s condition %s: %v", method, name, err)
	}
}

func (f *fixture) later(t *testing.T, by string) {
	t.Helper()
	if err := f.lab.Do(t.Context(), "POST", "/_twin/clock", map[string]string{"advance": by}, nil); err != nil {
		t.Fatal(err)
	}
}

func (f *fixture) arm(t *testing.T, fault map[string]any) {
	t.Helper()
	if err := f.lab.Do(t.Context(), "POST", "/_twin/faults", fault, nil); err != nil {
		t.Fatal(err)
	}
}

// fails launches, waits, and wants the record to fail so; it gives the product's id.
func (f *fixture) fails(t *testing.T, name string, change map[string]string, code, text string) string {
	t.Helper()
	out, err := f.launch(t, name, change)
	if err != nil {
		t.Fatalf("launch of %s: %v", name, err)
	}
	f.wantFailure(t, out.RecordDetail.RecordId, code, text)
	id := aws.ToString(out.RecordDetail.ProvisionedProductId)
	p := f.provisioned(t, id)
	if p.Status != types.ProvisionedProductStatusError || aws.ToString(p.StatusMessage) != code+"  "+text {
		t.Errorf("product %s: %s", p.Status, aws.ToString(p.StatusMessage))
	}
	return id
}

// wantMessage wants a product's message to say all that its record says.
func (f *fixture) wantMessage(t *testing.T, id, code, text string) {
	t.Helper()
	if got, want := aws.ToString(f.provisioned(t, id).StatusMessage), code+"  "+text; got != want {
		t.Errorf("product's message %q, want %q", got, want)
	}
}

func (f *fixture) wantFailure(t *testing.T, recordID *string, code, text string) {
	t.Helper()
	rec := f.ended(t, recordID)
	if rec.RecordDetail.Status != types.RecordStatusFailed {
		t.Fatalf("record %s, want %s: %s", rec.RecordDetail.Status, code, text)
	}
	e := rec.RecordDetail.RecordErrors[0]
	if aws.ToString(e.Code) != code || aws.ToString(e.Description) != text {
		t.Fatalf("failed with %s: %s\nwant %s: %s", aws.ToString(e.Code), aws.ToString(e.Description), code, text)
	}
}

func (f *fixture) provisioned(t *testing.T, id string) *types.ProvisionedProductDetail {
	t.Helper()
	p, err := f.Catalog.DescribeProvisionedProduct(t.Context(), &servicecatalog.DescribeProvisionedProductInput{Id: aws.String(id)})
	if err != nil {
		t.Fatal(err)
	}
	return p.ProvisionedProductDetail
}

// update updates a product and waits.
func (f *fixture) update(t *testing.T, id, name string, change map[string]string) *servicecatalog.DescribeRecordOutput {
	t.Helper()
	p := f.provisioned(t, id)
	out, err := f.Catalog.UpdateProvisionedProduct(t.Context(), &servicecatalog.UpdateProvisionedProductInput{
		ProvisionedProductId: aws.String(id), ProductId: p.ProductId, ProvisioningArtifactId: p.ProvisioningArtifactId,
		ProvisioningParameters: updates(f.parameters(t, name, change)),
	})
	if err != nil {
		t.Fatal(err)
	}
	return f.ended(t, out.RecordDetail.RecordId)
}

func (f *fixture) updates(t *testing.T, id, name string, change map[string]string) string {
	t.Helper()
	rec := f.update(t, id, name, change)
	if rec.RecordDetail.Status != types.RecordStatusSucceeded {
		t.Fatalf("update of %s: %s", name, aws.ToString(rec.RecordDetail.RecordErrors[0].Description))
	}
	return output(rec, "AccountId")
}

// updateFails wants an update of a product that worked to leave it TAINTED.
func (f *fixture) updateFails(t *testing.T, id, name string, change map[string]string, code, text string) {
	t.Helper()
	rec := f.update(t, id, name, change)
	f.wantFailure(t, rec.RecordDetail.RecordId, code, text)
	if p := f.provisioned(t, id); p.Status != types.ProvisionedProductStatusTainted || p.LastSuccessfulProvisioningRecordId == nil {
		t.Errorf("product %s, last success %v", p.Status, p.LastSuccessfulProvisioningRecordId)
	}
	f.wantMessage(t, id, code, text)
}

// member makes an account outside Control Tower, in the root, with the execution role unless another is named.
func (f *fixture) member(t *testing.T, name string, role ...string) string {
	t.Helper()
	in := &organizations.CreateAccountInput{AccountName: aws.String(name), Email: aws.String(strings.ReplaceAll(name, " ", "-") + "@example.com"), RoleName: aws.String("AWSControlTowerExecution")}
	if len(role) > 0 {
		in.RoleName = aws.String(role[0])
	}
	out, err := f.Organizations.CreateAccount(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	id := ""
	f.await(t, func() bool {
		st, err := f.Organizations.DescribeCreateAccountStatus(t.Context(), &organizations.DescribeCreateAccountStatusInput{CreateAccountRequestId: out.CreateAccountStatus.Id})
		if err != nil {
			t.Fatal(err)
		}
		id = aws.ToString(st.CreateAccountStatus.AccountId)
		return id != ""
	})
	return id
}

func (f *fixture) await(t *testing.T, done func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := harness.Poll(ctx, 2*time.Millisecond, func() (bool, error) { return done(), nil }); err != nil {
		t.Fatal(err)
	}
}

// parent gives the id of what an account is in.
func (f *fixture) parent(t *testing.T, accountID string) string {
	t.Helper()
	out, err := f.Organizations.ListParents(t.Context(), &organizations.ListParentsInput{ChildId: aws.String(accountID)})
	if err != nil {
		t.Fatal(err)
	}
	return aws.ToString(out.Parents[0].Id)
}

func (f *fixture) move(t *testing.T, accountID, to string) {
	t.Helper()
	_, err := f.Organizations.MoveAccount(t.Context(), &organizations.MoveAccountInput{
		AccountId: aws.String(accountID), SourceParentId: aws.String(f.parent(t, accountID)), DestinationParentId: aws.String(to),
	})
	if err != nil {
		t.Fatal(err)
	}
}

// in gives clients that work in a member account through a role.
func (f *fixture) in(t *testing.T, accountID, role string) *harness.Clients {
	t.Helper()
	out, err := f.STS.AssumeRole(t.Context(), &sts.AssumeRoleInput{RoleArn: aws.String("arn:aws:iam::" + accountID + ":role/" + role), RoleSessionName: aws.String("test")})
	if err != nil {
		t.Fatal(err)
	}
	return f.as(aws.ToString(out.Credentials.AccessKeyId), aws.ToString(out.Credentials.SecretAccessKey), aws.ToString(out.Credentials.SessionToken))
}

func wantAPI(t *testing.T, err error, code, text string) {
	t.Helper()
	var api smithy.APIError
	if !asAPI(err, &api) || api.ErrorCode() != code || !strings.Contains(api.ErrorMessage(), text) {
		t.Errorf("got %v, want %s: %s", err, code, text)
	}
}

const (
	executing = "Account Factory cannot create this enrolled account right now, because another execution is in progress. Try again later."
	otherOp   = "Account Factory cannot complete an operation on this account, because another AWS Control Tower operation is in progress. Try again later."
)

func current(c *twin.Config) { c.Profile = "current" }

func slow(c *twin.Config) { c.Speed = 1 } // operations stand still as far as a test sees, until the clock is advanced

// F1, with the recovery: the leftover is terminated, and the name is free.
func TestF1_NameInUse(t *testing.T) {
	t.Parallel()
	f := setup(t)
	id := f.fails(t, "taken", map[string]string{"ManagedOrganizationalUnit": "Nowhere"}, "InvalidParametersException", "The parent organizational unit 'Nowhere' is not enrolled in AWS Control Tower.")
	_, err := f.launch(t, "taken", nil)
	wantAPI(t, err, "InvalidParametersException", "A stack named taken already exists.")
	f.terminate(t, aws.String(id))
	f.vend(t, "taken", nil)
}

// F2: without Control Tower's own roles nobody has a launch path; a reset of the landing zone brings them back.
func TestF2_RoleDrift(t *testing.T) {
	t.Parallel()
	f := setup(t)
	productID, artifactID := product(t, f.Clients)
	in := &servicecatalog.ProvisionProductInput{
		ProductId: aws.String(productID), ProvisioningArtifactId: aws.String(artifactID), ProvisionedProductName: aws.String("one"),
		ProvisioningParameters: f.parameters(t, "one", nil),
	}
	if _, err := f.IAM.DeleteRole(t.Context(), &iam.DeleteRoleInput{RoleName: aws.String("AWSControlTowerStackSetRole")}); err != nil {
		t.Fatal(err)
	}
	_, err := f.Catalog.ProvisionProduct(t.Context(), in)
	wantAPI(t, err, "ResourceNotFoundException", "No launch paths found for resource: "+productID)
	f.wantZone(t, "DRIFTED")
	f.resetZone(t)
	f.wantZone(t, "IN_SYNC")
	f.vend(t, "one", nil)
}

func (f *fixture) zone(t *testing.T) *controltower.GetLandingZoneOutput {
	t.Helper()
	list, err := f.ControlTower.ListLandingZones(t.Context(), &controltower.ListLandingZonesInput{})
	if err != nil || len(list.LandingZones) != 1 {
		t.Fatalf("landing zones %v, %v", list, err)
	}
	out, err := f.ControlTower.GetLandingZone(t.Context(), &controltower.GetLandingZoneInput{LandingZoneIdentifier: list.LandingZones[0].Arn})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func (f *fixture) wantZone(t *testing.T, drift string) {
	t.Helper()
	if got := string(f.zone(t).LandingZone.DriftStatus.Status); got != drift {
		t.Errorf("the landing zone is %s, want %s", got, drift)
	}
}

func (f *fixture) resetZone(t *testing.T) {
	t.Helper()
	out, err := f.ControlTower.ResetLandingZone(t.Context(), &controltower.ResetLandingZoneInput{LandingZoneIdentifier: f.zone(t).LandingZone.Arn})
	if err != nil {
		t.Fatal(err)
	}
	f.zoneEnds(t, out.OperationIdentifier, "SUCCEEDED")
}

// zoneEnds waits for an operation on the landing zone, and gives its message.
func (f *fixture) zoneEnds(t *testing.T, id *string, status string) string {
	t.Helper()
	var last *controltower.GetLandingZoneOperationOutput
	f.await(t, func() (done bool) {
		var err error
		if last, err = f.ControlTower.GetLandingZoneOperation(t.Context(), &controltower.GetLandingZoneOperationInput{OperationIdentifier: id}); err != nil {
			t.Fatal(err)
		}
		return last.OperationDetails.Status != "IN_PROGRESS"
	})
	if d := last.OperationDetails; string(d.Status) != status || d.EndTime == nil {
		t.Fatalf("%s %s: %s", d.OperationType, d.Status, aws.ToString(d.StatusMessage))
	}
	return aws.ToString(last.OperationDetails.StatusMessage)
}

// F3: the classic profile does one thing at a time; once that is done, terminating and launching again works.
func TestF3_OneAtATime(t *testing.T) {
	t.Parallel()
	f := setup(t, slow)
	first, err := f.launch(t, "one", nil)
	if err != nil {
		t.Fatal(err)
	}
	f.later(t, "10s")
	f.awaitStarted(t, first.RecordDetail.RecordId)
	second, err := f.launch(t, "two", nil)
	if err != nil {
		t.Fatal(err)
	}
	f.later(t, "10s")
	f.wantFailure(t, second.RecordDetail.RecordId, "ResourceInUseException", executing)
	f.finish(t, first.RecordDetail.RecordId)
	out, err := f.Catalog.TerminateProvisionedProduct(t.Context(), &servicecatalog.TerminateProvisionedProductInput{ProvisionedProductId: second.RecordDetail.ProvisionedProductId})
	if err != nil {
		t.Fatal(err)
	}
	f.finish(t, out.RecordDetail.RecordId)
	again, err := f.launch(t, "two", nil)
	if err != nil {
		t.Fatal(err)
	}
	f.finish(t, again.RecordDetail.RecordId)
}

// awaitStarted waits until a record is with Control Tower.
func (f *fixture) awaitStarted(t *testing.T, recordID *string) {
	t.Helper()
	f.await(t, func() bool {
		out, err := f.Catalog.DescribeRecord(t.Context(), &servicecatalog.DescribeRecordInput{Id: recordID})
		if err != nil {
			t.Fatal(err)
		}
		return out.RecordDetail.Status != types.RecordStatusCreated
	})
}

// finish advances the clock until a record has ended, well.
func (f *fixture) finish(t *testing.T, recordID *string) {
	t.Helper()
	for range 60 {
		out, err := f.Catalog.DescribeRecord(t.Context(), &servicecatalog.DescribeRecordInput{Id: recordID})
		if err != nil {
			t.Fatal(err)
		}
		switch out.RecordDetail.Status {
		case types.RecordStatusSucceeded:
			return
		case types.RecordStatusFailed:
			t.Fatalf("failed: %s", aws.ToString(out.RecordDetail.RecordErrors[0].Description))
		default:
			f.later(t, "2m")
			f.settle(t)
		}
	}
	t.Fatal("the record does not end")
}

// settle waits until nothing is due any more.
func (f *fixture) settle(t *testing.T) {
	t.Helper()
	f.await(t, func() bool {
		var clock struct{ Now time.Time }
		var under struct {
			Operations []struct {
				Due   time.Time
				Stuck bool
			}
		}
		if err := f.lab.Do(t.Context(), "GET", "/_twin/operations", nil, &under); err != nil {
			t.Fatal(err)
		}
		if err := f.lab.Do(t.Context(), "GET", "/_twin/clock", nil, &clock); err != nil {
			t.Fatal(err)
		}
		for _, op := range under.Operations {
			if !op.Stuck && !op.Due.After(clock.Now) {
				return false
			}
		}
		return true
	})
}

// F4: today's profile has no room for an account while another is unmanaged.
func TestF4_OtherOperation(t *testing.T) {
	t.Parallel()
	f := setup(t, current)
	_, old := f.vend(t, "old", nil)
	f.arm(t, map[string]any{"kind": "stuck", "service": "controltower", "step": "deregister", "count": 1})
	if _, err := f.Catalog.TerminateProvisionedProduct(t.Context(), &servicecatalog.TerminateProvisionedProductInput{ProvisionedProductId: aws.String(old)}); err != nil {
		t.Fatal(err)
	}
	f.releaseWhenStuck(t, func() {
		f.fails(t, "new", nil, "ResourceInUseException", otherOp)
	})
	f.gone(t, old)
	out, err := f.Catalog.SearchProvisionedProducts(t.Context(), &servicecatalog.SearchProvisionedProductsInput{Filters: map[string][]string{"SearchQuery": {"name:new"}}})
	if err != nil {
		t.Fatal(err)
	}
	f.updates(t, aws.ToString(out.ProvisionedProducts[0].Id), "new", nil)
}

// gone waits until a product is no more.
func (f *fixture) gone(t *testing.T, id string) {
	t.Helper()
	f.await(t, func() bool {
		_, err := f.Catalog.DescribeProvisionedProduct(t.Context(), &servicecatalog.DescribeProvisionedProductInput{Id: aws.String(id)})
		return err != nil
	})
}

// releaseWhenStuck waits for a stuck operation, does something meanwhile, and lets it go on.
func (f *fixture) releaseWhenStuck(t *testing.T, meanwhile func()) {
	t.Helper()
	id := ""
	f.await(t, func() bool {
		var under struct {
			Operations []struct {
				ID    string
				Stuck bool
			}
		}
		if err := f.lab.Do(t.Context(), "GET", "/_twin/operations", nil, &under); err != nil {
			t.Fatal(err)
		}
		for _, op := range under.Operations {
			if op.Stuck {
				id = op.ID
			}
		}
		return id != ""
	})
	meanwhile()
	if err := f.lab.Do(t.Context(), "POST", "/_twin/operations/"+id+"/release", nil, nil); err != nil {
		t.Fatal(err)
	}
}

// F5: a sixth account at once is refused; updated later it works.
func TestF5_TooMany(t *testing.T) {
	t.Parallel()
	f := setup(t, current, slow)
	var first []*string
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		out, err := f.launch(t, name, nil)
		if err != nil {
			t.Fatal(err)
		}
		first = append(first, out.RecordDetail.RecordId)
	}
	f.later(t, "10s")
	for _, id := range first {
		f.awaitStarted(t, id)
	}
	sixth, err := f.launch(t, "f", nil)
	if err != nil {
		t.Fatal(err)
	}
	f.later(t, "10s")
	f.wantFailure(t, sixth.RecordDetail.RecordId, "ResourceInUseException",
		"Account Factory cannot complete an operation on this account, because the allowed maximum of 5 concurrent account operations is exceeded. Try again later.")
	for _, id := range first {
		f.finish(t, id)
	}
	p := f.provisioned(t, aws.ToString(sixth.RecordDetail.ProvisionedProductId))
	out, err := f.Catalog.UpdateProvisionedProduct(t.Context(), &servicecatalog.UpdateProvisionedProductInput{
		ProvisionedProductId: p.Id, ProvisioningParameters: updates(f.parameters(t, "f", nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	f.finish(t, out.RecordDetail.RecordId)
}

// F6: an OU that is not registered; registering it is the recovery.
func TestF6_UnregisteredOU(t *testing.T) {
	t.Parallel()
	f := setup(t)
	f.makeOU(t, "Team")
	team := f.ou(t, "Team")
	id := f.fails(t, "one", map[string]string{"ManagedOrganizationalUnit": team}, "InvalidParametersException", "The parent organizational unit '"+team+"' is not enrolled in AWS Control Tower.")
	f.register(t, "Team")
	account := f.updates(t, id, "one", map[string]string{"ManagedOrganizationalUnit": team})
	if got := f.parent(t, account); got != aws.ToString(f.findOU(t, "Team").Id) {
		t.Errorf("the account is in %s", got)
	}
}

// F7: an e-mail that an account has; another one works.
func TestF7_EmailTaken(t *testing.T) {
	t.Parallel()
	f := setup(t)
	account, old := f.vend(t, "old", nil)
	const text = "EMAIL_ALREADY_EXISTS: the account email old@example.com already belongs to an AWS account. Use another email."
	id := f.fails(t, "new", map[string]string{"AccountEmail": "old@example.com"}, "InvalidParametersException", text)
	f.terminate(t, aws.String(id))
	f.terminate(t, aws.String(old))
	f.close(t, account)
	id = f.fails(t, "new", map[string]string{"AccountEmail": "old@example.com"}, "InvalidParametersException", text)
	f.terminate(t, aws.String(id))
	f.vend(t, "new", nil)
}

func (f *fixture) close(t *testing.T, accountID string) {
	t.Helper()
	if _, err := f.Organizations.CloseAccount(t.Context(), &organizations.CloseAccountInput{AccountId: aws.String(accountID)}); err != nil {
		t.Fatal(err)
	}
	f.await(t, func() bool {
		out, err := f.Organizations.DescribeAccount(t.Context(), &organizations.DescribeAccountInput{AccountId: aws.String(accountID)})
		if err != nil {
			t.Fatal(err)
		}
		return out.Account.State == "CLOSED"
	})
}

// F8: the account quota; raised, a new launch works.
func TestF8_AccountLimit(t *testing.T) {
	t.Parallel()
	f := setup(t)
	f.set(t, "account-limit", "value", "3")
	id := f.fails(t, "one", nil, "InvalidParametersException", "ACCOUNT_LIMIT_EXCEEDED: AWS Organizations could not create the account with the email one@example.com.")
	f.wantEvent(t, "CreateManagedAccount FAILED Not Available")
	f.terminate(t, aws.String(id))
	f.clear(t, "account-limit")
	f.vend(t, "one", nil)
}

func (f *fixture) wantEvent(t *testing.T, want string) {
	t.Helper()
	events := f.events(t)
	if last := events[len(events)-1]; last != want {
		t.Errorf("last event %q, want %q", last, want)
	}
}

// F9: notifications; launched without them it works.
func TestF9_Notifications(t *testing.T) {
	t.Parallel()
	f := setup(t)
	out, err := f.launch(t, "one", nil, func(in *servicecatalog.ProvisionProductInput) {
		in.NotificationArns = []string{"arn:aws:sns:" + region + ":" + account + ":topic"}
	})
	if err != nil {
		t.Fatal(err)
	}
	const text = "Account Factory cannot provision this product with notifications enabled. Terminate this provisioned product and launch again without notification topics."
	f.wantFailure(t, out.RecordDetail.RecordId, "InvalidParametersException", text)
	f.wantMessage(t, aws.ToString(out.RecordDetail.ProvisionedProductId), "InvalidParametersException", text)
	f.terminate(t, out.RecordDetail.ProvisionedProductId)
	f.vend(t, "one", nil)
}

// F9 of what an administrator put on product or portfolio: taken away, a new launch works.
func TestF9_OnThePortfolio(t *testing.T) {
	t.Parallel()
	f := setup(t)
	ctx := t.Context()
	productID, _ := product(t, f.Clients)
	portfolio := check[*servicecatalog.ListPortfoliosOutput](t)(f.Catalog.ListPortfolios(ctx, &servicecatalog.ListPortfoliosInput{})).PortfolioDetails[0].Id
	topics := check[*servicecatalog.CreateConstraintOutput](t)(f.Catalog.CreateConstraint(ctx, &servicecatalog.CreateConstraintInput{
		PortfolioId: portfolio, ProductId: &productID, Type: aws.String("NOTIFICATION"), Parameters: aws.String(`{"NotificationArns":["arn:aws:sns:` + region + `:` + account + `:topic"]}`),
	}))
	f.terminate(t, aws.String(f.fails(t, "one", nil, "InvalidParametersException",
		"Account Factory cannot provision this product with notifications enabled. Terminate this provisioned product and launch again without notification topics.")))
	check[*servicecatalog.DeleteConstraintOutput](t)(f.Catalog.DeleteConstraint(ctx, &servicecatalog.DeleteConstraintInput{Id: topics.ConstraintDetail.ConstraintId}))

	option := check[*servicecatalog.CreateTagOptionOutput](t)(f.Catalog.CreateTagOption(ctx, &servicecatalog.CreateTagOptionInput{Key: aws.String("team"), Value: aws.String("blue")})).TagOptionDetail.Id
	for _, resource := range []string{productID, aws.ToString(portfolio)} {
		check[*servicecatalog.AssociateTagOptionWithResourceOutput](t)(f.Catalog.AssociateTagOptionWithResource(ctx, &servicecatalog.AssociateTagOptionWithResourceInput{ResourceId: &resource, TagOptionId: option}))
		f.terminate(t, aws.String(f.fails(t, "one", nil, "InvalidParametersException",
			"Account Factory cannot provision this product with TagOptions (team). Remove them from the product and its portfolio, then terminate this provisioned product and launch again.")))
		check[*servicecatalog.DisassociateTagOptionFromResourceOutput](t)(f.Catalog.DisassociateTagOptionFromResource(ctx, &servicecatalog.DisassociateTagOptionFromResourceInput{ResourceId: &resource, TagOptionId: option}))
	}
	f.vend(t, "one", nil)
}

// F10: a plan stays in progress; deleted, the name is free.
func TestF10_Plan(t *testing.T) {
	t.Parallel()
	f := setup(t)
	productID, artifactID := product(t, f.Clients)
	plan, err := f.Catalog.CreateProvisionedProductPlan(t.Context(), &servicecatalog.CreateProvisionedProductPlanInput{
		PlanName: aws.String("plan"), PlanType: types.ProvisionedProductPlanTypeCloudformation, ProductId: aws.String(productID), ProvisioningArtifactId: aws.String(artifactID),
		ProvisionedProductName: aws.String("one"), ProvisioningParameters: updates(f.parameters(t, "one", nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	f.later(t, "48h")
	f.settle(t)
	if p := f.provisioned(t, aws.ToString(plan.ProvisionProductId)); p.Status != types.ProvisionedProductStatusPlanInProgress {
		t.Errorf("product %s", p.Status)
	}
	if _, err := f.Catalog.DeleteProvisionedProductPlan(t.Context(), &servicecatalog.DeleteProvisionedProductPlanInput{PlanId: plan.PlanId}); err != nil {
		t.Fatal(err)
	}
	f.vend(t, "one", nil)
}

// F11: nothing can be provisioned into an OU while a control is being enabled on it.
func TestF11_ControlInProgress(t *testing.T) {
	t.Parallel()
	f := setup(t, current)
	f.arm(t, map[string]any{"kind": "stuck", "service": "controltower", "operation": "EnableControl", "count": 1})
	control := f.enableControl(t, "AWS-GR_RESTRICT_ROOT_USER", "Sandbox", nil)
	var id string
	f.releaseWhenStuck(t, func() { id = f.fails(t, "one", nil, "ResourceInUseException", otherOp) })
	f.controlEnds(t, control.OperationIdentifier, "SUCCEEDED")
	f.updates(t, id, "one", nil)
}

// F12: what takes longer than an hour has failed; terminated, it can be launched again.
func TestF12_TooLong(t *testing.T) {
	t.Parallel()
	f := setup(t)
	f.arm(t, map[string]any{"name": "F12"})
	out, err := f.launch(t, "one", nil)
	if err != nil {
		t.Fatal(err)
	}
	f.awaitUnderChange(t)
	f.later(t, "59m")
	f.settle(t)
	if p := f.provisioned(t, aws.ToString(out.RecordDetail.ProvisionedProductId)); p.Status != types.ProvisionedProductStatusUnderChange {
		t.Errorf("after 59 minutes %s", p.Status)
	}
	f.later(t, "2m")
	f.wantFailure(t, out.RecordDetail.RecordId, "InternalServerException", "AWS Control Tower could not complete the operation within one hour. Terminate the provisioned product, then try again.")
	f.terminate(t, out.RecordDetail.ProvisionedProductId)
	f.vend(t, "one", nil)
}

// TestFRows_Conditions are the failures whose causes are conditions of an account that does not exist yet: cleared, an
// update finds the account that is there and finishes it.
func TestFRows_Conditions(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ row, condition, code, text string }{
		{"F13", "sts-off", "InvalidParametersException", "AWS Control Tower cannot deploy the required stack set, because AWS STS is not active in Region eu-central-1 of the account. Activate the Regional endpoint, then try again."},
		{"F15 channel", "config-delivery-channel", "InvalidParametersException", "AWS Control Tower cannot create an AWS Config delivery channel because one already exists. To continue, delete the existing delivery channel and try again ."},
		{"F15 recorder", "config-recorder", "InvalidParametersException", "AWS Control Tower cannot create an AWS Config recorder because one already exists. To continue, delete the existing recorder and try again ."},
		{"F17 stack", "stack-leftover", "StackSetFailState", "The operation on StackSet AWSControlTowerBP-BASELINE-CONFIG has reached SUCCEEDED state but has 1 NON-CURRENT stack instances in the account."},
		{"F19", "default-vpc", "InvalidParametersException", "AWS Control Tower could not baseline VPC in the managed account because of existing resource dependencies."},
		{"F23", "vpc-denied", "AccessDeniedException", "AWS Control Tower is not authorized to baseline the VPC in the enrolled account."},
	} {
		t.Run(tc.row, func(t *testing.T) {
			t.Parallel()
			f := setup(t)
			f.set(t, tc.condition, "email", "one@example.com")
			id := f.fails(t, "one", nil, tc.code, tc.text)
			accounts := f.accounts(t)
			f.clear(t, tc.condition, "email", "one@example.com")
			account := f.updates(t, id, "one", nil)
			f.wantEvent(t, "UpdateManagedAccount SUCCEEDED "+account)
			if diff := cmp.Diff(accounts, f.accounts(t)); diff != "" {
				t.Errorf("the retry made accounts (-before +after):\n%s", diff)
			}
		})
	}
}

// F13 and F15 of an existing account are found before it is moved: terminate, remove the cause, enroll again.
func TestFRows_Prerequisites(t *testing.T) {
	t.Parallel()
	for _, condition := range []string{"sts-off", "config-recorder", "config-delivery-channel"} {
		t.Run(condition, func(t *testing.T) {
			t.Parallel()
			f := setup(t)
			member := f.member(t, "mine")
			f.set(t, condition, "account", member)
			out, err := f.launch(t, "enroll", map[string]string{"AccountEmail": "mine@example.com"})
			if err != nil {
				t.Fatal(err)
			}
			if rec := f.ended(t, out.RecordDetail.RecordId); rec.RecordDetail.Status != types.RecordStatusFailed {
				t.Fatalf("record %s", rec.RecordDetail.Status)
			}
			if got, want := f.parent(t, member), aws.ToString(f.root(t)); got != want {
				t.Errorf("the account was moved to %s", got)
			}
			f.clear(t, condition, "account", member)
			f.terminate(t, out.RecordDetail.ProvisionedProductId)
			if got, _ := f.vend(t, "enroll", map[string]string{"AccountEmail": "mine@example.com"}); got != member {
				t.Errorf("enrolled %s, want %s", got, member)
			}
			f.wantEvent(t, "UpdateManagedAccount SUCCEEDED "+member)
		})
	}
}

// F14: with the landing zone in drift the Service Catalog route keeps working; a reset repairs it.
func TestF14_Drift(t *testing.T) {
	t.Parallel()
	f := setup(t)
	f.arm(t, map[string]any{"name": "F14"})
	f.wantZone(t, "DRIFTED")
	f.vend(t, "one", nil)
	f.resetZone(t)
	f.wantZone(t, "IN_SYNC")
}

// F16: no execution role; created, the enrollment works.
func TestF16_NoExecutionRole(t *testing.T) {
	t.Parallel()
	f := setup(t)
	member := f.member(t, "mine", "OrganizationAccountAccessRole")
	id := f.fails(t, "enroll", map[string]string{"AccountEmail": "mine@example.com"}, "InvalidParametersException",
		"AWS Control Tower cannot deploy the required stack set. The AWSControlTowerStackSetRole is unable to assume the AWSControlTowerExecution role.")
	f.executionRole(t, member, "OrganizationAccountAccessRole")
	if got := f.updates(t, id, "enroll", map[string]string{"AccountEmail": "mine@example.com"}); got != member {
		t.Errorf("enrolled %s, want %s", got, member)
	}
}

func (f *fixture) executionRole(t *testing.T, accountID, through string) {
	t.Helper()
	c := f.in(t, accountID, through)
	_, err := c.IAM.CreateRole(t.Context(), &iam.CreateRoleInput{
		RoleName:                 aws.String("AWSControlTowerExecution"),
		AssumeRolePolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::` + account + `:root"},"Action":"sts:AssumeRole"}]}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err = c.IAM.AttachRolePolicy(t.Context(), &iam.AttachRolePolicyInput{RoleName: aws.String("AWSControlTowerExecution"), PolicyArn: aws.String("arn:aws:iam::aws:policy/AdministratorAccess")}); err != nil {
		t.Fatal(err)
	}
}

// F16 of a suspended account: nothing more can be done in it, but its product can be terminated.
func TestF16_Suspended(t *testing.T) {
	t.Parallel()
	f := setup(t)
	account, id := f.vend(t, "one", nil)
	f.close(t, account)
	f.updateFails(t, id, "one", nil, "InvalidParametersException", "AWSControlTowerExecution role can't be assumed on the account.")
	f.terminate(t, aws.String(id))
}

// F17: a role of Control Tower's name is in the way; deleted, the enrollment works.
func TestF17_LeftoverRole(t *testing.T) {
	t.Parallel()
	f := setup(t)
	member := f.member(t, "mine")
	c := f.in(t, member, "AWSControlTowerExecution")
	name := aws.String("aws-controltower-ConfigRecorderRole")
	if _, err := c.IAM.CreateRole(t.Context(), &iam.CreateRoleInput{RoleName: name, AssumeRolePolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"config.amazonaws.com"},"Action":"sts:AssumeRole"}]}`)}); err != nil {
		t.Fatal(err)
	}
	id := f.fails(t, "enroll", map[string]string{"AccountEmail": "mine@example.com"}, "InvalidParametersException",
		"AWS Control Tower cannot create the IAM role aws-controltower-ConfigRecorderRole because the role already exists. To continue, delete the existing IAM role and try again.")
	if _, err := c.IAM.DeleteRole(t.Context(), &iam.DeleteRoleInput{RoleName: name}); err != nil {
		t.Fatal(err)
	}
	f.updates(t, id, "enroll", map[string]string{"AccountEmail": "mine@example.com"})
}

// F18: an enrollment that failed half way stands in its own way until the account is back in the root.
func TestF18_HalfEnrolled(t *testing.T) {
	t.Parallel()
	f := setup(t)
	member := f.member(t, "mine")
	mine := map[string]string{"AccountEmail": "mine@example.com"}
	f.arm(t, map[string]any{"kind": "fail", "service": "controltower", "step": "sso-user", "reason": "no luck", "count": 1})
	f.terminate(t, aws.String(f.fails(t, "enroll", mine, "InternalServerException", "no luck")))
	id := f.fails(t, "enroll", mine, "InvalidParametersException",
		"AWS Control Tower cannot enroll the account, because the stack set already exists for it. Terminate the provisioned product, move the account to the root, make sure that the role AWSControlTowerExecution is there, then enroll it again.")
	f.terminate(t, aws.String(id))
	f.move(t, member, aws.ToString(f.root(t)))
	if got, _ := f.vend(t, "enroll", mine); got != member {
		t.Errorf("enrolled %s, want %s", got, member)
	}
}

// F19: the default VPC is back in an enrolled account, whose product is then TAINTED.
func TestF19_DefaultVPC(t *testing.T) {
	t.Parallel()
	f := setup(t)
	account, id := f.vend(t, "one", nil)
	f.set(t, "default-vpc", "account", account)
	f.updateFails(t, id, "one", nil, "InvalidParametersException", "AWS Control Tower could not baseline VPC in the managed account because of existing resource dependencies.")
	f.clear(t, "default-vpc", "account", account)
	f.updates(t, id, "one", nil)
}

// F20: an account that was moved elsewhere. Moved back, or updated where it is, it is fine again.
func TestF20_Moved(t *testing.T) {
	t.Parallel()
	f := setup(t)
	f.makeOU(t, "Team")
	f.makeOU(t, "Loose")
	f.register(t, "Team")
	account, id := f.vend(t, "one", nil)
	const moved = "AWS Control Tower detects that your enrolled account has been moved to a new organizational unit."
	f.move(t, account, aws.ToString(f.findOU(t, "Loose").Id))
	f.updateFails(t, id, "one", nil, "InvalidParametersException", moved)
	f.wantDrift(t, "ACCOUNT_MOVED_BETWEEN_OUS")
	f.move(t, account, aws.ToString(f.findOU(t, "Sandbox").Id))
	f.wantDrift(t)
	f.updates(t, id, "one", nil)

	f.move(t, account, aws.ToString(f.findOU(t, "Team").Id))
	f.updates(t, id, "one", map[string]string{"ManagedOrganizationalUnit": f.ou(t, "Team")})
	f.wantDrift(t)

	f.move(t, account, aws.ToString(f.findOU(t, "Loose").Id))
	f.terminate(t, aws.String(id))
	if got, _ := f.vend(t, "again", map[string]string{"AccountEmail": "one@example.com"}); got != account {
		t.Errorf("enrolled %s, want %s", got, account)
	}
}

func (f *fixture) wantDrift(t *testing.T, want ...string) {
	t.Helper()
	var got struct{ Drift []struct{ Type string } }
	if err := f.lab.Do(t.Context(), "GET", "/_twin/drift", nil, &got); err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, d := range got.Drift {
		kinds = append(kinds, d.Type)
	}
	if diff := cmp.Diff(want, kinds); diff != "" {
		t.Errorf("drift (-want +got):\n%s", diff)
	}
}

// F21: a disabled SSO user.
func TestF21_DisabledUser(t *testing.T) {
	t.Parallel()
	f := setup(t)
	f.set(t, "sso-user-disabled", "email", "requester@example.com")
	requester := map[string]string{"SSOUserEmail": "requester@example.com"}
	id := f.fails(t, "one", requester, "InvalidParametersException", "The SSO user requester@example.com is disabled. Enable the user, then try again.")
	f.clear(t, "sso-user-disabled", "email", "requester@example.com")
	f.updates(t, id, "one", requester)
}

// F22: another identity source than Identity Center's directory.
func TestF22_IdentitySource(t *testing.T) {
	t.Parallel()
	f := setup(t)
	f.set(t, "external-identity-source")
	id := f.fails(t, "one", nil, "InvalidParametersException",
		"AWS Control Tower could not enroll your account for the following reason: AWS Control Tower requires that you configure an IAM Identity Center directory as an identity source for your management account.")
	f.clear(t, "external-identity-source")
	f.updates(t, id, "one", nil)
}

// F23: a service control policy forbids to work on VPCs; detached, the update works.
func TestF23_PolicyDeniesVPC(t *testing.T) {
	t.Parallel()
	f := setup(t)
	p, err := f.Organizations.CreatePolicy(t.Context(), &organizations.CreatePolicyInput{
		Name: aws.String("no-vpc"), Description: aws.String("no VPC work"), Type: "SERVICE_CONTROL_POLICY",
		Content: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"ec2:*Vpc","Resource":"*"}]}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	sandbox := f.findOU(t, "Sandbox").Id
	if _, err := f.Organizations.AttachPolicy(t.Context(), &organizations.AttachPolicyInput{PolicyId: p.Policy.PolicySummary.Id, TargetId: sandbox}); err != nil {
		t.Fatal(err)
	}
	id := f.fails(t, "one", nil, "AccessDeniedException", "AWS Control Tower is not authorized to baseline the VPC in the enrolled account.")
	if _, err := f.Organizations.DetachPolicy(t.Context(), &organizations.DetachPolicyInput{PolicyId: p.Policy.PolicySummary.Id, TargetId: sandbox}); err != nil {
		t.Fatal(err)
	}
	f.updates(t, id, "one", nil)
}

// F24: the account's e-mail was changed elsewhere. An update with the new one taints the product; one with the e-mail it was
// launched with tells Control Tower, and so does restoring it.
func TestF24_EmailChanged(t *testing.T) {
	t.Parallel()
	f := setup(t)
	account, id := f.vend(t, "one", nil)
	f.set(t, "email-changed", "account", account, "value", "new@example.com")
	changed := map[string]string{"AccountEmail": "new@example.com"}
	text := "The account email new@example.com is not the one that AWS Control Tower has for account " + account + ". Restore the email, or update the product with the email it was launched with first."
	f.updateFails(t, id, "one", changed, "InvalidParametersException", text)
	f.updates(t, id, "one", nil)
	f.updates(t, id, "one", changed)

	restored, second := f.vend(t, "two", nil)
	f.set(t, "email-changed", "account", restored, "value", "other@example.com")
	f.clear(t, "email-changed", "account", restored)
	f.updates(t, second, "two", nil)
}

// F25: the account left the organization. Its product is TAINTED until it is terminated.
func TestF25_AccountLeft(t *testing.T) {
	t.Parallel()
	f := setup(t)
	account, id := f.vend(t, "one", nil)
	f.set(t, "standalone", "account", account)
	f.later(t, "120h")
	if _, err := f.Organizations.RemoveAccountFromOrganization(t.Context(), &organizations.RemoveAccountFromOrganizationInput{AccountId: aws.String(account)}); err != nil {
		t.Fatal(err)
	}
	text := "The account " + account + " is not in the organization. Terminate the provisioned product."
	if p := f.provisioned(t, id); p.Status != types.ProvisionedProductStatusTainted || aws.ToString(p.StatusMessage) != "ResourceNotFoundException  "+text {
		t.Errorf("product %s: %s", p.Status, aws.ToString(p.StatusMessage))
	}
	f.wantDrift(t, "ACCOUNT_REMOVED_FROM_ORGANIZATION")
	f.updateFails(t, id, "one", nil, "ResourceNotFoundException", text)
	f.terminate(t, aws.String(id))
	f.wantDrift(t)
}

// F26: one account is unmanaged at a time; later the second can be.
func TestF26_TwoUnmanaged(t *testing.T) {
	t.Parallel()
	f := setup(t, current)
	_, first := f.vend(t, "one", nil)
	_, second := f.vend(t, "two", nil)
	f.arm(t, map[string]any{"kind": "stuck", "service": "controltower", "step": "deregister", "count": 1})
	if _, err := f.Catalog.TerminateProvisionedProduct(t.Context(), &servicecatalog.TerminateProvisionedProductInput{ProvisionedProductId: aws.String(first)}); err != nil {
		t.Fatal(err)
	}
	f.releaseWhenStuck(t, func() {
		out, err := f.Catalog.TerminateProvisionedProduct(t.Context(), &servicecatalog.TerminateProvisionedProductInput{ProvisionedProductId: aws.String(second)})
		if err != nil {
			t.Fatal(err)
		}
		f.wantFailure(t, out.RecordDetail.RecordId, "ConflictException", "AWS Control Tower cannot unmanage this account right now, because another AWS Control Tower operation is in progress. Try again later.")
	})
	f.gone(t, first)
	out, err := f.Catalog.TerminateProvisionedProduct(t.Context(), &servicecatalog.TerminateProvisionedProductInput{ProvisionedProductId: aws.String(second)})
	if err != nil {
		t.Fatal(err)
	}
	if rec := f.ended(t, out.RecordDetail.RecordId); rec.RecordDetail.Status != types.RecordStatusSucceeded {
		t.Errorf("record %s", rec.RecordDetail.Status)
	}
}

// F27: the caller may launch, and may not look at the organization.
func TestF27_MissingPermission(t *testing.T) {
	t.Parallel()
	f := setup(t)
	policy := func(actions string) *iam.PutUserPolicyInput {
		return &iam.PutUserPolicyInput{UserName: aws.String("vendor"), PolicyName: aws.String("vend"), PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":[` + actions + `],"Resource":"*"}]}`)}
	}
	vendor := f.user(t, "vendor")
	if _, err := f.IAM.PutUserPolicy(t.Context(), policy(`"servicecatalog:*","controltower:*"`)); err != nil {
		t.Fatal(err)
	}
	productID, artifactID := product(t, vendor)
	out, err := vendor.Catalog.ProvisionProduct(t.Context(), &servicecatalog.ProvisionProductInput{
		ProductId: aws.String(productID), ProvisioningArtifactId: aws.String(artifactID), ProvisionedProductName: aws.String("one"), ProvisioningParameters: f.parameters(t, "one", nil),
	})
	if err != nil {
		t.Fatal(err)
	}
	f.wantFailure(t, out.RecordDetail.RecordId, "AccessDeniedException", "You have insufficient permissions to perform AWS Organizations API actions")
	if _, err := f.IAM.PutUserPolicy(t.Context(), policy(`"servicecatalog:*","controltower:*","organizations:*"`)); err != nil {
		t.Fatal(err)
	}
	again, err := vendor.Catalog.UpdateProvisionedProduct(t.Context(), &servicecatalog.UpdateProvisionedProductInput{
		ProvisionedProductId: out.RecordDetail.ProvisionedProductId, ProvisioningParameters: updates(f.parameters(t, "one", nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	if rec := f.ended(t, again.RecordDetail.RecordId); rec.RecordDetail.Status != types.RecordStatusSucceeded {
		t.Errorf("with the permission: %s", aws.ToString(rec.RecordDetail.RecordErrors[0].Description))
	}
}

// user makes an IAM user of the management account who has the portfolio, and gives their clients.
func (f *fixture) user(t *testing.T, name string) *harness.Clients {
	t.Helper()
	u, err := f.IAM.CreateUser(t.Context(), &iam.CreateUserInput{UserName: aws.String(name)})
	if err != nil {
		t.Fatal(err)
	}
	key, err := f.IAM.CreateAccessKey(t.Context(), &iam.CreateAccessKeyInput{UserName: aws.String(name)})
	if err != nil {
		t.Fatal(err)
	}
	portfolios, err := f.Catalog.ListPortfolios(t.Context(), &servicecatalog.ListPortfoliosInput{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Catalog.AssociatePrincipalWithPortfolio(t.Context(), &servicecatalog.AssociatePrincipalWithPortfolioInput{
		PortfolioId: portfolios.PortfolioDetails[0].Id, PrincipalARN: u.User.Arn, PrincipalType: types.PrincipalTypeIam,
	}); err != nil {
		t.Fatal(err)
	}
	return f.as(aws.ToString(key.AccessKey.AccessKeyId), aws.ToString(key.AccessKey.SecretAccessKey), "")
}

// F28: after an update of the landing zone an OU takes no accounts until its baseline is updated.
func TestF28_OldBaseline(t *testing.T) {
	t.Parallel()
	f := setup(t, current)
	f.updateZone(t, "4.0", manifest40(f), nil)
	sandbox := f.ou(t, "Sandbox")
	id := f.fails(t, "one", nil, "InvalidParametersException",
		"AWS Control Tower cannot provision an account in the organizational unit "+sandbox+", because its baseline version 4.0 is not compatible with landing zone version 4.0. Update the baseline of the organizational unit, then try again.")
	out, err := f.ControlTower.UpdateEnabledBaseline(t.Context(), &controltower.UpdateEnabledBaselineInput{
		EnabledBaselineIdentifier: f.enabledOn(t, "Sandbox").Arn, BaselineVersion: aws.String("5.0"),
	})
	if err != nil {
		t.Fatal(err)
	}
	f.baselineEnds(t, out.OperationIdentifier, "SUCCEEDED")
	f.updates(t, id, "one", nil)
}

// TestFRows_ByName: every row can be armed by its name and then strikes, once.
func TestFRows_ByName(t *testing.T) {
	t.Parallel()
	var known struct {
		Failures []struct {
			Name  string
			Fault struct{ Kind, Service, Code, Reason, Step string }
		}
	}
	f := setup(t)
	if err := f.lab.Do(t.Context(), "GET", "/_twin/failures", nil, &known); err != nil {
		t.Fatal(err)
	}
	if len(known.Failures) != 28 {
		t.Fatalf("%d known failures", len(known.Failures))
	}
	for _, k := range known.Failures {
		if k.Fault.Kind == "stuck" || k.Fault.Kind == "" {
			continue // F10 and F12 hang, F14 is a condition
		}
		t.Run(k.Name, func(t *testing.T) {
			t.Parallel()
			f := setup(t)
			id, text := "", filled(f.ou(t, "Sandbox"), k.Fault.Reason)
			if k.Fault.Step == "deregister" {
				_, id = f.vend(t, "one", nil)
			}
			f.arm(t, map[string]any{"name": k.Name})
			if id != "" {
				out, err := f.Catalog.TerminateProvisionedProduct(t.Context(), &servicecatalog.TerminateProvisionedProductInput{ProvisionedProductId: aws.String(id)})
				if err != nil {
					t.Fatal(err)
				}
				f.wantFailure(t, out.RecordDetail.RecordId, k.Fault.Code, text)
				f.wantMessage(t, id, k.Fault.Code, text)
				return
			}
			productID, artifactID := product(t, f.Clients)
			out, err := f.Catalog.ProvisionProduct(t.Context(), &servicecatalog.ProvisionProductInput{
				ProductId: aws.String(productID), ProvisioningArtifactId: aws.String(artifactID), ProvisionedProductName: aws.String("one"), ProvisioningParameters: f.parameters(t, "one", nil),
			})
			if k.Fault.Kind == "error" {
				wantAPI(t, err, k.Fault.Code, strings.ReplaceAll(text, "{ProductId}", productID))
				f.vend(t, "one", nil)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			rec := f.ended(t, out.RecordDetail.RecordId)
			if rec.RecordDetail.Status != types.RecordStatusFailed || !strings.Contains(aws.ToString(rec.RecordDetail.RecordErrors[0].Description), text) {
				t.Errorf("record %s: %v", rec.RecordDetail.Status, rec.RecordDetail.RecordErrors)
			}
			e := rec.RecordDetail.RecordErrors[0]
			f.wantMessage(t, aws.ToString(out.RecordDetail.ProvisionedProductId), aws.ToString(e.Code), aws.ToString(e.Description))
			f.updates(t, aws.ToString(out.RecordDetail.ProvisionedProductId), "one", nil)
		})
	}
}

// filled gives the text of a known failure as the launch of one into an OU shows it.
func filled(ou, text string) string {
	return strings.NewReplacer(
		"{ProvisionedProductName}", "one", "{ManagedOrganizationalUnit}", ou, "{AccountEmail}", "one@example.com", "{SSOUserEmail}", "owner@example.com",
		"{AccountId}", "one@example.com", "{Region}", region, "{AccountOperations}", "1", "{BaselineVersion}", "4.0", "{LandingZoneVersion}", "3.3",
	).Replace(text)
}

// TestFRows_Blanks: a known failure that was armed names the account it strikes; a reason that was given is said as it is.
func TestFRows_Blanks(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		fault map[string]any
		text  string
	}{
		{map[string]any{"name": "F13"}, "AWS Control Tower cannot deploy the required stack set, because AWS STS is not active in Region eu-central-1 of the account. Activate the Regional endpoint, then try again."},
		{map[string]any{"name": "F21"}, "The SSO user owner@example.com is disabled. Enable the user, then try again."},
		{map[string]any{"kind": "fail", "service": "controltower", "code": "InvalidParametersException", "reason": "no {Region}", "count": 1}, "no {Region}"},
	} {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()
			f := setup(t)
			f.arm(t, tt.fault)
			f.fails(t, "one", nil, "InvalidParametersException", tt.text)
		})
	}
	t.Run("an account that is there", func(t *testing.T) {
		t.Parallel()
		f := setup(t)
		member, id := f.vend(t, "one", nil)
		f.arm(t, map[string]any{"name": "F25"})
		f.updateFails(t, id, "one", map[string]string{"SSOUserFirstName": "Other"}, "ResourceNotFoundException", "The account "+member+" is not in the organization. Terminate the provisioned product.")
	})
}

// TestF12_ClockAdvanced: an operation that only sees the clock jump goes on.
func TestF12_ClockAdvanced(t *testing.T) {
	t.Parallel()
	f := setup(t, slow)
	out, err := f.launch(t, "one", nil)
	if err != nil {
		t.Fatal(err)
	}
	for range 10 {
		f.later(t, "3h")
		f.settle(t)
	}
	if rec := f.ended(t, out.RecordDetail.RecordId); rec.RecordDetail.Status != types.RecordStatusSucceeded {
		t.Errorf("record %s: %v", rec.RecordDetail.Status, rec.RecordDetail.RecordErrors)
	}
}
