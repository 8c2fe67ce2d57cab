package doctor

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"accountfactory/internal/factory"
	"accountfactory/internal/factorydb"
)

func want(t *testing.T, got Finding, result Result, seen, remedy string) {
	t.Helper()
	if got.Result != result || !strings.Contains(got.Seen, seen) || !strings.Contains(got.Remedy, remedy) || (result == OK) != (got.Remedy == "") && result != Skipped {
		t.Errorf("%s: %s, seen %q, remedy %q; want %s, %q, %q", got.Name, got.Result, got.Seen, got.Remedy, result, seen, remedy)
	}
}

func file(t *testing.T, name, text string, mode os.FileMode) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil { // whatever the umask
		t.Fatal(err)
	}
	return path
}

func TestFolder(t *testing.T) {
	t.Parallel()
	mine, open, shared := t.TempDir(), t.TempDir(), t.TempDir()
	for dir, mode := range map[string]os.FileMode{mine: 0o700, open: 0o755, shared: 0o770} {
		if err := os.Chmod(dir, mode); err != nil {
			t.Fatal(err)
		}
	}
	want(t, Folder(mine, false), OK, "could start one", "")
	want(t, Folder(mine, true), OK, "a server works on it", "")
	want(t, Folder(open, false), Warning, "0755", "chmod 700")
	want(t, Folder(shared, false), Broken, "0770", "chmod 700")
	want(t, Folder(filepath.Join(mine, "none"), false), Warning, "not there", "--data")
	want(t, Folder(file(t, "data", "", 0o600), false), Broken, "no folder", "--data")
	want(t, space("d", 50<<20), Broken, "50 MiB", "free some")
	want(t, space("d", 500<<20), Warning, "500 MiB", "free some")
	want(t, space("d", 5<<30), OK, "5120 MiB", "")
	want(t, Space(filepath.Join(mine, "none")), Skipped, "not there", "")
}

func TestKeys(t *testing.T) {
	t.Parallel()
	key := strings.Repeat("0f", 32) + "\n"
	want(t, Keys(file(t, "k", key, 0o600), 32, false, false), OK, "holds a key", "")
	want(t, Keys(file(t, "k", key+key, 0o600), 32, true, true), OK, "holds a key", "")
	want(t, Keys("/none/of/it", 32, false, false), OK, "first start makes it", "")
	want(t, Keys("/none/of/it", 32, true, true), Warning, "not there", "copy it")
	want(t, Keys(file(t, "k", key, 0o600), 32, true, false), Warning, "this process's alone", "--key-file")
	want(t, Keys(file(t, "k", key, 0o644), 32, false, true), Broken, "0644", "chmod 600")
	want(t, Keys(file(t, "k", "not a key", 0o600), 32, false, true), Broken, "no key of 32 bytes", "restore")
	want(t, Keys(file(t, "k", " \n", 0o600), 32, false, true), Broken, "empty", "restore")
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	busy := httptest.NewServer(http.NotFoundHandler())
	defer busy.Close()
	address := strings.TrimPrefix(busy.URL, "http://")
	want(t, Addresses(t.Context(), false, []Address{{"console", address}}), Broken, "--console "+address, "--console")
	want(t, Addresses(t.Context(), true, []Address{{"console", address}}), Skipped, "running server", "")
	want(t, Addresses(t.Context(), false, []Address{{"console", "localhost:0"}, {"metrics", ""}}), OK, "localhost:0 are free", "")
}

// pair makes a certificate for localhost, good from 48 hours before until after now.
func pair(t *testing.T, now time.Time, until time.Duration) (cert, key string) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"localhost"}, NotBefore: now.Add(-48 * time.Hour), NotAfter: now.Add(until)}
	der, err := x509.CreateCertificate(rand.Reader, &c, &c, k.Public(), k)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	block := func(kind string, body []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: body}))
	}
	return file(t, "cert.pem", block("CERTIFICATE", der), 0o600), file(t, "key.pem", block("PRIVATE KEY", private), 0o600)
}

func TestCertificate(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)
	const public = "https://localhost:4580"
	cert, key := pair(t, now, 90*24*time.Hour)
	want(t, Certificate(cert, key, public, now), OK, "2027-02-21", "")
	want(t, Certificate(cert, key, "https://accounts.example.com", now), Broken, "it is for localhost", "accounts.example.com")
	want(t, Certificate(cert, key, public, now.Add(100*24*time.Hour)), Broken, "expired", "renew")
	want(t, Certificate(cert, key, public, now.Add(80*24*time.Hour)), Warning, "expires on", "renew")
	want(t, Certificate(cert, key, public, now.Add(-72*time.Hour)), Broken, "not good before", "clock")
	_, other := pair(t, now, time.Hour)
	want(t, Certificate(cert, other, public, now), Broken, "private key does not match", "--tls-key")
	want(t, Certificate(cert+"x", key, public, now), Broken, "no such file", "--tls-cert")
	want(t, Certificate("", "", public, now), Skipped, "there is none", "")
}

// answers is a server that gives each path its text.
func answers(t *testing.T, texts map[string]string) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, found := texts[r.URL.Path]
		if !found {
			w.WriteHeader(http.StatusNotFound)
		}
		_, _ = fmt.Fprint(w, strings.ReplaceAll(text, "SELF", "http://"+r.Host))
	}))
	t.Cleanup(s.Close)
	return s.URL
}

