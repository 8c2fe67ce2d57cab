package iam

import (
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"accountfactory/internal/twin/state"
)

// Roles that are no rows are listed, paged, described and deleted like those that are.
func TestImplicitRoles(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.update(t, func(tx *state.Tx) {
		for _, name := range []string{"AAA", "AWSServiceRoleForP", "ZZZ"} {
			b.PutRole(tx, management, RoleSpec{Name: name, Trust: trustAccount(management)})
		}
		b.LinkCenter(tx, management)
		b.LinkOrganizations(tx, management)
	})
	want := []string{"AAA", "AWSServiceRoleForOrganizations", "AWSServiceRoleForP", "AWSServiceRoleForSSO", "ZZZ"}
	if got := b.pagedRoles(t); !slices.Equal(got, want) {
		t.Errorf("listed are %q, want %q", got, want)
	}
	name := ptr("AWSServiceRoleForSSO")
	id := func() string {
		return *must[*iam.GetRoleOutput](t)(b.GetRole(b.ctx, &iam.GetRoleInput{RoleName: name})).Role.RoleId
	}
	before := id()
	if again := id(); again != before {
		t.Errorf("its id is %s, then %s", before, again)
	}
	must[*iam.UpdateRoleDescriptionOutput](t)(b.UpdateRoleDescription(b.ctx, &iam.UpdateRoleDescriptionInput{RoleName: name, Description: ptr("ours")}))
	got := must[*iam.GetRoleOutput](t)(b.GetRole(b.ctx, &iam.GetRoleInput{RoleName: name})).Role
	if *got.RoleId != before || *got.Description != "ours" {
		t.Errorf("described, it is %s %q", *got.RoleId, *got.Description)
	}
	if got := b.pagedRoles(t); !slices.Equal(got, want) {
		t.Errorf("described, listed are %q, want %q", got, want)
	}
	for _, role := range []string{want[1], want[3]} {
		b.ended(t, must[*iam.DeleteServiceLinkedRoleOutput](t)(b.DeleteServiceLinkedRole(b.ctx, &iam.DeleteServiceLinkedRoleInput{RoleName: &role})).DeletionTaskId)
	}
	if got := b.pagedRoles(t); !slices.Equal(got, []string{"AAA", "AWSServiceRoleForP", "ZZZ"}) {
		t.Errorf("deleted, listed are %q", got)
	}
	must[*iam.CreateServiceLinkedRoleOutput](t)(b.CreateServiceLinkedRole(b.ctx, &iam.CreateServiceLinkedRoleInput{AWSServiceName: ptr(centerPrincipal)}))
	b.update(t, func(tx *state.Tx) { b.LinkCenter(tx, management) })
	if got := b.pagedRoles(t); !slices.Equal(got, []string{"AAA", "AWSServiceRoleForP", "AWSServiceRoleForSSO", "ZZZ"}) {
		t.Errorf("made by hand, listed are %q", got)
	}
}

// pagedRoles lists the roles of the management account one at a time.
func (b *bundle) pagedRoles(t *testing.T) (names []string) {
	t.Helper()
	in := &iam.ListRolesInput{MaxItems: ptr(int32(1))}
	for {
		out := must[*iam.ListRolesOutput](t)(b.ListRoles(b.ctx, in))
		for _, r := range out.Roles {
			names = append(names, *r.RoleName)
		}
		if in.Marker = out.Marker; in.Marker == nil {
			return names
		}
	}
}
