package twin

import (
	"context"
	"fmt"
	"time"

	"accountfactory/internal/twin/state"
)

// retained is what of the mails and events is kept once it is delivered everywhere, by the wall's clock. The folder and the file
// that they went to stay as they are.
func retained() state.Retain { return state.Retain{Age: 30 * 24 * time.Hour, Count: 10_000} }

// When it is looked for what is kept no longer.
const (
	retainFirst = time.Minute // after the start
	retainEvery = time.Hour
)

// keptWords tells people of it.
func keptWords() string {
	r := retained()
	return fmt.Sprintf("once delivered for %d days, and no more than the last %d of a kind", int(r.Age.Hours()/24), r.Count)
}

// retain removes what is kept no longer, until ctx ends.
func (t *Twin) retain(ctx context.Context) {
	for wait := retainFirst; ; wait = retainEvery {
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
		n, err := t.state.Retain(ctx, retained(), "mail", "event")
		if err != nil && ctx.Err() == nil {
			t.log.WarnContext(ctx, "outbox", "error", err)
		}
		if n > 0 {
			t.log.InfoContext(ctx, "outbox pruned", "messages", n)
		}
	}
}
