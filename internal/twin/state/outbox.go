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
	id := fmt.Sprintf("%016x-%06x", tx.root.mark.Seq, tx.posted)
	tx.store.system.outbox.Put(tx, &Message{ID: id, Kind: kind, At: tx.now, Body: raw})
}

// Messages gives the messages of a kind after the one with this ID; with "" all.
func (tx *Tx) Messages(kind, after string) iter.Seq[*Message] {
	return func(yield func(*Message) bool) {
		tx.store.system.byKind.OfAfter(tx, kind, after)(yield)
	}
}

// Deliver hands every message of a kind to send, in order, from where the sink of this name stopped last time, until ctx
// ends or the store closes. A message may be sent again after a crash: send must not mind. A failed send is tried again
// after a pause. A restore ends the context of the send at hand and waits for it, so send should heed it. A sink has one
// Deliver at a time.
func (s *Store) Deliver(ctx context.Context, name, kind string, send func(context.Context, *Message) error) {
	s.runs(name, kind)
	for pause := time.Second; ; {
		changed := s.changed.wait()
		more, err := s.deliverDue(ctx, name, kind, send)
		if ctx.Err() != nil || errors.Is(err, ErrClosed) {
			return
		}
		if more && err == nil {
			continue
		}
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
		case <-s.done:
			return
		case <-changed:
		case <-again:
		}
	}
}

// deliverBatch is how many messages are sent before the sink's place is kept: at most so many are sent twice after a crash.
const deliverBatch = 64

// deliverDue sends a batch, and reports whether there may be more.
func (s *Store) deliverDue(ctx context.Context, name, kind string, send func(context.Context, *Message) error) (more bool, err error) {
	sendCtx, leave, err := s.sending.enter(ctx)
	if err != nil {
		return false, err
	}
	defer leave()
	due := s.undelivered(name, kind)
	last := ""
	for _, m := range due {
		if err = sendCtx.Err(); err != nil {
			break
		}
		if err = send(sendCtx, m); err != nil {
			break
		}
		last = m.ID
	}
	if errors.Is(err, context.Canceled) && ctx.Err() == nil && sendCtx.Err() != nil {
		more, err = true, nil // a restore came between: go on behind it
	}
	if last == "" {
		return more, err
	}
	kept := s.Update(context.WithoutCancel(ctx), func(tx *Tx) error {
		s.system.sinks.Put(tx, &sink{Name: name, Last: last})
		return nil
	})
	return more || len(due) == deliverBatch, errors.Join(err, kept)
}

// undelivered gives the next messages for a sink.
func (s *Store) undelivered(name, kind string) []*Message {
	var due []*Message
	_ = s.View(func(tx *Tx) error {
		last := ""
		if row := s.system.sinks.Get(tx, name); row != nil {
			last = row.Last
		}
		for m := range tx.Messages(kind, last) {
			if due = append(due, m); len(due) == deliverBatch {
				break
			}
		}
		return nil
	})
	return due
}

// StartSink gives a sink that is not known yet its place behind the messages there are: it delivers what comes from now on.
func (s *Store) StartSink(ctx context.Context, name, kind string) error {
	return s.Update(ctx, func(tx *Tx) error {
		if s.system.sinks.Get(tx, name) != nil {
			return nil
		}
		k := &sink{Name: name}
		for m := range tx.Messages(kind, "") {
			k.Last = m.ID
		}
		s.system.sinks.Put(tx, k)
		return nil
	})
}

// Undelivered tells how many messages of a kind wait for a sink, of the next batch at most.
func (s *Store) Undelivered(name, kind string) int { return len(s.undelivered(name, kind)) }

// DropSink forgets a sink's place. Nothing may deliver to it.
func (s *Store) DropSink(ctx context.Context, name string) error {
	return s.Update(ctx, func(tx *Tx) error {
		s.system.sinks.Delete(tx, name)
		return nil
	})
}
