package browser

import (
	"testing"

	"accountfactory/test/harness"
)

const (
	password = "Correct-horse-1"
	enter    = "#sign-in button[type=submit]"
	usePass  = "#passkey button[type=submit]"
)

// TestPasskey: Chromium registers a passkey on localhost and signs in with it; with another authenticator it does not, and
// once the passkey is removed nobody asks for one.
func TestPasskey(t *testing.T) {
	t.Parallel()
	b := harness.StartChromium(t)
	p := harness.Run(t, "twin")
	link, err := p.Mailed(t.Context(), "requester@example.com")
	if err != nil {
		t.Fatal(err)
	}
	key := b.Authenticator()
	b.Open(link)
	b.AwaitTitle("Accept the invitation")
	b.Type("#password", password)
	b.Type("#again", password)
	b.Press("#choose button[type=submit]")
	b.AwaitTitle("You are signed in")

	b.Open(p.Console + "/signin/devices/passkey")
	b.AwaitTitle("Register a passkey")
	b.Type("#name", "Key of the test")
	b.Press(usePass)
	b.AwaitTitle("You are signed in")
	if got := b.Eval("document.querySelector('#devices td').textContent"); got != "Key of the test" {
		t.Errorf("the page shows the device %v", got)
	}
	made := b.Passkeys(key)
	if len(made) != 1 || made[0].Host != "localhost" {
		t.Fatalf("the authenticator holds %+v", made)
	}

	signIn(b, p)
	b.AwaitTitle("Second factor")
	b.Press(usePass)
	b.AwaitTitle("You are signed in")
	if used := b.Passkeys(key); len(used) != 1 || used[0].SignCount <= made[0].SignCount {
		t.Errorf("after the use the authenticator holds %+v", used)
	}

	// A copy of the user name and password, and another key.
	b.Do("WebAuthn.removeVirtualAuthenticator", map[string]any{"authenticatorId": key}, nil)
	b.Authenticator()
	signIn(b, p)
	b.AwaitTitle("Second factor")
	b.Press(usePass)
	b.Await("document.querySelector('#passkey .error:not([hidden])')?.textContent.startsWith('The passkey could not be used: ')")
	b.Open(p.Console + "/signin/")
	b.AwaitTitle("Sign in")
}

// signIn signs out, and in again with the password.
func signIn(b *harness.Chromium, p *harness.Process) {
	b.Open(p.Console + "/signin/")
	b.Await("document.readyState === 'complete' && document.querySelector('form[action=\"/signin/out\"] button, #sign-in')")
	if b.Eval("Boolean(document.querySelector('form[action=\"/signin/out\"] button'))") == true {
		b.Press("form[action=\"/signin/out\"] button")
	}
	b.AwaitTitle("Sign in")
	b.Type("#username", "requester")
	b.Type("#password", password)
	b.Press(enter)
}
