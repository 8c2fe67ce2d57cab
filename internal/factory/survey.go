package factory

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// surveyWithin is how long reading the cloud may take in all: AWS gives twenty accounts a call, and ten thousand of them at the
// rate that is left to us take minutes.
const surveyWithin = 15 * time.Minute

var errStopping = errors.New("this server is stopping")

// survey is a reading of the cloud under way. It outlives the turn or the question that began it: in a large organization it
// takes longer than any of them, and the next one finds what it has read.
type survey struct {
	began time.Time
	land  *landscape
	done  chan struct{} // closed at the end
	err   error
}

// landscapes keeps the last landscape. One survey reads for all that wait.
type landscapes struct {
	mu     sync.Mutex
	last   *landscape
	at     time.Time     // when its survey began
	took   time.Duration // how long that was
	under  *survey       // way, or nil
	cancel func()        // of under
	closed bool

	unknown []string // names of Config.AllowedOUs that the last one read had no unit for
}

// landscape gives one that is not older than the configured age; fresh asks for one read from now on. In an organization so
// large that reading it takes a good part of a turn, what was read just now is fresh, or nobody would ever be content.
func (s *Service) landscape(ctx context.Context, a AWS, fresh bool) (*landscape, error) {
	asked := s.clock.Now()
	for {
		l, under := s.known(ctx, a, asked, fresh)
		if l != nil {
			return l, nil
		}
		select {
		case <-under.done:
			if under.err != nil {
				return nil, under.err
			}
		case <-ctx.Done():
			return nil, fmt.Errorf("the organization is still being read, %d accounts so far: %w", under.land.counted.Load(), ctx.Err())
		}
	}
}

// known gives what was read and is not too old, or the survey to wait for.
func (s *Service) known(ctx context.Context, a AWS, asked time.Time, fresh bool) (*landscape, *survey) {
	k := &s.lands
	k.mu.Lock()
	defer k.mu.Unlock()
	clockBack := k.at.After(s.clock.Now()) // nobody knows how old it is then
	if k.last != nil && !clockBack && !k.at.Add(s.age(k.took, fresh)).Before(asked) {
		return k.last, nil
	}
	if k.under == nil {
		k.under = s.explore(ctx, a)
	}
	return nil, k.under
}

// age is how old a landscape may be whose reading took so long.
func (s *Service) age(took time.Duration, fresh bool) time.Duration {
	switch {
	case !fresh:
		return max(s.cfg.LandscapeAge, 4*took)
	case took > s.cfg.TurnTimeout/4:
		return 2 * took
	}
	return 0
}

// explore begins a survey. Call it under the lock.
func (s *Service) explore(ctx context.Context, a AWS) *survey {
	v := &survey{began: s.clock.Now(), land: &landscape{accounts: map[string]account{}}, done: make(chan struct{})}
	if s.lands.closed {
		v.err = errStopping
		close(v.done)
		return v
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), surveyWithin)
	s.lands.cancel = cancel
	s.surveying.Go(func() {
		defer cancel()
		err := s.readLandscape(ctx, a, v.land)
		if err == nil {
			s.sayUnknown(ctx, v.land)
		}
		s.lands.end(v, err, s.clock.Now())
	})
	return v
}

func (k *landscapes) end(v *survey, err error, now time.Time) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if v.err = err; err == nil {
		k.last, k.at, k.took = v.land, v.began, now.Sub(v.began)
	}
	k.under = nil
	close(v.done)
}

// close ends a survey under way, and lets no other begin.
func (k *landscapes) close() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.closed = true
	if k.under != nil {
		k.cancel()
	}
}
