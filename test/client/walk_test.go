package client

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/controltower"
	"github.com/aws/aws-sdk-go-v2/service/controltower/document"
	"github.com/aws/aws-sdk-go-v2/service/controltower/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/google/go-cmp/cmp"

	"accountfactory/test/harness"
)

// walk is the life of one account, by the AWS CLI alone: Debian's, and where its model is too old for Control Tower's
// baselines a newer one.
type walk struct {
	*journey
	newer    func(*testing.T) driver
	team     string // id of a registered OU below Sandbox
	loose    string // id of one that is not registered
	admins   string // the permission set an account's owner has
	launched string // id of the provisioned product
}

// steps are the walk. A step goes on where the last one ended; one that needs the newer CLI leaves the account where the next
// one takes it as well without.
var steps = []struct {
	name  string
	newer bool
	do    func(*walk)
}{
	{"an account from elsewhere", false, (*walk).makeMember},
	{"cannot be enrolled without Control Tower's role", false, (*walk).failToEnroll},
	{"is enrolled with it", false, (*walk).enroll},
	{"is moved by an update", false, (*walk).move},
	{"gets another SSO user, and the old one keeps access", false, (*walk).changeUser},
	{"moved by hand cannot be updated until it is moved back", false, (*walk).driftAndMoveBack},
	{"moved between registered units is repaired by registering again", true, (*walk).registerAgain},
	{"without a role of Control Tower nothing is launched until the landing zone is reset", true, (*walk).repairZone},
	{"is unmanaged, and stays with its users", false, (*walk).unmanage},
	{"is closed", false, (*walk).closeAccount},
}

func TestWalk(t *testing.T) {
	t.Parallel()
	debian := needDebianCLI(t)
	w := newWorld(t, "--speed", "instant")
	x := &walk{journey: &journey{t: t, world: w, driver: newCLI(t, w.server, debian, false), as: w.management, shell: true}}
	x.newer = func(t *testing.T) driver { t.Helper(); return newCLI(t, w.server, harness.NeedNewerCLI(t), false) }
	x.prepare()
	x.assumeRole()
	x.findProduct()
	for _, s := range steps {
		x.step(t, s.name, s.newer, s.do)
		if t.Failed() {
			return
		}
	}
}

// step does one, with the client it needs.
func (w *walk) step(t *testing.T, name string, newer bool, do func(*walk)) {
	t.Helper()
	t.Run(name, func(t *testing.T) {
		here := *w.journey
		here.t = t
		if newer {
			here.driver = w.newer(t)
		}
		x := *w
		x.journey = &here
		do(&x)
		w.account, w.launched, w.admins = x.account, x.launched, x.admins
	})
}

// prepare lets the role do all that an administrator does, and registers an OU to move to.
func (w *walk) prepare() {
	w.t.Helper()
	ctx := w.t.Context()
	if _, err := w.admin.IAM.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{RoleName: aws.String("Requester"), PolicyArn: aws.String("arn:aws:iam::aws:policy/AdministratorAccess")}); err != nil {
		w.t.Fatal(err)
	}
	ous, err := w.admin.Organizations.ListOrganizationalUnitsForParent(ctx, &organizations.ListOrganizationalUnitsForParentInput{ParentId: &w.sandbox})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, ou := range ous.OrganizationalUnits {
		switch aws.ToString(ou.Name) {
		case "Team 0":
			w.team = aws.ToString(ou.Id)
			w.register(aws.ToString(ou.Arn))
		case "Team 1":
			w.loose = aws.ToString(ou.Id)
		}
	}
}

