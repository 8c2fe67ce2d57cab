package factory

import (
	"context"
	"time"
)

// AnyGeneration is given to Update by somebody who holds no generation: a person.
const AnyGeneration int64 = -1

// Binding is the cloud a factory's database belongs to.
type Binding struct {
	Kind              string `json:"kind"` // "twin" or "aws"
	OrganizationID    string `json:"organizationId"`
	ManagementAccount string `json:"managementAccount"`
	Region            string `json:"region"`
}

// Filter chooses requests. The zero Filter chooses all.
type Filter struct {
	Requester      string // ARN
	SourceIdentity string // either of the two is enough
	Kind           Kind
	Open           bool      // only those not ended
	EndedSince     time.Time // only those ended at this time or later
	States         []State   // only those in one of these
	ChangedSince   time.Time // only those that changed at this time or later
	Newest         bool      // the newest first
	ByChange       bool      // with ChangedSince: those that changed first come first, and After counts among those of that very time
	After          int64     // the cursor of a page: numbers greater than this, or with Newest smaller; 0: from the beginning
	Limit          int       // 0: no limit
}

// Queue is what the queue looks like from outside.
type Queue struct {
	Limit   int     // account operations at once
	Used    int     // how many requests hold one
	Busy    int     // how many have a worker, those that need no account operation too
	Waiting int     // how many wait for an account operation and may begin
	Capped  int     // how many of them wait for another day
	First   Request // the oldest that holds one; the zero Request when there is none

	Auto      bool // the limit is what others leave of Quota
	Quota     int  // AWS's, of account operations at once: as an operator said it, else the usual one
	QuotaSaid bool // an operator said it
	DailyCap  int  // new accounts begun in a day (UTC); 0: no cap
	Begun     int  // of them, today

	Mode   Mode
	ModeBy string
	ModeAt time.Time
}

// Turn takes one turn at a request for a worker that holds the generation. It gives how long to wait before the next
// turn; more is false when this generation has nothing left to do.
type Turn func(ctx context.Context, id string, generation int64) (wait time.Duration, more bool)

// Store keeps requests, their timelines and the queue. All writes are durable when a method returns.
type Store interface {
	// Bind binds the database at first start, later compares. Returns BindingError when it belongs to another cloud.
	Bind(ctx context.Context, b Binding) error

	// Add stores a new request with the first line of its timeline, and starts it when there is a slot. Returns
	// DuplicateError for an account e-mail that has a Holder, and Draining's refusal. With
	// the Once of an earlier submission it gives that one's request, or KeyReusedError.
	Add(ctx context.Context, r Request, first Event) (Request, error)
	// Update changes a request in one transaction with its timeline. Returns ErrNotFound, ErrStale when somebody else
	// holds the request, or change's own error, and then changes nothing. A slot the change frees is given on, and a
	// generation it raises gets its worker, in the same transaction.
	Update(ctx context.Context, id string, generation int64, change func(*Request) ([]Event, error)) (Request, error)
	// Sweep gives a worker to each request that should have one and has not; all says that no worker lives (a start).
	Sweep(ctx context.Context, all bool) (int, error)

	// Submitted gives the request that a caller's submission made. Returns ErrNotFound and KeyReusedError.
	Submitted(ctx context.Context, requester string, once Once) (Request, error)
	// Attend gives the requests that wait for a person and are due to be looked at.
	Attend(ctx context.Context, now time.Time) ([]Request, error)
	// ClaimHook takes the run that is due longest, for a lease in which nobody else does, and counts the attempt. Returns
	// ErrNotFound when none is due. Update keeps new runs, of a request's Hooks; Sweep of a start ends all leases.
	ClaimHook(ctx context.Context, now time.Time, lease time.Duration) (HookRun, error)
	// EndHook stores what the attempt came to, with a line in the timeline where it has text. One whose lease somebody
	// else has by now changes nothing.
	EndHook(ctx context.Context, run HookRun, e Event) error
	// RetryHook makes a failed run pending again. Returns ErrNotFound, and ConflictError for one that has not failed.
	RetryHook(ctx context.Context, requestID, id string, e Event) error
	HookRuns(ctx context.Context, requestID string) ([]HookRun, error)
	Get(ctx context.Context, id string) (Request, error) // Returns ErrNotFound.
	List(ctx context.Context, f Filter) ([]Request, error)
	// Holder gives the request that keeps one of a kind from being added for an account e-mail: an open one, and for a
	// launch one that succeeded too. Returns ErrNotFound.
	Holder(ctx context.Context, k Kind, emailKey string) (Request, error)
	// Tombstone gives the newest request that closed an account of an e-mail. Returns ErrNotFound.
	Tombstone(ctx context.Context, emailKey string) (Request, error)
	Timeline(ctx context.Context, id string) ([]Event, error)
	Queue(ctx context.Context) (Queue, error)
	// Position gives a waiting request's place, 0 for one that may not begin yet; Waiting gives the ids of all that wait
	// for an account operation, in order.
	Position(ctx context.Context, r Request) (int, error)
	Waiting(ctx context.Context) ([]string, error)
	// ChangeQueue makes all of a change, or nothing of it, and starts what it lets start in the same transaction. An automatic limit
	// follows Measured until one is set by hand.
	ChangeQueue(ctx context.Context, c QueueChange, by string) error
	Measured(ctx context.Context, n int) error
	// Working gives the requests that hold an account operation.
	Working(ctx context.Context) ([]Request, error)
	// Audit gives the audit log's rows after a number. Add, Update, RetryHook and whatever sets limits and mode write them.
	Audit(ctx context.Context, after int64, limit int) ([]AuditRow, error)
	// Durations gives how long the last n account operations that succeeded took from their start.
	Durations(ctx context.Context, n int) ([]time.Duration, error)

	// Coming gives how many accounts open launches have yet to make.
	Coming(ctx context.Context) (int, error)
	// Count gives how many requests are in each state, and since when the one waits that waits longest.
	Count(ctx context.Context) (map[State]int, time.Time, error)

	// Listen names who is told the ids of requests that changed, after their transaction; queue says that places in
	// the queue may have moved.
	Listen(func(ids []string, queue bool))
	// Start lets workers take turns until Stop.
	Start(ctx context.Context, turn Turn) error
	Stop(ctx context.Context) error
}
