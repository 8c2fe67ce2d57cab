package twin

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"accountfactory/internal/twin/identitycenter"
	"accountfactory/internal/twin/state"
)

// writeMail puts a mail in the outbox folder, one readable file per message, named so that they sort by time. Written
// again it is the same file.
func (t *Twin) writeMail(_ context.Context, m *state.Message) error {
	var mail identitycenter.Mail
	if err := json.Unmarshal(m.Body, &mail); err != nil {
		return fmt.Errorf("read mail %s: %w", m.ID, err)
	}
	dir := filepath.Join(t.config.Dir, "outbox")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	text := fmt.Sprintf("To: %s\nSubject: %s\nDate: %s\nLink: %s\n\n%s\n", mail.To, mail.Subject, m.At.Format("Mon, 02 Jan 2006 15:04:05 -0700"), mail.Link, mail.Text)
	path := filepath.Join(dir, m.ID+".txt")
	if err := os.WriteFile(path+".part", []byte(text), 0o600); err != nil {
		return err
	}
	return os.Rename(path+".part", path)
}