func (w *walk) register(target string) {
	w.t.Helper()
	ctx := w.t.Context()
	in := &controltower.EnableBaselineInput{TargetIdentifier: &target, BaselineVersion: aws.String("4.0")}
	own, err := w.admin.ControlTower.ListEnabledBaselines(ctx, &controltower.ListEnabledBaselinesInput{})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, b := range own.EnabledBaselines {
		switch {
		case strings.HasSuffix(*b.BaselineIdentifier, "/LN25R72TTG6IGPTQ"): // IdentityCenterBaseline
			in.Parameters = []types.EnabledBaselineParameter{{Key: aws.String("IdentityCenterEnabledBaselineArn"), Value: document.NewLazyDocument(*b.Arn)}}
		case strings.HasSuffix(*b.BaselineIdentifier, "/17BSJV3IGJ2QSGA2"): // AWSControlTowerBaseline
			in.BaselineIdentifier = b.BaselineIdentifier
		}
	}
	out, err := w.admin.ControlTower.EnableBaseline(ctx, in)
	if err != nil {
		w.t.Fatal(err)
	}
	err = harness.Poll(ctx, 20*time.Millisecond, func() (bool, error) {
		o, err := w.admin.ControlTower.GetBaselineOperation(ctx, &controltower.GetBaselineOperationInput{OperationIdentifier: out.OperationIdentifier})
		return err == nil && o.BaselineOperation.Status == types.BaselineOperationStatusSucceeded, err
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// until calls an operation again until its answer is as wanted, and gives that.
func (w *walk) until(service, operation string, input m, done func(any) bool) (last any) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), time.Minute)
	defer cancel()
	if err := harness.Poll(ctx, 100*time.Millisecond, func() (bool, error) {
		last = w.call(service, operation, input)
		return done(last), nil
	}); err != nil {
		w.t.Fatalf("%s %s: %v; last %v", service, operation, err, last)
	}
	return last
}

// ended waits for a record's end, and gives it.
func (w *walk) ended(out any) any {
	w.t.Helper()
	return w.until("servicecatalog", "DescribeRecord", m{"Id": text(out, "RecordDetail", "RecordId")}, func(v any) bool {
		return slices.Contains([]string{"SUCCEEDED", "FAILED"}, text(v, "RecordDetail", "Status"))
	})
}

func (w *walk) succeeded(out any) {
	w.t.Helper()
	if rec := w.ended(out); text(rec, "RecordDetail", "Status") != "SUCCEEDED" {
		w.t.Fatalf("failed: %v", at(rec, "RecordDetail", "RecordErrors"))
	}
	w.wantProduct("AVAILABLE", "")
}

// failed wants the record and the product's message to say why.
func (w *walk) failed(out any, status, message string) {
	w.t.Helper()
	if rec := w.ended(out); text(rec, "RecordDetail", "Status") != "FAILED" {
		w.t.Fatalf("record %s", text(rec, "RecordDetail", "Status"))
	}
	w.wantProduct(status, message)
}

func (w *walk) wantProduct(status, message string) {
	w.t.Helper()
	got := w.call("servicecatalog", "DescribeProvisionedProduct", m{"Id": w.launched})
	if text(got, "ProvisionedProductDetail", "Status") != status || !strings.Contains(text(got, "ProvisionedProductDetail", "StatusMessage"), message) {
		w.t.Fatalf("product %s: %s", text(got, "ProvisionedProductDetail", "Status"), text(got, "ProvisionedProductDetail", "StatusMessage"))
	}
}

func (w *walk) wantParent(ou string) {
	w.t.Helper()
	if got := text(w.call("organizations", "ListParents", m{"ChildId": w.account}), "Parents", 0, "Id"); got != ou {
		w.t.Errorf("the account is in %s, want %s", got, ou)
	}
}

func (w *walk) makeMember() {
	made := w.call("organizations", "CreateAccount", m{"AccountName": accountName, "Email": accountEmail})
	id := text(made, "CreateAccountStatus", "Id")
	got := w.until("organizations", "DescribeCreateAccountStatus", m{"CreateAccountRequestId": id}, func(v any) bool { return text(v, "CreateAccountStatus", "State") == "SUCCEEDED" })
	w.account = text(got, "CreateAccountStatus", "AccountId")
	w.wantParent(text(w.call("organizations", "ListRoots", nil), "Roots", 0, "Id"))
}

func (w *walk) failToEnroll() {
	out := w.call("servicecatalog", "ProvisionProduct", w.launchInput("enroll"))
	w.launched = text(out, "RecordDetail", "ProvisionedProductId")
	w.failed(out, "ERROR", "unable to assume the AWSControlTowerExecution role")
	w.wantParent(text(w.call("organizations", "ListRoots", nil), "Roots", 0, "Id"))
}

