package state

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"time"
)

// Message is something that leaves the twin: a mail, a lifecycle event. It is a row of the transaction that caused it, and
// goes out only once durable.
type Message struct {
	ID   string // sorts in the order the messages were written, and lets receivers drop repeats
	Kind string // "mail", "event"
	At   time.Time
	Body json.RawMessage
}

// sink remembers how far a deliverer has come.
type sink struct {
	Name string
	Last string // ID of the last message delivered
}

// Post puts a message in the outbox. body is encoded as JSON.
func (tx *Tx) Post(kind string, body any) {
	raw, err := json.Marshal(body)
	if err != nil {
		tx.fail(fmt.Errorf("state: encode %s: %w", kind, err))
		return
	}
	tx.posted++
	id := fmt.Sprintf("%016x-%04x", tx.root.mark.Seq, tx.posted)
	tx.store.system.outbox.Put(tx, &Message{ID: id, Kind: kind, At: tx.now, Body: raw})
}

// Messages gives the messages of a kind after the one with this ID; with "" all.
func (tx *Tx) Messages(kind, after string) iter.Seq[*Message] {
	return func(yield func(*Message) bool) {
		for m := range tx.store.system.outbox.After(tx, after) {
			if m.Kind == kind && !yield(m) {
				return
			}
		}
	}
}

// Deliver hands every message of a kind to send, in order, from where the sink of this name stopped last time, until ctx
// ends. A message may be sent again after a crash: send must not mind. A failed send is tried again after a pause.
func (s *Store) Deliver(ctx context.Context, name, kind string, send func(context.Context, *Message) error) {
	for pause := time.Second; ; {
		changed := s.changed.wait()
		err := s.deliverDue(ctx, name, kind, send)
		var again <-chan time.Time
		if err != nil {
			s.log.Error("message not delivered", "sink", name, "error", err)
			again = time.After(pause)
			pause = min(2*pause, time.Minute)
			changed = nil
		} else {
			pause = time.Second
		}
		select {
		case <-ctx.Done():
			return
		case <-changed:
		case <-again:
		}
	}
}

func (s *Store) deliverDue(ctx context.Context, name, kind string, send func(context.Context, *Message) error) error {
	var due []*Message
	var last string
	_ = s.View(func(tx *Tx) error {
		if row := s.system.sinks.Get(tx, name); row != nil {
			last = row.Last
		}
		for m := range tx.Messages(kind, last) {
			due = append(due, m)
		}
		return nil
	})
	if len(due) == 0 {
		return nil
	}
	var failed error
	for _, m := range due {
		if failed = send(ctx, m); failed != nil {
			break
		}
		last = m.ID
	}
	return errors.Join(failed, s.Update(ctx, func(tx *Tx) error {
		s.system.sinks.Put(tx, &sink{Name: name, Last: last})
		return nil
	}))
}
