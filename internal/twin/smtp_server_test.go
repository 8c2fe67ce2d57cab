package twin

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"strings"
	"sync"
	"testing"
)

// mailServer is a small SMTP server (RFC 5321) that takes what it is sent, unless told otherwise.
type mailServer struct {
	port  int
	trust *x509.CertPool // of clients
	cert  *tls.Config

	noTLS    bool // no STARTTLS
	implicit bool // TLS from the first byte
	wants    string
	reply    func(command string) string // "" means the usual answer

	mu    sync.Mutex
	lines []string
	got   chan letter
}

// letter is a mail as it came.
type letter struct {
	*mail.Message
	body, auth string
	secret     bool // it came by TLS
}

func startMailServer(t *testing.T, change func(*mailServer)) *mailServer {
	t.Helper()
	certified := httptest.NewTLSServer(http.NotFoundHandler()) // for its certificate of 127.0.0.1
	t.Cleanup(certified.Close)
	s := &mailServer{
		cert: certified.TLS, trust: certified.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs, got: make(chan letter, 16),
		reply: func(string) string { return "" },
	}
	change(s)
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.port = l.Addr().(*net.TCPAddr).Port
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go s.serve(c)
		}
	}()
	return s
}

func (s *mailServer) config(security, user, password string) SMTP {
	return SMTP{Host: "127.0.0.1", Port: s.port, User: user, Password: password, From: "Account Factory <factory@corp.example>", Security: security}
}

// said gives the commands so far.
func (s *mailServer) said() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.lines, "\n")
}

func (s *mailServer) serve(c net.Conn) {
	defer func() { _ = c.Close() }() // the client may have closed it
	if s.implicit {
		c = tls.Server(c, s.cert)
	}
	d := &dialogue{server: s, conn: c, in: bufio.NewReader(c), secret: s.implicit}
	d.say("220 mail.corp.example")
	for d.next() {
	}
}

// dialogue is one connection.
type dialogue struct {
	server *mailServer
	conn   net.Conn
	in     *bufio.Reader
	secret bool
	auth   string
}

func (d *dialogue) say(line string) { _, _ = io.WriteString(d.conn, line+"\r\n") } // a client that is gone hears nothing

// next answers one command, and reports whether there may be more.
func (d *dialogue) next() bool {
	line, err := d.in.ReadString('\n')
	if err != nil {
		return false
	}
	line = strings.TrimSpace(line)
	d.server.mu.Lock()
	d.server.lines = append(d.server.lines, line)
	d.server.mu.Unlock()
	if other := d.server.reply(line); other != "" {
		d.say(other)
		return true
	}
	switch verb, rest, _ := strings.Cut(line, " "); strings.ToUpper(verb) {
	case "EHLO":
		d.say("250-mail.corp.example")
		if !d.server.noTLS && !d.secret {
			d.say("250-STARTTLS")
		}
		d.say("250-AUTH PLAIN")
		d.say("250 8BITMIME")
	case "STARTTLS":
		d.say("220 go ahead")
		d.conn = tls.Server(d.conn, d.server.cert)
		d.in, d.secret = bufio.NewReader(d.conn), true
	case "AUTH":
		d.authenticate(rest)
	case "DATA":
		d.take()
	case "QUIT":
		d.say("221 bye")
		return false
	default: // MAIL, RCPT, NOOP, RSET
		d.say("250 ok")
	}
	return true
}

func (d *dialogue) authenticate(how string) {
	text, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(how, "PLAIN "))
	d.auth = strings.TrimPrefix(string(text), "\x00")
	if err != nil || d.auth != d.server.wants {
		d.say("535 5.7.8 authentication failed")
		return
	}
	d.say("235 welcome")
}

func (d *dialogue) take() {
	d.say("354 go on")
	var text strings.Builder
	for {
		line, err := d.in.ReadString('\n')
		if err != nil {
			return
		}
		if line == ".\r\n" {
			break
		}
		text.WriteString(strings.TrimPrefix(line, "."))
	}
	m, err := mail.ReadMessage(strings.NewReader(text.String()))
	if err != nil {
		d.say("554 not a mail: " + err.Error())
		return
	}
	body, _ := io.ReadAll(m.Body) // from memory
	d.server.got <- letter{Message: m, body: string(body), auth: d.auth, secret: d.secret}
	d.say("250 taken")
}
