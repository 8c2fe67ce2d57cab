package signin_test

import (
	"net/http"
	"regexp"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"accountfactory/internal/twin/signin"
	"accountfactory/internal/twin/state"
	"accountfactory/test/harness"
)

// app is an authenticator app that has been given a secret.
type app struct {
	b      *bundle
	secret string
}

// code is what the app shows now.
func (a app) code(t *testing.T) string {
	t.Helper()
	code, err := totp.GenerateCode(a.secret, a.b.wall.Now())
	must(t, err)
	return code
}

// registerApp registers an authenticator app on the page that a browser is at, or goes there.
func (b *bundle) registerApp(t *testing.T, in *harness.Browser) app {
	t.Helper()
	p := get(t, in, "/signin/devices/totp")
	a := app{b, p.Root.ID("secret").Content()}
	if img := get(t, in, "/signin/devices/totp.png"); img.Header.Get("Content-Type") != "image/png" || len(img.Body) < 500 {
		t.Errorf("the picture: %d bytes of %s", len(img.Body), img.Header.Get("Content-Type"))
	}
	in.Page = p
	wantTitle(t, submit(t, in, "totp", "code", a.code(t), "name", "Phone"), "You are signed in")
	return a
}

func TestTOTP(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, in := b.jane(t)
	get(t, in, "/signin/devices/totp")
	wantAlert(t, submit(t, in, "totp", "code", "000000"), http.StatusUnprocessableEntity, "That is not the code the app shows for this secret.")
	a := b.registerApp(t, in)
	used := a.code(t)

	fresh := b.browser()
	wantTitle(t, signIn(t, fresh, "jane", password), "Second factor")
	if signedIn(t, fresh) {
		t.Fatal("signed in by password alone")
	}
	get(t, fresh, "/signin/factor")
	wantAlert(t, submit(t, fresh, "code", "code", used), http.StatusUnprocessableEntity, "That code is wrong, or has been used. Wait for the next one.")
	b.wall.pass(30 * time.Second)
	next := a.code(t)
	wantTitle(t, submit(t, fresh, "code", "code", next[:3]+" "+next[3:]), "You are signed in")

	replay := b.browser()
	wantTitle(t, signIn(t, replay, "jane", password), "Second factor")
	wantAlert(t, submit(t, replay, "code", "code", next), http.StatusUnprocessableEntity, "That code is wrong, or has been used. Wait for the next one.")
	wantAlert(t, submit(t, replay, "code", "code", used), http.StatusUnprocessableEntity, "That code is wrong, or has been used. Wait for the next one.")
}

func TestTOTP_Guessed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, in := b.jane(t)
	a := b.registerApp(t, in)
	b.wall.pass(time.Minute)
	guess := b.browser()
	wantTitle(t, signIn(t, guess, "jane", password), "Second factor")
	for range 4 {
		wantAlert(t, submit(t, guess, "code", "code", "not it"), http.StatusUnprocessableEntity, "That code is wrong, or has been used. Wait for the next one.")
	}
	wantAlert(t, submit(t, guess, "code", "code", "not it"), http.StatusForbidden, "Too many wrong codes. Sign in again.")
	wantTitle(t, signIn(t, guess, "jane", password), "Second factor")
	submit(t, guess, "code", "code", "not it")
	if p := submit(t, guess, "code", "code", a.code(t)); p.Status != http.StatusTooManyRequests {
		t.Errorf("the seventh guess is answered %d", p.Status)
	}
	b.wall.pass(time.Minute)
	wantTitle(t, submit(t, guess, "code", "code", a.code(t)), "You are signed in")
}

func TestMFA_TrustedBrowser(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, in := b.jane(t)
	a := b.registerApp(t, in)
	b.wall.pass(time.Minute)
	mine := b.browser()
	wantTitle(t, signIn(t, mine, "jane", password), "Second factor")
	wantTitle(t, submit(t, mine, "code", "code", a.code(t), "remember", "yes"), "You are signed in")
	wantTitle(t, signIn(t, mine, "jane", password), "You are signed in")
	wantTitle(t, signIn(t, b.browser(), "jane", password), "Second factor")

	_, bobs := b.user(t, "bob")
	get(t, mine, bobs)
	wantTitle(t, submit(t, mine, "choose", "password", password, "again", password), "You are signed in")
	b.registerApp(t, mine)
	wantTitle(t, signIn(t, mine, "bob", password), "Second factor") // jane's trust is not bob's

	must(t, b.SetPolicy(t.Context(), signin.Policy{Mode: signin.AlwaysOn, NoDevice: signin.AllowNoDevice}))
	wantTitle(t, signIn(t, mine, "jane", password), "Second factor")
	must(t, b.SetPolicy(t.Context(), signin.Policy{Mode: signin.Disabled, NoDevice: signin.AllowNoDevice}))
	wantTitle(t, signIn(t, b.browser(), "jane", password), "You are signed in")
	must(t, b.SetPolicy(t.Context(), signin.Policy{Mode: signin.ContextAware, NoDevice: signin.AllowNoDevice}))
	wantTitle(t, signIn(t, mine, "jane", password), "You are signed in")
	wantTitle(t, submitTo(t, mine, "/signin/browsers/forget"), "You are signed in")
	wantTitle(t, signIn(t, mine, "jane", password), "Second factor")
}

