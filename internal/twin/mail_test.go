package twin

import (
	"strings"
	"testing"
	"time"

	"accountfactory/internal/twin/identitycenter"
)

// TestMailText: nobody's address or name forges a header.
func TestMailText(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	got := mailText(identitycenter.Mail{To: "ann@example.com\r\nBcc: eve@example.com", Subject: "Hello\nLink: http://elsewhere.test", Link: "http://portal.test/start", Text: "Hello Ann,\n"}, at)
	head, _, _ := strings.Cut(got, "\n\n")
	want := "To: ann@example.com  Bcc: eve@example.com\nSubject: Hello Link: http://elsewhere.test\nDate: Fri, 02 Jan 2026 03:04:05 +0000\nLink: http://portal.test/start"
	if head != want {
		t.Errorf("got\n%s\nwant\n%s", head, want)
	}
}
