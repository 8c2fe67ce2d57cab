package twin_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/smithy-go/middleware"
	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/twin"
	"accountfactory/test/harness"
)

// published is an example of AWS's API references: what goes in, and which members come out. test/tools/iamexamples writes the
// table.
type published struct {
	Operation string
	Input     json.RawMessage
	Members   []string
}

// exampleAccount is the account of all examples.
const exampleAccount = "123456789012"

// exampleDifference is what an answer lacks of its example, and has more than it. Each stands in docs/aws-divergences.md, or
// came to AWS after the example was written.
type exampleDifference struct {
	code        string // of the refusal, where there is one
	lacks, more []string
}

var exampleDifferences = map[string]exampleDifference{
	// Members newer than the example.
	"sts.AssumeRole":         {more: []string{"SessionTokenSize", "SessionTokenUtilization", "SourceIdentity"}},
	"sts.GetFederationToken": {more: []string{"SessionTokenSize", "SessionTokenUtilization"}},
	// The twin has no MFA devices.
	"sts.GetSessionToken": {code: "AccessDenied"},
	// People do not sign in to IAM users here, and last uses of roles are not kept.
	"iam.ListUsers": {lacks: []string{"Users[].PasswordLastUsed"}},
	"iam.GetRole":   {lacks: []string{"Role.RoleLastUsed.LastUsedDate", "Role.RoleLastUsed.Region"}},
	// Counts AWS added later.
	"iam.GetAccountSummary": {more: []string{
		"SummaryMap.AccountPasswordPresent", "SummaryMap.AssumeRolePolicySizeQuota", "SummaryMap.InstanceProfiles", "SummaryMap.InstanceProfilesQuota", "SummaryMap.Providers",
		"SummaryMap.RolePolicySizeQuota", "SummaryMap.Roles", "SummaryMap.RolesQuota",
	}},
}

// exampleNeeds is what must be there before an example is played, in the words of exampleMaker.
var exampleNeeds = map[string]string{
	"sts.AssumeRole": "role demo", "sts.DecodeAuthorizationMessage": "user Bob",
	"iam.GetUser": "user Bob", "iam.ListUsers": "user Juan", "iam.UpdateUser": "user Bob", "iam.DeleteUser": "user Bob", "iam.CreateAccessKey": "user Bob",
	"iam.ListAccessKeys": "user Alice; key Alice; key Alice", "iam.UpdateAccessKey": "user Bob; key Bob", "iam.DeleteAccessKey": "user Bob; key Bob",
	"iam.AttachUserPolicy": "user Alice", "iam.PutUserPolicy": "user Bob", "iam.DeleteUserPolicy": "user Juan; inline-user Juan ExamplePolicy",
	"iam.TagUser": "user anika", "iam.UntagUser": "user anika; tag-user anika Dept", "iam.ListUserTags": "user anika; tag-user anika Dept",
	"iam.ListGroupsForUser": "user Bob; group Test; member Test Bob", "iam.ListGroups": "group Admins", "iam.UpdateGroup": "group Test",
	"iam.AddUserToGroup": "user Bob; group Admins", "iam.RemoveUserFromGroup": "user Bob; group Admins; member Admins Bob", "iam.AttachGroupPolicy": "group Finance",
	"iam.PutGroupPolicy": "group Admins", "iam.DeleteGroupPolicy": "group Admins; inline-group Admins ExamplePolicy",
	"iam.ListGroupPolicies": "group Admins; inline-group Admins AdminRoot", "iam.GetRole": "role Test-Role", "iam.UpdateAssumeRolePolicy": "role S3AccessForEC2Instances",
	"iam.DeleteRole": "role Test-Role", "iam.AttachRolePolicy": "role ReadOnlyRole", "iam.PutRolePolicy": "role S3Access",
	"iam.DeleteRolePolicy": "role Test-Role; inline-role Test-Role ExamplePolicy", "iam.TagRole": "role taggedrole", "iam.UntagRole": "role taggedrole; tag-role taggedrole Dept",
	"iam.ListRoleTags": "role taggedrole1; tag-role taggedrole1 Dept", "iam.ListAccountAliases": "alias mycompany", "iam.DeleteAccountAlias": "alias mycompany",
}

// TestIAMExamples plays AWS's published examples of the IAM and STS operations served, and compares which members the answers
// show with those published.
func TestIAMExamples(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(filepath.Join("testdata", "examples_iam.json"))
	made(t, err)
	var all []published
	made(t, json.Unmarshal(raw, &all))
	f := setup(t, func(c *twin.Config) { c.ManagementAccountID, c.Empty = exampleAccount, true })
	used := map[string]bool{}
	for _, e := range all {
		t.Run(e.Operation, func(t *testing.T) {
			made(t, f.lab.Do(t.Context(), http.MethodPost, "/_twin/reset", nil, nil))
			f.playExample(t, e)
			used[e.Operation] = true
		})
	}
	for op := range exampleNeeds {
		if !used[op] {
			t.Errorf("%s has no example any more", op)
		}
	}
	if len(all) < 40 {
		t.Errorf("only %d examples", len(all))
	}
}

