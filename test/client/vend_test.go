package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"accountfactory/test/harness"
)

const (
	productName  = "AWS Control Tower Account Factory"
	accountName  = "vended"
	accountEmail = "vended@example.com"
	ownerEmail   = "owner@example.com"
)

// drivers are the clients that vend. Those of the shell give no exception class, and join pages themselves.
var drivers = []struct {
	name  string
	start func(*testing.T, *harness.Process) driver
	shell bool
}{
	{"aws cli of Debian", debianDriver, true},
	{"newer aws cli", newerDriver, true},
	{"boto3", boto3Driver, false},
	{"javascript", jsDriver, false},
	{"go", goDriver, false},
}

func TestVend(t *testing.T) {
	t.Parallel()
	for _, d := range drivers {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "--speed", "300")
			j := &journey{t: t, world: w, driver: d.start(t, w.server), as: w.management, shell: d.shell}
			j.assumeRole()
			j.findProduct()
			j.launch()
			j.await()
			j.readAccount()
			j.readAccess()
			j.errors()
			j.page()
			j.wait()
			j.presign()
		})
	}
}

// journey is one client's way to an account.
type journey struct {
	*world
	t      *testing.T
	driver driver
	as     keys
	shell  bool

	product, artifact, ou, record, account string
}

// try makes a call; its error, if any, is AWS's.
func (j *journey) try(service, operation string, input map[string]any) (any, *failure) {
	j.t.Helper()
	a, err := j.driver.do(j.t.Context(), call{Do: "call", Service: service, Operation: operation, Input: input, Keys: j.as})
	if err != nil {
		j.t.Fatal(err)
	}
	if a.Unknown {
		j.t.Fatalf("the client has no %s %s", service, operation)
	}
	return a.Output, a.Error
}

// call makes a call that must succeed.
func (j *journey) call(service, operation string, input map[string]any) any {
	j.t.Helper()
	out, failed := j.try(service, operation, input)
	if failed != nil {
		j.t.Fatalf("%s %s: %v", service, operation, failed)
	}
	return out
}

// at follows member names and list positions, and gives nil where the way ends.
func at(v any, path ...any) any {
	for _, step := range path {
		switch key := step.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[key]
		case int:
			list, _ := v.([]any)
			if key >= len(list) {
				return nil
			}
			v = list[key]
		}
	}
	return v
}

func text(v any, path ...any) string {
	s, _ := at(v, path...).(string)
	return s
}

func list(v any, path ...any) []any {
	l, _ := at(v, path...).([]any)
	return l
}

func (j *journey) assumeRole() {
	j.assume(j.role)
	who := j.call("sts", "GetCallerIdentity", nil)
	if want := "arn:aws:sts::" + j.server.Account + ":assumed-role/Requester/ann"; text(who, "Arn") != want {
		j.t.Errorf("GetCallerIdentity: %s, want %s", text(who, "Arn"), want)
	}
}

func (j *journey) findProduct() {
	found := j.call("servicecatalog", "SearchProducts", m{"Filters": m{"FullTextSearch": []string{productName}}})
	j.product = text(found, "ProductViewSummaries", 0, "ProductId")
	if name := text(found, "ProductViewSummaries", 0, "Name"); name != productName {
		j.t.Fatalf("SearchProducts: %q, want %q", name, productName)
	}
	product := j.call("servicecatalog", "DescribeProduct", m{"Id": j.product})
	j.artifact = text(product, "ProvisioningArtifacts", 0, "Id")
	paths := j.call("servicecatalog", "ListLaunchPaths", m{"ProductId": j.product})
	if n := len(list(paths, "LaunchPathSummaries")); n != 1 {
		j.t.Errorf("ListLaunchPaths: %d, want 1", n)
	}
	params := j.call("servicecatalog", "DescribeProvisioningParameters", m{"ProductId": j.product, "ProvisioningArtifactId": j.artifact})
	for _, p := range list(params, "ProvisioningArtifactParameters") {
		for _, v := range list(p, "ParameterConstraints", "AllowedValues") {
			if s, _ := v.(string); strings.HasPrefix(s, "Sandbox") {
				j.ou = s
			}
		}
	}
	if want := "Sandbox (" + j.sandbox + ")"; j.ou != want {
		j.t.Errorf("DescribeProvisioningParameters: the allowed OU is %q, want %q", j.ou, want)
	}
}

// launchInput asks for an account under a name.
func (j *journey) launchInput(name string) map[string]any {
	param := func(key, value string) map[string]any { return m{"Key": key, "Value": value} }
	return map[string]any{
		"ProductId": j.product, "ProvisioningArtifactId": j.artifact, "ProvisionedProductName": name, "ProvisionToken": "token-" + name,
		"ProvisioningParameters": []any{
			param("AccountName", accountName), param("AccountEmail", accountEmail), param("SSOUserFirstName", "Olive"),
			param("SSOUserLastName", "Owner"), param("SSOUserEmail", ownerEmail), param("ManagedOrganizationalUnit", j.ou),
		},
	}
}

func (j *journey) launch() {
	out := j.call("servicecatalog", "ProvisionProduct", j.launchInput(accountName))
	j.record = text(out, "RecordDetail", "RecordId")
	if status := text(out, "RecordDetail", "Status"); status != "CREATED" {
		j.t.Errorf("ProvisionProduct: %s, want CREATED", status)
	}
}

