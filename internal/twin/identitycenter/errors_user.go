package identitycenter

import "errors"

// ErrNoUser says that a user is not there, to callers that speak no AWS API.
var ErrNoUser = errors.New("no such user")
