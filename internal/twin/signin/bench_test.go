package signin_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"accountfactory/internal/twin/identitycenter"
	"accountfactory/internal/twin/state"
)

// The sign-in page's post, hash and all, must not grow with the directory: it is to be compared with one hash.
func BenchmarkSignIn(b *testing.B) {
	b.Run("hash", func(b *testing.B) {
		w := setup(b)
		tries := 0
		for b.Loop() { // nobody has these names, so one hash is computed and nothing else is done
			tries++
			w.post(b, fmt.Sprintf("nobody-%d", tries), http.StatusUnauthorized)
		}
	})
	for _, size := range []int{100, 10_000} {
		w := setup(b)
		w.update(b, func(tx *state.Tx) error { return w.fill(tx, size) })
		w.choose(b, "user-7")
		b.Run(fmt.Sprintf("users=%d", size), func(b *testing.B) {
			for b.Loop() {
				w.post(b, "user-7", http.StatusSeeOther)
			}
		})
	}
}

// fill makes users, a tenth as many groups with the users in them, and five times as many assignments.
func (b *bundle) fill(tx *state.Tx, users int) error {
	set, err := b.center.PutPermissionSet(tx, identitycenter.SetSpec{Name: "Set"})
	if err != nil {
		return err
	}
	var group *identitycenter.Group
	for i := range users {
		if i%10 == 0 {
			if group, err = b.center.PutGroup(tx, fmt.Sprintf("Group %d", i/10), ""); err != nil {
				return err
			}
		}
		u, err := b.center.PutUser(tx, identitycenter.NewUser{UserName: fmt.Sprintf("user-%d", i), Given: "A", Family: "B", Email: fmt.Sprintf("user-%d@example.com", i)})
		if err != nil {
			return err
		}
		if _, err := b.center.Join(tx, group.ID, u.ID); err != nil {
			return err
		}
		for j := range 5 {
			if err := b.center.Assign(tx, identitycenter.Assignment{
				AccountID: fmt.Sprintf("3%011d", 5*i+j), PermissionSetARN: set.ARN, PrincipalType: identitycenter.UserPrincipal, PrincipalID: u.ID,
			}); err != nil {
				return err
			}
		}
	}
	return nil
}

// choose gives a user the password of the tests, by an invitation.
func (b *bundle) choose(tb testing.TB, name string) {
	tb.Helper()
	token := identitycenter.NewToken()
	b.update(tb, func(tx *state.Tx) error { return b.center.Invite(tx, b.center.UserByName(tx, name).ID, token) })
	b.send(tb, "/signin/invitation/"+token.Secret, url.Values{"password": {password}, "again": {password}}, http.StatusSeeOther)
}

// post signs in.
func (b *bundle) post(tb testing.TB, name string, want int) {
	tb.Helper()
	b.send(tb, "/signin/in", url.Values{"username": {name}, "password": {password}}, want)
}

func (b *bundle) send(tb testing.TB, path string, form url.Values, want int) {
	tb.Helper()
	r := httptest.NewRequestWithContext(tb.Context(), http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	b.pages.ServeHTTP(w, r)
	if w.Code != want {
		tb.Fatalf("%s answers %d: %s", path, w.Code, w.Body)
	}
}
