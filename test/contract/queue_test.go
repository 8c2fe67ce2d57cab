package contract

import (
	"strings"
	"testing"

	"accountfactory/internal/factory"
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
	if got := f.done("queue", "limit", "auto", "4"); !strings.Contains(got.out, "0 of 4, what others leave of 4") {
		t.Errorf("automatic:\n%s", got.out)
	}
	if got := f.done("queue", "cap", "2"); !strings.Contains(got.out, "2 of 2 (UTC)") {
		t.Errorf("capped:\n%s", got.out)
	}
	f.done(flags(good("tomorrow"))...)
	if got := f.done("requests"); !strings.Contains(got.out, "waits for tomorrow: 2 new accounts were begun today") {
		t.Errorf("beyond the cap:\n%s", got.out)
	}
	if got := f.cli("queue", "limit", "some"); got.code != 2 {
		t.Errorf("a limit of some: exit code %d", got.code)
	}
	f.done("queue", "cap", "off")
	f.ends(f.requests()[2].ID, factory.StateSucceeded)
}

// requests are all there are, oldest first.
func (f *fixture) requests() []factory.Detail {
	f.t.Helper()
	all, err := f.api.Requests(f.ctx)
	f.must(err)
	return all
}
