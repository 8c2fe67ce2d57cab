package harness

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"accountfactory/internal/clock"
)

// Issuer is an OpenID Connect provider of the tests' own. It lets in whoever Person says, without asking, and is as strict
// with its clients as providers are.
type Issuer struct {
	*httptest.Server
	ClientID string
	Secret   string // empty for a public client

	mu       sync.Mutex
	key      *ecdsa.PrivateKey
	kid      string
	person   map[string]any // claims about who signs in
	aside    map[string]any // those that only /userinfo tells
	spoil    func(*Token)
	codes    map[string]*issued
	redirect []string // registered
	ended    []url.Values
	down     bool
	meta     map[string]any
}

// Token is an ID token before it is signed. Spoil may change it.
type Token struct {
	Header, Claims map[string]any
	Key            *ecdsa.PrivateKey
	Raw            string // instead of all that
}

type issued struct{ redirect, challenge, nonce string }

// NewIssuer starts a provider that knows one client.
func NewIssuer(t testing.TB, clientID, secret string) *Issuer {
	t.Helper()
	i := &Issuer{ClientID: clientID, Secret: secret, kid: "first", codes: map[string]*issued{}, meta: map[string]any{}}
	i.key = NewIssuerKey(t)
	i.Server = httptest.NewServer(i)
	t.Cleanup(i.Close)
	i.SignsIn(map[string]any{"sub": "248289761001", "email": "ann@example.com", "email_verified": true, "name": "Ann Other", "groups": []string{"requesters"}})
	return i
}

// NewIssuerKey makes a key that ES256 signs with.
func NewIssuerKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func (i *Issuer) set(f func()) {
	i.mu.Lock()
	defer i.mu.Unlock()
	f()
}

// SignsIn says who signs in from now on.
func (i *Issuer) SignsIn(claims map[string]any) { i.set(func() { i.person, i.aside = claims, nil }) }

// TellsAside moves claims from the ID token to the answer of /userinfo.
func (i *Issuer) TellsAside(claims map[string]any) { i.set(func() { i.aside = claims }) }

// Spoil changes ID tokens from now on; nil ends it.
func (i *Issuer) Spoil(f func(*Token)) { i.set(func() { i.spoil = f }) }

// Registers takes an address for answers, and for the way back from the sign-out.
func (i *Issuer) Registers(redirect string) {
	i.set(func() { i.redirect = append(i.redirect, redirect) })
}

// Rotate replaces the key.
func (i *Issuer) Rotate(key *ecdsa.PrivateKey, kid string) { i.set(func() { i.key, i.kid = key, kid }) }

// Down lets everything fail, as a provider that is being repaired.
func (i *Issuer) Down(down bool) { i.set(func() { i.down = down }) }

// Says changes the discovery document.
func (i *Issuer) Says(member string, value any) { i.set(func() { i.meta[member] = value }) }

// Ended gives what sign-outs said.
func (i *Issuer) Ended() (out []url.Values) {
	i.set(func() { out = i.ended })
	return out
}

// ServeHTTP makes Issuer an http.Handler.
func (i *Issuer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.down {
		http.Error(w, "down for repair", http.StatusServiceUnavailable)
		return
	}
	switch r.URL.Path {
	case "/.well-known/openid-configuration":
		i.discovery(w)
	case "/authorize":
		i.authorize(w, r)
	case "/token":
		i.token(w, r)
	case "/keys":
		sendJSON(w, http.StatusOK, map[string]any{"keys": []any{jwk(&i.key.PublicKey, i.kid)}})
	case "/userinfo":
		told := maps.Clone(i.person)
		maps.Copy(told, i.aside)
		sendJSON(w, http.StatusOK, told)
	case "/end":
		i.end(w, r)
	default:
		http.NotFound(w, r)
	}
}

func (i *Issuer) discovery(w http.ResponseWriter) {
	out := map[string]any{
		"issuer": i.URL, "authorization_endpoint": i.URL + "/authorize", "token_endpoint": i.URL + "/token", "jwks_uri": i.URL + "/keys",
		"userinfo_endpoint": i.URL + "/userinfo", "end_session_endpoint": i.URL + "/end", "id_token_signing_alg_values_supported": []string{"ES256"},
		"code_challenge_methods_supported": []string{"S256"}, "authorization_response_iss_parameter_supported": true,
	}
	maps.Copy(out, i.meta)
	sendJSON(w, http.StatusOK, out)
}

