package twin

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"mime"
	"mime/quotedprintable"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"accountfactory/internal/clock"
	"accountfactory/internal/twin/identitycenter"
	"accountfactory/internal/twin/state"
)

const smtpPassword = "a-password-of-the-mail-server"

// logText is a log that many write.
type logText struct {
	mu sync.Mutex
	bytes.Buffer
}

func (l *logText) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.Buffer.Write(p)
}

func (l *logText) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.Buffer.String()
}

func mailerTo(s *mailServer, security string) (*mailer, *logText) {
	log := &logText{}
	return &mailer{to: s.config(security, "factory", smtpPassword), roots: s.trust, wall: clock.Wall{}, log: slog.New(slog.NewTextHandler(log, nil))}, log
}

// row is a mail as the outbox has it.
func row(t *testing.T, m identitycenter.Mail) *state.Message {
	t.Helper()
	body, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return &state.Message{ID: "0000000000000001-000001", Kind: "mail", At: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Body: body}
}

var toAnn = identitycenter.Mail{To: "ann@corp.example", Name: "Ann Archer", Subject: "Invitation", Text: "Hello Ann,\n\nhttp://portal.test/start/invitation/x\n"}

func TestSMTP(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		security string
		change   func(*mailServer)
		secret   bool
	}{
		{SMTPStartTLS, func(*mailServer) {}, true},
		{SMTPImplicit, func(s *mailServer) { s.implicit = true }, true},
		{SMTPOff, func(s *mailServer) { s.noTLS = true }, false},
	} {
		t.Run(tc.security, func(t *testing.T) {
			t.Parallel()
			s := startMailServer(t, func(s *mailServer) { s.wants = "factory\x00" + smtpPassword; tc.change(s) })
			m, _ := mailerTo(s, tc.security)
			for range 2 { // as after a crash
				if err := m.send(t.Context(), row(t, toAnn)); err != nil {
					t.Fatal(err)
				}
			}
			first, again := <-s.got, <-s.got
			if first.secret != tc.secret || first.auth != s.wants {
				t.Errorf("by TLS: %t, as %q", first.secret, first.auth)
			}
			for name, want := range map[string]string{
				"To": `"Ann Archer" <ann@corp.example>`, "From": `"Account Factory" <factory@corp.example>`, "Subject": "Invitation", "Auto-Submitted": "auto-generated",
			} {
				if got := first.Header.Get(name); got != want {
					t.Errorf("%s: %q, want %q", name, got, want)
				}
			}
			text, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(first.body)))
			if err != nil || strings.ReplaceAll(string(text), "\r\n", "\n") != toAnn.Text {
				t.Errorf("text %q, %v", text, err)
			}
			if id := first.Header.Get("Message-Id"); id == "" || id != again.Header.Get("Message-Id") {
				t.Errorf("Message-ID %q, then %q", id, again.Header.Get("Message-Id"))
			}
		})
	}
}

// What people typed begins no header line, and no command.
func TestSMTP_Injection(t *testing.T) {
	t.Parallel()
	s := startMailServer(t, func(s *mailServer) { s.wants = "factory\x00" + smtpPassword })
	m, log := mailerTo(s, SMTPStartTLS)
	forged := toAnn
	forged.Name, forged.Subject = "Ann\r\nBcc: eve@evil.example\r\n\r\nHi", "Hello\nX-Evil: yes\r\n\r\nbody"
	if err := m.send(t.Context(), row(t, forged)); err != nil {
		t.Fatal(err)
	}
	got := <-s.got
	subject, err := new(mime.WordDecoder).DecodeHeader(got.Header.Get("Subject"))
	if err != nil || subject != "Hello X-Evil: yes    body" {
		t.Errorf("Subject %q, %v", subject, err)
	}
	if got.Header.Get("Bcc") != "" || got.Header.Get("X-Evil") != "" || strings.Contains(s.said(), "eve@evil.example") {
		t.Errorf("headers %v\n%s", got.Header, s.said())
	}
	for _, to := range []string{
		"ann@corp.example\r\nRCPT TO:<eve@evil.example>", "ann@corp.example>\r\nDATA", "ann@corp.example, eve@evil.example", "Eve <eve@evil.example>", "nobody", "",
	} {
		wrong := toAnn
		wrong.To = to
		if err := m.send(t.Context(), row(t, wrong)); err != nil {
			t.Errorf("%q: %v: the mails behind it would wait forever", to, err)
		}
		if !strings.Contains(log.String(), "is not an address") || strings.Contains(s.said(), "evil") {
			t.Errorf("%q: %s\n%s", to, log.String(), s.said())
		}
	}
}

