package identitycenter

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	store "github.com/aws/aws-sdk-go-v2/service/identitystore/types"

	"accountfactory/internal/twin/state"
)

// CreateGroup makes a group.
func (s *Service) CreateGroup(ctx context.Context, in *identitystore.CreateGroupInput, _ ...func(*identitystore.Options)) (*identitystore.CreateGroupOutput, error) {
	return writeStore(ctx, s, in.IdentityStoreId, func(tx *state.Tx, id *string) (*identitystore.CreateGroupOutput, error) {
		g, err := s.addGroup(tx, deref(in.DisplayName), deref(in.Description), callerARN(ctx))
		if err != nil {
			return nil, err
		}
		return &identitystore.CreateGroupOutput{IdentityStoreId: id, GroupId: &g.ID, GroupArn: new(g.ARN()), Revision: &g.Revision}, nil
	})
}

// DescribeGroup shows a group.
func (s *Service) DescribeGroup(ctx context.Context, in *identitystore.DescribeGroupInput, _ ...func(*identitystore.Options)) (*identitystore.DescribeGroupOutput, error) {
	return readStore(ctx, s, in.IdentityStoreId, func(tx *state.Tx, id *string) (*identitystore.DescribeGroupOutput, error) {
		row := s.groups.Get(tx, lastPart(*in.GroupId))
		if row == nil {
			return nil, noGroup(*in.GroupId)
		}
		g := row.wire(id)
		return &identitystore.DescribeGroupOutput{
			IdentityStoreId: id, GroupId: g.GroupId, GroupArn: g.GroupArn, Revision: g.Revision, DisplayName: g.DisplayName,
			Description: g.Description, CreatedAt: g.CreatedAt, CreatedBy: g.CreatedBy, UpdatedAt: g.UpdatedAt, UpdatedBy: g.UpdatedBy,
		}, nil
	})
}

// UpdateGroup applies operations to a group; all of them or none.
func (s *Service) UpdateGroup(ctx context.Context, in *identitystore.UpdateGroupInput, _ ...func(*identitystore.Options)) (*identitystore.UpdateGroupOutput, error) {
	return writeStore(ctx, s, in.IdentityStoreId, func(tx *state.Tx, id *string) (*identitystore.UpdateGroupOutput, error) {
		row := s.groups.Get(tx, lastPart(*in.GroupId))
		if row == nil {
			return nil, noGroup(*in.GroupId)
		}
		if in.Revision != nil && *in.Revision != row.Revision {
			return nil, stale()
		}
		g := *row
		if err := update(in.Operations, g.set); err != nil {
			return nil, err
		}
		if err := s.saveGroup(tx, &g, callerARN(ctx)); err != nil {
			return nil, err
		}
		return &identitystore.UpdateGroupOutput{IdentityStoreId: id, GroupId: &g.ID, GroupArn: new(g.ARN()), Revision: &g.Revision}, nil
	})
}

// DeleteGroup removes a group and its memberships.
func (s *Service) DeleteGroup(ctx context.Context, in *identitystore.DeleteGroupInput, _ ...func(*identitystore.Options)) (*identitystore.DeleteGroupOutput, error) {
	return writeStore(ctx, s, in.IdentityStoreId, func(tx *state.Tx, _ *string) (*identitystore.DeleteGroupOutput, error) {
		row := s.groups.Get(tx, lastPart(*in.GroupId))
		if row == nil {
			return nil, noGroup(*in.GroupId)
		}
		if in.Revision != nil && *in.Revision != row.Revision {
			return nil, stale()
		}
		s.RemoveGroup(tx, row.ID)
		return &identitystore.DeleteGroupOutput{}, nil
	})
}

// ListGroups lists groups by id. The only attribute it filters by is DisplayName.
func (s *Service) ListGroups(ctx context.Context, in *identitystore.ListGroupsInput, _ ...func(*identitystore.Options)) (*identitystore.ListGroupsOutput, error) {
	name, filtered, err := filter(in.Filters, "DisplayName")
	if err != nil {
		return nil, withRequestID(ctx, err)
	}
	scope := "ListGroups/" + strings.ToLower(name)
	return readStore(ctx, s, in.IdentityStoreId, func(tx *state.Tx, id *string) (*identitystore.ListGroupsOutput, error) {
		from, err := afterInStore(scope, in.NextToken)
		if err != nil {
			return nil, err
		}
		rows := s.groups.After(tx, from)
		if filtered {
			rows = s.byTitle.OfAfter(tx, strings.ToLower(name), from)
		}
		out := &identitystore.ListGroupsOutput{}
		out.Groups, out.NextToken = page(scope, in.MaxResults, rows, func(g *Group) string { return g.ID },
			func(g *Group) store.Group { return g.wire(id) })
		return out, nil
	})
}

// GetGroupId finds a group by display name.
func (s *Service) GetGroupId(ctx context.Context, in *identitystore.GetGroupIdInput, _ ...func(*identitystore.Options)) (*identitystore.GetGroupIdOutput, error) {
	return readStore(ctx, s, in.IdentityStoreId, func(tx *state.Tx, id *string) (*identitystore.GetGroupIdOutput, error) {
		g, err := s.findGroup(tx, in.AlternateIdentifier)
		if err != nil {
			return nil, err
		}
		return &identitystore.GetGroupIdOutput{IdentityStoreId: id, GroupId: &g.ID, GroupArn: new(g.ARN())}, nil
	})
}

func (s *Service) findGroup(tx *state.Tx, alternate store.AlternateIdentifier) (g *Group, err error) {
	path, value, err := uniqueAttribute(alternate)
	if err != nil {
		return nil, err
	}
	switch strings.ToLower(path) {
	case "": // by external id: only SCIM gives groups one
	case "displayname":
		g = s.byTitle.First(tx, value)
	default:
		return nil, badValue("The attribute %s is not a unique attribute", path)
	}
	if g == nil {
		return nil, noGroup("")
	}
	return g, nil
}

// wire gives a group as DescribeGroup and ListGroups show it.
func (g *Group) wire(storeID *string) store.Group {
	return store.Group{
		IdentityStoreId: storeID, GroupId: &g.ID, GroupArn: new(g.ARN()), Revision: &g.Revision, DisplayName: &g.DisplayName,
		Description: opt(g.Description), CreatedAt: &g.Created, CreatedBy: opt(g.CreatedBy), UpdatedAt: &g.Updated, UpdatedBy: opt(g.UpdatedBy),
	}
}

func noGroup(id string) error { return noSuch(store.ResourceTypeGroup, lastPart(id)) }
