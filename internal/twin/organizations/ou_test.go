package organizations_test

import (
	"fmt"
	"regexp"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/twin/organizations"
	"accountfactory/internal/twin/state"
)

func TestOU(t *testing.T) {
	t.Parallel()
	w := setup(t, organizations.Quotas{}, 0)
	made, err := w.CreateOrganizationalUnit(w.ctx, &sdk.CreateOrganizationalUnitInput{
		ParentId: &w.root, Name: new("Sandbox"), Tags: []types.Tag{{Key: new("team"), Value: new("x")}},
	})
	must(t, err)
	id := *made.OrganizationalUnit.Id
	if !regexp.MustCompile(`^ou-` + w.root[2:] + `-[a-z0-9]{8,32}$`).MatchString(id) {
		t.Errorf("OU id %q in root %q", id, w.root)
	}
	want := &types.OrganizationalUnit{
		Id: &id, Name: new("Sandbox"), Arn: new("arn:aws:organizations::111111111111:ou/" + w.org + "/" + id),
		Path: new(w.org + "/" + w.root + "/" + id + "/"),
	}
	seen, err := w.DescribeOrganizationalUnit(w.ctx, &sdk.DescribeOrganizationalUnitInput{OrganizationalUnitId: &id})
	must(t, err)
	for _, got := range []*types.OrganizationalUnit{made.OrganizationalUnit, seen.OrganizationalUnit} {
		if diff := cmp.Diff(want, got, structs); diff != "" {
			t.Errorf("OU (-want +got):\n%s", diff)
		}
	}
	renamed, err := w.UpdateOrganizationalUnit(w.ctx, &sdk.UpdateOrganizationalUnitInput{OrganizationalUnitId: &id, Name: new("Play")})
	must(t, err)
	if *renamed.OrganizationalUnit.Name != "Play" {
		t.Errorf("renamed to %q", *renamed.OrganizationalUnit.Name)
	}
	kept, err := w.UpdateOrganizationalUnit(w.ctx, &sdk.UpdateOrganizationalUnitInput{OrganizationalUnitId: &id})
	must(t, err)
	if *kept.OrganizationalUnit.Name != "Play" {
		t.Errorf("an update without a name made it %q", *kept.OrganizationalUnit.Name)
	}
	_, err = w.DeleteOrganizationalUnit(w.ctx, &sdk.DeleteOrganizationalUnitInput{OrganizationalUnitId: &id})
	must(t, err)
	_, err = w.DescribeOrganizationalUnit(w.ctx, &sdk.DescribeOrganizationalUnitInput{OrganizationalUnitId: &id})
	wantError(t, err, "OrganizationalUnitNotFoundException")
	targets, err := w.ListTargetsForPolicy(w.ctx, &sdk.ListTargetsForPolicyInput{PolicyId: new(organizations.FullAccessID)})
	must(t, err)
	if len(targets.Targets) != 2 { // root and management account
		t.Errorf("FullAWSAccess is still attached to %d targets", len(targets.Targets))
	}
}

func TestOURefusals(t *testing.T) {
	t.Parallel()
	w := setup(t, organizations.Quotas{OUs: 8}, 0)
	a, b := w.ou(w.root, "A"), w.ou(w.root, "B")
	w.ou(a, "B") // the name is taken among siblings only
	missing := "ou-" + w.root[2:] + "-00000000"

	create := func(parent, name string, tags ...types.Tag) error {
		_, err := w.CreateOrganizationalUnit(w.ctx, &sdk.CreateOrganizationalUnitInput{ParentId: &parent, Name: &name, Tags: tags})
		return err
	}
	wantError(t, create(w.root, "A"), "DuplicateOrganizationalUnitException")
	wantError(t, create(missing, "C"), "ParentNotFoundException")
	wantError(t, create("r-zzzz", "C"), "ParentNotFoundException")
	wantError(t, create(w.root, "C", types.Tag{Key: new("AWS:x"), Value: new("")}), "InvalidInputException", "INVALID_SYSTEM_TAGS_PARAMETER")
	_, err := w.UpdateOrganizationalUnit(w.ctx, &sdk.UpdateOrganizationalUnitInput{OrganizationalUnitId: &b, Name: new("A")})
	wantError(t, err, "DuplicateOrganizationalUnitException")
	_, err = w.UpdateOrganizationalUnit(w.ctx, &sdk.UpdateOrganizationalUnitInput{OrganizationalUnitId: &missing, Name: new("A")})
	wantError(t, err, "OrganizationalUnitNotFoundException")
	_, err = w.DeleteOrganizationalUnit(w.ctx, &sdk.DeleteOrganizationalUnitInput{OrganizationalUnitId: &missing})
	wantError(t, err, "OrganizationalUnitNotFoundException")
	_, err = w.DeleteOrganizationalUnit(w.ctx, &sdk.DeleteOrganizationalUnitInput{OrganizationalUnitId: &a})
	wantError(t, err, "OrganizationalUnitNotEmptyException")
	w.update(func(tx *state.Tx) {
		w.AddAccount(tx, organizations.Account{Name: "x", Email: "x@example.com", Parent: b})
	})
	_, err = w.DeleteOrganizationalUnit(w.ctx, &sdk.DeleteOrganizationalUnitInput{OrganizationalUnitId: &b})
	wantError(t, err, "OrganizationalUnitNotEmptyException")

	parent := a
	for level := 2; level <= 5; level++ {
		parent = w.ou(parent, fmt.Sprint("L", level))
	}
	wantError(t, create(parent, "L6"), "ConstraintViolationException", "OU_DEPTH_LIMIT_EXCEEDED")
	w.ou(w.root, "last")
	wantError(t, create(w.root, "one more"), "ConstraintViolationException", "OU_NUMBER_LIMIT_EXCEEDED")
}