// await polls until the record has ended, and takes the account's id from its outputs.
func (j *journey) await() {
	ctx, cancel := context.WithTimeout(j.t.Context(), 2*time.Minute)
	defer cancel()
	var last any
	err := harness.Poll(ctx, 200*time.Millisecond, func() (bool, error) {
		last = j.call("servicecatalog", "DescribeRecord", m{"Id": j.record})
		if status := text(last, "RecordDetail", "Status"); status == "FAILED" {
			return false, fmt.Errorf("the launch failed: %v", list(last, "RecordDetail", "RecordErrors"))
		}
		return text(last, "RecordDetail", "Status") == "SUCCEEDED", nil
	})
	if err != nil {
		j.t.Fatal(err)
	}
	outputs := map[string]string{}
	for _, o := range list(last, "RecordOutputs") {
		outputs[text(o, "OutputKey")] = text(o, "OutputValue")
	}
	j.account = outputs["AccountId"]
	if len(j.account) != 12 || outputs["AccountEmail"] != accountEmail || outputs["SSOUserEmail"] != ownerEmail {
		j.t.Fatalf("outputs %v", outputs)
	}
}

func (j *journey) readAccount() {
	out := j.call("organizations", "DescribeAccount", m{"AccountId": j.account})
	got := []string{text(out, "Account", "Id"), text(out, "Account", "Name"), text(out, "Account", "Email"), text(out, "Account", "Status")}
	if diff := cmp.Diff([]string{j.account, accountName, accountEmail, "ACTIVE"}, got); diff != "" {
		j.t.Errorf("DescribeAccount (-want +got):\n%s", diff)
	}
}

// readAccess counts who may enter the account, and looks at its owner.
func (j *journey) readAccess() {
	in := m{"InstanceArn": j.instance, "AccountId": j.account}
	kinds := map[string]int{}
	var owner string
	for _, set := range list(j.call("ssoadmin", "ListPermissionSetsProvisionedToAccount", in), "PermissionSets") {
		in["PermissionSetArn"] = set
		for _, a := range list(j.call("ssoadmin", "ListAccountAssignments", in), "AccountAssignments") {
			kinds[text(a, "PrincipalType")]++
			if text(a, "PrincipalType") == "USER" {
				owner = text(a, "PrincipalId")
			}
		}
	}
	if diff := cmp.Diff(map[string]int{"USER": 1, "GROUP": 3}, kinds); diff != "" {
		j.t.Errorf("assignments (-want +got):\n%s", diff)
	}
	id := j.call("identitystore", "GetUserId", m{"IdentityStoreId": j.identityStore, "AlternateIdentifier": map[string]any{
		"UniqueAttribute": m{"AttributePath": "userName", "AttributeValue": ownerEmail},
	}})
	if text(id, "UserId") != owner {
		j.t.Errorf("GetUserId: %s, want the assigned user %s", text(id, "UserId"), owner)
	}
	user := j.call("identitystore", "DescribeUser", m{"IdentityStoreId": j.identityStore, "UserId": owner})
	if got := text(user, "Name", "GivenName") + " " + text(user, "Name", "FamilyName") + " " + text(user, "Emails", 0, "Value"); got != "Olive Owner "+ownerEmail {
		j.t.Errorf("DescribeUser: %s", got)
	}
}

// page walks five OUs two at a time.
func (j *journey) page() {
	a, err := j.driver.do(j.t.Context(), call{
		Do: "pages", Service: "organizations", Operation: "ListOrganizationalUnitsForParent", Input: m{"ParentId": j.sandbox}, Keys: j.as, PageSize: 2,
	})
	if err = errors.Join(err, a.err()); err != nil {
		j.t.Fatal(err)
	}
	var names []string
	for _, p := range a.Pages {
		for _, ou := range list(p, "OrganizationalUnits") {
			names = append(names, text(ou, "Name"))
		}
	}
	slices.Sort(names)
	if diff := cmp.Diff([]string{"Team 0", "Team 1", "Team 2", "Team 3", "Team 4"}, names); diff != "" {
		j.t.Errorf("OUs (-want +got):\n%s", diff)
	}
	if !j.shell && len(a.Pages) != 3 {
		j.t.Errorf("%d pages, want 3", len(a.Pages))
	}
}

// wait uses one of the waiters clients have.
func (j *journey) wait() {
	a, err := j.driver.do(j.t.Context(), call{Do: "wait", Service: "iam", Operation: "RoleExists", Input: m{"RoleName": "Requester"}, Keys: j.as})
	if err = errors.Join(err, a.err()); err != nil || a.Unknown {
		j.t.Errorf("wait for the role: %v", err)
	}
}

func (a answer) err() error {
	if a.Error != nil {
		return a.Error
	}
	return nil
}

// presign has the client sign a URL, which then works without it.
func (j *journey) presign() {
	a, err := j.driver.do(j.t.Context(), call{Do: "presign", Service: "sts", Operation: "GetCallerIdentity", Keys: j.as})
	if err = errors.Join(err, a.err()); err != nil {
		j.t.Fatal(err)
	}
	if a.Unknown && j.shell {
		return // the CLI presigns for S3 alone
	}
	req, err := http.NewRequestWithContext(j.t.Context(), http.MethodGet, a.URL, nil)
	if err != nil {
		j.t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		j.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }() // read to its end below
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK || !strings.Contains(string(body), ":assumed-role/Requester/ann</Arn>") {
		j.t.Errorf("the signed URL answers %s: %s, %v", resp.Status, body, err)
	}
}
