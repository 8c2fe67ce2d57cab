package contract

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"accountfactory/internal/console"
)

const (
	endUser = "AWSServiceCatalogEndUserAccess"
	admins  = "AWSAdministratorAccess"
)

// call calls AWS as a role of the management account.
func (p *person) call(role, region, operation string, in, out any) answered {
	p.t.Helper()
	if in == nil {
		in = struct{}{}
	}
	return p.do(http.MethodPost, "/api/v1/aws/"+p.f.Ready.Account+"/"+role+"/"+region+"/"+operation, "", in, out)
}

type obj = map[string]any

// TestConsole_AWS: pages see what the opened role sees, where it sees it.
func TestConsole_AWS(t *testing.T) {
	t.Parallel()
	f := setup(t)
	p := f.arrive("requester")
	var products struct {
		ProductViewSummaries []struct{ ProductId, Name string }
		NextPageToken        *string
	}
	if a := p.call(endUser, f.Region, "servicecatalog/SearchProducts", nil, &products); a.Refusal != nil || len(products.ProductViewSummaries) != 1 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if a := p.call(endUser, "us-west-2", "servicecatalog/SearchProducts", nil, nil); a.Refusal != nil || !strings.Contains(string(a.body), `"ProductViewSummaries":[]`) {
		t.Errorf("in another Region: %d %s", a.status, a.body)
	}
	product := products.ProductViewSummaries[0].ProductId
	for _, tc := range []struct {
		name, role, region, operation string
		in                            any
		status                        int
		code, words                   string
	}{
		{"not the role's to do", endUser, f.Region, "organizations/ListAccounts", nil, 400, "AccessDeniedException", "is not authorized to perform: organizations:ListAccounts"},
		{"not the person's role", admins, f.Region, "servicecatalog/SearchProducts", nil, 403, "ForbiddenException", "No access"},
		{"not in the table", endUser, f.Region, "servicecatalog/CreatePortfolio", nil, 404, "UnknownOperation", "the console calls no CreatePortfolio of servicecatalog"},
		{"no such service", endUser, f.Region, "s3/ListBuckets", nil, 404, "UnknownOperation", ""},
		{"AWS's own not found", endUser, f.Region, "servicecatalog/DescribeProduct", obj{"Id": "prod-nnnnnnnnnnnnn"}, 400, "ResourceNotFoundException", ""},
		{"what AWS requires", endUser, f.Region, "servicecatalog/ListLaunchPaths", nil, 400, "ValidationException", "ProductId"},
		{"a member that is not there", endUser, f.Region, "servicecatalog/ListLaunchPaths", obj{"Product": product}, 400, "SerializationException", "there is no member Product"},
		{"a Region that is none", endUser, "x.evil.example", "servicecatalog/SearchProducts", nil, 404, "NotFound", ""},
		{"a role that is none", "a%20b", f.Region, "servicecatalog/SearchProducts", nil, 404, "NotFound", ""},
		{"too much", endUser, f.Region, "servicecatalog/ListLaunchPaths", obj{"ProductId": strings.Repeat("x", 1<<20)}, 413, "TooLarge", ""},
	} {
		a := p.call(tc.role, tc.region, tc.operation, tc.in, nil)
		if a.Refusal == nil || a.status != tc.status || a.Code != tc.code || !strings.Contains(a.Message, tc.words) {
			t.Errorf("%s: %d %s", tc.name, a.status, a.body)
		}
	}
	if a := p.fetch(http.MethodPost, "/api/v1/aws/"+f.Ready.Account+"/"+endUser+"/"+f.Region+"/sts/GetCallerIdentity", "", map[string]string{"Sec-Fetch-Site": "cross-site"}, obj{}, nil); a.status != http.StatusForbidden {
		t.Errorf("from another site: %d", a.status)
	}
	var who struct{ Arn string }
	if a := p.call(endUser, f.Region, "sts/GetCallerIdentity", nil, &who); a.Refusal != nil || !strings.HasSuffix(who.Arn, "/requester") {
		t.Errorf("%+v", who)
	}
}

