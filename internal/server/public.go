package server

import (
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"time"
)

// Public is how people beyond this machine reach the browser listener. The zero Public is loopback only.
type Public struct {
	URL          string // where they reach it, such as https://accounts.example.com. Default: the listener's own address
	TLSCert      string // PEM file of the certificate chain; read again when it changes
	TLSKey       string // PEM file of its key
	TrustedProxy string // comma-separated addresses or networks of proxies whose X-Forwarded-For is believed
}

func (p Public) validate(console string) error {
	host, _, err := net.SplitHostPort(console)
	if err != nil {
		return UsageError{"console", fmt.Sprintf("%q is not an address: want host:port, such as localhost:0", console)}
	}
	u, err := url.Parse(p.URL)
	good := err == nil && (u.Scheme == "https" || u.Scheme == "http" && loopback(u.Hostname())) && u.Host != "" && strings.Trim(u.Path, "/") == "" && u.RawQuery == "" && u.User == nil
	if p.URL != "" && !good {
		return UsageError{"public-url", fmt.Sprintf("%q is not an address people can sign in at: want https://host, without a path", p.URL)}
	}
	if (p.TLSCert == "") != (p.TLSKey == "") {
		return UsageError{"tls-cert", "give --tls-cert and --tls-key together"}
	}
	if _, err := p.proxies(); err != nil {
		return err
	}
	if ip := net.ParseIP(host); p.URL == "" && p.TLSCert != "" && (host == "" || ip != nil && ip.IsUnspecified()) {
		return UsageError{"public-url", fmt.Sprintf("say where people reach the listener on %s, such as https://accounts.example.com: sign-ins lead there", console)}
	}
	if loopback(host) || p.TLSCert != "" || p.TrustedProxy != "" && strings.HasPrefix(p.URL, "https://") {
		return nil
	}
	return UsageError{"console", "passwords are typed here, so beyond loopback HTTPS is needed: give --tls-cert and --tls-key, or --trusted-proxy with an https --public-url"}
}

func (p Public) proxies() (out []netip.Prefix, err error) {
	for one := range strings.SplitSeq(p.TrustedProxy, ",") {
		if one = strings.TrimSpace(one); one == "" {
			continue
		}
		prefix, err := netip.ParsePrefix(one)
		if err != nil {
			var addr netip.Addr
			if addr, err = netip.ParseAddr(one); err == nil {
				prefix = netip.PrefixFrom(addr, addr.BitLen())
			}
		}
		if err != nil {
			return nil, UsageError{"trusted-proxy", fmt.Sprintf("%q is neither an address nor a network such as 10.0.0.0/8", one)}
		}
		out = append(out, prefix.Masked())
	}
	return out, nil
}

// url gives where people reach the listener.
func (p Public) url(listener string) string {
	if p.URL != "" {
		return strings.TrimSuffix(p.URL, "/")
	}
	if p.TLSCert != "" {
		return strings.Replace(listener, "http://", "https://", 1)
	}
	return listener
}

// behind believes what trusted proxies say of who is behind them, and nobody else: throttles and logs go by it.
func (p Public) behind(next http.Handler) (http.Handler, error) {
	proxies, err := p.proxies()
	if err != nil {
		return nil, err
	}
	public, err := url.Parse(p.URL)
	if err != nil {
		return nil, err
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if addr := remote(r.RemoteAddr); trusted(proxies, addr) {
			r.RemoteAddr = net.JoinHostPort(forwardedFor(r, proxies, addr).String(), "0")
			if public.Host != "" {
				r.Host = public.Host // by which the cross-origin check knows its own pages
			}
		}
		if public.Scheme == "https" || p.TLSCert != "" {
			w.Header().Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	}), nil
}

func remote(hostport string) netip.Addr {
	a, err := netip.ParseAddrPort(hostport)
	if err != nil {
		return netip.Addr{}
	}
	return a.Addr().Unmap()
}

func trusted(proxies []netip.Prefix, a netip.Addr) bool {
	return a.IsValid() && slices.ContainsFunc(proxies, func(p netip.Prefix) bool { return p.Contains(a) })
}

// forwardedFor walks X-Forwarded-For from its end, where the nearest proxy wrote, to the first address that is no trusted
// proxy: what stands before it anybody may have made up.
func forwardedFor(r *http.Request, proxies []netip.Prefix, nearest netip.Addr) netip.Addr {
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		a, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil {
			return nearest
		}
		if nearest = a.Unmap(); !trusted(proxies, nearest) {
			return nearest
		}
	}
	return nearest
}

// certificate is a pair of PEM files, read again when they change, so that a renewed certificate needs no restart.
type certificate struct {
	cert, key string

	mu     sync.Mutex
	loaded *tls.Certificate
	seen   [2]time.Time
}

func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var now [2]time.Time
	for i, path := range []string{c.cert, c.key} {
		if info, err := os.Stat(path); err == nil {
			now[i] = info.ModTime()
		}
	}
	if c.loaded != nil && now == c.seen {
		return c.loaded, nil
	}
	pair, err := tls.LoadX509KeyPair(c.cert, c.key)
	if err != nil {
		if c.loaded != nil { // half written; the old one is good yet
			return c.loaded, nil
		}
		return nil, err
	}
	c.loaded, c.seen = &pair, now
	return c.loaded, nil
}

// secured gives the listener with TLS, when there is a certificate. A certificate that cannot be used ends the start.
func (p Public) secured(l net.Listener) (net.Listener, error) {
	if p.TLSCert == "" {
		return l, nil
	}
	c := &certificate{cert: p.TLSCert, key: p.TLSKey}
	if _, err := c.get(nil); err != nil {
		return nil, fmt.Errorf("--tls-cert, --tls-key: %w", err)
	}
	return tls.NewListener(l, &tls.Config{GetCertificate: c.get, MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}}), nil
}
