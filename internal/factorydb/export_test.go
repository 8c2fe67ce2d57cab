package factorydb

// Hang makes this process look hung to the other replicas: it says no more that it lives, and works on.
func (db *DB) Hang() { db.engine.(*postgres).quit() } //nolint:forcetypeassert // a test of PostgreSQL
