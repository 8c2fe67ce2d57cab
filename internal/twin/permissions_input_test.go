package twin

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	accounttypes "github.com/aws/aws-sdk-go-v2/service/account/types"
	"github.com/aws/aws-sdk-go-v2/service/controltower"
	towertypes "github.com/aws/aws-sdk-go-v2/service/controltower/types"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	storedoc "github.com/aws/aws-sdk-go-v2/service/identitystore/document"
	storetypes "github.com/aws/aws-sdk-go-v2/service/identitystore/types"
	orgtypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	sctypes "github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"
	ssotypes "github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	"accountfactory/internal/arn"
	"accountfactory/internal/twin/iam"
	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire/facts"
	"accountfactory/test/harness"
)

// fill gives an input its required members, and those that values names for the operation: what a call is about has often
// to be given by one of several optional members.
func (w *world) fill(t *testing.T, by key, service, operation string, in reflect.Value) {
	t.Helper()
	f, err := facts.For(service)
	if err != nil {
		t.Fatal(err)
	}
	var required []string
	if shape := f.Shapes[f.Operations[operation].Input]; shape != nil {
		required = shape.Required
	}
	for i := range in.NumField() {
		name := in.Type().Field(i).Name
		value, given := w.values[service+"."+operation+"."+name]
		needed := slices.ContainsFunc(required, func(r string) bool { return strings.EqualFold(r, name) })
		if !given && needed && !strings.HasSuffix(name, "Token") { // idempotency tokens are the client's
			if value, given = w.values[service+"."+name]; !given {
				t.Fatalf("no value for %s.%s.%s: add it to values", service, operation, name)
			}
		}
		if own, depends := value.(func(account string) any); depends {
			value = own(by.account)
		}
		if given {
			set(in.Field(i), value)
		}
	}
}

// set puts a value into a field, as a pointer where the field is one.
func set(field reflect.Value, value any) {
	v := reflect.ValueOf(value)
	if field.Kind() == reflect.Pointer && v.Kind() != reflect.Pointer {
		field.Set(reflect.New(field.Type().Elem()))
		field = field.Elem()
	}
	if field.Kind() == reflect.Interface {
		field.Set(v)
		return
	}
	field.Set(v.Convert(field.Type()))
}

