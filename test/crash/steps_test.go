package crash

import (
	"fmt"
	"testing"
)

// uncounted is more steps than any vend takes: a fault that lets them all pass has counted them.
const uncounted = 1_000_000

// TestSteps kills the process before and after each step that the twin's operations over time take in a vend:
// Control Tower's, and those of Organizations and Identity Center it waits for.
func TestSteps(t *testing.T) {
	t.Parallel()
	least := map[string]int{"launch": 11, "retry": 10} // six of Control Tower, an account, four assignments; the retry has the account
	for _, j := range journeys {
		if least[j.name] == 0 {
			continue
		}
		t.Run(j.name, func(t *testing.T) {
			t.Parallel()
			l, id := j.travel(t, fault{Kind: "kill-before", Step: "*", Skip: uncounted, Count: 1})
			l.whole(account, j.outcome())
			steps := uncounted - l.armed(id).Skip
			if steps < least[j.name] {
				t.Fatalf("%d steps, want %d at least", steps, least[j.name])
			}
			l.kill()
			for n := range steps {
				for _, kind := range []string{"kill-before", "kill-after"} {
					t.Run(fmt.Sprintf("%d.%s", n+1, kind), func(t *testing.T) {
						t.Parallel()
						l, _ := j.travel(t, fault{Kind: kind, Step: "*", Skip: n, Count: 1})
						l.whole(account, j.outcome())
						if l.deaths != 1 {
							t.Errorf("the process died %d times, want once", l.deaths)
						}
					})
				}
			}
		})
	}
}
