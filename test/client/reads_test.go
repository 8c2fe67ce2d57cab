package client

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"accountfactory/test/harness"
)

// read is one read operation with an input that gets an answer.
type read struct {
	service, operation string
	input              map[string]any
}

type m = map[string]any

// library is a server with something to read for every read operation, and the calls that read it. Everything is made and
// looked up with the Go SDK.
type library struct {
	journey
	reads []read
}

func newLibrary(t *testing.T) *library {
	t.Helper()
	w := newWorld(t, "--speed", "instant")
	l := &library{journey: journey{t: t, world: w, driver: goDriver(t, w.server), as: w.management}}
	l.findProduct()
	l.launch()
	l.await()
	for _, part := range []func(){l.iam, l.organizations, l.accountManagement, l.directory, l.permissionSets, l.catalog, l.tower} {
		part()
	}
	l.read("sts", m{}, "GetCallerIdentity")
	l.read("servicequotas", m{}, "ListServices")
	l.read("servicequotas", m{"ServiceCode": "controltower"}, "ListServiceQuotas", "ListAWSDefaultServiceQuotas")
	l.read("servicequotas", m{"ServiceCode": "controltower", "QuotaCode": "L-00000AC1"}, "GetServiceQuota", "GetAWSDefaultServiceQuota")
	l.read("sts", m{"AccessKeyId": w.management.ID}, "GetAccessKeyInfo")
	return l
}

// read adds operations that take the same input.
func (l *library) read(service string, input m, operations ...string) {
	for _, op := range operations {
		l.reads = append(l.reads, read{service, op, input})
	}
}

const anyPolicy = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:Get*","Resource":"arn:aws:s3:::a b+c/%2F"}]}`

