package factorydb

import (
	"context"
	"slices"
)

// scanner is a row to read.
type scanner interface{ Scan(dest ...any) error }

// reader reads: in a transaction or beside it.
type reader interface {
	row(ctx context.Context, query string, args ...any) scanner
	each(ctx context.Context, query string, args []any, f func(scanner) error) error
}

// tx is what our SQL needs of a transaction. One adapter per database makes it.
type tx interface {
	reader
	exec(ctx context.Context, query string, args ...any) (changed int64, err error)
	// enqueue gives River a job per request, in the transaction, and their ids in the same order.
	enqueue(ctx context.Context, jobs []jobArgs) ([]int64, error)
	// forUpdate ends a SELECT whose row stays locked until the transaction ends; empty where a transaction locks all.
	forUpdate() string
	// note says what the transaction changed, for those who listen.
	note(ids []string, queue bool)
}

// engine is one of the databases, with River on it.
type engine interface {
	// inTx runs f in a transaction; n gathers what f notes, and is told to other processes with it. f may run again.
	inTx(ctx context.Context, n *notes, f func(tx) error) error
	reader() reader
	// snapshot lets f read one moment's state, and gives it the query for the names of the tables.
	snapshot(ctx context.Context, f func(r reader, tables string) error) error
	// lost is the condition of requests that have a slot and no job that could still work at it, or none in time: those were
	// changed after a time that is yet to come. starting is said once, before this process works at any.
	lost(starting bool, toCome int64) (where string, args []any)
	start(ctx context.Context) error
	stop(ctx context.Context) error
	close() error
}

// notes gathers what a transaction changed.
type notes struct {
	ids   []string
	queue bool
}

func (n *notes) note(ids []string, queue bool) {
	for _, id := range ids {
		if !slices.Contains(n.ids, id) {
			n.ids = append(n.ids, id)
		}
	}
	n.queue = n.queue || queue
}

// inTx runs f in a transaction and tells what it changed once that is durable. It must not be called inside another.
func (db *DB) inTx(ctx context.Context, f func(tx) error) error {
	n := &notes{}
	if err := db.engine.inTx(ctx, n, f); err != nil {
		return err
	}
	db.tell(n.ids, n.queue)
	return nil
}