func (f *fixture) playExample(t *testing.T, e published) {
	t.Helper()
	input := string(e.Input)
	for _, step := range strings.Split(exampleNeeds[e.Operation], "; ") {
		if id := f.makeForExample(t, strings.Fields(step)); id != "" {
			input = strings.NewReplacer("AKIAIOSFODNN7EXAMPLE", id, "AKIDPMS9RO4H3FEXAMPLE", id).Replace(input)
		}
	}
	input = strings.ReplaceAll(input, `"\u003cStringified-JSON\u003e"`, quoted(exampleTrust))
	if e.Operation == "sts.DecodeAuthorizationMessage" {
		told := f.explain(t, "arn:aws:iam::"+exampleAccount+":user/Bob", "ec2:StopInstances", "*")
		input = `{"EncodedMessage":` + quoted(told.EncodedMessage) + `}`
	}
	got, err := callExample(t, f.Clients, e.Operation, input)
	known := exampleDifferences[e.Operation]
	if known.code != "" {
		wantCode(t, err, known.code)
		return
	}
	made(t, err)
	want := slices.DeleteFunc(e.Members, func(m string) bool { return m == "IsTruncated" || slices.Contains(known.lacks, m) })
	got = slices.DeleteFunc(got, func(m string) bool { return slices.Contains(known.more, m) })
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("members (-published +got):\n%s", diff)
	}
}

// exampleTrust lets whoever is of the account in.
const exampleTrust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"` + exampleAccount + `"},"Action":["sts:AssumeRole","sts:TagSession","sts:SetSourceIdentity"]}]}`

func quoted(s string) string {
	raw, _ := json.Marshal(s) // text always has a form
	return string(raw)
}

// makeForExample makes one thing an example needs, and gives the id of a key.
func (f *fixture) makeForExample(t *testing.T, step []string) string {
	t.Helper()
	if len(step) == 0 {
		return ""
	}
	ctx, c := t.Context(), f.IAM
	name, second := &step[1], &step[len(step)-1]
	tags := []types.Tag{{Key: second, Value: aws.String("Accounting")}}
	var err error
	switch step[0] {
	case "user":
		_, err = c.CreateUser(ctx, &iam.CreateUserInput{UserName: name})
	case "group":
		_, err = c.CreateGroup(ctx, &iam.CreateGroupInput{GroupName: name})
	case "role":
		_, err = c.CreateRole(ctx, &iam.CreateRoleInput{RoleName: name, AssumeRolePolicyDocument: aws.String(exampleTrust)})
	case "alias":
		_, err = c.CreateAccountAlias(ctx, &iam.CreateAccountAliasInput{AccountAlias: name})
	case "member":
		_, err = c.AddUserToGroup(ctx, &iam.AddUserToGroupInput{GroupName: name, UserName: second})
	case "inline-user":
		_, err = c.PutUserPolicy(ctx, &iam.PutUserPolicyInput{UserName: name, PolicyName: second, PolicyDocument: aws.String(denyDocument)})
	case "inline-group":
		_, err = c.PutGroupPolicy(ctx, &iam.PutGroupPolicyInput{GroupName: name, PolicyName: second, PolicyDocument: aws.String(denyDocument)})
	case "inline-role":
		_, err = c.PutRolePolicy(ctx, &iam.PutRolePolicyInput{RoleName: name, PolicyName: second, PolicyDocument: aws.String(denyDocument)})
	case "tag-user":
		_, err = c.TagUser(ctx, &iam.TagUserInput{UserName: name, Tags: tags})
	case "tag-role":
		_, err = c.TagRole(ctx, &iam.TagRoleInput{RoleName: name, Tags: tags})
	case "key":
		out, err := c.CreateAccessKey(ctx, &iam.CreateAccessKeyInput{UserName: name})
		made(t, err)
		return *out.AccessKey.AccessKeyId
	default:
		t.Fatalf("what is %q", step)
	}
	made(t, err)
	return ""
}

// callExample calls an operation by its name, and gives the paths of the members that the answer shows.
func callExample(t *testing.T, c *harness.Clients, operation, input string) ([]string, error) {
	t.Helper()
	service, name, _ := strings.Cut(operation, ".")
	client := reflect.ValueOf(map[string]any{"iam": c.IAM, "sts": c.STS}[service])
	method := client.MethodByName(name)
	in := reflect.New(method.Type().In(1).Elem())
	made(t, json.Unmarshal([]byte(input), in.Interface()))
	out := method.Call([]reflect.Value{reflect.ValueOf(t.Context()), in})
	if err, failed := out[1].Interface().(error); failed {
		return nil, err
	}
	found := map[string]bool{}
	shownMembers("", out[0], found)
	return append([]string{}, slices.Sorted(maps.Keys(found))...), nil
}

// shownMembers notes the paths of all values that are there, but for how lists go on.
func shownMembers(path string, v reflect.Value, found map[string]bool) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			shownMembers(path, v.Elem(), found)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			found[path] = true
			return
		}
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if f.IsExported() && f.Type != reflect.TypeFor[middleware.Metadata]() && f.Name != "IsTruncated" && f.Name != "Marker" {
				shownMembers(strings.TrimPrefix(path+"."+f.Name, "."), v.Field(i), found)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			shownMembers(path+"[]", v.Index(i), found)
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			found[path+"."+k.String()] = true
		}
	default:
		if !v.IsZero() {
			found[path] = true
		}
	}
}