// change gives the input of an update: the launch's parameters, with some changed.
func (w *walk) change(token string, changes m) m {
	in := m{"ProvisionedProductId": w.launched, "UpdateToken": token}
	var out []any
	for _, p := range w.launchInput("enroll")["ProvisioningParameters"].([]any) {
		q := with(p.(m), nil)
		if v, changed := changes[q["Key"].(string)]; changed {
			q["Value"] = v
		}
		out = append(out, q)
	}
	in["ProvisioningParameters"] = out
	return in
}

func (w *walk) update(token string, changes m) any {
	w.t.Helper()
	return w.call("servicecatalog", "UpdateProvisionedProduct", w.change(token, changes))
}

func (w *walk) enroll() {
	before := w.as
	w.assume("arn:aws:iam::" + w.account + ":role/OrganizationAccountAccessRole")
	w.call("iam", "CreateRole", m{"RoleName": "AWSControlTowerExecution", "AssumeRolePolicyDocument": trust(w.server.Account)})
	w.call("iam", "AttachRolePolicy", m{"RoleName": "AWSControlTowerExecution", "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"})
	w.as = before
	w.succeeded(w.update("enroll", nil))
	w.wantParent(w.sandbox)
	found := w.call("servicecatalog", "SearchProvisionedProducts", m{"Filters": m{"SearchQuery": []string{"physicalId:" + w.account}}})
	if got := text(found, "ProvisionedProducts", 0, "Id"); got != w.launched || len(list(found, "ProvisionedProducts")) != 1 {
		w.t.Errorf("the account is that of product %s", got)
	}
	if diff := cmp.Diff([]string{ownerEmail}, w.owners()); diff != "" {
		w.t.Errorf("owners (-want +got):\n%s", diff)
	}
}

// owners are the names of the users with administrative access to the account.
func (w *walk) owners() []string {
	w.t.Helper()
	in := m{"InstanceArn": w.instance}
	for _, set := range list(w.call("ssoadmin", "ListPermissionSets", in), "PermissionSets") {
		if w.admins != "" {
			break
		}
		got := w.call("ssoadmin", "DescribePermissionSet", with(in, m{"PermissionSetArn": set}))
		if text(got, "PermissionSet", "Name") == "AWSAdministratorAccess" {
			w.admins = text(got, "PermissionSet", "PermissionSetArn")
		}
	}
	var out []string
	for _, a := range list(w.call("ssoadmin", "ListAccountAssignments", with(in, m{"AccountId": w.account, "PermissionSetArn": w.admins})), "AccountAssignments") {
		if text(a, "PrincipalType") == "USER" {
			user := w.call("identitystore", "DescribeUser", m{"IdentityStoreId": w.identityStore, "UserId": text(a, "PrincipalId")})
			out = append(out, text(user, "UserName"))
		}
	}
	slices.Sort(out)
	return out
}

func (w *walk) teamText() string { return "Team 0 (" + w.team + ")" }

func (w *walk) move() {
	w.succeeded(w.update("move", m{"ManagedOrganizationalUnit": w.teamText()}))
	w.wantParent(w.team)
}

const secondEmail = "second@example.com"

func (w *walk) changeUser() {
	w.succeeded(w.update("user", m{"ManagedOrganizationalUnit": w.teamText(), "SSOUserEmail": secondEmail}))
	if diff := cmp.Diff([]string{ownerEmail, secondEmail}, w.owners()); diff != "" {
		w.t.Errorf("owners (-want +got):\n%s", diff)
	}
}

func (w *walk) moveByHand(from, to string) {
	w.t.Helper()
	w.call("organizations", "MoveAccount", m{"AccountId": w.account, "SourceParentId": from, "DestinationParentId": to})
}

func (w *walk) driftAndMoveBack() {
	here := m{"ManagedOrganizationalUnit": w.teamText(), "SSOUserEmail": secondEmail}
	w.moveByHand(w.team, w.loose)
	w.failed(w.update("drift", here), "TAINTED", "AWS Control Tower detects that your enrolled account has been moved to a new organizational unit.")
	w.moveByHand(w.loose, w.team)
	w.succeeded(w.update("repair", here))
	w.wantParent(w.team)
}

