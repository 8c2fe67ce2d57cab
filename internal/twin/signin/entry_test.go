package signin_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"accountfactory/internal/twin/signin"
)

// entryFrom opens a link and gives the code with which the browser is led to the console.
func (b *bundle) entryFrom(t *testing.T, token, to string) string {
	t.Helper()
	p := get(t, b.browser(), signinLink(token, to)) // of which nothing is here: it is the console's
	q := p.URL.Query()
	if p.URL.Path != "/sign-in/federated" || q.Get("return") != to {
		t.Errorf("it leads to %s", p.URL)
	}
	return q.Get("code")
}

// TestEntry: with a console beside the twin a link leads there, with a code that gives the session once, within a minute.
func TestEntry(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *signin.Config) { c.ConsoleEntry = "/sign-in/federated" })
	c := b.role(t, "Deployer", false)
	code := b.entryFrom(t, b.token(t, c), "/controltower")
	n, err := b.Enter(t.Context(), code)
	if err != nil || n.Name != "Deployer" || n.AccountID != management || n.Secret == "" || n.Token == "" || n.ID == c.ID {
		t.Fatalf("%+v, %v", n, err)
	}
	for name, code := range map[string]string{"used": code, "none": "", "a broker's token": b.token(t, c)} {
		if _, err := b.Enter(t.Context(), code); !errors.Is(err, signin.ErrNoEntry) {
			t.Errorf("%s: %v", name, err)
		}
	}
	late := b.entryFrom(t, b.token(t, c), "/")
	b.wall.pass(2 * time.Minute)
	if _, err := b.Enter(t.Context(), late); !errors.Is(err, signin.ErrNoEntry) {
		t.Errorf("late: %v", err)
	}
	if err := b.Leave(t.Context(), n.ID); err != nil {
		t.Error(err)
	}
	for name, id := range map[string]string{"ended already": n.ID, "the broker's own": c.ID} {
		if err := b.Leave(t.Context(), id); !errors.Is(err, signin.ErrNoEntry) {
			t.Errorf("%s: %v", name, err)
		}
	}
	unused := b.entryFrom(t, b.token(t, c), "/")
	wantAlert(t, get(t, b.browser(), signinLink(unused, "/")), http.StatusBadRequest, textLinkUsed)
}
