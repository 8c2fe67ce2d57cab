package twin

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	netmail "net/mail"
	"strings"
	"time"
	"unicode"

	"github.com/wneessen/go-mail"

	"accountfactory/internal/clock"
	"accountfactory/internal/twin/identitycenter"
	"accountfactory/internal/twin/state"
)

// SMTP says where mails go besides the outbox folder. Without a Host they go nowhere else.
type SMTP struct {
	Host     string
	Port     int
	User     string // "" means the server asks for nobody
	Password string
	From     string // address, perhaps with a name
	Security string // SMTPStartTLS, SMTPImplicit or SMTPOff
}

// How the connection to the mail server is protected.
const (
	SMTPStartTLS = "starttls" // by STARTTLS, which must be there
	SMTPImplicit = "implicit" // from the first byte
	SMTPOff      = "off"      // not at all; a password goes to this machine only
)

// smtpSink is the name of the place that delivery by SMTP has come to.
const smtpSink = "smtp"

// smtpTime is how long a mail server may take for one mail.
const smtpTime = 30 * time.Second

// mailer sends mails by SMTP. Those that the server does not take now are tried again, and those behind them wait; those it
// will never take are logged and left: they are in the outbox folder too.
type mailer struct {
	to    SMTP
	roots *x509.CertPool // nil means the system's
	wall  clock.Clock
	log   *slog.Logger
}

// mails begins delivery by SMTP where the configuration wants it, from the mails that come now on: old ones hold links that
// nobody waits for.
func (t *Twin) mails(ctx context.Context) (send func(context.Context, *state.Message) error, err error) {
	if t.config.SMTP.Host == "" {
		return nil, t.state.DropSink(ctx, smtpSink)
	}
	m := &mailer{to: t.config.SMTP, roots: t.config.smtpRoots, wall: clock.Wall{}, log: t.log}
	return m.send, t.state.StartSink(ctx, smtpSink, "mail")
}

func (s *mailer) send(ctx context.Context, m *state.Message) error {
	var body identitycenter.Mail
	if err := json.Unmarshal(m.Body, &body); err != nil {
		return fmt.Errorf("read mail %s: %w", m.ID, err)
	}
	msg, err := s.message(m, body)
	if err != nil {
		s.log.WarnContext(ctx, "mail left in the outbox folder alone", "mail", m.ID, "error", err)
		return nil
	}
	client, err := s.client()
	if err != nil {
		return fmt.Errorf("mail server: %w", err)
	}
	err = client.DialAndSendWithContext(ctx, msg)
	if refusedForGood(err) {
		s.log.WarnContext(ctx, "mail left in the outbox folder alone", "mail", m.ID, "error", err)
		return nil
	}
	return err
}

// refusedForGood tells refusals of one mail or its recipient from those of the sender, which somebody can set right.
func refusedForGood(err error) bool {
	var refused *mail.SendError
	if !errors.As(err, &refused) || refused.ErrorCode() < 500 {
		return false
	}
	return refused.Reason == mail.ErrSMTPRcptTo || refused.Reason == mail.ErrSMTPData || refused.Reason == mail.ErrSMTPDataClose
}

func (s *mailer) client() (*mail.Client, error) {
	options := []mail.Option{mail.WithPort(s.to.Port), mail.WithTimeout(smtpTime)}
	auth := mail.SMTPAuthAutoDiscover
	switch s.to.Security {
	case SMTPImplicit:
		options = append(options, mail.WithSSL())
	case SMTPOff:
		options, auth = append(options, mail.WithTLSPolicy(mail.NoTLS)), mail.SMTPAuthPlain // to this machine only, as Validate sees to
	default:
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory))
	}
	if s.to.Security != SMTPOff {
		options = append(options, mail.WithTLSConfig(&tls.Config{ServerName: s.to.Host, RootCAs: s.roots, MinVersion: tls.VersionTLS12}))
	}
	if s.to.User != "" {
		options = append(options, mail.WithSMTPAuth(auth), mail.WithUsername(s.to.User), mail.WithPassword(s.to.Password))
	}
	return mail.NewClient(s.to.Host, options...)
}

// message makes a mail of a row. What people typed, an address or a name, begins no header of its own, and a try again has
// the same Message-ID.
func (s *mailer) message(m *state.Message, body identitycenter.Mail) (*mail.Msg, error) {
	to, err := netmail.ParseAddress(body.To)
	if err != nil || to.Address != body.To {
		return nil, fmt.Errorf("%q is not an address", body.To)
	}
	to.Name = oneLine(body.Name)
	msg := mail.NewMsg(mail.WithNoDefaultUserAgent())
	if err := msg.From(s.to.From); err != nil {
		return nil, err
	}
	msg.AddToMailAddress(to)
	msg.Subject(oneLine(body.Subject))
	msg.SetDateWithValue(s.wall.Now())
	from, err := netmail.ParseAddress(s.to.From)
	if err != nil {
		return nil, err
	}
	msg.SetMessageIDWithValue(fmt.Sprintf("%s.%x@%s", m.ID, m.At.UnixNano(), from.Address[strings.LastIndexByte(from.Address, '@')+1:]))
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetBodyString(mail.TypeTextPlain, body.Text)
	return msg, nil
}

func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
}
