package server_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"accountfactory/internal/clock"
	"accountfactory/internal/server"
)

// selfSigned writes a certificate for localhost and gives it for a client to trust.
func selfSigned(t *testing.T, certPath, keyPath string, serial int64) *x509.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	now := clock.Wall{}.Now()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for path, block := range map[string]*pem.Block{certPath: {Type: "CERTIFICATE", Bytes: der}, keyPath: {Type: "PRIVATE KEY", Bytes: keyDER}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

// TestTLS: the browser listener speaks HTTPS alone, its pages say so to browsers, and a renewed certificate is taken up
// without a restart.
func TestTLS(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := config(filepath.Join(dir, "data"))
	c.Public.TLSCert, c.Public.TLSKey = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	first := selfSigned(t, c.Public.TLSCert, c.Public.TLSKey, 1)
	s := serve(t, c)
	if !strings.HasPrefix(s.Public, "https://localhost:") {
		t.Fatalf("people are told %s", s.Public)
	}
	header, state := fetch(t, s.Public+"/signin/", first)
	if header.Get("Strict-Transport-Security") == "" || state.PeerCertificates[0].SerialNumber.Int64() != 1 {
		t.Errorf("headers %v", header)
	}
	if plain, err := http.Get(strings.Replace(s.Public, "https:", "http:", 1)); err == nil {
		_ = plain.Body.Close() // nothing is read
		if plain.StatusCode != http.StatusBadRequest {
			t.Errorf("plain HTTP is answered with %s", plain.Status)
		}
	}
	second := selfSigned(t, c.Public.TLSCert, c.Public.TLSKey, 2)
	later := clock.Wall{}.Now().Add(time.Minute)
	if err := os.Chtimes(c.Public.TLSCert, later, later); err != nil {
		t.Fatal(err)
	}
	if _, state := fetch(t, s.Public+"/signin/", second); state.PeerCertificates[0].SerialNumber.Int64() != 2 {
		t.Error("the renewed certificate is not used")
	}
}

// fetch gets a page over a new connection, trusting one certificate.
func fetch(t *testing.T, url string, trust *x509.Certificate) (http.Header, *tls.ConnectionState) {
	t.Helper()
	pool := x509.NewCertPool()
	pool.AddCert(trust)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, DisableKeepAlives: true}}
	resp, err := client.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }() // only the head counts
	return resp.Header, resp.TLS
}

// TestTLS_Broken ends the start and names the setting.
func TestTLS_Broken(t *testing.T) {
	t.Parallel()
	c := config(t.TempDir())
	c.Public.TLSCert, c.Public.TLSKey = filepath.Join(c.Data, "none.pem"), filepath.Join(c.Data, "none.key")
	if err := server.Run(t.Context(), c); err == nil || !strings.Contains(err.Error(), "--tls-cert") {
		t.Errorf("got %v", err)
	}
}

// TestBehind: only a trusted proxy is believed, and of what it forwards only what trusted proxies wrote.
func TestBehind(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, from, forwarded, want string
		host                        string
	}{
		{"nobody's proxy", "192.0.2.1:1", "203.0.113.9", "192.0.2.1", "evil.example.com"},
		{"the proxy", "10.0.0.1:1", "203.0.113.9", "203.0.113.9", "a.example.com"},
		{"two proxies", "10.0.0.1:1", "203.0.113.9, 10.0.0.2", "203.0.113.9", "a.example.com"},
		{"what the person made up", "10.0.0.1:1", "127.0.0.1, 203.0.113.9", "203.0.113.9", "a.example.com"},
		{"a proxy that says nothing", "10.0.0.1:1", "", "10.0.0.1", "a.example.com"},
		{"rubbish", "10.0.0.1:1", "<script>", "10.0.0.1", "a.example.com"},
		{"by IPv6", "[fd00::1]:1", "2001:db8::1", "2001:db8::1", "a.example.com"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			p := server.Public{URL: "https://a.example.com", TrustedProxy: "10.0.0.0/8, fd00::/8"}
			var host, from string
			h, err := p.Behind(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				host = r.Host
				from, _, _ = net.SplitHostPort(r.RemoteAddr)
			}))
			if err != nil {
				t.Fatal(err)
			}
			r := httptest.NewRequest(http.MethodGet, "http://evil.example.com/", nil)
			r.RemoteAddr = tc.from
			if tc.forwarded != "" {
				r.Header.Set("X-Forwarded-For", tc.forwarded)
			}
			h.ServeHTTP(httptest.NewRecorder(), r)
			if from != tc.want || host != tc.host {
				t.Errorf("from %s for %s, want %s for %s", from, host, tc.want, tc.host)
			}
		})
	}
}
