package twin

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

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
	path := filepath.Join(dir, m.ID+".txt")
	if err := os.WriteFile(path+".part", []byte(mailText(mail, m.At)), 0o600); err != nil {
		return err
	}
	return os.Rename(path+".part", path)
}

// mailText is the file of a mail. What people typed, an address or a name, cannot begin a header line of its own.
func mailText(m identitycenter.Mail, at time.Time) string {
	line := strings.NewReplacer("\r", " ", "\n", " ").Replace
	return fmt.Sprintf("To: %s\nSubject: %s\nDate: %s\nLink: %s\n\n%s\n", line(m.To), line(m.Subject), at.Format(time.RFC1123Z), line(m.Link), m.Text)
}
