package factory

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"time"
)

// What the audit log records. Stored: never renamed.
const (
	AuditSubmit = "submit"
	AuditRetry  = "retry"
	AuditCancel = "cancel"
	AuditAnswer = "answer"
	AuditState  = "state" // the factory moved a request to another state
	AuditLimit  = "limit"
	AuditCap    = "daily-cap"
	AuditMode   = "mode"
	AuditHook   = "hook" // run again
)

// AuditFactory is the actor of what the factory does by itself.
const AuditFactory = "accountfactory"

// AuditRow says who changed what, why, and what it was before and after. It is written in the transaction of the change.
// Its hash covers all of it and the hash of the row before, so that changing or removing one shows in all that follow;
// that the newest are missing shows only to somebody who kept a later number and hash.
type AuditRow struct {
	Number    int64           `json:"number"`
	At        time.Time       `json:"at"`
	Actor     string          `json:"actor"`
	Action    string          `json:"action"`
	RequestID string          `json:"requestId,omitempty"`
	Reason    string          `json:"reason,omitempty"`
	Before    json.RawMessage `json:"before"`
	After     json.RawMessage `json:"after"`
	Previous  string          `json:"previous"`
	Hash      string          `json:"hash"`
}

// Sum gives the hash that the row should have.
func (r AuditRow) Sum() string {
	h := sha256.New()
	for _, field := range []string{
		strconv.FormatInt(r.Number, 10), strconv.FormatInt(r.At.UnixMicro(), 10), r.Actor, r.Action, r.RequestID, r.Reason,
		string(r.Before), string(r.After), r.Previous,
	} {
		_, _ = fmt.Fprintf(h, "%d:%s\n", len(field), field) // a hash takes everything
	}
	return hex.EncodeToString(h.Sum(nil))
}

// AuditError is a log that is not as it was written.
type AuditError struct {
	Number int64
	Reason string
}

func (e *AuditError) Error() string { return fmt.Sprintf("audit row %d: %s", e.Number, e.Reason) }

// VerifyAudit checks rows that follow a row with this number and hash: 0 and "" for the first. Returns AuditError.
func VerifyAudit(number int64, hash string, rows []AuditRow) error {
	for _, r := range rows {
		switch {
		case r.Number != number+1:
			return &AuditError{number + 1, fmt.Sprintf("is missing: row %d follows row %d", r.Number, number)}
		case r.Previous != hash:
			return &AuditError{r.Number, "does not continue the row before: that one was changed or replaced"}
		case r.Hash != r.Sum():
			return &AuditError{r.Number, "is not what was written: its hash does not fit"}
		}
		number, hash = r.Number, r.Hash
	}
	return nil
}

// auditPage is how many rows are given at once.
const auditPage = 1000

// Audit gives the rows after a number, at most a thousand. Returns DeniedError for others than auditors and operators.
func (s *Service) Audit(ctx context.Context, c Caller, after int64) ([]AuditRow, error) {
	if err := may(c, actAudit, nil); err != nil {
		return nil, err
	}
	return s.store.Audit(ctx, after, auditPage)
}

// by marks an event as somebody's doing, for the audit log.
func (e Event) by(c Caller, action string) Event {
	e.Action, e.Actor = action, c.actor()
	return e
}

// actor names the caller in the audit log.
func (c Caller) actor() string {
	if c.SourceIdentity == "" {
		return c.ARN
	}
	return c.ARN + " (" + c.SourceIdentity + ")"
}

// AuditView is what the audit log keeps of a request before and after a change.
func (r *Request) AuditView() any {
	return struct {
		Kind  Kind   `json:"kind"`
		State State  `json:"state"`
		Step  string `json:"step"`
		Parameters
		Options
		AccountID       string    `json:"accountId,omitempty"`
		ProductID       string    `json:"provisionedProductId,omitempty"`
		Priority        int       `json:"priority,omitempty"`
		NotBefore       time.Time `json:"notBefore,omitzero"`
		CancelRequested bool      `json:"cancelRequested,omitempty"`
		ErrorCode       string    `json:"errorCode,omitempty"`
		ErrorMessage    string    `json:"errorMessage,omitempty"`
		Generation      int64     `json:"generation"`
	}{
		r.Kind, r.State, r.Step, r.Parameters, r.Options, r.AccountID, r.ProductID, r.Priority, r.NotBefore, r.CancelRequested,
		r.ErrorCode, r.ErrorMessage, r.Generation,
	}
}