func TestMFA_WithoutDevice(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.jane(t)
	policy := func(noDevice string) {
		t.Helper()
		must(t, b.SetPolicy(t.Context(), signin.Policy{Mode: signin.ContextAware, NoDevice: noDevice}))
	}
	policy(signin.BlockNoDevice)
	wantAlert(t, signIn(t, b.browser(), "jane", password), http.StatusForbidden, "You need a second factor to sign in, and have none. Ask your administrator.")

	policy(signin.EmailCode)
	in := b.browser()
	wantTitle(t, signIn(t, in, "jane", password), "Second factor")
	code := regexp.MustCompile(`\b\d{6}\b`).FindString(b.mail(t, "mail-jane@example.com").Text)
	wantAlert(t, submit(t, in, "code", "code", "000000x"), http.StatusUnprocessableEntity, "That code is wrong, or has been used. Wait for the next one.")
	other := b.browser()
	wantTitle(t, signIn(t, other, "jane", password), "Second factor")
	wantAlert(t, submit(t, other, "code", "code", code), http.StatusUnprocessableEntity, "That code is wrong, or has been used. Wait for the next one.")
	wantTitle(t, submit(t, in, "code", "code", code), "You are signed in")

	policy(signin.RequireDevice)
	begun := b.browser()
	wantTitle(t, signIn(t, begun, "jane", password), "Register an authenticator app")
	if signedIn(t, begun) {
		t.Error("signed in before a device is registered")
	}
	b.registerApp(t, begun)
	wantTitle(t, signIn(t, b.browser(), "jane", password), "Second factor")

	if err := b.SetPolicy(t.Context(), signin.Policy{Mode: "SOMETIMES", NoDevice: signin.AllowNoDevice}); err == nil {
		t.Error("a mode there is not is taken")
	}
}

// A sign-in under way is worth ten minutes, and is its user's alone.
func TestAttempt_Expires(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, in := b.jane(t)
	a := b.registerApp(t, in)
	late := b.browser()
	wantTitle(t, signIn(t, late, "jane", password), "Second factor")
	b.wall.pass(10 * time.Minute)
	wantAlert(t, submit(t, late, "code", "code", a.code(t)), http.StatusUnauthorized, "The sign-in has taken too long, or was begun elsewhere. Sign in again.")
	wantAlert(t, get(t, b.browser(), "/signin/factor"), http.StatusUnauthorized, "The sign-in has taken too long, or was begun elsewhere. Sign in again.")
	wantAlert(t, get(t, b.browser(), "/signin/devices/totp"), http.StatusUnauthorized, "The sign-in has taken too long, or was begun elsewhere. Sign in again.")
}

// Being disabled between password and code is noticed.
func TestAttempt_Disabled(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id, in := b.jane(t)
	a := b.registerApp(t, in)
	b.wall.pass(time.Minute)
	half := b.browser()
	wantTitle(t, signIn(t, half, "jane", password), "Second factor")
	b.update(t, func(tx *state.Tx) error { b.center.SetDisabled(tx, id, true); return nil })
	wantAlert(t, submit(t, half, "code", "code", a.code(t)), http.StatusForbidden, "Your user is disabled. Ask your administrator.")
	wantAlert(t, signIn(t, b.browser(), "jane", password), http.StatusForbidden, "Your user is disabled. Ask your administrator.")
	if signedIn(t, in) {
		t.Error("a disabled user is still signed in")
	}
}

// Moving the twin's clock by a quarter of a year ends no session and no code.
func TestTwinClock(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, in := b.jane(t)
	a := b.registerApp(t, in)
	b.wall.pass(time.Minute)
	must(t, b.st.SetClock(t.Context(), b.st.Clock().Advanced(91*24*time.Hour)))
	must(t, b.st.SetClock(t.Context(), b.st.Clock().Stopped()))
	if !signedIn(t, in) {
		t.Error("the session has ended")
	}
	fresh := b.browser()
	wantTitle(t, signIn(t, fresh, "jane", password), "Second factor")
	wantTitle(t, submit(t, fresh, "code", "code", a.code(t)), "You are signed in")
}