// vend launches the account "vended" as an end user does, and lays out a plan.
func (w *world) vend(t *testing.T) {
	t.Helper()
	ctx, c := t.Context(), w.keys["m.scuser"].clients(w.real)
	found, err := c.Catalog.SearchProducts(ctx, &servicecatalog.SearchProductsInput{})
	if err != nil || len(found.ProductViewSummaries) != 1 {
		t.Fatal(found, err)
	}
	view := found.ProductViewSummaries[0]
	product, err := c.Catalog.DescribeProduct(ctx, &servicecatalog.DescribeProductInput{Id: view.ProductId})
	if err != nil {
		t.Fatal(err)
	}
	artifact := product.ProvisioningArtifacts[0].Id
	var sandbox, security, root string
	_ = w.twin.state.View(func(tx *state.Tx) error {
		root = w.twin.org.RootID(tx)
		for ou := range w.twin.org.OUs(tx, root) {
			if ou.Name == "Sandbox" {
				sandbox = ou.ID
			} else {
				security = ou.ID
			}
		}
		return nil
	})
	in := &servicecatalog.ProvisionProductInput{ProductId: view.ProductId, ProvisioningArtifactId: artifact, ProvisionedProductName: aws.String("vended")}
	for k, v := range map[string]string{
		"AccountName": "vended", "AccountEmail": "vended@example.com", "SSOUserFirstName": "Olive", "SSOUserLastName": "Owner",
		"SSOUserEmail": "owner@example.com", "ManagedOrganizationalUnit": "Sandbox (" + sandbox + ")",
	} {
		in.ProvisioningParameters = append(in.ProvisioningParameters, sctypes.ProvisioningParameter{Key: aws.String(k), Value: aws.String(v)})
	}
	launched, err := c.Catalog.ProvisionProduct(ctx, in)
	if err != nil {
		t.Fatal(err)
	}
	var rec *servicecatalog.DescribeRecordOutput
	err = harness.Poll(ctx, 5*time.Millisecond, func() (_ bool, err error) {
		rec, err = c.Catalog.DescribeRecord(ctx, &servicecatalog.DescribeRecordInput{Id: launched.RecordDetail.RecordId})
		return err == nil && (rec.RecordDetail.Status == sctypes.RecordStatusSucceeded || rec.RecordDetail.Status == sctypes.RecordStatusFailed), err
	})
	if err != nil || rec.RecordDetail.Status != sctypes.RecordStatusSucceeded {
		t.Fatal(err, rec.RecordDetail.RecordErrors)
	}
	for _, o := range rec.RecordOutputs {
		if aws.ToString(o.OutputKey) == "AccountId" {
			w.accounts["vended"] = aws.ToString(o.OutputValue)
		}
	}
	plan, err := c.Catalog.CreateProvisionedProductPlan(ctx, &servicecatalog.CreateProvisionedProductPlanInput{
		PlanName: aws.String("plan"), PlanType: sctypes.ProvisionedProductPlanTypeCloudformation, ProductId: view.ProductId, ProvisioningArtifactId: artifact,
		ProvisionedProductName: aws.String("planned"),
	})
	if err != nil {
		t.Fatal(err)
	}
	w.roots = map[string]string{
		"root": root, "sandbox": sandbox, "security": security, "view": aws.ToString(view.Id), "product": aws.ToString(view.ProductId), "artifact": aws.ToString(artifact),
		"record": aws.ToString(launched.RecordDetail.RecordId), "provisioned": aws.ToString(launched.RecordDetail.ProvisionedProductId), "plan": aws.ToString(plan.PlanId),
	}
}

const (
	aDocument = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}`
	aUUID     = "12345678-1234-1234-1234-123456789012"
)

// furnish makes what else the inputs are about, and the inputs' values. A key is service.Member for a required member, or
// service.Operation.Member; a value may be a function of the caller's account.
func (w *world) furnish(t *testing.T) {
	t.Helper()
	v := map[string]any{}
	w.iamValues(t, v)
	w.organizationsValues(v)
	w.accountValues(v)
	w.centerValues(v)
	w.catalogValues(t, v)
	w.towerValues(t, v)
	w.values = v
}

func (w *world) iamValues(t *testing.T, v map[string]any) {
	t.Helper()
	const trustMe = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"sts:AssumeRole"}]}`
	w.update(t, func(tx *state.Tx) {
		w.twin.iam.PutUser(tx, w.management, "someone", nil)
		w.twin.iam.PutRole(tx, w.management, iam.RoleSpec{Name: "worker", Trust: trustMe})
	})
	for k, x := range map[string]any{
		"AccessKeyId": w.keys["m.user"].id, "AccountAlias": "an-alias", "AssumeRolePolicyDocument": trustMe, "Description": "x", "GroupName": "team",
		"PermissionsBoundary": "arn:aws:iam::aws:policy/ReadOnlyAccess", "PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess", "PolicyDocument": aDocument,
		"PolicyName": "inline", "RoleName": "worker", "Status": "Inactive", "TagKeys": []string{"a"}, "Tags": []iamtypes.Tag{{Key: aws.String("a"), Value: aws.String("b")}},
		"UserName": "someone", "VersionId": "v1",
		"GetUser.UserName": "someone", "CreateAccessKey.UserName": "someone", "ListAccessKeys.UserName": "someone", "UpdateAccessKey.UserName": "someone",
		"DeleteAccessKey.UserName": "someone", "ActionNames": []string{"s3:GetObject"}, "PolicyInputList": []string{aDocument},
		"AWSServiceName": "autoscaling.amazonaws.com", "DeletionTaskId": "task/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling/" + aUUID,
		"PolicySourceArn": func(account string) any { return arn.Make("iam", "", account, "user/someone") },
	} {
		v["iam."+k] = x
	}
	// AWS's own policies nobody may change, so these are about one of the caller's account.
	own := func(account string) any { return arn.Make("iam", "", account, "policy/own") }
	for _, operation := range []string{"DeletePolicy", "CreatePolicyVersion", "DeletePolicyVersion", "SetDefaultPolicyVersion", "TagPolicy", "UntagPolicy"} {
		v["iam."+operation+".PolicyArn"] = own
	}
	v["sts.AccessKeyId"], v["sts.Name"], v["sts.RoleSessionName"] = w.keys["m.user"].id, "someone", "session"
	v["sts.EncodedMessage"] = "bogus"
	v["sts.RoleArn"] = arn.Make("iam", "", w.accounts["vended"], "role/AWSControlTowerExecution")
}