// baseline gives what is enabled on the OU of an id.
func (w *walk) baseline(ou string) any {
	w.t.Helper()
	for _, b := range list(w.call("controltower", "ListEnabledBaselines", nil), "enabledBaselines") {
		if strings.HasSuffix(text(b, "targetIdentifier"), "/"+ou) {
			return b
		}
	}
	w.t.Fatalf("nothing is enabled on %s", ou)
	return nil
}

func (w *walk) wantInheritance(ou, want string) {
	w.t.Helper()
	if got := text(w.baseline(ou), "driftStatusSummary", "types", "inheritance", "status"); got != want {
		w.t.Errorf("%s is %s, want %s", ou, got, want)
	}
}

func (w *walk) registerAgain() {
	w.moveByHand(w.team, w.sandbox)
	w.wantInheritance(w.sandbox, "DRIFTED")
	out := w.call("controltower", "ResetEnabledBaseline", m{"enabledBaselineIdentifier": text(w.baseline(w.sandbox), "arn")})
	got := w.until("controltower", "GetBaselineOperation", m{"operationIdentifier": text(out, "operationIdentifier")}, func(v any) bool {
		return text(v, "baselineOperation", "status") != "IN_PROGRESS"
	})
	if text(got, "baselineOperation", "status") != "SUCCEEDED" {
		w.t.Errorf("operation %v", at(got, "baselineOperation"))
	}
	w.wantInheritance(w.sandbox, "IN_SYNC")
	w.wantParent(w.sandbox)
}

func (w *walk) repairZone() {
	zone := m{"landingZoneIdentifier": text(w.call("controltower", "ListLandingZones", nil), "landingZones", 0, "arn")}
	w.call("iam", "DeleteRole", m{"RoleName": "AWSControlTowerStackSetRole"})
	if got := text(w.call("controltower", "GetLandingZone", zone), "landingZone", "driftStatus", "status"); got != "DRIFTED" {
		w.t.Errorf("landing zone %s", got)
	}
	_, failed := w.try("servicecatalog", "ProvisionProduct", w.launchInput("another"))
	if failed == nil || failed.Code != "ResourceNotFoundException" || !strings.HasPrefix(failed.Message, "No launch paths found for resource: prod-") {
		w.t.Errorf("a launch: %v", failed)
	}
	out := w.call("controltower", "ResetLandingZone", zone)
	w.until("controltower", "GetLandingZoneOperation", m{"operationIdentifier": text(out, "operationIdentifier")}, func(v any) bool {
		return text(v, "operationDetails", "status") == "SUCCEEDED"
	})
	if got := text(w.call("controltower", "GetLandingZone", zone), "landingZone", "driftStatus", "status"); got != "IN_SYNC" {
		w.t.Errorf("landing zone %s", got)
	}
	w.call("servicecatalog", "ListLaunchPaths", m{"ProductId": w.product})
}

func (w *walk) unmanage() {
	out := w.call("servicecatalog", "TerminateProvisionedProduct", m{"ProvisionedProductId": w.launched, "TerminateToken": "end"})
	if rec := w.ended(out); text(rec, "RecordDetail", "Status") != "SUCCEEDED" {
		w.t.Fatalf("failed: %v", at(rec, "RecordDetail", "RecordErrors"))
	}
	_, gone := w.try("servicecatalog", "DescribeProvisionedProduct", m{"Id": w.launched})
	if gone == nil || gone.Code != "ResourceNotFoundException" {
		w.t.Errorf("the product afterwards: %v", gone)
	}
	w.wantParent(text(w.call("organizations", "ListRoots", nil), "Roots", 0, "Id"))
	if diff := cmp.Diff([]string{ownerEmail, secondEmail}, w.owners()); diff != "" {
		w.t.Errorf("owners (-want +got):\n%s", diff)
	}
}

func (w *walk) closeAccount() {
	w.call("organizations", "CloseAccount", m{"AccountId": w.account})
	w.until("organizations", "DescribeAccount", m{"AccountId": w.account}, func(v any) bool { return text(v, "Account", "Status") == "SUSPENDED" })
}
