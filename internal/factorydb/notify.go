package factorydb

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
)

// channel carries what transactions changed to the other processes; a message leaves when its transaction commits.
const channel = "accountfactory_changes"

// change is such a message. PostgreSQL takes 8,000 bytes, so one names no more than idsPerChange requests.
type change struct {
	From  string   `json:"from"`
	IDs   []string `json:"ids"`
	Queue bool     `json:"queue"`
}

const idsPerChange = 200

func (e *postgres) publish(ctx context.Context, t pgx.Tx, n *notes) error {
	if len(n.ids) == 0 && n.queue {
		return e.send(ctx, t, change{From: e.id, Queue: true})
	}
	for ids := range slices.Chunk(n.ids, idsPerChange) {
		if err := e.send(ctx, t, change{e.id, ids, n.queue}); err != nil {
			return err
		}
	}
	return nil
}

func (e *postgres) send(ctx context.Context, t pgx.Tx, c change) error {
	text, err := json.Marshal(c)
	if err != nil {
		return err
	}
	_, err = t.Exec(ctx, `SELECT pg_notify($1, $2)`, channel, string(text))
	return err
}

// listenAgain is how long a lost listener waits before it connects again.
const listenAgain = time.Second

// listens hears what the other processes changed, also after the database was away.
func (e *postgres) listens(ctx context.Context) {
	since := e.db.now()
	for ctx.Err() == nil {
		err := e.listen(ctx, &since)
		if ctx.Err() != nil {
			return
		}
		e.db.log.WarnContext(ctx, "listening for changes", "error", err)
		select {
		case <-time.After(listenAgain):
		case <-ctx.Done():
		}
	}
}

func (e *postgres) listen(ctx context.Context, since *time.Time) error {
	conn, err := pgx.ConnectConfig(ctx, e.pool.Config().ConnConfig)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx)) // given up
	if _, err := conn.Exec(ctx, `LISTEN `+channel); err != nil {
		return err
	}
	if err := e.tellSince(ctx, *since); err != nil {
		return err
	}
	for {
		n, err := conn.WaitForNotification(ctx)
		if err != nil {
			return err
		}
		*since = e.db.now()
		var c change
		if err := json.Unmarshal([]byte(n.Payload), &c); err != nil {
			return fmt.Errorf("a change that cannot be read: %w", err)
		}
		if c.From != e.id {
			e.db.tell(c.IDs, c.Queue)
		}
	}
}

// clockSkew is how far the clocks of two replicas may be apart for a change not to be missed.
const clockSkew = time.Minute

// tellSince tells of what changed while nobody listened.
func (e *postgres) tellSince(ctx context.Context, since time.Time) error {
	rows, err := e.pool.Query(ctx, `SELECT id FROM requests WHERE updated_at >= $1`, micros(since.Add(-clockSkew)))
	if err != nil {
		return err
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err == nil {
		e.db.tell(ids, true)
	}
	return err
}
