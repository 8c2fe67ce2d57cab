package identitycenter_test

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	sso "github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"
	"github.com/google/go-cmp/cmp"
)

func TestTags(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for name, resource := range map[string]*string{"instance": b.instance, "permission set": b.set(t, "Admin")} {
		for _, instance := range []*string{b.instance, nil} {
			t.Run(fmt.Sprint(name, instance != nil), func(t *testing.T) { b.tagLife(t, instance, resource) })
		}
	}
}

// tagLife tags a resource, changes and removes; it leaves no tags.
func (b *bundle) tagLife(t *testing.T, instance, resource *string) {
	t.Helper()
	list := func() []sso.Tag {
		t.Helper()
		out, err := b.ListTagsForResource(admin(t), &ssoadmin.ListTagsForResourceInput{InstanceArn: instance, ResourceArn: resource})
		must(t, err)
		return out.Tags
	}
	tag := func(tags ...sso.Tag) error {
		_, err := b.TagResource(admin(t), &ssoadmin.TagResourceInput{InstanceArn: instance, ResourceArn: resource, Tags: tags})
		return err
	}
	if got := list(); got == nil || len(got) > 0 {
		t.Errorf("at first %v", got)
	}
	must(t, tag(sso.Tag{Key: new("a"), Value: new("1")}, sso.Tag{Key: new("b"), Value: new("")}))
	must(t, tag(sso.Tag{Key: new("a"), Value: new("2")}))
	if diff := cmp.Diff([]sso.Tag{{Key: new("a"), Value: new("2")}, {Key: new("b"), Value: new("")}}, list(), setShapes); diff != "" {
		t.Errorf("tags (-want +got):\n%s", diff)
	}
	wantError(t, tag(sso.Tag{Key: new("aws:x"), Value: new("1")}), "ValidationException", "")
	var many []sso.Tag
	for i := range 49 {
		many = append(many, sso.Tag{Key: new(fmt.Sprint("k", i)), Value: new("v")})
	}
	wantError(t, tag(many...), "ServiceQuotaExceededException", "")
	_, err := b.UntagResource(admin(t), &ssoadmin.UntagResourceInput{InstanceArn: instance, ResourceArn: resource, TagKeys: []string{"a", "b", "c"}})
	must(t, err)
	if got := list(); len(got) > 0 {
		t.Errorf("left %v", got)
	}
}

func TestTags_Refused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	elsewhere := new("arn:aws:sso:::permissionSet/ssoins-0000000000000000/ps-0000000000000000")
	_, err := b.ListTagsForResource(admin(t), &ssoadmin.ListTagsForResourceInput{ResourceArn: elsewhere})
	wantError(t, err, "ResourceNotFoundException", "Could not find Instance with id ssoins-0000000000000000")
	_, err = b.TagResource(admin(t), &ssoadmin.TagResourceInput{InstanceArn: b.instance, ResourceArn: elsewhere})
	wantError(t, err, "ResourceNotFoundException", "Could not find PermissionSet with id ps-0000000000000000")
	_, err = b.UntagResource(as(t, member, home), &ssoadmin.UntagResourceInput{ResourceArn: b.instance})
	wantError(t, err, "AccessDeniedException", "")
	_, err = b.ListTagsForResource(admin(t), &ssoadmin.ListTagsForResourceInput{ResourceArn: b.instance, NextToken: new("x")})
	wantError(t, err, "ValidationException", "")
}
