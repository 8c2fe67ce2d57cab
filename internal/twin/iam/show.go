package iam

import (
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

// encoded writes a document as IAM returns them, percent-encoded as RFC 3986 has it.
func encoded(document string) *string {
	s := strings.ReplaceAll(url.QueryEscape(document), "+", "%20")
	return &s
}

// date gives a copy of a time to answer with.
func date(t time.Time) *time.Time { return &t }

// optional leaves an empty text out of an answer.
func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// brief is a user as lists show it: without boundary and tags.
func (u *User) brief() types.User {
	a := u.ARN()
	return types.User{Arn: &a, CreateDate: date(u.Created), Path: &u.Path, UserId: &u.ID, UserName: &u.Name}
}

func (u *User) full() *types.User {
	out := u.brief()
	out.PermissionsBoundary, out.Tags = u.boundary(), shownTags(u.Tags)
	return &out
}

func (g *Group) brief() types.Group {
	a := g.ARN()
	return types.Group{Arn: &a, CreateDate: date(g.Created), GroupId: &g.ID, GroupName: &g.Name, Path: &g.Path}
}

// brief is a role as lists show it: without boundary, tags and last use.
func (r *Role) brief() types.Role {
	a, seconds := r.ARN(), int32(r.MaxSession/time.Second)
	return types.Role{
		Arn: &a, AssumeRolePolicyDocument: encoded(r.Trust), CreateDate: date(r.Created), Description: optional(r.Description),
		MaxSessionDuration: &seconds, Path: &r.Path, RoleId: &r.ID, RoleName: &r.Name,
	}
}

func (r *Role) full() *types.Role {
	out := r.brief()
	out.PermissionsBoundary, out.Tags, out.RoleLastUsed = r.boundary(), shownTags(r.Tags), &types.RoleLastUsed{}
	return &out
}

func (e *Entity) boundary() *types.AttachedPermissionsBoundary {
	if e.Boundary == "" {
		return nil
	}
	return &types.AttachedPermissionsBoundary{
		PermissionsBoundaryArn: &e.Boundary, PermissionsBoundaryType: types.PermissionsBoundaryAttachmentTypePolicy,
	}
}

// shownTags gives tags in the order of their keys, nil for none.
func shownTags(tags map[string]string) []types.Tag {
	var out []types.Tag
	for _, k := range sortedKeys(tags) {
		v := tags[k]
		out = append(out, types.Tag{Key: &k, Value: &v})
	}
	return out
}
