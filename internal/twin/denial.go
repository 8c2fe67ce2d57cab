package twin

import (
	"net/http"
	"slices"
	"sync"
	"time"

	"accountfactory/internal/policy"
	"accountfactory/internal/wire"
)

// denial is a call that policies refused, with what the caller, for good reason, is not told.
type denial struct {
	Time      time.Time `json:"time"`
	RequestID string    `json:"requestId"`
	Caller    string    `json:"caller"`
	Operation string    `json:"operation"`
	Action    string    `json:"action"`
	Resource  string    `json:"resource"`
	Why       string    `json:"why"` // which statement of which policy decided
}

// denials are the last calls refused, the newest first. They are kept in memory alone.
type denials struct {
	mu   sync.Mutex
	last []denial
}

const denialsKept = 100

func (d *denials) add(one denial) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.last = slices.Insert(d.last, 0, one)
	d.last = d.last[:min(len(d.last), denialsKept)]
}

// refuse notes a denial, for the log and the lab, and gives the caller AWS's sentence.
func (t *Twin) refuse(r *wire.Request, request policy.Request, d policy.Decision) error {
	t.log.Info("denied", "request", r.ID, "operation", r.Operation, "why", d.Explain())
	t.refused.add(denial{
		Time: r.At, RequestID: r.ID, Caller: r.Caller.ARN, Operation: r.Service + ":" + r.Operation,
		Action: request.Action, Resource: request.Resource, Why: d.Explain(),
	})
	return t.denied(r.Service, d.Message(request))
}

func (t *Twin) labDenials(*http.Request) (any, error) {
	t.refused.mu.Lock()
	defer t.refused.mu.Unlock()
	return map[string]any{"denials": append([]denial{}, t.refused.last...)}, nil
}
