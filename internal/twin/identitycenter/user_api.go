package identitycenter

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	store "github.com/aws/aws-sdk-go-v2/service/identitystore/types"

	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

// CreateUser makes a user without a password; no mail goes out, as in AWS.
func (s *Service) CreateUser(ctx context.Context, in *identitystore.CreateUserInput, _ ...func(*identitystore.Options)) (*identitystore.CreateUserOutput, error) {
	profile, err := profileOf(in)
	if err != nil {
		return nil, withRequestID(ctx, err)
	}
	return writeStore(ctx, s, in.IdentityStoreId, func(tx *state.Tx, id *string) (*identitystore.CreateUserOutput, error) {
		u, err := s.addUser(tx, profile, callerARN(ctx))
		if err != nil {
			return nil, err
		}
		return &identitystore.CreateUserOutput{IdentityStoreId: id, UserId: &u.ID, UserArn: new(u.ARN()), Revision: &u.Revision}, nil
	})
}

// DescribeUser shows a user.
func (s *Service) DescribeUser(ctx context.Context, in *identitystore.DescribeUserInput, _ ...func(*identitystore.Options)) (*identitystore.DescribeUserOutput, error) {
	return readStore(ctx, s, in.IdentityStoreId, func(tx *state.Tx, id *string) (*identitystore.DescribeUserOutput, error) {
		row := s.users.Get(tx, lastPart(*in.UserId))
		if row == nil {
			return nil, noUser(*in.UserId)
		}
		u := row.wire(id, in.Extensions)
		return &identitystore.DescribeUserOutput{
			IdentityStoreId: id, UserId: u.UserId, UserArn: u.UserArn, Revision: u.Revision, UserName: u.UserName, UserStatus: u.UserStatus,
			DisplayName: u.DisplayName, Name: u.Name, NickName: u.NickName, ProfileUrl: u.ProfileUrl, Emails: u.Emails,
			Addresses: u.Addresses, PhoneNumbers: u.PhoneNumbers, UserType: u.UserType, Title: u.Title, Locale: u.Locale,
			PreferredLanguage: u.PreferredLanguage, Timezone: u.Timezone, Photos: u.Photos, Website: u.Website, Birthdate: u.Birthdate,
			Roles: u.Roles, Extensions: u.Extensions, CreatedAt: u.CreatedAt, CreatedBy: u.CreatedBy, UpdatedAt: u.UpdatedAt, UpdatedBy: u.UpdatedBy,
		}, nil
	})
}

// UpdateUser applies operations to a user; all of them or none.
func (s *Service) UpdateUser(ctx context.Context, in *identitystore.UpdateUserInput, _ ...func(*identitystore.Options)) (*identitystore.UpdateUserOutput, error) {
	return writeStore(ctx, s, in.IdentityStoreId, func(tx *state.Tx, id *string) (*identitystore.UpdateUserOutput, error) {
		row := s.users.Get(tx, lastPart(*in.UserId))
		if row == nil {
			return nil, noUser(*in.UserId)
		}
		if in.Revision != nil && *in.Revision != row.Revision {
			return nil, stale()
		}
		u := *row
		if err := update(in.Operations, u.set); err != nil {
			return nil, err
		}
		if err := s.saveUser(tx, &u, callerARN(ctx)); err != nil {
			return nil, err
		}
		return &identitystore.UpdateUserOutput{IdentityStoreId: id, UserId: &u.ID, UserArn: new(u.ARN()), Revision: &u.Revision}, nil
	})
}

// DeleteUser removes a user and their memberships.
func (s *Service) DeleteUser(ctx context.Context, in *identitystore.DeleteUserInput, _ ...func(*identitystore.Options)) (*identitystore.DeleteUserOutput, error) {
	return writeStore(ctx, s, in.IdentityStoreId, func(tx *state.Tx, _ *string) (*identitystore.DeleteUserOutput, error) {
		row := s.users.Get(tx, lastPart(*in.UserId))
		if row == nil {
			return nil, noUser(*in.UserId)
		}
		if in.Revision != nil && *in.Revision != row.Revision {
			return nil, stale()
		}
		s.RemoveUser(tx, row.ID)
		return &identitystore.DeleteUserOutput{}, nil
	})
}

