package servicecatalog

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"
)

// accessLevel reads a request's level, or gives the operation's default.
func accessLevel(f *types.AccessLevelFilter, otherwise types.AccessLevelFilterKey) (types.AccessLevelFilterKey, error) {
	if f == nil || f.Key == "" {
		return otherwise, nil
	}
	// The reference once wrote "Self", now "self"; both are taken.
	if f.Value != nil && !strings.EqualFold(*f.Value, "self") {
		return "", invalid("Invalid access level value %s: the only supported value is self.", *f.Value)
	}
	return f.Key, nil
}

// within tells whether what o owns is in the caller's reach at a level: their own session's, their role's, the account's.
func (c *call) within(level types.AccessLevelFilterKey, o Owner) bool {
	switch level {
	case types.AccessLevelFilterKeyUser:
		return o.Session == c.owner.Session || o.Session == o.ARN && o.ARN == c.owner.ARN // a role's own is all its sessions'
	case types.AccessLevelFilterKeyRole:
		return o.ARN == c.owner.ARN
	case types.AccessLevelFilterKeyAccount:
	}
	return true
}
