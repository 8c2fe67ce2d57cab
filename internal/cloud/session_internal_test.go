package cloud

import (
	"fmt"
	"testing"
)

// TestSessions_Bounded: however many requesters there are, only so many sessions are kept; the newest is among them.
func TestSessions_Bounded(t *testing.T) {
	t.Parallel()
	s := NewSessions(nil)
	for n := range 3 * maxSessions {
		name := fmt.Sprint("requester-", n)
		if one := s.get(name); s.get(name) != one {
			t.Fatalf("%s was not kept", name)
		}
	}
	if len(s.all) != maxSessions {
		t.Errorf("%d sessions, want %d", len(s.all), maxSessions)
	}
}
