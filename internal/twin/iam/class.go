package iam

import (
	"iter"

	"accountfactory/internal/twin/state"
)

// class is the table of users, of groups or of roles: what can be done to all three alike.
type class[T any] struct {
	rows      *state.Table[T]
	kind      string // "user"; the word in ARNs and messages
	limits    limits
	entity    func(*T) *Entity
	protected func(*T) error // why the row may not be changed, or nil; nil for none

	// What there is beside the rows; nil for nothing.
	lookup func(tx *state.Tx, accountID, name string) *T
	merge  func(tx *state.Tx, accountID, after string, rows iter.Seq[*T]) iter.Seq[*T]
}

// limits are the quotas of one class.
// Source: IAM User Guide, "IAM and AWS STS quotas".
type limits struct {
	rows        int    // per account
	rowsName    string // "UsersPerAccount"
	managed     int    // attached managed policies
	managedName string
	inline      int // characters of all inline policies together
}

var (
	userLimits  = limits{rows: 5000, rowsName: "UsersPerAccount", managed: 10, managedName: "PoliciesPerUser", inline: 2048}
	groupLimits = limits{rows: 300, rowsName: "GroupsPerAccount", managed: 10, managedName: "PoliciesPerGroup", inline: 5120}
	roleLimits  = limits{rows: 1000, rowsName: "RolesPerAccount", managed: 10, managedName: "PoliciesPerRole", inline: 10240}
)

// get gives a row, or NoSuchEntity.
func (c class[T]) get(tx *state.Tx, accountID, name string) (*T, error) {
	row := c.find(tx, accountID, name)
	if row == nil || c.entity(row).Name != name {
		return nil, noSuch("The %s with name %s cannot be found.", c.kind, name)
	}
	return row, nil
}

// find gives what has the name in any case, or nil.
func (c class[T]) find(tx *state.Tx, accountID, name string) *T {
	row := c.rows.Get(tx, key(accountID, name))
	if row == nil && c.lookup != nil {
		row = c.lookup(tx, accountID, name)
	}
	return row
}

// change applies f to a copy of a row and puts it, unless the row is missing, may not be changed, or f refuses. f replaces
// slices and maps.
func (c class[T]) change(tx *state.Tx, accountID, name string, f func(*T) error) error {
	row, err := c.get(tx, accountID, name)
	if err != nil {
		return err
	}
	if c.protected != nil {
		if err := c.protected(row); err != nil {
			return err
		}
	}
	next := *row
	if err := f(&next); err != nil {
		return err
	}
	c.rows.Put(tx, &next)
	return nil
}

// changeEntity is change for what all classes have.
func (c class[T]) changeEntity(tx *state.Tx, accountID, name string, f func(*Entity) error) error {
	return c.change(tx, accountID, name, func(row *T) error { return f(c.entity(row)) })
}

// vacancy reports why no further row of this name can be made in the account: the name is taken or the quota used up.
func (c class[T]) vacancy(tx *state.Tx, accountID, name string) error {
	if c.find(tx, accountID, name) != nil {
		return exists("%s with name %s already exists.", title(c.kind), name)
	}
	n := 0
	for range c.of(tx, accountID, "") {
		n++
	}
	if n >= c.limits.rows {
		return exceeded("Cannot exceed quota for %s: %d", c.limits.rowsName, c.limits.rows)
	}
	return nil
}

// of gives the rows of an account whose keys come after the one given, in the order of their names.
func (c class[T]) of(tx *state.Tx, accountID, after string) iter.Seq[*T] {
	rows := inAccount(tx, c.rows, accountID, after, func(row *T) string { return c.entity(row).AccountID })
	if c.merge != nil {
		return c.merge(tx, accountID, after, rows)
	}
	return rows
}

// inAccount gives the rows of a table whose keys begin with the account, after the key given.
func inAccount[T any](tx *state.Tx, rows *state.Table[T], accountID, after string, account func(*T) string) iter.Seq[*T] {
	if after == "" {
		after = accountID + "/"
	}
	return func(yield func(*T) bool) {
		for row := range rows.After(tx, after) {
			if account(row) != accountID || !yield(row) {
				return
			}
		}
	}
}

// deletable reports why an entity cannot be deleted yet. AWS wants all that hangs on it removed first.
func (e *Entity) deletable() error {
	if len(e.Managed) > 0 {
		return conflict("Cannot delete entity, must detach all policies first.")
	}
	if len(e.Inline) > 0 {
		return conflict("Cannot delete entity, must delete policies first.")
	}
	return nil
}
