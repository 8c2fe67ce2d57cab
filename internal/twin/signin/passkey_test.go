package signin_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/go-webauthn/webauthn/protocol/webauthncbor"

	"accountfactory/test/harness"
)

// authenticator is a passkey device with its browser, as far as a server can tell.
type authenticator struct {
	origin, rp string
	key        *ecdsa.PrivateKey
	id         []byte
	user       string
	counter    uint32
}

func newAuthenticator(t *testing.T, origin string) *authenticator {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	return &authenticator{origin: origin, rp: "localhost", key: key, id: []byte("credential-" + rand.Text())}
}

// options reads what a page's script would read.
func options(t *testing.T, in *harness.Browser) (o struct {
	PublicKey struct {
		Challenge string
		User      struct{ ID string }
	}
},
) {
	t.Helper()
	must(t, json.Unmarshal([]byte(in.Page.Root.ID("passkey").Attrs["data-options"]), &o))
	return o
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// data is the authenticator data: present and verified, with a counter.
func (a *authenticator) data(flags byte) []byte {
	rp := sha256.Sum256([]byte(a.rp))
	return binary.BigEndian.AppendUint32(append(rp[:], 0x05|flags), a.counter)
}

func (a *authenticator) client(t *testing.T, kind, challenge string) []byte {
	t.Helper()
	out, err := json.Marshal(map[string]any{"type": kind, "challenge": challenge, "origin": a.origin, "crossOrigin": false})
	must(t, err)
	return out
}

// create answers navigator.credentials.create, attesting nothing.
func (a *authenticator) create(t *testing.T, in *harness.Browser) string {
	t.Helper()
	o := options(t, in)
	a.user = o.PublicKey.User.ID
	point, err := a.key.PublicKey.Bytes()
	must(t, err)
	cose, err := webauthncbor.Marshal(map[int]any{1: 2, 3: -7, -1: 1, -2: point[1:33], -3: point[33:]})
	must(t, err)
	data := append(a.data(0x40), make([]byte, 16)...)
	data = append(append(binary.BigEndian.AppendUint16(data, uint16(len(a.id))), a.id...), cose...)
	object, err := webauthncbor.Marshal(map[string]any{"fmt": "none", "attStmt": map[string]any{}, "authData": data})
	must(t, err)
	return a.answer(t, map[string]any{
		"clientDataJSON": b64(a.client(t, "webauthn.create", o.PublicKey.Challenge)), "attestationObject": b64(object),
	})
}

// get answers navigator.credentials.get.
func (a *authenticator) get(t *testing.T, in *harness.Browser) string {
	t.Helper()
	a.counter++
	data, client := a.data(0), a.client(t, "webauthn.get", options(t, in).PublicKey.Challenge)
	hash := sha256.Sum256(client)
	sum := sha256.Sum256(append(append([]byte{}, data...), hash[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, a.key, sum[:])
	must(t, err)
	return a.answer(t, map[string]any{
		"clientDataJSON": b64(client), "authenticatorData": b64(data), "signature": b64(signature), "userHandle": a.user,
	})
}

func (a *authenticator) answer(t *testing.T, response map[string]any) string {
	t.Helper()
	out, err := json.Marshal(map[string]any{"id": b64(a.id), "rawId": b64(a.id), "type": "public-key", "response": response})
	must(t, err)
	return string(out)
}

// registerPasskey registers an authenticator in a browser that is signed in.
func (b *bundle) registerPasskey(t *testing.T, in *harness.Browser) *authenticator {
	t.Helper()
	a := newAuthenticator(t, b.base)
	wantTitle(t, get(t, in, "/signin/devices/passkey"), "Register a passkey")
	wantTitle(t, submit(t, in, "passkey", "credential", a.create(t, in), "name", "Key"), "You are signed in")
	return a
}

func TestPasskey(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, in := b.jane(t)
	a := b.registerPasskey(t, in)
	for range 2 {
		fresh := b.browser()
		wantTitle(t, signIn(t, fresh, "jane", password), "Second factor")
		if fresh.Page.Root.ID("code") != nil {
			t.Error("the page asks for a code that no app of jane's shows")
		}
		if csp := fresh.Page.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "script-src 'self'") {
			t.Errorf("the page's script would not run: %s", csp)
		}
		wantTitle(t, submit(t, fresh, "passkey", "credential", a.get(t, fresh)), "You are signed in")
	}
}

func TestPasskey_Refused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, in := b.jane(t)
	a := b.registerPasskey(t, in)
	for _, tc := range []struct {
		name   string
		answer func(t *testing.T, in *harness.Browser) string
	}{
		{"of another site", func(t *testing.T, in *harness.Browser) string {
			t.Helper()
			evil := *a
			evil.origin = "https://evil.example"
			return evil.get(t, in)
		}},
		{"for another site", func(t *testing.T, in *harness.Browser) string {
			t.Helper()
			evil := *a
			evil.rp = "evil.example"
			return evil.get(t, in)
		}},
		{"another key", func(t *testing.T, in *harness.Browser) string {
			t.Helper()
			other := newAuthenticator(t, b.base)
			other.id, other.user = a.id, a.user
			return other.get(t, in)
		}},
		{"another credential", func(t *testing.T, in *harness.Browser) string {
			t.Helper()
			return newAuthenticator(t, b.base).get(t, in)
		}},
		{"no JSON", func(*testing.T, *harness.Browser) string { return "{" }},
		{"nested beyond reason", func(*testing.T, *harness.Browser) string { return strings.Repeat("[", 30_000) }},
		{"empty parts", func(*testing.T, *harness.Browser) string {
			return `{"id":"","rawId":"","type":"public-key","response":{}}`
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			fresh := b.browser()
			wantTitle(t, signIn(t, fresh, "jane", password), "Second factor")
			p := submit(t, fresh, "passkey", "credential", tc.answer(t, fresh))
			if p.Title() == "You are signed in" || p.Status < 400 {
				t.Errorf("answered %d: %s", p.Status, p.Title())
			}
			b.wall.pass(60_000_000_000) // a minute, so that the throttle forgives the next one
		})
	}
}

// An answer is good once, and a passkey whose counter goes back is a copy.
func TestPasskey_Replayed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, in := b.jane(t)
	a := b.registerPasskey(t, in)
	fresh := b.browser()
	signIn(t, fresh, "jane", password)
	answer := a.get(t, fresh)
	wantTitle(t, submit(t, fresh, "passkey", "credential", answer), "You are signed in")

	replay := b.browser()
	signIn(t, replay, "jane", password)
	wantAlert(t, submit(t, replay, "passkey", "credential", answer), http.StatusUnprocessableEntity, "That code is wrong, or has been used. Wait for the next one.")
	a.counter = 0
	wantAlert(t, submit(t, replay, "passkey", "credential", a.get(t, replay)), http.StatusUnprocessableEntity, "That code is wrong, or has been used. Wait for the next one.")
}

func TestPasskey_RegistrationRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, in := b.jane(t)
	evil := newAuthenticator(t, "https://evil.example")
	get(t, in, "/signin/devices/passkey")
	wantAlert(t, submit(t, in, "passkey", "credential", evil.create(t, in)), http.StatusBadRequest, "The passkey does not fit what was asked for. Begin again.")
	get(t, in, "/signin/devices/passkey")
	wantAlert(t, submit(t, in, "passkey", "credential", "{}"), http.StatusBadRequest, "The browser's answer is not a passkey.")
}