func TestPublic(t *testing.T) {
	t.Parallel()
	client := &http.Client{Timeout: 10 * time.Second}
	want(t, Public(t.Context(), client, answers(t, map[string]string{"/healthz": "alive\n"}), true), OK, "a server answers", "")
	want(t, Public(t.Context(), client, answers(t, nil), true), Broken, "status 404", "this server's browser listener")
	want(t, Public(t.Context(), client, answers(t, nil), false), Skipped, "no server runs", "")
	want(t, Public(t.Context(), client, "", true), Skipped, "there is none", "")
	want(t, Public(t.Context(), client, "https://no-such-name.invalid", true), Broken, "not known here", "--public-url")
	want(t, Public(t.Context(), client, "http://127.0.0.1:1", true), Warning, "cannot be reached from here", "proxy")
}

func TestOIDC(t *testing.T) {
	t.Parallel()
	const document = "/.well-known/openid-configuration"
	const good = `{"issuer":"SELF","jwks_uri":"SELF/keys"}`
	client := &http.Client{Timeout: 10 * time.Second}
	for name, tc := range map[string]struct {
		texts        map[string]string
		result       Result
		seen, remedy string
	}{
		"good":           {map[string]string{document: good, "/keys": `{"keys":[{"kty":"EC"}]}`}, OK, "with 1 keys", ""},
		"no document":    {nil, Broken, "status 404", "--oidc-issuer"},
		"no JSON":        {map[string]string{document: "<html>"}, Broken, "not the JSON", "--oidc-issuer"},
		"another issuer": {map[string]string{document: `{"issuer":"https://other.example.com","jwks_uri":"SELF/keys"}`}, Broken, "https://other.example.com", "exactly as the provider writes it"},
		"no keys there":  {map[string]string{document: good}, Broken, "status 404", "keys"},
		"no key":         {map[string]string{document: good, "/keys": `{"keys":[]}`}, Broken, "shows no key", "publish"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want(t, OIDC(t.Context(), client, answers(t, tc.texts)), tc.result, tc.seen, tc.remedy)
		})
	}
	want(t, OIDC(t.Context(), client, ""), Skipped, "there is none", "")
}

func TestMailServer(t *testing.T) {
	t.Parallel()
	want(t, MailServer("", nil), Skipped, "outbox folder", "")
	want(t, MailServer("smtp.example.com:587", nil), OK, "none was sent", "")
	want(t, MailServer("smtp.example.com:587", errors.New("535 no")), Broken, "535 no", "--smtp-user")
}

func TestDatabaseLines(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)
	mine := factory.Binding{Kind: "aws", OrganizationID: "o-mine", ManagementAccount: "111122223333", Region: "eu-west-1"}
	other := mine
	other.OrganizationID = "o-other"
	at := func(in factorydb.Inspection, err error, reached factory.Binding, name string) Finding {
		for _, f := range DatabaseLines(in, err, reached, now) {
			if f.Name == name {
				return f
			}
		}
		t.Fatalf("there is no line %s", name)
		return Finding{}
	}
	good := factorydb.Inspection{Where: "database x", Product: "PostgreSQL 17.1", Major: 17, Binding: mine, Now: now}
	with := func(change func(*factorydb.Inspection)) factorydb.Inspection {
		in := good
		change(&in)
		return in
	}
	for _, f := range DatabaseLines(good, nil, mine, now) {
		want(t, f, OK, "", "")
	}
	want(t, at(factorydb.Inspection{}, context.DeadlineExceeded, mine, Database), Broken, "deadline", "--database")
	want(t, at(good, nil, other, Binding), Broken, "o-other", "belongs to this organization")
	want(t, at(good, nil, factory.Binding{}, Binding), Skipped, "not reached", "")
	want(t, at(with(func(in *factorydb.Inspection) { in.Unknown = []int64{99} }), nil, mine, Migrations), Broken, "[99]", "run that version")
	want(t, at(with(func(in *factorydb.Inspection) { in.Pending = []int64{12} }), nil, mine, Migrations), Warning, "[12]", "backup")
	want(t, at(with(func(in *factorydb.Inspection) { in.New, in.Binding = true, factory.Binding{} }), nil, mine, Binding), OK, "first start binds it", "")
	want(t, at(with(func(in *factorydb.Inspection) { in.Now = now.Add(10 * time.Minute) }), nil, mine, DatabaseClock), Broken, "10m0s", "chrony")
	want(t, at(with(func(in *factorydb.Inspection) { in.Now = now.Add(-time.Minute) }), nil, mine, DatabaseClock), Warning, "1m0s", "chrony")
	want(t, at(with(func(in *factorydb.Inspection) { in.Major = 11; in.Product = "PostgreSQL 11.22" }), nil, mine, Database), Warning, "no fixes", "PostgreSQL 14")
	want(t, at(with(func(in *factorydb.Inspection) { in.Paused = true }), nil, mine, Database), Warning, "paused", "queue resume")
	want(t, at(with(func(in *factorydb.Inspection) { in.Major = 0; in.Log = 1 << 30 }), nil, mine, WriteAhead), Warning, "1024 MiB", "restart")
}