func TestSMTP_Refused(t *testing.T) {
	t.Parallel()
	answer := func(verb, with string) func(*mailServer) {
		return func(s *mailServer) {
			s.wants = "factory\x00" + smtpPassword
			s.reply = func(command string) string {
				if strings.HasPrefix(command, verb) {
					return with
				}
				return ""
			}
		}
	}
	for _, tc := range []struct {
		name   string
		change func(*mailServer)
		again  bool // it is tried again
	}{
		{"unknown recipient", answer("RCPT", "550 5.1.1 no such user"), false},
		{"recipient later", answer("RCPT", "451 4.7.1 greylisted"), true},
		{"sender", answer("MAIL", "550 5.7.1 not you"), true},
		{"text", answer("DATA", "554 5.6.0 spam"), false},
		{"text later", answer("DATA", "452 4.3.1 disk full"), true},
		{"wrong password", func(s *mailServer) { s.wants = "factory\x00another" }, true},
		{"no STARTTLS", func(s *mailServer) { s.noTLS = true }, true},
		{"another's certificate", func(s *mailServer) { s.trust = nil }, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := startMailServer(t, tc.change)
			m, log := mailerTo(s, SMTPStartTLS)
			if err := m.send(t.Context(), row(t, toAnn)); (err != nil) != tc.again {
				t.Errorf("error %v, log %s", err, log.String())
			} else if said := log.String(); err != nil && strings.Contains(err.Error(), smtpPassword) || strings.Contains(said, smtpPassword) {
				t.Errorf("the password is told: %v, %s", err, said)
			}
			if s.noTLS && strings.Contains(s.said(), "AUTH") {
				t.Errorf("without TLS the password is sent: %s", s.said())
			}
			if len(s.got) > 0 {
				t.Error("the mail was taken")
			}
		})
	}
}

// openMailing starts a twin on a folder with a mail server.
func openMailing(t *testing.T, dir string, s *mailServer, log io.Writer) *Twin {
	t.Helper()
	c := Config{
		Dir: dir, Region: "eu-central-1", ManagementAccountID: "111122223333", AccessKeyID: "AKIATESTTESTTESTTEST", SecretAccessKey: "secret",
		PortalURL: "http://portal.test/start", Seed: 1, Log: slog.New(slog.NewTextHandler(log, nil)),
	}
	if s != nil {
		c.SMTP, c.smtpRoots = s.config(SMTPStartTLS, "factory", smtpPassword), s.trust
	}
	tw, err := Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return tw
}

// A twin mails what it writes to the outbox folder, again when the server is back, and nothing twice after a restart.
func TestSMTP_Twin(t *testing.T) {
	t.Parallel()
	var down atomic.Bool
	s := startMailServer(t, func(s *mailServer) {
		s.wants = "factory\x00" + smtpPassword
		s.reply = func(command string) string {
			if strings.HasPrefix(command, "RCPT") && down.CompareAndSwap(true, false) {
				return "451 4.3.0 try later"
			}
			return ""
		}
	})
	down.Store(true)
	dir, log := t.TempDir(), &logText{}
	tw := openMailing(t, dir, s, log)
	first := map[string]bool{}
	for range tw.Links() {
		first[(<-s.got).Header.Get("To")] = true
	}
	if len(first) != 2 {
		t.Errorf("mails to %v", first)
	}
	tw.awaitSink(t, folderSink) // which goes its own way
	if files, err := filepath.Glob(filepath.Join(dir, "outbox", "*.txt")); err != nil || len(files) != 2 {
		t.Errorf("outbox folder: %v, %v", files, err)
	}
	invite(t, tw, "admin")
	if got := (<-s.got).Header.Get("To"); !strings.Contains(got, "admin@") {
		t.Errorf("the next mail is to %s", got)
	}
	// The sink's place is kept after the send, so wait for it rather than let the close overtake it.
	tw.awaitSink(t, smtpSink)
	if err := tw.Close(); err != nil {
		t.Fatal(err)
	}

	tw = openMailing(t, dir, nil, log) // without a mail server for a while
	invite(t, tw, "admin")
	if err := tw.Close(); err != nil {
		t.Fatal(err)
	}
	tw = openMailing(t, dir, s, log)
	invite(t, tw, "requester")
	if got := (<-s.got).Header.Get("To"); !strings.Contains(got, "requester@") {
		t.Errorf("after the restart the first mail is to %s", got)
	}
	if err := tw.Close(); err != nil {
		t.Fatal(err)
	}
	if len(s.got) > 0 {
		t.Errorf("%d more mails", len(s.got))
	}
	if said := log.String(); strings.Contains(said, smtpPassword) || strings.Contains(said, "/invitation/") {
		t.Errorf("secrets in the log: %s", said)
	}
}

// invite mails a user another invitation.
func invite(t *testing.T, tw *Twin, name string) {
	t.Helper()
	token := identitycenter.NewToken()
	if err := tw.state.Update(t.Context(), func(tx *state.Tx) error {
		return tw.center.Invite(tx, tw.center.UserByName(tx, name).ID, token)
	}); err != nil {
		t.Fatal(err)
	}
}

// awaitSink waits until a sink of mails has kept that it sent everything.
func (t *Twin) awaitSink(tb testing.TB, sink string) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(tb.Context(), time.Minute)
	defer cancel()
	for {
		changed := t.state.Changed()
		if t.state.Undelivered(sink, "mail") == 0 {
			return
		}
		select {
		case <-changed:
		case <-ctx.Done():
			tb.Fatal("the sink stays behind: " + sink)
		}
	}
}
