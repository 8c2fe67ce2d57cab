package signin_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"accountfactory/internal/twin/identitycenter"
	"accountfactory/internal/twin/state"
	"accountfactory/test/harness"
)

// sessions gives the rows of the home page's table.
func sessions(t *testing.T, in *harness.Browser) []*harness.Node {
	t.Helper()
	return get(t, in, "/signin/").Root.ID("sessions").FindAll(harness.Element("tr", ""))[1:]
}

func TestOwnSessions(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, in := b.jane(t)
	other := b.browser()
	wantTitle(t, signIn(t, other, "jane", password), "You are signed in")
	rows := sessions(t, in)
	if len(rows) != 2 {
		t.Fatalf("%d sessions", len(rows))
	}
	theirs := rows[slices.IndexFunc(rows, func(n *harness.Node) bool { return n.Find(harness.Element("td", "")).Content() == "harness browser" })]
	form := theirs.Find(harness.Element("form", ""))

	_, bobs := b.user(t, "bob")
	bob := b.browser()
	get(t, bob, bobs)
	submit(t, bob, "choose", "password", password, "again", password)
	wantAlert(t, submitTo(t, bob, form.Attrs["action"]), http.StatusNotFound, "You have no such session. It may have ended.")
	if !signedIn(t, other) {
		t.Fatal("bob ended jane's session")
	}
	if _, err := in.SubmitForm(t.Context(), form, nil); err != nil {
		t.Fatal(err)
	}
	if signedIn(t, other) || !signedIn(t, in) {
		t.Error("ended the wrong session, or none")
	}
	b.wall.pass(8 * time.Hour)
	if signedIn(t, in) {
		t.Error("a session lasts longer than eight hours")
	}
}

func TestSignOut(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, in := b.jane(t)
	kept := cookie(t, in, "accountfactory_signin")
	wantTitle(t, submitTo(t, in, "/signin/out"), "Sign in")
	b.view(t, func(tx *state.Tx) {
		if p, _ := b.center.Session(tx, identitycenter.BrowserUse, kept); p != nil {
			t.Error("the cookie of before is still good")
		}
	})
	wantTitle(t, get(t, in, "/signin/"), "Sign in")
	wantAlert(t, submitTo(t, in, "/signin/browsers/forget"), http.StatusUnauthorized, "Your session has ended. Sign in and try again.")
}

func TestOwnDevices(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id, in := b.jane(t)
	for range 8 {
		b.registerApp(t, in)
	}
	p := get(t, in, "/signin/devices/totp")
	ninth := app{b, p.Root.ID("secret").Content()}
	wantAlert(t, submit(t, in, "totp", "code", ninth.code(t)), http.StatusConflict, "You have eight devices already. Remove one first.")
	rows := get(t, in, "/signin/").Root.ID("devices").FindAll(harness.Element("form", ""))

	_, bobs := b.user(t, "bob")
	bob := b.browser()
	get(t, bob, bobs)
	submit(t, bob, "choose", "password", password, "again", password)
	wantAlert(t, submitTo(t, bob, rows[0].Attrs["action"]), http.StatusNotFound, "You have no such device.")
	if _, err := in.SubmitForm(t.Context(), rows[0], nil); err != nil {
		t.Fatal(err)
	}
	b.view(t, func(tx *state.Tx) {
		if got := len(b.Devices(tx, id)); got != 7 {
			t.Errorf("%d devices left", got)
		}
	})
}

// What sign-in knows of a user goes with them.
func TestUserRemoved(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id, in := b.jane(t)
	b.registerApp(t, in)
	b.update(t, func(tx *state.Tx) error {
		b.center.RemoveUser(tx, id)
		return nil
	})
	b.view(t, func(tx *state.Tx) {
		if b.HasPassword(tx, id) || len(b.Devices(tx, id)) > 0 {
			t.Error("a removed user has left a password or a device")
		}
	})
	if signedIn(t, in) {
		t.Error("a removed user is signed in")
	}
	wantAlert(t, signIn(t, b.browser(), "jane", password), http.StatusUnauthorized, "User name or password is wrong.")
}
