package console

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/controltower"
	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	istypes "github.com/aws/aws-sdk-go-v2/service/identitystore/types"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	orgtypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/google/go-cmp/cmp"
)

func encoded(t *testing.T, out any) string {
	t.Helper()
	plain, err := newSDKCodec().encode(reflect.ValueOf(out))
	if err != nil {
		t.Fatal(err)
	}
	body, err := json.Marshal(plain)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func TestSDKCodec_Decode(t *testing.T) {
	t.Parallel()
	c := newSDKCodec()
	var search servicecatalog.SearchProvisionedProductsInput
	if err := c.decode([]byte(`{"AccessLevelFilter":{"Key":"Account","Value":"self"},"Filters":{"SearchQuery":["name:x"]},"PageSize":20,"SortBy":null}`), &search); err != nil {
		t.Fatal(err)
	}
	if string(search.AccessLevelFilter.Key) != "Account" || *search.AccessLevelFilter.Value != "self" || search.Filters["SearchQuery"][0] != "name:x" || search.PageSize != 20 || search.SortBy != nil {
		t.Errorf("%+v", search)
	}
	var member identitystore.ListGroupMembershipsForMemberInput
	if err := c.decode([]byte(`{"MemberId":{"UserId":"u-1"}}`), &member); err != nil {
		t.Fatal(err)
	}
	if got, ok := member.MemberId.(*istypes.MemberIdMemberUserId); !ok || got.Value != "u-1" {
		t.Errorf("%#v", member.MemberId)
	}
	var unique identitystore.GetUserIdInput
	if err := c.decode([]byte(`{"AlternateIdentifier":{"UniqueAttribute":{"AttributePath":"userName","AttributeValue":"ann"}}}`), &unique); err != nil {
		t.Fatal(err)
	}
	got, ok := unique.AlternateIdentifier.(*istypes.AlternateIdentifierMemberUniqueAttribute)
	if !ok {
		t.Fatalf("%#v", unique.AlternateIdentifier)
	}
	if body, err := got.Value.AttributeValue.MarshalSmithyDocument(); err != nil || string(body) != `"ann"` {
		t.Errorf("%s %v", body, err)
	}
	var control controltower.EnableControlInput
	if err := c.decode([]byte(`{"Parameters":[{"Key":"AllowedRegions","Value":["eu-west-1",1,2.5,{"x":true}]}]}`), &control); err != nil {
		t.Fatal(err)
	}
	if body, err := control.Parameters[0].Value.MarshalSmithyDocument(); err != nil || string(body) != `["eu-west-1",1,2.5,{"x":true}]` {
		t.Errorf("%s %v", body, err)
	}
	if err := c.decode(nil, &search); err != nil {
		t.Errorf("no body: %v", err)
	}
}

func TestSDKCodec_Refused(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{`: "not JSON", `[]`: "want an object", `{} {}`: "more than one", `"x"`: "want an object", `null`: "want an object",
		`{"Nope":1}`: "no member Nope", `{"pagesize":1}`: "no member pagesize", `{"noSmithyDocumentSerde":{}}`: "no member noSmithyDocumentSerde",
		`{"PageSize":"1"}`: "PageSize: want a whole number", `{"PageSize":1.5}`: "PageSize: want a whole number", `{"PageSize":99999999999}`: "PageSize: want a whole number",
		`{"PageToken":7}`: "PageToken: want a string", `{"Filters":[]}`: "Filters: want an object", `{"Filters":{"SearchQuery":"x"}}`: "Filters.SearchQuery: want an array",
		`{"Filters":{"SearchQuery":[1]}}`: "Filters.SearchQuery[0]: want a string", `{"AccessLevelFilter":"x"}`: "AccessLevelFilter: want an object",
		`{"AccessLevelFilter":{"Keys":1}}`: "no member AccessLevelFilter.Keys",
	} {
		var in servicecatalog.SearchProvisionedProductsInput
		if err := newSDKCodec().decode([]byte(body), &in); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", body, err, want)
		}
	}
	for _, body := range []string{`{"MemberId":{}}`, `{"MemberId":"x"}`, `{"MemberId":{"UserId":"a","GroupId":"b"}}`, `{"MemberId":{"Nobody":"a"}}`, `{"MemberId":{"UserId":1}}`} {
		var in identitystore.ListGroupMembershipsForMemberInput
		if err := newSDKCodec().decode([]byte(body), &in); err == nil {
			t.Errorf("%s is taken", body)
		}
	}
}

func TestSDKCodec_Encode(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 2, 3, 4, 5, 6000000, time.FixedZone("", 3600))
	for _, tc := range []struct {
		name string
		out  any
		want string
	}{
		{"members, absent ones null, no metadata", &organizations.ListParentsOutput{Parents: []orgtypes.Parent{{Id: aws.String("r-1"), Type: orgtypes.ParentTypeRoot}}}, `{"NextToken":null,"Parents":[{"Id":"r-1","Type":"ROOT"}]}`},
		{"empty is not absent", &organizations.ListParentsOutput{Parents: []orgtypes.Parent{}}, `{"NextToken":null,"Parents":[]}`},
		{"union", &struct{ MemberId istypes.MemberId }{&istypes.MemberIdMemberUserId{Value: "u"}}, `{"MemberId":{"UserId":"u"}}`},
		{"union absent", &struct{ MemberId istypes.MemberId }{}, `{"MemberId":null}`},
		{"time in UTC", &struct{ At *time.Time }{&at}, `{"At":"2026-01-02T02:04:05.006Z"}`},
		{"bytes and maps", &struct {
			B []byte
			M map[string]bool
		}{[]byte("hi"), map[string]bool{"x": true}}, `{"B":"aGk=","M":{"x":true}}`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tc.want, encoded(t, tc.out)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestAWSTable_Types: every type in every input and output of the table is one the codec knows.
func TestAWSTable_Types(t *testing.T) {
	t.Parallel()
	c, seen := newSDKCodec(), map[reflect.Type]bool{}
	var walk func(t reflect.Type, at string) []string
	walk = func(t reflect.Type, at string) (bad []string) {
		if _, union := c.unions[t]; union || seen[t] || c.documents[t] != nil || t == reflect.TypeFor[time.Time]() {
			return nil
		}
		seen[t] = true
		switch t.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Map:
			return walk(t.Elem(), at)
		case reflect.Struct:
			for f := range t.Fields() {
				if f.IsExported() && f.Name != skipped {
					bad = append(bad, walk(f.Type, at+"."+f.Name)...)
				}
			}
			return bad
		case reflect.String, reflect.Bool, reflect.Int32, reflect.Int64, reflect.Float32, reflect.Float64, reflect.Uint8:
			return nil
		default:
			return []string{at + " is " + t.String()}
		}
	}
	operations := 0
	for service, ops := range awsTable() {
		names := map[string]bool{}
		for _, op := range ops {
			operations++
			if names[op.name] || op.name == "" {
				t.Errorf("%s: %q twice", service, op.name)
			}
			names[op.name] = true
			for _, of := range op.types {
				for _, bad := range walk(of, service+" "+op.name) {
					t.Error(bad)
				}
			}
		}
	}
	if operations < 100 {
		t.Errorf("only %d operations", operations)
	}
}

// FuzzSDKCodec: no body makes the codec panic.
func FuzzSDKCodec(f *testing.F) {
	for _, seed := range []string{`{}`, `{"Parameters":[{"Key":"x","Value":{"a":[1,null]}}]}`, `{"MemberId":{"UserId":"x"}}`, `{"Tags":{"a":null}}`} {
		f.Add([]byte(seed))
	}
	c := newSDKCodec()
	f.Fuzz(func(_ *testing.T, body []byte) {
		_ = c.decode(body, new(controltower.EnableControlInput))
		_ = c.decode(body, new(identitystore.UpdateUserInput))
		_ = c.decode(body, new(servicecatalog.UpdateProvisionedProductInput))
	})
}
