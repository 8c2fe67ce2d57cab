package twin

import (
	"errors"
	"net/http"
	"net/url"

	"accountfactory/internal/twin/identitycenter"
	"accountfactory/internal/twin/signin"
	"accountfactory/internal/twin/state"
)

// Administration: what AWS's consoles do to users and to Account Factory's settings, and AWS's API does not. JSON over HTTP under /_twin/admin/,
// signed with the name "twin". Users go by user name or id.

// admin gives all routes of administration.
func (t *Twin) admin() http.Handler {
	mux := http.NewServeMux()
	on := func(pattern string, h labHandler) { mux.Handle(pattern, t.labRoute(h)) }
	on("GET /_twin/admin/users", t.adminUsers)
	on("GET /_twin/admin/users/{user}", t.onUser(t.adminUser))
	on("POST /_twin/admin/users/{user}/invite", t.onUser(t.adminInvite))
	on("POST /_twin/admin/users/{user}/reset-password", t.onUser(t.adminReset))
	on("POST /_twin/admin/users/{user}/disable", t.onUser(t.adminDisable(true)))
	on("POST /_twin/admin/users/{user}/enable", t.onUser(t.adminDisable(false)))
	on("POST /_twin/admin/users/{user}/sign-out", t.onUser(t.adminSignOut))
	on("DELETE /_twin/admin/users/{user}/mfa/{device}", t.onUser(t.adminRemoveDevice))
	on("POST /_twin/admin/whoami", t.adminWho)
	on("POST /_twin/admin/console-entry", t.adminEntry)
	on("DELETE /_twin/admin/console-entry/{session}", t.adminLeave)
	on("GET /_twin/admin/mfa", t.adminPolicy)
	on("PUT /_twin/admin/mfa", t.adminSetPolicy)
	on("GET /_twin/admin/account-factory", t.labSettings)
	on("PUT /_twin/admin/account-factory", t.labPutSettings)
	on("POST /_twin/admin/accounts", t.adminMakeAccount)
	on("POST /_twin/admin/identity-center", t.adminEnableCenter)
	on("/_twin/admin/", func(r *http.Request) (any, error) {
		return nil, &labError{http.StatusNotFound, "NotFound", "there is no " + r.Method + " " + r.URL.Path}
	})
	return mux
}

// userHandler is a labHandler about one user.
type userHandler func(r *http.Request, u *identitycenter.User) (any, error)

func (t *Twin) onUser(h userHandler) labHandler {
	return func(r *http.Request) (any, error) {
		var u *identitycenter.User
		err := t.state.View(func(tx *state.Tx) error {
			if u = t.center.User(tx, r.PathValue("user")); u == nil {
				u = t.center.UserByName(tx, r.PathValue("user"))
			}
			return nil
		})
		if err == nil && u == nil {
			return nil, noSuchUser(r.PathValue("user"))
		}
		if err != nil {
			return nil, err
		}
		out, err := h(r, u)
		if errors.Is(err, identitycenter.ErrNoUser) {
			err = noSuchUser(r.PathValue("user"))
		}
		return out, err
	}
}

func noSuchUser(name string) error {
	return &labError{http.StatusNotFound, "NotFound", "there is no user " + name}
}

// userView is what administrators see of a user.
type userView struct {
	ID          string       `json:"id"`
	UserName    string       `json:"userName"`
	DisplayName string       `json:"displayName"`
	Email       string       `json:"email,omitempty"`
	Disabled    bool         `json:"disabled"`
	Password    bool         `json:"password"` // has one
	Devices     []deviceView `json:"mfa"`
	Sessions    int          `json:"sessions"`
}

type deviceView struct {
	ID   string `json:"id"`
	Kind string `json:"kind"`
	Name string `json:"name"`
}

func (t *Twin) viewUser(tx *state.Tx, u *identitycenter.User) userView {
	view := userView{
		ID: u.ID, UserName: u.UserName, DisplayName: u.DisplayName, Email: u.Email(), Disabled: u.Disabled,
		Password: t.signin.HasPassword(tx, u.ID), Devices: []deviceView{},
	}
	for _, d := range t.signin.Devices(tx, u.ID) {
		view.Devices = append(view.Devices, deviceView{d.ID, d.Kind, d.Name})
	}
	for range t.center.SessionsOf(tx, u.ID) {
		view.Sessions++
	}
	return view
}

