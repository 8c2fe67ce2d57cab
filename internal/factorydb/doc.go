// Package factorydb keeps the factory's requests, timelines and queue in SQLite, and gives the work to River. The SQL is
// written for PostgreSQL too ($n in order of first use, one narrow transaction type), so that a second database can
// follow without a second set of statements.
//
// A waiting request is a row and nothing else. River holds a job only for a request that has a slot, and a job is only
// a doorbell: {request, generation}. Slots are counted, given and freed in our own tables, in the transaction that
// adds a request, ends one or changes the limit, so a freed slot waits for nobody and the limit is never passed. Every
// write to a request names the generation it holds; a job of an older one finds nothing to do.
package factorydb
