package factory

import (
	"fmt"
	"strings"
	"time"
)

// Options are what requests about an account that exists carry beside the six parameters.
type Options struct {
	Account         string   `json:"account,omitempty"`         // which: its id, e-mail or name
	RemoveOldAccess bool     `json:"removeOldAccess,omitempty"` // update: the SSO user replaced loses administrator access
	Grant           []Access `json:"grant,omitempty"`           // access, launch and enroll: to be added
	Revoke          []Access `json:"revoke,omitempty"`          // access: to be taken away
	CoolOff         string   `json:"coolOff,omitempty"`         // close: how long it can still be undone, such as "72h"
	// Of a new account, and of one that is enrolled: each is put by a step of its own, and seen before the request succeeds.
	Tags     map[string]string `json:"tags,omitempty"`
	Contacts []Contact         `json:"contacts,omitempty"` // one of each type at most
	// Fields are the asker's own: kept with the request and given to its hooks.
	Fields map[string]string `json:"fields,omitempty"`

	NewName  string `json:"newName,omitempty"`  // update: what the account is to be called
	NewEmail string `json:"newEmail,omitempty"` // update: its root user's e-mail, once somebody read the code sent there
}

// Access is a permission set for a group or a user on an account, by the names people know.
type Access struct {
	Group         string `json:"group,omitempty"` // display name
	User          string `json:"user,omitempty"`  // e-mail
	PermissionSet string `json:"permissionSet"`
}

// holder names who has the access.
func (a Access) holder() string {
	if a.Group != "" {
		return "the group " + a.Group
	}
	return a.User
}

func (a Access) String() string {
	if a.Group != "" {
		return a.PermissionSet + " for the group " + a.Group
	}
	return a.PermissionSet + " for " + a.User
}

// ParseAccess reads "group:NAME=PERMISSION-SET" or "user:EMAIL=PERMISSION-SET".
func ParseAccess(text string) (Access, error) {
	who, set, found := strings.Cut(text, "=")
	what, name, typed := strings.Cut(who, ":")
	if !found || !typed || name == "" || set == "" || what != "group" && what != "user" {
		return Access{}, fmt.Errorf("%q is neither group:NAME=PERMISSION-SET nor user:EMAIL=PERMISSION-SET", text)
	}
	if what == "group" {
		return Access{Group: name, PermissionSet: set}, nil
	}
	return Access{User: name, PermissionSet: set}, nil
}

// maxCoolOff is as long as AWS keeps a closed account: waiting longer than one can undo makes no sense.
const maxCoolOff = 90 * 24 * time.Hour

// coolOff gives how long a close waits, or the configured time where nothing is said.
func (o Options) coolOff(usual time.Duration) (time.Duration, error) {
	if o.CoolOff == "" {
		return usual, nil
	}
	d, err := time.ParseDuration(o.CoolOff)
	if err != nil || d < 0 || d > maxCoolOff {
		return 0, fmt.Errorf("%q is no time between 0s and %s", o.CoolOff, maxCoolOff)
	}
	return d, nil
}
