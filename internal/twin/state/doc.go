// Package state keeps what the twin knows: tables of rows in memory, the same rows in one SQLite file, operations that
// take time, the outbox and the armed faults.
//
// The state is an immutable root. Writers build on the newest root, one at a time and in memory; a committer writes what
// gathered meanwhile as one SQLite transaction with one fsync, then publishes the root. Readers see the last published,
// that is durable, root, and Update returns only once its own root is durable:
//
//	Update ─▶ newest root ─▶ queue ─▶ committer: one transaction, fsync ─▶ durable root ─▶ Update returns
//	View   ◀──────────────────────────────────────────────────────────────── durable root
//
// So nothing is ever shown, and nothing acknowledged, that a crash could take back. When a commit fails its writers fail
// with it, and so do those who built on them; the durable root is the newest again. A refusal waits for the root it rests
// on just as a success does. The twin's time belongs to the root as its rows do.
package state