func (w *world) organizationsValues(v map[string]any) {
	member := w.accounts["vended"]
	for k, x := range map[string]any{
		"AccountId": member, "AccountName": "fresh", "ChildId": member, "ChildType": "ACCOUNT", "Content": aDocument,
		"CreateAccountRequestId": "car-0123456789abcdef0123456789abcdef", "Description": "x", "DestinationParentId": w.roots["security"], "Email": "fresh@example.com",
		"Filter": "SERVICE_CONTROL_POLICY", "Name": "name", "OrganizationalUnitId": w.roots["sandbox"], "ParentId": w.roots["sandbox"], "PolicyId": "p-FullAWSAccess",
		"PolicyType": "SERVICE_CONTROL_POLICY", "ResourceId": member, "RootId": w.roots["root"], "ServicePrincipal": "sso.amazonaws.com",
		"SourceParentId": w.roots["sandbox"], "TagKeys": []string{"a"}, "Tags": []orgtypes.Tag{{Key: aws.String("a"), Value: aws.String("b")}}, "TargetId": member,
		"Type": "SERVICE_CONTROL_POLICY", "HandshakeId": "h-12345678",
		"DescribeEffectivePolicy.PolicyType": "TAG_POLICY", "PutResourcePolicy.Content": delegation,
		"Target": &orgtypes.HandshakeParty{Type: orgtypes.HandshakePartyTypeEmail, Id: aws.String("guest@example.com")},
	} {
		v["organizations."+k] = x
	}
}

// accountValues are about the caller's own account, but for primary e-mails, which are a member's.
func (w *world) accountValues(v map[string]any) {
	for k, x := range map[string]any{
		"AccountId": w.accounts["vended"], "AccountName": "name", "AlternateContactType": "BILLING", "EmailAddress": "billing@example.com", "Name": "Bill",
		"PhoneNumber": "+1 555 0100", "Title": "Accountant", "RegionName": "af-south-1", "Otp": "ABC123", "PrimaryEmail": "new@example.com",
		"GetPrimaryEmailUpdateStatus.AccountId": w.accounts["vended"],
		"ContactInformation": &accounttypes.ContactInformation{
			FullName: aws.String("Olive Owner"), PhoneNumber: aws.String("+15550100"), AddressLine1: aws.String("1 Main Street"), City: aws.String("Seattle"),
			StateOrRegion: aws.String("WA"), PostalCode: aws.String("98101"), CountryCode: aws.String("US"),
		},
	} {
		v["account."+k] = x
	}
	v["servicequotas.ServiceCode"], v["servicequotas.QuotaCode"] = "controltower", "L-00000AC1"
}