// TestConsole_AWSTable: each operation of the table is one that the twin serves, and those that need no input answer an
// administrator.
func TestConsole_AWSTable(t *testing.T) {
	t.Parallel()
	f := setup(t)
	p := f.arrive("admin")
	for service, operations := range console.Operations() {
		for _, name := range operations {
			a := p.call(admins, f.Region, service+"/"+name, nil, nil)
			switch {
			case a.Refusal == nil:
			case a.status >= http.StatusInternalServerError, a.Code == "UnknownOperation", a.Code == "UnknownOperationException", a.Code == "InvalidAction", a.Code == "AccessDeniedException":
				t.Errorf("%s %s: %d %s", service, name, a.status, a.body)
			}
		}
	}
	var zones struct{ LandingZones []struct{ Arn string } }
	p.must(http.MethodPost, "/api/v1/aws/"+f.Ready.Account+"/"+admins+"/"+f.Region+"/controltower/ListLandingZones", "", obj{}, &zones)
	var zone struct {
		LandingZone struct{ Manifest map[string]any }
	}
	if a := p.call(admins, f.Region, "controltower/GetLandingZone", obj{"LandingZoneIdentifier": zones.LandingZones[0].Arn}, &zone); len(zone.LandingZone.Manifest) == 0 {
		t.Errorf("the manifest, a document: %s", a.body)
	}
}

// TestConsole_AWSWrite: a union, a document and a write get through, and what was written is read again.
func TestConsole_AWSWrite(t *testing.T) {
	t.Parallel()
	f := setup(t)
	p := f.arrive("admin")
	at := func(operation string, in, out any) {
		t.Helper()
		p.must(http.MethodPost, "/api/v1/aws/"+f.Ready.Account+"/"+admins+"/"+f.Region+"/"+operation, "", in, out)
	}
	var instances struct {
		Instances []struct{ IdentityStoreId string }
	}
	at("sso-admin/ListInstances", obj{}, &instances)
	store := instances.Instances[0].IdentityStoreId
	var user struct{ UserId string }
	at("identitystore/CreateUser", obj{"IdentityStoreId": store, "UserName": "ann", "DisplayName": "Ann", "Name": obj{"GivenName": "Ann", "FamilyName": "Other"}}, &user)
	at("identitystore/UpdateUser", obj{"IdentityStoreId": store, "UserId": user.UserId, "Operations": []obj{{"AttributePath": "displayName", "AttributeValue": "Ann Other"}}}, nil)
	var found struct{ UserId string }
	at("identitystore/GetUserId", obj{"IdentityStoreId": store, "AlternateIdentifier": obj{"UniqueAttribute": obj{"AttributePath": "userName", "AttributeValue": "ann"}}}, &found)
	var read struct{ DisplayName string }
	at("identitystore/DescribeUser", obj{"IdentityStoreId": store, "UserId": found.UserId}, &read)
	if found != user || read.DisplayName != "Ann Other" {
		t.Errorf("%+v %+v %+v", user, found, read)
	}
	var group struct{ GroupId string }
	at("identitystore/CreateGroup", obj{"IdentityStoreId": store, "DisplayName": "Others"}, &group)
	at("identitystore/CreateGroupMembership", obj{"IdentityStoreId": store, "GroupId": group.GroupId, "MemberId": obj{"UserId": user.UserId}}, nil)
	var members struct {
		GroupMemberships []struct{ MemberId json.RawMessage }
	}
	at("identitystore/ListGroupMemberships", obj{"IdentityStoreId": store, "GroupId": group.GroupId}, &members)
	if len(members.GroupMemberships) != 1 || string(members.GroupMemberships[0].MemberId) != `{"UserId":"`+user.UserId+`"}` {
		t.Errorf("%+v", members)
	}
}
