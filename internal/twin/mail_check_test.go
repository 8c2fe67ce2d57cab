package twin

import (
	"log/slog"
	"strings"
	"testing"

	"accountfactory/internal/clock"
)

// TestCheckSMTP: a mail server is tried up to its sign-in, and gets no mail.
func TestCheckSMTP(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		change func(*mailServer)
		user   string
		want   string // in the error; empty for none
	}{
		"good":       {change: func(*mailServer) {}},
		"signed in":  {change: func(s *mailServer) { s.wants = "ann\x00secret" }, user: "ann"},
		"not let in": {change: func(s *mailServer) { s.wants = "ann\x00other" }, user: "ann", want: "535"},
		"no TLS":     {change: func(s *mailServer) { s.noTLS = true }, want: "STARTTLS"},
		"ill":        {change: func(s *mailServer) { s.reply = refusing("NOOP", "421 4.3.2 not now") }, want: "421"},
		"not for us": {change: func(s *mailServer) { s.reply = refusing("EHLO", "550 5.7.1 go away") }, want: "550"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startMailServer(t, tc.change)
			m := &mailer{to: SMTP{Host: "127.0.0.1", Port: s.port, From: "a@example.com", Security: SMTPStartTLS}, roots: s.trust, wall: clock.Wall{}, log: slog.New(slog.DiscardHandler)}
			if tc.user != "" {
				m.to.User, m.to.Password = tc.user, "secret"
			}
			err := m.check(t.Context())
			if tc.want == "" && err != nil || tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want)) {
				t.Errorf("%v, want %q", err, tc.want)
			}
			if len(s.got) > 0 {
				t.Error("a mail was sent")
			}
		})
	}
}

// refusing answers one command so, and all others as usual.
func refusing(command, answer string) func(string) string {
	return func(got string) string {
		if strings.HasPrefix(strings.ToUpper(got), command) || command == "EHLO" && strings.HasPrefix(got, "HELO") {
			return answer
		}
		return ""
	}
}
