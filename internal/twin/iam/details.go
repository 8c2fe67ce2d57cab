package iam

import (
	"context"
	"iter"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"accountfactory/internal/twin/state"
)

// detail is a row of GetAccountAuthorizationDetails: an entity or a managed policy.
type detail struct {
	entity *Entity
	policy *Policy
}

// key sorts entities before policies, and each as the lists of their own do.
func (d detail) key() string {
	if d.entity != nil {
		return "entity/" + d.entity.listKey()
	}
	return "policy/" + listKey(d.policy)
}

func (d detail) entityType() types.EntityType {
	switch {
	case d.entity != nil:
		return d.entity.entityType()
	case d.policy.AccountID == "aws":
		return types.EntityTypeAWSManagedPolicy
	}
	return types.EntityTypeLocalManagedPolicy
}

// GetAccountAuthorizationDetails gives all that policies depend on: users, groups and roles with their policies, the
// account's managed policies, and those of AWS that are in use. A page counts them together.
func (s *Service) GetAccountAuthorizationDetails(ctx context.Context, in *iam.GetAccountAuthorizationDetailsInput, _ ...func(*iam.Options)) (*iam.GetAccountAuthorizationDetailsOutput, error) {
	account := accountOf(ctx)
	var filter []string
	for _, t := range in.Filter {
		filter = append(filter, string(t))
	}
	p, err := newPage(in.Marker, in.MaxItems, "GetAccountAuthorizationDetails", account, strings.Join(filter, ","))
	if err != nil {
		return nil, err
	}
	out := &iam.GetAccountAuthorizationDetailsOutput{
		GroupDetailList: []types.GroupDetail{}, Policies: []types.ManagedPolicyDetail{}, RoleDetailList: []types.RoleDetail{}, UserDetailList: []types.UserDetail{},
	}
	return out, s.state.View(func(tx *state.Tx) error {
		attached, bounding := s.holders(tx, account)
		rows := matching(s.details(tx, account), func(d detail) bool {
			wanted := len(in.Filter) == 0 || slices.Contains(in.Filter, d.entityType())
			inUse := d.policy == nil || d.policy.AccountID != "aws" || attached[d.policy.ARN()]+bounding[d.policy.ARN()] > 0
			return d.key() > p.after && wanted && inUse
		})
		l := take(p, rows, detail.key, func(d detail) detail { return d })
		for _, d := range l.Items {
			s.addDetail(tx, out, d, attached, bounding)
		}
		out.Marker, out.IsTruncated = l.Marker, l.Truncated
		return nil
	})
}

// details gives all rows in the order of their keys.
func (s *Service) details(tx *state.Tx, account string) iter.Seq[detail] {
	return func(yield func(detail) bool) {
		for e := range s.entities(tx, account) {
			if !yield(detail{entity: e}) {
				return
			}
		}
		for p := range s.allPolicies(tx, account, types.PolicyScopeTypeAll, "") {
			if !yield(detail{policy: p}) {
				return
			}
		}
	}
}

func (s *Service) addDetail(tx *state.Tx, out *iam.GetAccountAuthorizationDetailsOutput, d detail, attached, bounding map[string]int32) {
	switch d.entityType() {
	case types.EntityTypeUser:
		out.UserDetailList = append(out.UserDetailList, s.userDetail(tx, s.users.rows.Get(tx, d.entity.key())))
	case types.EntityTypeGroup:
		out.GroupDetailList = append(out.GroupDetailList, s.groups.rows.Get(tx, d.entity.key()).detail())
	case types.EntityTypeRole:
		out.RoleDetailList = append(out.RoleDetailList, s.Role(tx, d.entity.AccountID, d.entity.Name).detail())
	case types.EntityTypeLocalManagedPolicy, types.EntityTypeAWSManagedPolicy:
		a := d.policy.ARN()
		out.Policies = append(out.Policies, d.policy.detail(attached[a], bounding[a]))
	}
}

func (s *Service) userDetail(tx *state.Tx, u *User) types.UserDetail {
	b, groups := u.full(), []string{}
	for m := range s.groupsOf.Of(tx, u.key()) {
		groups = append(groups, m.Group)
	}
	return types.UserDetail{
		Arn: b.Arn, AttachedManagedPolicies: u.attached(), CreateDate: b.CreateDate, GroupList: groups, Path: b.Path, PermissionsBoundary: b.PermissionsBoundary,
		Tags: b.Tags, UserId: b.UserId, UserName: b.UserName, UserPolicyList: u.inline(),
	}
}

func (g *Group) detail() types.GroupDetail {
	b := g.brief()
	return types.GroupDetail{
		Arn: b.Arn, AttachedManagedPolicies: g.attached(), CreateDate: b.CreateDate, GroupId: b.GroupId, GroupName: b.GroupName, GroupPolicyList: g.inline(), Path: b.Path,
	}
}

func (r *Role) detail() types.RoleDetail {
	b := r.full()
	return types.RoleDetail{
		Arn: b.Arn, AssumeRolePolicyDocument: b.AssumeRolePolicyDocument, AttachedManagedPolicies: r.attached(), CreateDate: b.CreateDate,
		InstanceProfileList: []types.InstanceProfile{}, Path: b.Path, PermissionsBoundary: b.PermissionsBoundary, RoleId: b.RoleId, RoleLastUsed: b.RoleLastUsed,
		RoleName: b.RoleName, RolePolicyList: r.inline(), Tags: b.Tags,
	}
}

// detail shows a managed policy with its versions and, unlike ListPolicyVersions, their documents.
func (p *Policy) detail(attached, bounding int32) types.ManagedPolicyDetail {
	b := p.show(attached, bounding)
	out := types.ManagedPolicyDetail{
		Arn: b.Arn, AttachmentCount: b.AttachmentCount, CreateDate: b.CreateDate, DefaultVersionId: b.DefaultVersionId, Description: b.Description,
		IsAttachable: b.IsAttachable, Path: b.Path, PermissionsBoundaryUsageCount: b.PermissionsBoundaryUsageCount, PolicyId: b.PolicyId, PolicyName: b.PolicyName,
		PolicyVersionList: []types.PolicyVersion{}, UpdateDate: b.UpdateDate,
	}
	for _, v := range p.Versions {
		shown := v.show(p)
		shown.Document = encoded(v.Document)
		out.PolicyVersionList = append(out.PolicyVersionList, shown)
	}
	return out
}

func (e *Entity) attached() []types.AttachedPolicy {
	out := []types.AttachedPolicy{}
	for _, a := range e.Managed {
		out = append(out, shownAttached(a))
	}
	return out
}

// inline gives the inline policies in the order of their names.
func (e *Entity) inline() []types.PolicyDetail {
	out := []types.PolicyDetail{}
	for _, name := range sortedKeys(e.Inline) {
		out = append(out, types.PolicyDetail{PolicyName: &name, PolicyDocument: encoded(e.Inline[name])})
	}
	return out
}
