package harness

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Mailed waits for the first mail to an address in the outbox folder, and gives its link.
func (p *Process) Mailed(ctx context.Context, to string) (link string, err error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	err = Poll(ctx, 20*time.Millisecond, func() (bool, error) {
		files, err := filepath.Glob(filepath.Join(p.Data, "outbox", "*.txt"))
		if err != nil {
			return false, err
		}
		for _, f := range files {
			body, err := os.ReadFile(f)
			if err != nil {
				return false, err
			}
			if text := string(body); strings.HasPrefix(text, "To: "+to+"\n") {
				_, rest, _ := strings.Cut(text, "\nLink: ")
				link, _, _ = strings.Cut(rest, "\n")
				return true, nil
			}
		}
		return false, nil
	})
	return link, err
}