func (w *world) centerValues(v map[string]any) {
	_ = w.twin.state.View(func(tx *state.Tx) error {
		in, set := w.twin.center.Instance(tx), w.twin.center.PermissionSetByName(tx, "AWSReadOnlyAccess")
		user, group := w.twin.center.UserByName(tx, "requester"), w.twin.center.GroupByName(tx, "AWSAccountFactory")
		membership := w.twin.center.Membership(tx, group.ID, user.ID)
		for k, x := range map[string]any{
			"InstanceArn": in.ARN(), "PermissionSetArn": set.ARN, "ResourceArn": set.ARN, "AccountId": w.accounts["vended"], "TargetId": w.accounts["vended"],
			"TargetType": "AWS_ACCOUNT", "PrincipalId": user.ID, "PrincipalType": "USER", "Name": "NewSet", "InlinePolicy": aDocument,
			"ManagedPolicyArn":               "arn:aws:iam::aws:policy/ReadOnlyAccess",
			"CustomerManagedPolicyReference": &ssotypes.CustomerManagedPolicyReference{Name: aws.String("own")},
			"PermissionsBoundary":            &ssotypes.PermissionsBoundary{ManagedPolicyArn: aws.String("arn:aws:iam::aws:policy/ReadOnlyAccess")},
			"TagKeys":                        []string{"a"}, "Tags": []ssotypes.Tag{{Key: aws.String("a"), Value: aws.String("b")}},
			"AccountAssignmentCreationRequestId": aUUID, "AccountAssignmentDeletionRequestId": aUUID, "ProvisionPermissionSetRequestId": aUUID,
			"ProvisionPermissionSet.TargetId": w.accounts["vended"],
		} {
			v["ssoadmin."+k] = x
		}
		for k, x := range map[string]any{
			"IdentityStoreId": in.StoreID, "UserId": user.ID, "GroupId": group.ID, "GroupIds": []string{group.ID}, "MembershipId": membership.ID,
			"MemberId": &storetypes.MemberIdMemberUserId{Value: user.ID},
			"AlternateIdentifier": &storetypes.AlternateIdentifierMemberUniqueAttribute{Value: storetypes.UniqueAttribute{
				AttributePath: aws.String("userName"), AttributeValue: storedoc.NewLazyDocument("requester"),
			}},
			"GetGroupId.AlternateIdentifier": &storetypes.AlternateIdentifierMemberUniqueAttribute{Value: storetypes.UniqueAttribute{
				AttributePath: aws.String("displayName"), AttributeValue: storedoc.NewLazyDocument("AWSAccountFactory"),
			}},
			"Operations": []storetypes.AttributeOperation{{AttributePath: aws.String("displayName"), AttributeValue: storedoc.NewLazyDocument("New")}},
		} {
			v["identitystore."+k] = x
		}
		v["ssooidc.ClientId"] = arn.Make("sso", "", w.management, "application/"+in.ID+"/apl-0123456789abcdef")
		v["ssooidc.GrantType"] = "authorization_code"
		return nil
	})
}

