package factory

import (
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Kind is what a request asks for. Kinds and step names are stored and never renamed.
type Kind string

const (
	KindLaunch   Kind = "launch"   // a new account
	KindEnroll   Kind = "enroll"   // an account of the organization is brought under Control Tower
	KindUpdate   Kind = "update"   // another organizational unit or SSO user for an enrolled account
	KindAccess   Kind = "access"   // groups and users get or lose permission sets on an account
	KindUnmanage Kind = "unmanage" // an account leaves Control Tower's care and stays open
	KindClose    Kind = "close"    // an account is closed, unmanaged first
	KindRepair   Kind = "repair"   // a product in ERROR or TAINTED, a half-enrolled account
)

// State is where a request stands. Each says what moves it on.
type State string

const (
	// StateWaiting is a request whose account operation has not begun: others are before it, or AWS is busy with
	// somebody else's operation. A freed slot, a raised limit or the end of that operation moves it on.
	StateWaiting State = "waiting"
	// StateRunning is a request with steps under way. Its worker moves it on; after a crash the sweep finds it.
	StateRunning State = "running"
	// StateNeedsDecision is a request that stopped because going on could take over an account that is not provably
	// its own. A person retries it once that account is out of the way, or cancels it. It holds no slot.
	StateNeedsDecision State = "needs-decision"
	// StateWaitingForPerson is a request that goes on once somebody did their part, such as reading a code in a mail:
	// Ask says who, what and until when. An answer moves it on, or that the cloud shows the part done; without either it
	// fails when its time is over. It holds no slot.
	StateWaitingForPerson State = "waiting-for-person"
	// StateSucceeded is the end: the account was seen on the cloud as it was asked for.
	StateSucceeded State = "succeeded"
	// StateFailed is an end that Retry can continue from the step that failed.
	StateFailed State = "failed"
	// StateCancelled is an end a person asked for. The timeline says what exists in the cloud.
	StateCancelled State = "cancelled"
)

// Open reports whether the request still keeps its account e-mail to itself.
func (s State) Open() bool {
	return s == StateWaiting || s == StateRunning || s.Asks()
}

// Asks reports whether the request waits for a person.
func (s State) Asks() bool { return s == StateNeedsDecision || s == StateWaitingForPerson }

// Ended reports whether no worker will touch the request again unless it is retried.
func (s State) Ended() bool { return !s.Open() }

// Parameters is the account that is asked for: the six parameters of the Account Factory product.
type Parameters struct {
	Name             string `json:"name"`
	AccountEmail     string `json:"accountEmail"`
	OU               string `json:"ou"` // as the person wrote it: path, name, id or "Name (id)"
	SSOUserEmail     string `json:"ssoUserEmail"`
	SSOUserFirstName string `json:"ssoUserFirstName"`
	SSOUserLastName  string `json:"ssoUserLastName"`
}

// EmailKey is the form in which account e-mails are compared: AWS takes no notice of case.
func (p Parameters) EmailKey() string { return EmailKey(p.AccountEmail) }

// EmailKey is the form in which e-mails are compared.
func EmailKey(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

// Intent is a write to AWS that was decided and may have happened. It is stored before the call.
type Intent struct {
	Operation string    `json:"operation"`    // OpProvision and others, by AWS's names
	Token     string    `json:"token"`        // the same on every repetition
	Of        string    `json:"of,omitempty"` // which of several of a step
	At        time.Time `json:"at"`
}

// Progress is what a request's steps know of the cloud, beside the columns a query needs.
type Progress struct {
	Target       Target    `json:"target"`             // what pre-flight resolved
	Intent       *Intent   `json:"intent,omitempty"`   // set from before a write until its operation has ended
	RecordID     string    `json:"recordId,omitempty"` // Service Catalog record of the intent, once AWS answered
	Tokens       []string  `json:"tokens,omitempty"`   // all tokens ever sent: a product that carries one is ours
	RecordStatus string    `json:"recordStatus,omitempty"`
	CloudSince   time.Time `json:"cloudSince,omitzero"` // AWS's time of the first record: an older account is not ours
	Spans        []span    `json:"spans,omitempty"`     // when AWS was at what was sent: an account made otherwise is not ours
	Rivals       []string  `json:"rivals,omitempty"`    // creations that were under way when AWS took ours, and may be of the same account
	Tries        int       `json:"tries,omitempty"`     // repetitions of the present step in a row
	Looks        int       `json:"looks,omitempty"`     // of them, those at what the cloud did not show yet
	Busy         int       `json:"busy,omitempty"`      // times AWS was busy with another operation
	SlowNoted    bool      `json:"slowNoted,omitempty"` // the timeline says that this takes longer than an hour
	StepSince    time.Time `json:"stepSince,omitzero"`  // when the present step began
	Alarmed      string    `json:"alarmed,omitempty"`   // the step that an alarm was raised for
	StepListVer  int       `json:"stepListVersion"`
	RequestedBy  string    `json:"requestedBy,omitempty"` // source identity of the session that executes
	Code         string    `json:"code,omitempty"`        // a person's answer, until AWS has taken it; never shown

	Provisioner Provisioner `json:"provisioner,omitempty"` // that it began with; empty is service-catalog
}

// Request is one request as it is stored.
type Request struct {
	ID     string `json:"id"`
	Number int64  `json:"number"` // order of arrival
	Kind   Kind   `json:"kind"`
	State  State  `json:"state"`
	Step   string `json:"step"`
	Parameters
	Options

	AccountID string `json:"accountId"`                      // empty until AWS says it
	ProductID string `json:"provisionedProductId,omitempty"` // pp-…, of the product that is there now

	Requester      string `json:"requester"` // ARN
	SourceIdentity string `json:"sourceIdentity,omitempty"`
	Role           string `json:"role,omitempty"`
	Reason         string `json:"reason,omitempty"`

	// Error is why the request failed or stopped: AWS's code and words where AWS said it, and ours.
	ErrorCode    string `json:"errorCode,omitempty"`
	ErrorMessage string `json:"errorMessage,omitempty"`
	Explanation  string `json:"explanation,omitempty"`

	// Ask is what a person is to do while the state says so. AttendAt is when somebody should look at that: a reminder,
	// its end, or whether the cloud shows it done.
	Ask      *Ask      `json:"ask,omitempty"`
	AttendAt time.Time `json:"-"`

	CancelRequested bool      `json:"cancelRequested,omitempty"`
	CreatedAt       time.Time `json:"createdAt"`
	UpdatedAt       time.Time `json:"updatedAt"`
	StartedAt       time.Time `json:"startedAt,omitzero"` // when it first got a worker, since a retry or a wait that came before everything
	EndedAt         time.Time `json:"endedAt,omitzero"`

	// Priority puts a request before others that wait; equal ones go by age. NotBefore is when it may begin at the
	// earliest. Light says that it occupies none of the organization's account operations, though it has a worker: its kind
	// needs none, or what it needed one for has ended.
	Priority  int       `json:"priority,omitempty"`
	NotBefore time.Time `json:"notBefore,omitzero"`
	Light     bool      `json:"-"`
	Once      Once      `json:"-"` // only when it is added
	Hooks     []HookRun `json:"-"` // to be added with a change; the store does not read them back

	// Generation fences writes: who holds an older one changes nothing any more. Slot says that the request occupies
	// one of the organization's account operations. Due is when the next turn is worth taking. WaitReason names what
	// it waits for when that is not simply its place in the queue.
	Generation int64     `json:"generation"`
	Slot       bool      `json:"-"`
	Due        time.Time `json:"-"`
	WaitReason string    `json:"-"`
	JobID      int64     `json:"-"`
	Progress   Progress  `json:"-"`
}

// Event is one row of a request's timeline, written in the transaction of the change it tells.
type Event struct {
	At         time.Time `json:"at"`
	Step       string    `json:"step"`
	Text       string    `json:"text"`
	AWSCode    string    `json:"awsCode,omitempty"`
	AWSMessage string    `json:"awsMessage,omitempty"`
	Alarm      bool      `json:"alarm,omitempty"` // somebody should look

	Actor  string `json:"-"` // for the audit log: who did it
	Action string `json:"-"` // and what; empty is not audited by itself
}

// newID gives a short unique id that reads well aloud: no vowels, so no words, and no letters taken for digits.
func newID() string {
	const letters = "bcdfghjkmnpqrstvwxz2456789"
	var b [12]byte
	for i := 0; i < len(b); {
		var one [32]byte
		_, _ = rand.Read(one[:]) // never fails (crypto/rand)
		for _, c := range one {
			if int(c) < 256-256%len(letters) && i < len(b) {
				b[i] = letters[int(c)%len(letters)]
				i++
			}
		}
	}
	return "req-" + string(b[:])
}

// sent reports whether a write to AWS was decided whose end is not known yet.
func (r *Request) sent() bool { return r.Progress.Intent != nil }

// isOurs reports whether a provisioned product came from this request: it is the one we know, or carries our token, be it one
// that was sent after the backup this request was restored from.
func (r *Request) isOurs(productID, token string) bool {
	return (productID != "" && productID == r.ProductID) || (token != "" && (slices.Contains(r.Progress.Tokens, token) || r.wouldSend(token)))
}

// Admitted is the line that the store writes when it gives a request a slot.
func Admitted(at time.Time, r *Request, used, limit int) Event {
	if r.Light {
		return Event{At: at, Step: r.Step, Text: "Its turn: it needs no account operation."}
	}
	return Event{At: at, Step: r.Step, Text: fmt.Sprintf("Its turn: account operation %d of %d.", used, limit)}
}

// TakenOver is the line that the store writes when a request's worker was gone.
func TakenOver(at time.Time, r *Request) Event {
	return Event{At: at, Step: r.Step, Text: "Its worker was gone: goes on where it stood."}
}
