package signin_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"accountfactory/internal/twin/signin"
	"accountfactory/internal/twin/state"
)

func TestCheckPassword(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, password string
		good           bool
	}{
		{"eight of all classes", "aB3-efgh", true},
		{"seven", "aB3-efg", false},
		{"sixty-four", "aB3-" + strings.Repeat("x", 60), true},
		{"sixty-five", "aB3-" + strings.Repeat("x", 61), false},
		{"no lower case", "AB3-EFGH", false},
		{"no upper case", "ab3-efgh", false},
		{"no digit", "aBc-efgh", false},
		{"no symbol", "aB3defgh", false},
		{"a blank is no symbol", "aB3 efgh", false},
		{"a line feed", "aB3-efgh\n", false},
		{"sixty-four letters of two bytes", "aB3-" + strings.Repeat("é", 60), true},
		{"empty", "", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if err := signin.CheckPassword(tc.password); (err == nil) != tc.good {
				t.Errorf("%q: %v", tc.password, err)
			}
		})
	}
}

func TestInvitation(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, link := b.user(t, "jane")
	in := b.browser()
	wantTitle(t, get(t, in, link), "Accept the invitation")
	if got := in.Page.Root.ID("username").Attrs["value"]; got != "jane" {
		t.Errorf("the page is for %q", got)
	}
	wantAlert(t, submit(t, in, "choose", "password", password, "again", another), http.StatusUnprocessableEntity, "The two passwords differ.")
	wantAlert(t, submit(t, in, "choose", "password", "short", "again", "short"), http.StatusUnprocessableEntity,
		"A password has 8 to 64 characters, and among them a lower case letter, an upper case letter, a digit and a symbol.")
	wantTitle(t, submit(t, in, "choose", "password", password, "again", password), "You are signed in")

	wantAlert(t, get(t, b.browser(), link), http.StatusGone, "This invitation has been used. Sign in, or ask for another one.")
	wantAlert(t, get(t, b.browser(), "/start/invitation/unknown"), http.StatusNotFound, "There is no such invitation. Perhaps a later one has replaced it.")
	_, late := b.user(t, "bob")
	b.wall.pass(7 * 24 * time.Hour)
	wantAlert(t, get(t, b.browser(), late), http.StatusGone, "This invitation has expired. Ask your administrator for another one.")
}

// Two who open the same invitation: only the first sets a password.
func TestInvitation_Once(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, link := b.user(t, "jane")
	first, second := b.browser(), b.browser()
	get(t, first, link)
	get(t, second, link)
	wantTitle(t, submit(t, first, "choose", "password", password, "again", password), "You are signed in")
	if p := submit(t, second, "choose", "password", another, "again", another); p.Status != http.StatusGone && p.Status != http.StatusUnprocessableEntity {
		t.Errorf("the second answers %d: %s", p.Status, p.Alert())
	}
	if signedIn(t, second) {
		t.Error("the second is signed in")
	}
	wantTitle(t, signIn(t, b.browser(), "jane", password), "You are signed in")
}

func TestChangePassword(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, in := b.jane(t)
	elsewhere := b.browser()
	wantTitle(t, signIn(t, elsewhere, "JANE", password), "You are signed in")

	get(t, in, "/signin/password")
	wantAlert(t, submit(t, in, "choose", "current", another, "password", another, "again", another), http.StatusUnprocessableEntity, "That is not your present password.")
	current := password
	for i := range 3 {
		next := fmt.Sprintf("Number-%d-horse", i)
		get(t, in, "/signin/password")
		wantTitle(t, submit(t, in, "choose", "current", current, "password", next, "again", next), "You are signed in")
		current = next
	}
	if signedIn(t, elsewhere) {
		t.Error("a change of password leaves another browser signed in")
	}
	for i, reused := range []bool{true, true, true} {
		old := fmt.Sprintf("Number-%d-horse", i)
		get(t, in, "/signin/password")
		p := submit(t, in, "choose", "current", current, "password", old, "again", old)
		if (p.Status == http.StatusUnprocessableEntity) != reused {
			t.Errorf("one of the last three again: %d %s", p.Status, p.Alert())
		}
	}
	get(t, in, "/signin/password")
	wantTitle(t, submit(t, in, "choose", "current", current, "password", password, "again", password), "You are signed in") // the fourth back
}

func TestForgottenPassword(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, in := b.jane(t)
	out := b.browser()
	get(t, out, "/signin/forgot")
	known := string(submit(t, out, "forgot", "username", "jane").Body)
	get(t, out, "/signin/forgot")
	unknown := string(submit(t, out, "forgot", "username", "nobody").Body)
	if known != unknown {
		t.Errorf("the page tells users from strangers:\n%s\n%s", known, unknown)
	}
	link := b.mail(t, "mail-jane@example.com").Link
	wantTitle(t, get(t, out, link), "Choose another password")
	wantAlert(t, submit(t, out, "choose", "password", password, "again", password), http.StatusUnprocessableEntity,
		"You have used that password lately. Choose one that is not among your last three.")
	wantTitle(t, submit(t, out, "choose", "password", another, "again", another), "You are signed in")
	if signedIn(t, in) {
		t.Error("a password chosen anew leaves the old browser signed in")
	}
	wantAlert(t, get(t, b.browser(), link), http.StatusNotFound, "This link has been used, or has expired. Ask for another one.")
	wantAlert(t, signIn(t, b.browser(), "jane", password), http.StatusUnauthorized, "User name or password is wrong.")

	get(t, out, "/signin/forgot")
	submit(t, out, "forgot", "username", "jane")
	late := b.mail(t, "mail-jane@example.com").Link
	b.wall.pass(time.Hour)
	wantAlert(t, get(t, b.browser(), late), http.StatusNotFound, "This link has been used, or has expired. Ask for another one.")
}

// A flood of requests for one user mails little.
func TestForgottenPassword_Throttled(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.user(t, "jane")
	out := b.browser()
	for range 10 {
		get(t, out, "/signin/forgot")
		wantTitle(t, submit(t, out, "forgot", "username", "jane"), "Forgotten password")
	}
	mails := 0
	b.view(t, func(tx *state.Tx) {
		for range tx.Messages("mail", "") {
			mails++
		}
	})
	if mails > 4 { // the invitation, two for nothing, one more after a second
		t.Errorf("%d mails", mails)
	}
}

func TestOneTimePassword(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id, before := b.jane(t)
	once, err := b.OneTimePassword(t.Context(), id)
	must(t, err)
	if err := signin.CheckPassword(once); err != nil {
		t.Errorf("%q: %v", once, err)
	}
	if signedIn(t, before) {
		t.Error("a reset leaves the old browser signed in")
	}
	in := b.browser()
	wantTitle(t, signIn(t, in, "jane", once), "Choose a password")
	if signedIn(t, in) {
		t.Error("a one-time password signs in before it is replaced")
	}
	get(t, in, "/signin/new-password")
	wantTitle(t, submit(t, in, "choose", "password", another, "again", another), "You are signed in")
	wantAlert(t, signIn(t, b.browser(), "jane", once), http.StatusUnauthorized, "User name or password is wrong.")
}
