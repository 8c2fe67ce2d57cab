package codec

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"accountfactory/internal/wire/facts"

	"github.com/aws/aws-sdk-go-v2/service/controltower"
	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	"github.com/aws/aws-sdk-go-v2/service/identitystore/types"
)

func servicePlan(t *testing.T, service, shape string, v any) *Plan {
	t.Helper()
	f, err := facts.For(service)
	if err != nil {
		t.Fatal(err)
	}
	p, err := NewCompiler(f).Plan(reflect.TypeOf(v), shape)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestDecodeJSON_Union(t *testing.T) {
	t.Parallel()
	p := servicePlan(t, "identitystore", "GetUserIdRequest", identitystore.GetUserIdInput{})
	for _, tt := range []struct{ union, want string }{
		{`{"ExternalId":{"Id":"i","Issuer":"s"}}`, ""},
		{`{"__type":"x","ExternalId":{"Id":"i"},"UniqueAttribute":null}`, ""},
		{`{}`, "exactly one member, found 0"},
		{`{"ExternalId":null}`, "exactly one member, found 0"},
		{`{"ExternalId":{},"UniqueAttribute":{}}`, "exactly one member, found 2"},
		{`{"Other":{}}`, "Unknown member of a union: Other, at 'AlternateIdentifier'"},
		{`"ExternalId"`, "STRING_VALUE can not be converted to a Structure"},
	} {
		var in identitystore.GetUserIdInput
		err := p.DecodeJSON([]byte(`{"AlternateIdentifier":`+tt.union+`}`), &in)
		if tt.want != "" {
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%s: got %v, want %q", tt.union, err, tt.want)
			}
			continue
		}
		if ext, ok := in.AlternateIdentifier.(*types.AlternateIdentifierMemberExternalId); err != nil || !ok || *ext.Value.Id != "i" {
			t.Errorf("%s: got %#v, %v", tt.union, in.AlternateIdentifier, err)
		}
	}
}

// a union with nothing in it, or with something that is no member, is our mistake and not half an answer.
func TestAppendJSON_Union(t *testing.T) {
	t.Parallel()
	p := servicePlan(t, "identitystore", "", identitystore.DescribeGroupMembershipOutput{})
	for _, member := range []types.MemberId{(*types.MemberIdMemberUserId)(nil), &types.UnknownUnionMember{Tag: "x"}} {
		if b, err := p.AppendJSON(nil, &identitystore.DescribeGroupMembershipOutput{MemberId: member}); err == nil {
			t.Errorf("%#v became %s", member, b)
		}
	}
}

// a received document can be read with either method of the SDK, and sent on as it came.
func TestDocument_BothWays(t *testing.T) {
	t.Parallel()
	const manifest = `{"regions":["eu-central-1"],"n":12345678901234567890,"on":null}`
	p := servicePlan(t, "controltower", "CreateLandingZoneInput", controltower.CreateLandingZoneInput{})
	var in controltower.CreateLandingZoneInput
	if err := p.DecodeJSON([]byte(`{"version":"3.3","manifest":`+manifest+`}`), &in); err != nil {
		t.Fatal(err)
	}
	raw, err := in.Manifest.MarshalSmithyDocument()
	if err != nil || string(raw) != manifest {
		t.Errorf("marshalled %s, %v", raw, err)
	}
	var value struct {
		Regions []string `document:"regions"`
	}
	if err := in.Manifest.UnmarshalSmithyDocument(&value); err != nil || len(value.Regions) != 1 || value.Regions[0] != "eu-central-1" {
		t.Errorf("unmarshalled %+v, %v", value, err)
	}
	out, err := p.AppendJSON(nil, &in)
	if err != nil || !json.Valid(out) || !strings.Contains(string(out), manifest) {
		t.Errorf("sent on as %s, %v", out, err)
	}
}

// what no protocol carries is found when the plan is made, each time it is asked for.
func TestPlan_Refuses(t *testing.T) {
	t.Parallel()
	c := NewCompiler(jsonFacts)
	for _, v := range []any{"", struct{ C chan int }{}, struct{ Any any }{}, struct{ L []struct{ C chan int } }{}} {
		for range 2 {
			if _, err := c.Plan(reflect.TypeOf(v), ""); err == nil {
				t.Errorf("there is a plan of %T", v)
			}
		}
	}
}
