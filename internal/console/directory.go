package console

import (
	"context"
	"net/http"
	"time"

	"accountfactory/internal/cloud"
)

// Directory tells who has signed in: the portal's API for clients does not.
type Directory interface {
	// Who gives whose an access token is, and when their sign-in ends. Returns an error wrapping cloud.ErrSignedOut.
	Who(ctx context.Context, access string) (User, time.Time, error)
}

// TwinDirectory asks the twin's administration.
type TwinDirectory struct{ Lab *cloud.Lab }

// Who asks whose the token is.
func (d TwinDirectory) Who(ctx context.Context, access string) (User, time.Time, error) {
	var out struct {
		User    User      `json:"user"`
		Expires time.Time `json:"expires"`
	}
	err := d.Lab.Do(ctx, http.MethodPost, "/_twin/admin/whoami", map[string]string{"accessToken": access}, &out)
	return out.User, out.Expires, err
}