// adminUserPage is how many users one answer lists; "next" goes on.
const adminUserPage = 1000

func (t *Twin) adminUsers(r *http.Request) (any, error) {
	users, next, last := []userView{}, "", ""
	err := t.state.View(func(tx *state.Tx) error {
		for u := range t.center.UsersAfter(tx, r.URL.Query().Get("after")) {
			if len(users) == adminUserPage {
				next = "/_twin/admin/users?after=" + url.QueryEscape(last)
				break
			}
			users, last = append(users, t.viewUser(tx, u)), u.ID
		}
		return nil
	})
	return map[string]any{"users": users, "next": next}, err
}

func (t *Twin) adminUser(_ *http.Request, u *identitycenter.User) (any, error) {
	var view userView
	err := t.state.View(func(tx *state.Tx) error {
		view = t.viewUser(tx, u)
		return nil
	})
	return view, err
}

func (t *Twin) adminInvite(r *http.Request, u *identitycenter.User) (any, error) {
	token := identitycenter.NewToken()
	err := t.state.Update(r.Context(), func(tx *state.Tx) error { return t.center.Invite(tx, u.ID, token) })
	if errors.Is(err, identitycenter.ErrNoAddress) {
		return nil, badRequest("the user has no e-mail address: reset the password with the method one-time-password instead")
	}
	return map[string]string{"mailed": u.Email()}, err
}

// adminReset takes {"method":"mail"} or {"method":"one-time-password"}.
func (t *Twin) adminReset(r *http.Request, u *identitycenter.User) (any, error) {
	in, err := readBody[struct {
		Method string `json:"method"`
	}](r)
	switch {
	case err != nil:
		return nil, err
	case in.Method == "one-time-password":
		password, err := t.signin.OneTimePassword(r.Context(), u.ID)
		return map[string]string{"password": password}, err
	case in.Method != "mail":
		return nil, badRequest(`method: want "mail" or "one-time-password"`)
	case u.Email() == "":
		return nil, badRequest("the user has no e-mail address: use the method one-time-password")
	}
	return map[string]string{"mailed": u.Email()}, t.signin.MailReset(r.Context(), u.ID)
}

func (t *Twin) adminDisable(disabled bool) userHandler {
	return func(r *http.Request, u *identitycenter.User) (any, error) {
		return map[string]bool{"disabled": disabled}, t.state.Update(r.Context(), func(tx *state.Tx) error {
			if !t.center.SetDisabled(tx, u.ID, disabled) {
				return identitycenter.ErrNoUser
			}
			return nil
		})
	}
}

func (t *Twin) adminSignOut(r *http.Request, u *identitycenter.User) (any, error) {
	return map[string]any{}, t.state.Update(r.Context(), func(tx *state.Tx) error {
		t.center.EndSessions(tx, u.ID, "")
		return nil
	})
}

func (t *Twin) adminRemoveDevice(r *http.Request, u *identitycenter.User) (any, error) {
	err := t.signin.RemoveDevice(r.Context(), u.ID, r.PathValue("device"))
	if errors.Is(err, signin.ErrNoDevice) {
		return nil, &labError{http.StatusNotFound, "NotFound", "the user has no such device"}
	}
	return map[string]any{}, err
}

func (t *Twin) adminPolicy(*http.Request) (any, error) {
	var p signin.Policy
	err := t.state.View(func(tx *state.Tx) error {
		p = t.signin.Policy(tx)
		return nil
	})
	return p, err
}

func (t *Twin) adminSetPolicy(r *http.Request) (any, error) {
	p, err := readBody[signin.Policy](r)
	if err != nil {
		return nil, err
	}
	if err := t.signin.SetPolicy(r.Context(), p); errors.Is(err, signin.ErrPolicy) {
		return nil, badRequest(err.Error())
	} else if err != nil {
		return nil, err
	}
	return p, nil
}