func (w *world) catalogValues(t *testing.T, v map[string]any) {
	t.Helper()
	c := w.keys["m.user"].clients(w.real)
	portfolios, err := c.Catalog.ListPortfolios(t.Context(), &servicecatalog.ListPortfoliosInput{})
	if err != nil {
		t.Fatal(err)
	}
	portfolio := aws.ToString(portfolios.PortfolioDetails[0].Id)
	option, err := c.Catalog.CreateTagOption(t.Context(), &servicecatalog.CreateTagOptionInput{Key: aws.String("k"), Value: aws.String("v")})
	if err != nil {
		t.Fatal(err)
	}
	product, provisioned := w.roots["product"], w.roots["provisioned"]
	for k, x := range map[string]any{
		"Id": portfolio, "PortfolioId": portfolio, "ResourceId": portfolio, "ProductId": product, "ProvisioningArtifactId": w.roots["artifact"], "PlanId": w.roots["plan"],
		"PlanName": "another", "PlanType": "CLOUDFORMATION", "ProvisionedProductName": "another", "DisplayName": "x", "ProviderName": "x", "Key": "a", "Value": "b",
		"PrincipalARN": "arn:aws:iam::111122223333:user/someone", "PrincipalType": "IAM", "TagOptionId": aws.ToString(option.TagOptionDetail.Id),
		"DescribeProduct.Id": product, "DescribeProductAsAdmin.Id": product, "DescribeProductView.Id": w.roots["view"], "DescribeRecord.Id": w.roots["record"],
		"DescribeProvisionedProduct.Id": provisioned, "DescribeTagOption.Id": aws.ToString(option.TagOptionDetail.Id), "UpdateTagOption.Id": aws.ToString(option.TagOptionDetail.Id),
		"DeleteTagOption.Id": aws.ToString(option.TagOptionDetail.Id), "ProvisionProduct.ProductId": product,
		"ProvisionProduct.ProvisioningArtifactId": w.roots["artifact"], "DescribeProvisioningParameters.ProductId": product,
		"DescribeProvisioningParameters.ProvisioningArtifactId": w.roots["artifact"], "DescribeProvisioningArtifact.ProductId": product,
		"DescribeProvisioningArtifact.ProvisioningArtifactId": w.roots["artifact"], "UpdateProvisionedProduct.ProvisionedProductId": provisioned,
		"CreateConstraint.Type": "LAUNCH", "CreateConstraint.Parameters": `{"RoleArn":"arn:aws:iam::111122223333:role/worker"}`, "DescribeConstraint.Id": "cons-0123456789abc",
		"CreateProduct.Name": "x", "CreateProduct.Owner": "x", "CreateProduct.ProductType": "EXTERNAL", "UpdateProduct.Id": product, "DeleteProduct.Id": product,
		"CreateProvisioningArtifact.Parameters": &sctypes.ProvisioningArtifactProperties{
			Info: map[string]string{"LoadTemplateFromURL": "https://s3.amazonaws.com/x/y"}, Type: sctypes.ProvisioningArtifactTypeExternal,
		},
		"UpdateProvisionedProductProperties.ProvisionedProductId":         provisioned,
		"UpdateProvisionedProductProperties.ProvisionedProductProperties": map[string]string{"OWNER": "arn:aws:iam::111122223333:user/someone"},
		"UpdateConstraint.Id": "cons-0123456789abc", "DeleteConstraint.Id": "cons-0123456789abc",
		"TerminateProvisionedProduct.ProvisionedProductId": provisioned, "GetProvisionedProductOutputs.ProvisionedProductId": provisioned,
	} {
		v["servicecatalog."+k] = x
	}
}

func (w *world) towerValues(t *testing.T, v map[string]any) {
	t.Helper()
	c, ctx := w.keys["m.user"].clients(w.real).ControlTower, t.Context()
	zones, err := c.ListLandingZones(ctx, &controltower.ListLandingZonesInput{})
	if err != nil {
		t.Fatal(err)
	}
	baselines, err := c.ListBaselines(ctx, &controltower.ListBaselinesInput{})
	if err != nil {
		t.Fatal(err)
	}
	enabled, err := c.ListEnabledBaselines(ctx, &controltower.ListEnabledBaselinesInput{})
	if err != nil {
		t.Fatal(err)
	}
	v["controltower.LandingZoneIdentifier"] = aws.ToString(zones.LandingZones[0].Arn)
	v["controltower.BaselineIdentifier"] = aws.ToString(baselines.Baselines[0].Arn)
	v["controltower.EnabledBaselineIdentifier"] = aws.ToString(enabled.EnabledBaselines[0].Arn)
	home := w.twin.config.Region
	for k, x := range map[string]any{
		"Version": "3.3", "BaselineVersion": "4.0", "TargetIdentifier": aws.ToString(enabled.EnabledBaselines[0].TargetIdentifier), "OperationIdentifier": aUUID,
		"ControlIdentifier": arn.Make("controltower", home, "", "control/AWS-GR_RESTRICT_ROOT_USER"), "ResourceArn": aws.ToString(zones.LandingZones[0].Arn),
		"EnabledControlIdentifier": arn.Make("controltower", home, w.management, "enabledcontrol/ABCDEFGHIJKLMNOP"),
		"Parameters":               []towertypes.EnabledControlParameter{}, "Tags": map[string]string{"a": "b"}, "TagKeys": []string{"a"},
		"DisableControl.ControlIdentifier": arn.Make("controltower", home, "", "control/AWS-GR_RESTRICT_ROOT_USER"),
		"DisableControl.TargetIdentifier":  aws.ToString(enabled.EnabledBaselines[0].TargetIdentifier),
	} {
		v["controltower."+k] = x
	}
}
