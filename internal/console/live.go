package console

import (
	"sync"
	"sync/atomic"
	"time"
)

// live is what is in memory of a session.
type live struct {
	mu   sync.Mutex // held while the portal is asked about the session
	seen time.Time  // when the portal last confirmed it

	streams atomic.Int64

	roles roles
}

// lives are the sessions that were used lately.
type lives struct {
	mu  sync.Mutex
	all map[string]*live
}

// manyLives bounds them; beyond it any others are forgotten, which costs them a few calls to the portal.
const manyLives = 10_000

func (ls *lives) of(hash string) *live {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	if ls.all == nil {
		ls.all = map[string]*live{}
	}
	one, found := ls.all[hash]
	if !found {
		for other := range ls.all {
			if len(ls.all) < manyLives {
				break
			}
			delete(ls.all, other)
		}
		one = &live{}
		ls.all[hash] = one
	}
	return one
}

func (ls *lives) drop(hash string) {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	delete(ls.all, hash)
}
