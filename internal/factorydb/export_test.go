package factorydb

import (
	"context"
	"fmt"
)

// Hang makes this process look hung to the other replicas: it says no more that it lives, and works on.
func (db *DB) Hang() { db.engine.(*postgres).quit() } //nolint:forcetypeassert // a test of PostgreSQL

// LimitPages makes a SQLite file full at n pages; 0 gives it room again.
func (db *DB) LimitPages(ctx context.Context, n int) error {
	if n == 0 {
		n = 1 << 30
	}
	_, err := db.engine.(*sqlite).write.ExecContext(ctx, fmt.Sprintf("PRAGMA max_page_count=%d", n)) //nolint:forcetypeassert // a test of SQLite
	return err
}