func (i *Issuer) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if q.Get("client_id") != i.ClientID || !slices.Contains(i.redirect, q.Get("redirect_uri")) {
		http.Error(w, "no such client, or not its address", http.StatusBadRequest)
		return
	}
	back := url.Values{"state": {q.Get("state")}, "iss": {i.URL}}
	switch {
	case q.Get("response_type") != "code", !slices.Contains(strings.Fields(q.Get("scope")), "openid"), q.Get("code_challenge_method") != "S256", q.Get("code_challenge") == "", q.Get("nonce") == "":
		back.Set("error", "invalid_request")
	case i.person == nil:
		back.Set("error", "access_denied")
	default:
		code := rand.Text()
		i.codes[code] = &issued{q.Get("redirect_uri"), q.Get("code_challenge"), q.Get("nonce")}
		back.Set("code", code)
	}
	http.Redirect(w, r, q.Get("redirect_uri")+"?"+back.Encode(), http.StatusFound)
}

func (i *Issuer) token(w http.ResponseWriter, r *http.Request) {
	id, secret, basic := r.BasicAuth()
	if basic { // RFC 6749 section 2.3.1: both are encoded as in a form
		id, secret = unescaped(id), unescaped(secret)
	} else {
		id, secret = r.PostFormValue("client_id"), r.PostFormValue("client_secret")
	}
	if id != i.ClientID || secret != i.Secret {
		sendJSON(w, http.StatusUnauthorized, map[string]string{"error": "invalid_client"})
		return
	}
	code := i.codes[r.PostFormValue("code")]
	delete(i.codes, r.PostFormValue("code"))
	challenge := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	if code == nil || r.PostFormValue("grant_type") != "authorization_code" || code.redirect != r.PostFormValue("redirect_uri") || code.challenge != b64(challenge[:]) {
		sendJSON(w, http.StatusBadRequest, map[string]string{"error": "invalid_grant"})
		return
	}
	now := clock.Wall{}.Now()
	t := &Token{
		Header: map[string]any{"alg": "ES256", "typ": "JWT", "kid": i.kid}, Key: i.key,
		Claims: map[string]any{"iss": i.URL, "aud": i.ClientID, "iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix(), "nonce": code.nonce},
	}
	maps.Copy(t.Claims, i.person)
	for claim := range i.aside {
		delete(t.Claims, claim)
	}
	if i.spoil != nil {
		i.spoil(t)
	}
	sendJSON(w, http.StatusOK, map[string]any{"access_token": rand.Text(), "token_type": "Bearer", "expires_in": 300, "id_token": t.signed()})
}

func unescaped(text string) string {
	out, err := url.QueryUnescape(text)
	if err != nil {
		return ""
	}
	return out
}

func (i *Issuer) end(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	i.ended = append(i.ended, q)
	if to := q.Get("post_logout_redirect_uri"); slices.Contains(i.redirect, to) {
		http.Redirect(w, r, to, http.StatusFound)
		return
	}
	http.Error(w, "not an address of that client", http.StatusBadRequest)
}

// signed writes a token as JWS does (RFC 7515): ES256, or unsigned with the algorithm none.
func (t *Token) signed() string {
	if t.Raw != "" {
		return t.Raw
	}
	head, headErr := json.Marshal(t.Header)
	body, bodyErr := json.Marshal(t.Claims)
	if headErr != nil || bodyErr != nil {
		panic(fmt.Sprint(headErr, bodyErr)) // a test's own mistake
	}
	text := b64(head) + "." + b64(body)
	if t.Header["alg"] == "none" {
		return text + "."
	}
	sum := sha256.Sum256([]byte(text))
	r, s, err := ecdsa.Sign(rand.Reader, t.Key, sum[:])
	if err != nil {
		panic(err) // never, with a key of the curve
	}
	return text + "." + b64(append(padded(r), padded(s)...))
}

func padded(n *big.Int) []byte { return n.FillBytes(make([]byte, 32)) }

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func jwk(key *ecdsa.PublicKey, kid string) map[string]any {
	point, err := key.Bytes() // uncompressed: 4, x, y
	if err != nil {
		panic(err) // never, with a key of the curve
	}
	return map[string]any{"kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": kid, "x": b64(point[1:33]), "y": b64(point[33:])}
}

func sendJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the client may be gone
}
