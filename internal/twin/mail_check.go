package twin

import (
	"context"
	"fmt"
	"log/slog"

	"accountfactory/internal/clock"
)

// CheckSMTP goes as far with a mail server as a mail would: connection, TLS, sign-in. It sends none.
func CheckSMTP(ctx context.Context, to SMTP) error {
	return (&mailer{to: to, wall: clock.Wall{}, log: slog.New(slog.DiscardHandler)}).check(ctx)
}

func (s *mailer) check(ctx context.Context) error {
	client, err := s.client()
	if err != nil {
		return err
	}
	session, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return err
	}
	if err := session.Noop(); err != nil {
		_ = client.CloseWithSMTPClient(session) // the answer has said enough
		return fmt.Errorf("NOOP: %w", err)
	}
	return client.CloseWithSMTPClient(session)
}
