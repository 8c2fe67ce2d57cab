package twin

import (
	"errors"
	"net/http"
	"time"

	"accountfactory/internal/twin/identitycenter"
	"accountfactory/internal/twin/signin"
	"accountfactory/internal/twin/state"
)

// sessionView is whose sign-in an access token shows, and until when.
type sessionView struct {
	User    personView `json:"user"`
	Expires time.Time  `json:"expires"`
}

type personView struct {
	ID          string `json:"id"`
	UserName    string `json:"userName"`
	DisplayName string `json:"displayName"`
	Email       string `json:"email,omitempty"`
}

// adminWho takes {"accessToken"} of the portal's API: AWS's portal learns from its own back end who has signed in, and its
// API for clients does not say.
func (t *Twin) adminWho(r *http.Request) (any, error) {
	in, err := readBody[struct {
		AccessToken string `json:"accessToken"`
	}](r)
	if err != nil {
		return nil, err
	}
	var view sessionView
	return &view, t.state.View(func(tx *state.Tx) error {
		p, u := t.center.Session(tx, identitycenter.AccessUse, in.AccessToken)
		if u == nil {
			return &labError{http.StatusNotFound, "NotFound", "nobody is signed in with this token"}
		}
		view = sessionView{personView{u.ID, u.UserName, u.DisplayName, u.Email()}, p.Expires}
		return nil
	})
}

// entryView is a role that a sign-in link has opened, with the credentials of its session.
type entryView struct {
	AccountID       string    `json:"accountId"`
	Role            string    `json:"role"`
	ARN             string    `json:"arn"`
	UserID          string    `json:"userId"`
	AccessKeyID     string    `json:"accessKeyId"`
	SecretAccessKey string    `json:"secretAccessKey"`
	SessionToken    string    `json:"sessionToken"`
	Expires         time.Time `json:"expires"`
}

// adminEntry gives the console what a browser that comes by a sign-in link may open, once.
func (t *Twin) adminEntry(r *http.Request) (any, error) {
	in, err := readBody[struct {
		Code string `json:"code"`
	}](r)
	if err != nil {
		return nil, err
	}
	n, err := t.signin.Enter(r.Context(), in.Code)
	if errors.Is(err, signin.ErrNoEntry) {
		return nil, &labError{http.StatusNotFound, "NotFound", "this code leads nowhere, or does no more"}
	}
	if err != nil {
		return nil, err
	}
	return entryView{n.AccountID, n.Name, n.ARN, n.UserID, n.ID, n.Secret, n.Token, n.Expires}, nil
}

// adminLeave ends what a sign-in link has opened, when somebody signs out of the console.
func (t *Twin) adminLeave(r *http.Request) (any, error) {
	err := t.signin.Leave(r.Context(), r.PathValue("session"))
	if errors.Is(err, signin.ErrNoEntry) {
		return nil, &labError{http.StatusNotFound, "NotFound", "no sign-in link has opened this session, or it has ended"}
	}
	return map[string]any{}, err
}
