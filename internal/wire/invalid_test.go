package wire

import (
	"context"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"accountfactory/internal/wire/facts"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// each service has its own error for an input that breaks its model.
func TestInvalid_PerService(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		service, operation string
		q                  request
		status             int
		says               []string
	}{
		{"organizations", "DescribeAccount", request{target: describe, body: `{"AccountId":"arn:aws:x"}`}, 400, []string{
			`{"__type":"InvalidInputException","Message":"You provided a value that does not match the required pattern.","Reason":"INVALID_PATTERN"}`,
		}},
		{"organizations", "DescribeAccount", request{target: describe, body: `{}`}, 400, []string{`"Reason":"INPUT_REQUIRED"`}},
		{"organizations", "ListAccounts", request{target: "AWSOrganizationsV20161128.ListAccounts", body: `{"MaxResults":21}`}, 400, []string{`"Reason":"MAX_VALUE_EXCEEDED"`}},
		{"organizations", "ListAccounts", request{target: "AWSOrganizationsV20161128.ListAccounts", body: `{"MaxResults":0}`}, 400, []string{`"Reason":"MIN_VALUE_EXCEEDED"`}},
		{"organizations", "CreateAccount", request{target: "AWSOrganizationsV20161128.CreateAccount", body: `{"Email":"a@b","AccountName":"x"}`}, 400, []string{`"Reason":"MIN_LENGTH_EXCEEDED"`}},
		{"organizations", "CreateAccount", request{target: "AWSOrganizationsV20161128.CreateAccount", body: `{"Email":"a@b.example","AccountName":"` + strings.Repeat("x", 51) + `"}`}, 400, []string{`"Reason":"MAX_LENGTH_EXCEEDED"`}},
		{"organizations", "ListPolicies", request{target: "AWSOrganizationsV20161128.ListPolicies", body: `{"Filter":"X"}`}, 400, []string{`"Reason":"INVALID_ENUM"`}},
		{"servicecatalog", "DescribeRecord", request{target: "AWS242ServiceCatalogService.DescribeRecord", body: `{"Id":""}`}, 400, []string{
			`{"__type":"ValidationException","Message":"1 validation error detected: Value '' at 'id' failed to satisfy constraint: Member must have length greater than or equal to 1"}`,
		}},
		{"ssoadmin", "ListPermissionSets", request{target: "SWBExternalService.ListPermissionSets", body: `{}`}, 400, []string{
			`"__type":"ValidationException","Message":"1 validation error detected: Value null at 'instanceArn' failed to satisfy constraint: Member must not be null"`,
		}},
		{"identitystore", "ListUsers", request{target: "AWSIdentityStore.ListUsers", body: `{}`}, 400, []string{`"__type":"ValidationException"`, "'identityStoreId'"}},
		{"controltower", "GetLandingZone", request{path: "/get-landingzone", body: `{}`}, 400, []string{`{"message":"1 validation error detected: Value null at 'landingZoneIdentifier'`}},
		{"account", "PutAccountName", request{path: "/putAccountName", body: `{"AccountName":""}`}, 400, []string{
			`"reason":"fieldValidationFailed","fieldList":[{"name":"accountName","message":"Member must have length greater than or equal to 1"}`,
		}},
		{"sso", "ListAccounts", request{method: http.MethodGet, path: "/assignment/accounts"}, 400, []string{`{"message":"1 validation error detected: Value null at 'accessToken'`}},
		{"ssooidc", "RegisterClient", request{path: "/client/register", body: `{"clientName":"x"}`}, 400, []string{
			`{"error":"invalid_request","error_description":"1 validation error detected: Value null at 'clientType' failed`,
		}},
		{"sts", "AssumeRole", request{form: true, body: "Action=AssumeRole&Version=2011-06-15&RoleArn=arn:aws:iam::1:role/xyz&RoleSessionName=a+b"}, 400, []string{
			"<Code>ValidationError</Code><Message>1 validation error detected: Value 'a b' at 'roleSessionName' failed", `[\w+=,.@-]*</Message>`,
		}},
		{"iam", "GetRole", request{form: true, body: "Action=GetRole&Version=2010-05-08"}, 400, []string{"<Code>ValidationError</Code>", "roleName"}},
	} {
		t.Run(tt.service+"/"+tt.operation, func(t *testing.T) {
			t.Parallel()
			f, err := facts.For(tt.service)
			if err != nil {
				t.Fatal(err)
			}
			s := New(tt.service)
			for _, m := range methods(clients[tt.service](aws.Config{})) {
				if m.name == tt.operation {
					m.row(s, f.Operations[m.name].Unsigned, func(context.Context, any) (any, error) {
						t.Error("handled")
						return reflect.New(m.out).Interface(), nil
					})
				}
			}
			q := tt.q
			if !f.Operations[tt.operation].Unsigned {
				q.service = f.SigningName
			}
			res := send(testEndpoint(t, func(cfg *Config) { cfg.Services = []*Service{s} }), q.http(t))
			body := res.body
			for _, says := range tt.says {
				if res.status != tt.status || !strings.Contains(body, says) {
					t.Errorf("got %d %s, want %d with %s", res.status, body, tt.status, says)
				}
			}
			if kind := res.header.Get("X-Amzn-Errortype"); f.Protocol == facts.REST && kind == "" {
				t.Error("no error type in the header")
			}
		})
	}
}
