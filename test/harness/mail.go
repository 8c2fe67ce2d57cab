package harness

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// mailWithin is far beyond what it takes until a mail is in the outbox.
const mailWithin = time.Minute

// Mails gives the mails to an address in a data folder's outbox, in the order they were sent.
func Mails(data, to string) (texts []string, err error) {
	files, err := filepath.Glob(filepath.Join(data, "outbox", "*.txt")) // named in their order
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		body, err := os.ReadFile(f)
		if err != nil {
			return nil, err
		}
		if text := string(body); strings.HasPrefix(text, "To: "+to+"\n") {
			texts = append(texts, text)
		}
	}
	return texts, nil
}

// awaitMail waits until find finds something in the mails to an address.
func awaitMail(ctx context.Context, data, to string, find func(texts []string) string) (found string, err error) {
	ctx, cancel := context.WithTimeout(ctx, mailWithin)
	defer cancel()
	err = Poll(ctx, 10*time.Millisecond, func() (bool, error) {
		texts, err := Mails(data, to)
		if err != nil || len(texts) == 0 {
			return false, err
		}
		found = find(texts)
		return found != "", nil
	})
	return found, err
}

// Mailed waits for the first mail to an address, and gives its link.
func (p *Process) Mailed(ctx context.Context, to string) (link string, err error) {
	return awaitMail(ctx, p.Data, to, func(texts []string) string {
		_, rest, _ := strings.Cut(texts[0], "\nLink: ")
		link, _, _ := strings.Cut(rest, "\n")
		return link
	})
}

var mailedCode = regexp.MustCompile(`Verification code: (\w{6})`)

// MailedCode waits for a mail with a verification code to an address, and gives the newest one's code.
func MailedCode(ctx context.Context, data, to string) (code string, err error) {
	return awaitMail(ctx, data, to, func(texts []string) (code string) {
		for _, text := range texts {
			if found := mailedCode.FindStringSubmatch(text); found != nil {
				code = found[1]
			}
		}
		return code
	})
}