func TestTree(t *testing.T) {
	t.Parallel()
	w := setup(t, organizations.Quotas{}, 0)
	a := w.ou(w.root, "A")
	b := w.ou(a, "B")
	id := w.account("x")
	_, err := w.MoveAccount(w.ctx, &sdk.MoveAccountInput{AccountId: &id, SourceParentId: &w.root, DestinationParentId: &b})
	must(t, err)
	w.view(func(tx *state.Tx) {
		if diff := cmp.Diff([]string{w.root, a, b, id}, w.Path(tx, id)); diff != "" {
			t.Errorf("path (-want +got):\n%s", diff)
		}
		if got := w.Path(tx, "000000000000"); got != nil {
			t.Errorf("path of nothing: %v", got)
		}
	})
	parents, err := w.ListParents(w.ctx, &sdk.ListParentsInput{ChildId: &id})
	must(t, err)
	if diff := cmp.Diff([]types.Parent{{Id: &b, Type: types.ParentTypeOrganizationalUnit}}, parents.Parents, structs); diff != "" {
		t.Errorf("parents (-want +got):\n%s", diff)
	}
	parents, err = w.ListParents(w.ctx, &sdk.ListParentsInput{ChildId: &a})
	must(t, err)
	if diff := cmp.Diff([]types.Parent{{Id: &w.root, Type: types.ParentTypeRoot}}, parents.Parents, structs); diff != "" {
		t.Errorf("parents (-want +got):\n%s", diff)
	}
	for _, tc := range []struct {
		parent string
		kind   types.ChildType
		want   []string
	}{
		{w.root, types.ChildTypeAccount, []string{management}},
		{w.root, types.ChildTypeOrganizationalUnit, []string{a}},
		{b, types.ChildTypeAccount, []string{id}},
		{b, types.ChildTypeOrganizationalUnit, nil},
	} {
		out, err := w.ListChildren(w.ctx, &sdk.ListChildrenInput{ParentId: &tc.parent, ChildType: tc.kind})
		must(t, err)
		var got []string
		for _, c := range out.Children {
			if c.Type != tc.kind {
				t.Errorf("child %s is a %s", *c.Id, c.Type)
			}
			got = append(got, *c.Id)
		}
		if diff := cmp.Diff(tc.want, got); diff != "" || out.Children == nil {
			t.Errorf("%s in %s (-want +got):\n%s", tc.kind, tc.parent, diff)
		}
	}
	_, err = w.ListChildren(w.ctx, &sdk.ListChildrenInput{ParentId: new("r-none"), ChildType: types.ChildTypeAccount})
	wantError(t, err, "ParentNotFoundException")
	_, err = w.ListParents(w.ctx, &sdk.ListParentsInput{ChildId: new("000000000000")})
	wantError(t, err, "ChildNotFoundException")
	_, err = w.ListParents(w.ctx, &sdk.ListParentsInput{ChildId: &id, NextToken: new("x")})
	wantError(t, err, "InvalidInputException", "INVALID_NEXT_TOKEN")
}