// ListUsers lists users by id. The only attribute it filters by is UserName.
func (s *Service) ListUsers(ctx context.Context, in *identitystore.ListUsersInput, _ ...func(*identitystore.Options)) (*identitystore.ListUsersOutput, error) {
	name, filtered, err := filter(in.Filters, "UserName")
	if err != nil {
		return nil, withRequestID(ctx, err)
	}
	scope := "ListUsers/" + strings.ToLower(name)
	return readStore(ctx, s, in.IdentityStoreId, func(tx *state.Tx, id *string) (*identitystore.ListUsersOutput, error) {
		from, err := afterInStore(scope, in.NextToken)
		if err != nil {
			return nil, err
		}
		rows := s.users.After(tx, from)
		if filtered {
			rows = s.byName.OfAfter(tx, strings.ToLower(name), from)
		}
		out := &identitystore.ListUsersOutput{}
		out.Users, out.NextToken = page(scope, in.MaxResults, rows, func(u *User) string { return u.ID },
			func(u *User) store.User { return u.wire(id, in.Extensions) })
		return out, nil
	})
}

// GetUserId finds a user by user name or e-mail.
func (s *Service) GetUserId(ctx context.Context, in *identitystore.GetUserIdInput, _ ...func(*identitystore.Options)) (*identitystore.GetUserIdOutput, error) {
	return readStore(ctx, s, in.IdentityStoreId, func(tx *state.Tx, id *string) (*identitystore.GetUserIdOutput, error) {
		u, err := s.findUser(tx, in.AlternateIdentifier)
		if err != nil {
			return nil, err
		}
		return &identitystore.GetUserIdOutput{IdentityStoreId: id, UserId: &u.ID, UserArn: new(u.ARN())}, nil
	})
}

func (s *Service) findUser(tx *state.Tx, alternate store.AlternateIdentifier) (u *User, err error) {
	path, value, err := uniqueAttribute(alternate)
	if err != nil {
		return nil, err
	}
	switch strings.ToLower(path) {
	case "": // by external id: only SCIM gives users one, which the twin has not got
	case "username":
		u = s.byName.First(tx, value)
	case "emails.value":
		u = s.byEmail.First(tx, value)
	default:
		return nil, badValue("The attribute %s is not a unique attribute", path)
	}
	if u == nil {
		return nil, noUser("")
	}
	return u, nil
}

func noUser(id string) error { return noSuch(store.ResourceTypeUser, lastPart(id)) }

// filter gives the value a list is filtered by; each list knows one attribute.
func filter(filters []store.Filter, attribute string) (value string, ok bool, err error) {
	if len(filters) == 0 {
		return "", false, nil
	}
	if path := deref(filters[0].AttributePath); len(filters) > 1 || path != attribute {
		return "", false, badValue("The filter attribute path %s is not supported; use %s", path, attribute)
	}
	return deref(filters[0].AttributeValue), true, nil
}

// uniqueAttribute gives path and lower-case value of an alternate identifier; path is "" for an external id.
func uniqueAttribute(alternate store.AlternateIdentifier) (path, value string, err error) {
	unique, ok := alternate.(*store.AlternateIdentifierMemberUniqueAttribute)
	if !ok {
		return "", "", nil
	}
	path = deref(unique.Value.AttributePath)
	raw, err := documentJSON(unique.Value.AttributeValue, path)
	if err == nil {
		err = assign(&value, path, raw)
	}
	if err == nil && value == "" {
		err = badValue("attribute value cannot be empty or null for attribute path %s", path)
	}
	return path, strings.ToLower(value), err
}

func callerARN(ctx context.Context) string { return wire.RequestFrom(ctx).Caller.ARN }