const keyedPolicy = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::${aws:username}/*","Condition":{"Bool":{"aws:SecureTransport":"true"}}}}`

// ends waits until a member of an answer has a value.
func (l *library) ends(service, operation string, input m, member, value string) {
	l.t.Helper()
	err := harness.Poll(l.t.Context(), 10*time.Millisecond, func() (bool, error) {
		return text(l.call(service, operation, input), member) == value, nil
	})
	if err != nil {
		l.t.Fatal(err)
	}
}

func (l *library) iam() {
	tags := []any{m{"Key": "team", "Value": "blue team @ 1+1"}}
	policy := text(l.call("iam", "CreatePolicy", m{"PolicyName": "Reader", "PolicyDocument": anyPolicy, "Description": "reads & <shows>", "Tags": tags}), "Policy", "Arn")
	l.call("iam", "CreateUser", m{"UserName": "ann", "Path": "/people/", "Tags": tags})
	l.call("iam", "CreateGroup", m{"GroupName": "readers"})
	l.call("iam", "AddUserToGroup", m{"UserName": "ann", "GroupName": "readers"})
	l.call("iam", "CreateAccountAlias", m{"AccountAlias": "rehearsal"})
	l.call("iam", "TagRole", m{"RoleName": "Requester", "Tags": tags})
	for kind, name := range map[string]string{"User": "ann", "Group": "readers", "Role": "Requester"} {
		l.call("iam", "Attach"+kind+"Policy", m{kind + "Name": name, "PolicyArn": policy})
		l.call("iam", "Put"+kind+"Policy", m{kind + "Name": name, "PolicyName": "inline", "PolicyDocument": anyPolicy})
		l.read("iam", m{kind + "Name": name}, "Get"+kind, "ListAttached"+kind+"Policies", "List"+kind+"Policies")
		l.read("iam", m{kind + "Name": name, "PolicyName": "inline"}, "Get"+kind+"Policy")
	}
	l.read("iam", m{"UserName": "ann"}, "ListUserTags", "ListGroupsForUser")
	l.read("iam", m{"RoleName": "Requester"}, "ListRoleTags")
	l.read("iam", m{"UserName": "management"}, "ListAccessKeys")
	l.read("iam", m{"PolicyArn": policy}, "GetPolicy", "ListPolicyVersions", "ListPolicyTags", "ListEntitiesForPolicy")
	l.read("iam", m{"PolicyArn": policy, "VersionId": "v1"}, "GetPolicyVersion")
	l.read("iam", m{}, "GetAccountAuthorizationDetails", "GetAccountSummary", "ListAccountAliases", "ListGroups", "ListRoles", "ListUsers")
	l.read("iam", m{"Scope": "Local"}, "ListPolicies")
	l.read("iam", m{"MaxItems": 2}, "ListRoles", "ListPolicies")
	l.read("iam", m{"PolicyInputList": []any{keyedPolicy}}, "GetContextKeysForCustomPolicy")
	ann := text(l.call("iam", "GetUser", m{"UserName": "ann"}), "User", "Arn")
	l.read("iam", m{"PolicySourceArn": ann}, "GetContextKeysForPrincipalPolicy")
	l.read("iam", m{
		"PolicySourceArn": ann, "ActionNames": []any{"s3:GetObject", "s3:PutObject"}, "ResourceArns": []any{"arn:aws:s3:::a b+c//", "arn:aws:s3:::x"},
		"ContextEntries": []any{m{"ContextKeyName": "aws:CurrentTime", "ContextKeyType": "date", "ContextKeyValues": []any{"2026-01-01T00:00:00Z"}}},
	}, "SimulatePrincipalPolicy")
	l.read("iam", m{"PolicyInputList": []any{keyedPolicy}, "PermissionsBoundaryPolicyInputList": []any{anyPolicy}, "ActionNames": []any{"s3:GetObject"}}, "SimulateCustomPolicy")
	task := text(l.call("iam", "DeleteServiceLinkedRole", m{"RoleName": "AWSServiceRoleForOrganizations"}), "DeletionTaskId")
	l.ends("iam", "GetServiceLinkedRoleDeletionStatus", m{"DeletionTaskId": task}, "Status", "FAILED")
	l.read("iam", m{"DeletionTaskId": task}, "GetServiceLinkedRoleDeletionStatus")
}

func (l *library) organizations() {
	root := text(l.call("organizations", "ListRoots", nil), "Roots", 0, "Id")
	const scp = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"s3:DeleteBucket","Resource":"*"}]}`
	policy := text(l.call("organizations", "CreatePolicy", m{"Name": "Keep", "Description": "ä €", "Type": "SERVICE_CONTROL_POLICY", "Content": scp}), "Policy", "PolicySummary", "Id")
	l.call("organizations", "AttachPolicy", m{"PolicyId": policy, "TargetId": l.sandbox})
	const tags = `{"tags":{"team":{"tag_key":{"@@assign":"Tëam"},"tag_value":{"@@assign":["<a>","b & c"]}}}}`
	l.call("organizations", "EnablePolicyType", m{"RootId": root, "PolicyType": "TAG_POLICY"})
	tagPolicy := text(l.call("organizations", "CreatePolicy", m{"Name": "Tags", "Description": "", "Type": "TAG_POLICY", "Content": tags}), "Policy", "PolicySummary", "Id")
	l.call("organizations", "AttachPolicy", m{"PolicyId": tagPolicy, "TargetId": l.sandbox})
	l.call("organizations", "TagResource", m{"ResourceId": l.account, "Tags": []any{m{"Key": "k", "Value": ""}}})
	l.call("organizations", "EnableAWSServiceAccess", m{"ServicePrincipal": "config.amazonaws.com"})
	l.call("organizations", "RegisterDelegatedAdministrator", m{"AccountId": l.account, "ServicePrincipal": "config.amazonaws.com"})
	status := text(l.call("organizations", "CreateAccount", m{"AccountName": "second", "Email": "second@example.com"}), "CreateAccountStatus", "Id")
	l.read("organizations", m{}, "DescribeOrganization", "ListRoots", "ListAccounts", "ListCreateAccountStatus", "ListDelegatedAdministrators", "ListAWSServiceAccessForOrganization")
	l.read("organizations", m{"AccountId": l.account}, "DescribeAccount", "ListDelegatedServicesForAccount")
	l.read("organizations", m{"ParentId": l.sandbox}, "ListAccountsForParent", "ListOrganizationalUnitsForParent")
	l.read("organizations", m{"ParentId": root, "ChildType": "ORGANIZATIONAL_UNIT"}, "ListChildren")
	l.read("organizations", m{"ChildId": l.account}, "ListParents")
	l.read("organizations", m{"OrganizationalUnitId": l.sandbox}, "DescribeOrganizationalUnit")
	l.read("organizations", m{"PolicyId": policy}, "DescribePolicy", "ListTargetsForPolicy")
	l.read("organizations", m{"Filter": "SERVICE_CONTROL_POLICY"}, "ListPolicies")
	l.read("organizations", m{"Filter": "SERVICE_CONTROL_POLICY", "TargetId": l.sandbox}, "ListPoliciesForTarget")
	l.read("organizations", m{"Filter": "TAG_POLICY"}, "ListPolicies")
	l.read("organizations", m{"PolicyType": "TAG_POLICY", "TargetId": l.account}, "DescribeEffectivePolicy")
	const listing = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"organizations:List*","Resource":"*"}]}`
	l.call("organizations", "PutResourcePolicy", m{"Content": listing})
	l.read("organizations", m{}, "DescribeResourcePolicy")
	l.read("organizations", m{"ResourceId": l.account}, "ListTagsForResource")
	l.read("organizations", m{"CreateAccountRequestId": status}, "DescribeCreateAccountStatus")
	guest := m{"Target": m{"Type": "EMAIL", "Id": "guest@example.com"}, "Notes": "Join us"}
	handshake := text(l.call("organizations", "InviteAccountToOrganization", guest), "Handshake", "Id")
	l.read("organizations", m{"HandshakeId": handshake}, "DescribeHandshake")
	l.read("organizations", m{}, "ListHandshakesForAccount", "ListHandshakesForOrganization")
}

func (l *library) accountManagement() {
	l.call("organizations", "EnableAWSServiceAccess", m{"ServicePrincipal": "account.amazonaws.com"})
	l.call("account", "PutContactInformation", m{"ContactInformation": m{
		"FullName": "Zoë Owner", "PhoneNumber": "+15550100", "AddressLine1": "1 Main Street", "City": "Seattle", "StateOrRegion": "WA", "PostalCode": "98101",
		"CountryCode": "US", "WebsiteUrl": "https://example.com",
	}})
	l.call("account", "PutAlternateContact", m{
		"AlternateContactType": "BILLING", "EmailAddress": "billing@example.com", "Name": "Bill", "PhoneNumber": "+1 555 0100", "Title": "Accountant",
	})
	l.call("account", "StartPrimaryEmailUpdate", m{"AccountId": l.account, "PrimaryEmail": "renamed@example.com"})
	l.read("account", m{}, "GetAccountInformation", "GetContactInformation", "ListRegions")
	l.read("account", m{"AccountId": l.account}, "GetAccountInformation", "GetPrimaryEmail", "GetPrimaryEmailUpdateStatus", "ListRegions")
	l.read("account", m{"AlternateContactType": "BILLING"}, "GetAlternateContact")
	l.read("account", m{"RegionName": "af-south-1"}, "GetRegionOptStatus")
	l.read("account", m{"MaxResults": 3, "RegionOptStatusContains": []any{"DISABLED"}}, "ListRegions")
}

func (l *library) directory() {
	store := m{"IdentityStoreId": l.identityStore}
	named := func(path, value string) m {
		return with(store, m{"AlternateIdentifier": m{"UniqueAttribute": m{"AttributePath": path, "AttributeValue": value}}})
	}
	user := text(l.call("identitystore", "GetUserId", named("userName", ownerEmail)), "UserId")
	group := text(l.call("identitystore", "GetGroupId", named("displayName", "AWSAccountFactory")), "GroupId")
	member := with(store, m{"GroupId": group, "MemberId": m{"UserId": user}})
	membership := text(l.call("identitystore", "CreateGroupMembership", member), "MembershipId")
	l.read("identitystore", m{}, "ListIdentityStores")
	l.read("identitystore", store, "DescribeIdentityStore", "ListUsers", "ListGroups")
	l.read("identitystore", named("userName", ownerEmail), "GetUserId")
	l.read("identitystore", named("displayName", "AWSAccountFactory"), "GetGroupId")
	l.read("identitystore", with(store, m{"UserId": user}), "DescribeUser")
	l.read("identitystore", with(store, m{"GroupId": group}), "DescribeGroup", "ListGroupMemberships")
	l.read("identitystore", member, "GetGroupMembershipId")
	l.read("identitystore", with(store, m{"MembershipId": membership}), "DescribeGroupMembership")
	l.read("identitystore", with(store, m{"MemberId": m{"UserId": user}}), "ListGroupMembershipsForMember")
	l.read("identitystore", with(store, m{"MemberId": m{"UserId": user}, "GroupIds": []any{group}}), "IsMemberInGroups")
}

// with adds members to those of an input.
func with(in m, more m) m {
	out := m{}
	for _, from := range []m{in, more} {
		for k, v := range from {
			out[k] = v
		}
	}
	return out
}

func (l *library) permissionSets() {
	instance := m{"InstanceArn": l.instance}
	set := with(instance, m{"PermissionSetArn": text(l.call("ssoadmin", "CreatePermissionSet", with(instance, m{
		"Name": "Own", "Description": "own", "SessionDuration": "PT2H", "Tags": []any{m{"Key": "k", "Value": "v"}},
	})), "PermissionSet", "PermissionSetArn")})
	l.call("ssoadmin", "PutInlinePolicyToPermissionSet", with(set, m{"InlinePolicy": anyPolicy}))
	l.call("ssoadmin", "AttachManagedPolicyToPermissionSet", with(set, m{"ManagedPolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}))
	l.call("ssoadmin", "PutPermissionsBoundaryToPermissionSet", with(set, m{"PermissionsBoundary": m{"ManagedPolicyArn": "arn:aws:iam::aws:policy/PowerUserAccess"}}))
	user := text(l.call("identitystore", "ListUsers", m{"IdentityStoreId": l.identityStore}), "Users", 0, "UserId")
	assignment := with(set, m{"TargetId": l.account, "TargetType": "AWS_ACCOUNT", "PrincipalType": "USER", "PrincipalId": user})
	made := text(l.call("ssoadmin", "CreateAccountAssignment", assignment), "AccountAssignmentCreationStatus", "RequestId")
	gone := text(l.call("ssoadmin", "DeleteAccountAssignment", assignment), "AccountAssignmentDeletionStatus", "RequestId")
	l.call("ssoadmin", "CreateAccountAssignment", assignment)
	provisioned := text(l.call("ssoadmin", "ProvisionPermissionSet", with(set, m{"TargetType": "ALL_PROVISIONED_ACCOUNTS"})), "PermissionSetProvisioningStatus", "RequestId")
	account := with(instance, m{"AccountId": l.account})
	l.read("ssoadmin", m{}, "ListInstances")
	l.read("ssoadmin", instance, "DescribeInstance", "ListPermissionSets", "ListAccountAssignmentCreationStatus", "ListAccountAssignmentDeletionStatus", "ListPermissionSetProvisioningStatus")
	l.read("ssoadmin", set, "DescribePermissionSet", "GetInlinePolicyForPermissionSet", "GetPermissionsBoundaryForPermissionSet", "ListAccountsForProvisionedPermissionSet",
		"ListCustomerManagedPolicyReferencesInPermissionSet", "ListManagedPoliciesInPermissionSet")
	l.read("ssoadmin", with(instance, m{"ResourceArn": set["PermissionSetArn"]}), "ListTagsForResource")
	l.read("ssoadmin", account, "ListPermissionSetsProvisionedToAccount")
	l.read("ssoadmin", with(account, set), "ListAccountAssignments")
	l.read("ssoadmin", with(instance, m{"PrincipalType": "USER", "PrincipalId": user}), "ListAccountAssignmentsForPrincipal")
	l.read("ssoadmin", with(instance, m{"AccountAssignmentCreationRequestId": made}), "DescribeAccountAssignmentCreationStatus")
	l.read("ssoadmin", with(instance, m{"AccountAssignmentDeletionRequestId": gone}), "DescribeAccountAssignmentDeletionStatus")
	l.read("ssoadmin", with(instance, m{"ProvisionPermissionSetRequestId": provisioned}), "DescribePermissionSetProvisioningStatus")
}

func (l *library) catalog() {
	const sc = "servicecatalog"
	portfolio := m{"Id": text(l.call(sc, "ListPortfolios", nil), "PortfolioDetails", 0, "Id")}
	view := text(l.call(sc, "SearchProducts", nil), "ProductViewSummaries", 0, "Id")
	made := text(l.call(sc, "DescribeRecord", m{"Id": l.record}), "RecordDetail", "ProvisionedProductId")
	option := text(l.call(sc, "CreateTagOption", m{"Key": "cost", "Value": "1"}), "TagOptionDetail", "Id")
	l.call(sc, "AssociateTagOptionWithResource", m{"ResourceId": portfolio["Id"], "TagOptionId": option})
	constraint := text(l.call(sc, "CreateConstraint", m{
		"PortfolioId": portfolio["Id"], "ProductId": l.product, "Type": "RESOURCE_UPDATE", "Description": "keep tags",
		"Parameters": `{"Version":"2.0","Properties":{"TagUpdateOnProvisionedProduct":"NOT_ALLOWED"}}`,
	}), "ConstraintDetail", "ConstraintId")
	plan := l.launchInput("planned")
	delete(plan, "ProvisionToken")
	plan["PlanName"], plan["PlanType"] = "plan", "CLOUDFORMATION"
	planID := text(l.call(sc, "CreateProvisionedProductPlan", plan), "PlanId")
	l.read(sc, m{}, "ListPortfolios", "SearchProducts", "SearchProductsAsAdmin", "SearchProvisionedProducts", "ScanProvisionedProducts", "ListRecordHistory", "ListTagOptions", "ListProvisionedProductPlans")
	l.read(sc, portfolio, "DescribePortfolio")
	l.read(sc, m{"PortfolioId": portfolio["Id"]}, "ListPrincipalsForPortfolio", "ListConstraintsForPortfolio")
	l.read(sc, m{"Id": constraint}, "DescribeConstraint")
	l.read(sc, m{"Id": l.product}, "DescribeProduct", "DescribeProductAsAdmin")
	l.read(sc, m{"Id": view}, "DescribeProductView")
	l.read(sc, m{"ProductId": l.product}, "ListPortfoliosForProduct", "ListLaunchPaths", "ListProvisioningArtifacts")
	l.read(sc, m{"ProductId": l.product, "ProvisioningArtifactId": l.artifact}, "DescribeProvisioningArtifact", "DescribeProvisioningParameters")
	l.read(sc, m{"Id": l.record}, "DescribeRecord")
	l.read(sc, m{"Id": made}, "DescribeProvisionedProduct")
	l.read(sc, m{"ProvisionedProductId": made}, "GetProvisionedProductOutputs")
	l.read(sc, m{"Id": option}, "DescribeTagOption")
	l.read(sc, m{"TagOptionId": option}, "ListResourcesForTagOption")
	l.read(sc, m{"PlanId": planID}, "DescribeProvisionedProductPlan")
}

func (l *library) tower() {
	const ct = "controltower"
	zone := text(l.call(ct, "ListLandingZones", nil), "LandingZones", 0, "Arn")
	baseline := text(l.call(ct, "ListBaselines", nil), "Baselines", 0, "Arn")
	enabled := text(l.call(ct, "ListEnabledBaselines", m{"IncludeChildren": true}), "EnabledBaselines", 0, "Arn")
	l.read(ct, m{}, "ListLandingZones", "ListBaselines", "ListEnabledBaselines")
	l.read(ct, m{"landingZoneIdentifier": zone}, "GetLandingZone")
	l.read(ct, m{"baselineIdentifier": baseline}, "GetBaseline")
	l.read(ct, m{"enabledBaselineIdentifier": enabled}, "GetEnabledBaseline")
	l.read(ct, m{"resourceArn": zone}, "ListTagsForResource")

	ou := l.registeredOU()
	l.read(ct, m{"operationIdentifier": l.operation("Baseline", l.call(ct, "ResetEnabledBaseline", m{"enabledBaselineIdentifier": ou.baseline}))}, "GetBaselineOperation")
	control := l.call(ct, "EnableControl", m{"targetIdentifier": ou.target, "controlIdentifier": "arn:aws:controltower:us-east-1::control/AWS-GR_RESTRICT_ROOT_USER"})
	l.read(ct, m{"operationIdentifier": l.operation("Control", control)}, "GetControlOperation")
	l.read(ct, m{"enabledControlIdentifier": text(control, "Arn")}, "GetEnabledControl")
	l.read(ct, m{"operationIdentifier": l.operation("LandingZone", l.call(ct, "ResetLandingZone", m{"landingZoneIdentifier": zone}))}, "GetLandingZoneOperation")
	l.read(ct, m{}, "ListLandingZoneOperations", "ListControlOperations")
	l.read(ct, m{"targetIdentifier": ou.target}, "ListEnabledControls")
}

// registeredOU gives the enabled baseline of the OU Sandbox, and the ARN of that.
func (l *library) registeredOU() (ou struct{ baseline, target string }) {
	l.t.Helper()
	for _, b := range list(l.call("controltower", "ListEnabledBaselines", nil), "EnabledBaselines") {
		if strings.HasSuffix(text(b, "TargetIdentifier"), "/"+l.sandbox) {
			ou.baseline, ou.target = text(b, "Arn"), text(b, "TargetIdentifier")
			return ou
		}
	}
	l.t.Fatalf("%s is not registered", l.ou)
	return ou
}

// operation gives the operation an answer names, once it has ended well.
func (l *library) operation(kind string, answer any) string {
	l.t.Helper()
	id := text(answer, "OperationIdentifier")
	err := harness.Poll(l.t.Context(), 10*time.Millisecond, func() (bool, error) {
		op := l.call("controltower", "Get"+kind+"Operation", m{"operationIdentifier": id})
		for _, member := range []string{"BaselineOperation", "ControlOperation", "OperationDetails"} {
			switch text(op, member, "Status") {
			case "SUCCEEDED":
				return true, nil
			case "FAILED":
				return false, fmt.Errorf("%s operation: %v", kind, op)
			}
		}
		return false, nil
	})
	if err != nil {
		l.t.Fatal(err)
	}
	return id
}

// line is a read in one line, for the log.
func (r read) line() string {
	in, err := json.Marshal(r.input)
	if err != nil {
		return err.Error()
	}
	return r.service + " " + r.operation + " " + string(in)
}
