package doctor

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Address is what a listener of a server will take.
type Address struct{ Flag, Value string }

// Addresses tries whether the ports are free, by listening for a moment. A running server has them itself.
func Addresses(ctx context.Context, running bool, all []Address) Finding {
	looked := "ports of the listeners"
	if running {
		return skipped(Ports, looked, "the running server has them")
	}
	var seen []string
	for _, a := range all {
		if a.Value == "" {
			continue
		}
		l, err := new(net.ListenConfig).Listen(ctx, "tcp", a.Value)
		if err != nil {
			return broken(Ports, looked, fmt.Sprintf("--%s %s: %v", a.Flag, a.Value, err), "end what listens there, or give another address with --"+a.Flag)
		}
		_ = l.Close() // it has answered the question
		seen = append(seen, a.Value)
	}
	return ok(Ports, looked, strings.Join(seen, " and ")+" are free")
}

// expiresSoon is when a certificate should be renewed by.
const expiresSoon = 21 * 24 * time.Hour

// Certificate looks at the files of the browser listener's certificate, and whether it is for the public URL.
func Certificate(cert, key, public string, now time.Time) Finding {
	looked := "certificate " + cert
	if cert == "" {
		return skipped(TLS, "certificate of the browser listener", "there is none: plain HTTP, on this machine or behind a proxy")
	}
	pair, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		return broken(TLS, looked, err.Error(), "give the certificate's PEM file with --tls-cert and its own key with --tls-key")
	}
	leaf, err := x509.ParseCertificate(pair.Certificate[0])
	if err != nil {
		return broken(TLS, looked, err.Error(), "give the certificate's PEM file with --tls-cert")
	}
	until := leaf.NotAfter.UTC().Format(time.DateOnly)
	host := hostOf(public)
	switch {
	case now.After(leaf.NotAfter):
		return broken(TLS, looked, "it expired on "+until, "renew it: the server reads it again by itself")
	case now.Before(leaf.NotBefore):
		return broken(TLS, looked, "it is not good before "+leaf.NotBefore.UTC().Format(time.DateTime), "look at this machine's clock, or wait")
	case host != "" && leaf.VerifyHostname(host) != nil:
		return broken(TLS, looked, fmt.Sprintf("it is for %s, and people come to %s", strings.Join(names(leaf), ", "), host), "get one for "+host+", or correct --public-url")
	case leaf.NotAfter.Sub(now) < expiresSoon:
		return warn(TLS, looked, "it expires on "+until, "renew it: the server reads it again by itself")
	}
	return ok(TLS, looked, "it is good until "+until)
}

func names(c *x509.Certificate) []string {
	out := c.DNSNames
	for _, ip := range c.IPAddresses {
		out = append(out, ip.String())
	}
	if len(out) == 0 {
		out = []string{"no name"}
	}
	return out
}

func hostOf(public string) string {
	u, err := url.Parse(public)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// Public looks whether people's address leads to a server, by the question that load balancers ask.
func Public(ctx context.Context, client *http.Client, public string, running bool) Finding {
	looked := "GET " + public + "/healthz"
	if public == "" {
		return skipped(PublicURL, "--public-url", "there is none: people come to the browser listener's own address")
	}
	if _, err := new(net.Resolver).LookupHost(ctx, hostOf(public)); err != nil {
		return broken(PublicURL, looked, "its name is not known here: "+err.Error(), "correct --public-url, or make the name known")
	}
	if !running {
		return skipped(PublicURL, looked, "its name is known; no server runs that could answer")
	}
	status, body, err := get(ctx, client, public+"/healthz")
	switch {
	case err != nil:
		return warn(PublicURL, looked, "it cannot be reached from here: "+err.Error(), "let the proxy or the firewall lead it to the browser listener, if people cannot reach it either")
	case status != http.StatusOK || strings.TrimSpace(string(body)) != "alive":
		return broken(PublicURL, looked, fmt.Sprintf("something else answers there, with status %d", status), "let it lead to this server's browser listener")
	}
	return ok(PublicURL, looked, "a server answers there")
}

// OIDC looks at a sign-in provider: that its document says the issuer's own name, and that it has keys.
func OIDC(ctx context.Context, client *http.Client, issuer string) Finding {
	if issuer == "" {
		return skipped(SignIn, "--oidc-issuer", "there is none")
	}
	document := strings.TrimSuffix(issuer, "/") + "/.well-known/openid-configuration"
	looked := "GET " + document
	var about struct {
		Issuer string `json:"issuer"`
		Keys   string `json:"jwks_uri"`
	}
	if err := getJSON(ctx, client, document, &about); err != nil {
		return broken(SignIn, looked, err.Error(), "correct --oidc-issuer, and let this machine reach it")
	}
	if about.Issuer != issuer {
		return broken(SignIn, looked, fmt.Sprintf("it says that its issuer is %s", about.Issuer), "give --oidc-issuer exactly as the provider writes it: "+about.Issuer)
	}
	var keys struct{ Keys []json.RawMessage }
	if err := getJSON(ctx, client, about.Keys, &keys); err != nil {
		return broken(SignIn, "GET "+about.Keys, err.Error(), "let this machine reach the provider's keys")
	}
	if len(keys.Keys) == 0 {
		return broken(SignIn, "GET "+about.Keys, "the provider shows no key", "let the provider publish the keys that it signs by")
	}
	return ok(SignIn, looked, fmt.Sprintf("the issuer is %s, with %d keys", issuer, len(keys.Keys)))
}

// answerLimit bounds what of an answer is read.
const answerLimit = 1 << 20

func getJSON(ctx context.Context, client *http.Client, address string, out any) error {
	status, body, err := get(ctx, client, address)
	if err != nil {
		return err
	}
	if status != http.StatusOK {
		return fmt.Errorf("the answer has status %d", status)
	}
	if err := json.Unmarshal(body, out); err != nil {
		return fmt.Errorf("the answer is not the JSON that should be there: %w", err)
	}
	return nil
}

func get(ctx context.Context, client *http.Client, address string) (status int, body []byte, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return 0, nil, err
	}
	resp, err := client.Do(req)
	if err != nil {
		return 0, nil, err
	}
	body, err = io.ReadAll(io.LimitReader(resp.Body, answerLimit))
	_ = resp.Body.Close() // read as far as wanted
	return resp.StatusCode, body, err
}

// MailServer gives the line of a mail server that was tried; err is what became of it.
func MailServer(host string, err error) Finding {
	looked := "mail server " + host + ": connection, TLS, sign-in, NOOP"
	if host == "" {
		return skipped(Mail, "--smtp-host", "there is none: mails stay in the outbox folder")
	}
	if err != nil {
		return broken(Mail, looked, err.Error(), "look at --smtp-host, --smtp-tls, --smtp-user and the password: no mail was sent")
	}
	return ok(Mail, looked, "it takes mails from here; none was sent")
}
