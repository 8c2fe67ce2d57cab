package console

import (
	"sync"
	"sync/atomic"
	"time"

	"accountfactory/internal/few"
)

// live is what is in memory of a session.
type live struct {
	mu   sync.Mutex // held while the portal is asked about the session
	seen time.Time  // when the portal last confirmed it

	streams atomic.Int64

	roles few.Map[opened] // by account and name, with their credentials, which never leave this process
}

// manyLives bounds the sessions in memory; beyond it any others are forgotten, which costs them a few calls to the portal.
const manyLives = 10_000
