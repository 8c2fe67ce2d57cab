package iam

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

// CreateUser makes a user.
func (s *Service) CreateUser(ctx context.Context, in *iam.CreateUserInput, _ ...func(*iam.Options)) (*iam.CreateUserOutput, error) {
	tags, err := readTags(in.Tags)
	if err != nil {
		return nil, err
	}
	out := &iam.CreateUserOutput{}
	return out, s.state.Update(ctx, func(tx *state.Tx) error {
		account := accountOf(ctx)
		if err := s.users.vacancy(tx, account, *in.UserName); err != nil {
			return err
		}
		if err := s.checkBoundary(tx, account, in.PermissionsBoundary); err != nil {
			return err
		}
		u := &User{newEntity(tx, account, *in.UserName, in.Path, userPrefix)}
		u.Boundary, u.Tags = aws.ToString(in.PermissionsBoundary), tags
		s.users.rows.Put(tx, u)
		out.User = u.full()
		return nil
	})
}

// newEntity is a user, group or role that has nothing yet.
func newEntity(tx *state.Tx, accountID, name string, path *string, prefix string) Entity {
	e := Entity{AccountID: accountID, Name: name, Path: "/", ID: uniqueID(tx, prefix), Created: tx.Now()}
	if path != nil {
		e.Path = *path
	}
	return e
}

// GetUser gives a user; without a name, the one who asks.
func (s *Service) GetUser(ctx context.Context, in *iam.GetUserInput, _ ...func(*iam.Options)) (*iam.GetUserOutput, error) {
	out := &iam.GetUserOutput{}
	return out, s.state.View(func(tx *state.Tx) error {
		account := accountOf(ctx)
		name, err := s.userMeant(tx, ctx, in.UserName)
		if err != nil {
			return err
		}
		if name == "" {
			a := rootARN(account)
			out.User = &types.User{Arn: &a, UserId: &account, CreateDate: date(s.accounts.Get(tx, account).Created)}
			return nil
		}
		u, err := s.users.get(tx, account, name)
		if err != nil {
			return err
		}
		out.User = u.full()
		return nil
	})
}

// userMeant gives the name of the user an operation is about: the one given or the one who asks, "" for the root user.
func (s *Service) userMeant(tx *state.Tx, ctx context.Context, given *string) (string, error) {
	if given != nil {
		return *given, nil
	}
	caller := wire.RequestFrom(ctx).Caller
	if caller.ARN == rootARN(caller.AccountID) {
		return "", nil
	}
	_, _, name, ok := splitARN(caller.ARN, "user")
	if !ok {
		return "", invalid("Must specify userName when calling with non-User credentials")
	}
	return name, nil
}

// ListUsers gives the users of the account in the order of their names.
func (s *Service) ListUsers(ctx context.Context, in *iam.ListUsersInput, _ ...func(*iam.Options)) (*iam.ListUsersOutput, error) {
	account := accountOf(ctx)
	p, err := newPage(in.Marker, in.MaxItems, "ListUsers", account, aws.ToString(in.PathPrefix))
	if err != nil {
		return nil, err
	}
	out := &iam.ListUsersOutput{}
	return out, s.state.View(func(tx *state.Tx) error {
		rows := matching(s.users.of(tx, account, p.after), func(u *User) bool { return under(u.Path, in.PathPrefix) })
		l := take(p, rows, func(u *User) string { return u.key() }, (*User).brief)
		out.Users, out.Marker, out.IsTruncated = l.Items, l.Marker, l.Truncated
		return nil
	})
}

// UpdateUser gives a user another name or path. Keys, groups and policies stay; so does the id.
func (s *Service) UpdateUser(ctx context.Context, in *iam.UpdateUserInput, _ ...func(*iam.Options)) (*iam.UpdateUserOutput, error) {
	return &iam.UpdateUserOutput{}, s.state.Update(ctx, func(tx *state.Tx) error {
		account := accountOf(ctx)
		old, err := s.users.get(tx, account, *in.UserName)
		if err != nil {
			return err
		}
		u := *old
		if in.NewPath != nil {
			u.Path = *in.NewPath
		}
		if in.NewUserName != nil {
			u.Name = *in.NewUserName
		}
		if u.key() != old.key() && s.users.rows.Get(tx, u.key()) != nil {
			return exists("User with name %s already exists.", u.Name)
		}
		s.users.rows.Delete(tx, old.key())
		s.users.rows.Put(tx, &u)
		s.follow(tx, old, &u)
		return nil
	})
}

// follow gives memberships and keys of a user the user's new name.
func (s *Service) follow(tx *state.Tx, old, now *User) {
	for _, m := range slices.Collect(s.groupsOf.Of(tx, old.key())) {
		s.memberships.Delete(tx, m.key())
		s.memberships.Put(tx, &Membership{AccountID: m.AccountID, Group: m.Group, User: now.Name})
	}
	for _, k := range slices.Collect(s.keysOf.Of(tx, old.key())) {
		s.keys.Change(tx, k.ID, func(k *AccessKey) { k.User, k.UserARN = now.Name, now.ARN() })
	}
}

// DeleteUser removes a user from whom everything else has been removed.
func (s *Service) DeleteUser(ctx context.Context, in *iam.DeleteUserInput, _ ...func(*iam.Options)) (*iam.DeleteUserOutput, error) {
	return &iam.DeleteUserOutput{}, s.state.Update(ctx, func(tx *state.Tx) error {
		u, err := s.users.get(tx, accountOf(ctx), *in.UserName)
		if err != nil {
			return err
		}
		if s.groupsOf.First(tx, u.key()) != nil {
			return conflict("Cannot delete entity, must remove users from group first.")
		}
		if s.keysOf.First(tx, u.key()) != nil {
			return conflict("Cannot delete entity, must delete access keys first.")
		}
		if err := u.deletable(); err != nil {
			return err
		}
		s.users.rows.Delete(tx, u.key())
		return nil
	})
}

// accountOf gives the account of whoever asks: IAM is always the caller's own account's.
func accountOf(ctx context.Context) string { return wire.RequestFrom(ctx).Caller.AccountID }
