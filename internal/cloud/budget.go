package cloud

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"

	"accountfactory/internal/clock"
)

// Waiter is told how long a call waited for its place in the budget.
type Waiter func(service, operation string, waited time.Duration)

// budget keeps all calls of a process to a share of what AWS allows the account, which everybody else's calls share too. It
// has a bucket of tokens for each rate: a call takes one, and waits where there is none. AWS saying that it was too often
// halves a bucket's rate, which is back in full after a while.
type budget struct {
	share float64
	tell  Waiter // nil means nobody

	mu      sync.Mutex
	buckets map[string]*bucket
}

// bucket has as many tokens as calls may be made at once; fewer than none is how many wait.
type bucket struct {
	full   rate // what the budget gives
	tokens float64
	at     time.Time // of tokens

	low       float64   // the rate that AWS last pressed it to
	throttled time.Time // when; zero: never
}

const (
	recovery  = time.Minute // from a rate that AWS pressed down to the full one
	oneAnswer = time.Second // within which throttled calls were all made at the same rate
	slowest   = 1. / 32     // of the full rate
)

func newBudget(share float64, tell Waiter) *budget {
	return &budget{share: share, tell: tell, buckets: map[string]*bucket{}}
}

// bounded puts every attempt of a client's calls under the budget.
func (b *budget) bounded(stack *middleware.Stack) error {
	return stack.Finalize.Insert(middleware.FinalizeMiddlewareFunc("AccountFactoryBudget", func(
		ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler,
	) (middleware.FinalizeOutput, middleware.Metadata, error) {
		service, operation := awsmiddleware.GetServiceID(ctx), awsmiddleware.GetOperationName(ctx)
		if err := b.wait(ctx, service, operation); err != nil {
			return middleware.FinalizeOutput{}, middleware.Metadata{}, err
		}
		out, meta, err := next.HandleFinalize(ctx, in)
		if tooOften(err) {
			b.slow(service, operation)
		}
		return out, meta, err
	}), (&retry.Attempt{}).ID(), middleware.After)
}

// wait takes a token, and waits for it. A caller without the time for that is told at once, and takes none.
func (b *budget) wait(ctx context.Context, service, operation string) error {
	name, r, bounded := rateOf(service, operation)
	if !bounded {
		return nil
	}
	d, bucket := b.take(name, r)
	if d <= 0 {
		return nil
	}
	if until, limited := ctx.Deadline(); limited && until.Before((clock.Wall{}).Now().Add(d)) {
		b.giveBack(bucket)
		return &noTimeError{operation, d}
	}
	if b.tell != nil {
		b.tell(service, operation, d)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		b.giveBack(bucket)
		return ctx.Err()
	}
}

// noTimeError says that a caller has less time than a call has to wait.
type noTimeError struct {
	operation string
	wait      time.Duration
}

func (e *noTimeError) Error() string {
	return fmt.Sprintf("%s waits %s for its place among our calls of AWS: %v", e.operation, e.wait.Round(time.Millisecond), context.DeadlineExceeded)
}

func (e *noTimeError) Unwrap() error { return context.DeadlineExceeded }

// RetryableError tells the SDK not to repeat the call: it repeats what takes too long, and there is even less time then.
func (e *noTimeError) RetryableError() bool { return false }

// take takes a token of a bucket, and gives how long it is until there is one.
func (b *budget) take(name string, r rate) (time.Duration, *bucket) {
	b.mu.Lock()
	defer b.mu.Unlock()
	one := b.bucket(name, r)
	now := clock.Wall{}.Now()
	one.fill(now)
	one.tokens--
	if one.tokens >= 0 {
		return 0, one
	}
	return time.Duration(-one.tokens / one.rate(now) * float64(time.Second)), one
}

func (b *budget) giveBack(one *bucket) {
	b.mu.Lock()
	defer b.mu.Unlock()
	one.tokens++
}

// slow halves the rate of a bucket that AWS says was called too often, and empties it. Calls that were under way together
// count once.
func (b *budget) slow(service, operation string) {
	name, r, bounded := rateOf(service, operation)
	if !bounded {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	one, now := b.bucket(name, r), clock.Wall{}.Now()
	if !one.throttled.IsZero() && now.Sub(one.throttled) < oneAnswer {
		return
	}
	one.fill(now)
	one.low = max(one.rate(now)/2, one.full.second*slowest)
	one.throttled, one.tokens = now, min(one.tokens, 0)
}

// bucket gives the one of a name, full at first. A burst lets at least one call through.
func (b *budget) bucket(name string, r rate) *bucket {
	one, found := b.buckets[name]
	if !found {
		one = &bucket{full: rate{r.second * b.share, max(1, r.burst*b.share)}, at: clock.Wall{}.Now()}
		one.tokens = one.full.burst
		b.buckets[name] = one
	}
	return one
}

func (k *bucket) fill(now time.Time) {
	k.tokens = min(k.full.burst, k.tokens+now.Sub(k.at).Seconds()*k.rate(now))
	k.at = now
}

// rate gives the present one: from where AWS pressed it down it grows back evenly.
func (k *bucket) rate(now time.Time) float64 {
	since := now.Sub(k.throttled)
	if k.throttled.IsZero() || since >= recovery {
		return k.full.second
	}
	return k.low + (k.full.second-k.low)*since.Seconds()/recovery.Seconds()
}

// tooOftenCodes are AWS's ways of saying that it was called too often. Source: the common errors of each API. Organizations
// says TooManyRequestsException of that too, ConcurrentModificationException of something else.
var tooOftenCodes = []string{
	"Throttling", "ThrottlingException", "ThrottledException", "TooManyRequestsException", "RequestLimitExceeded", "RequestThrottled",
	"RequestThrottledException", "SlowDown",
}

func tooOften(err error) bool {
	var api smithy.APIError
	return errors.As(err, &api) && slices.Contains(tooOftenCodes, api.ErrorCode())
}
