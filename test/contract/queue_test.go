package contract

import (
	"strings"
	"testing"
)

// TestQueue: the command line pauses, drains and resumes, shows it, and changes the limit.
func TestQueue(t *testing.T) {
	t.Parallel()
	f := setup(t)
	f.done("queue", "pause")
	f.done(append(flags(good("later")), "-o", "json")...)
	if got := f.done("queue", "show"); !strings.Contains(got.out, "paused, nothing runs") || !strings.Contains(got.out, "Waiting             1") {
		t.Errorf("paused:\n%s", got.out)
	}
	f.done("queue", "drain")
	f.refuses("it was told to drain by", flags(good("refused"))...)
	f.done("queue", "limit", "3")
	if got := f.done("queue", "resume"); !strings.Contains(got.out, "of 3") {
		t.Errorf("resumed:\n%s", got.out)
	}
	f.done(append(flags(good("now")), "--wait")...)
}
