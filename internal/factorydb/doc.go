// Package factorydb keeps the factory's requests, timelines and queue in SQLite or in PostgreSQL, and gives the work to
// River. One set of statements serves both ($n in order of first use, one narrow transaction type); what differs is an
// engine: transactions, locks, River's driver, and what it takes to be several processes.
//
// A waiting request is a row and nothing else. River holds a job only for a request that has a slot, and a job is only
// a doorbell: {request, generation}. Slots are counted, given and freed in our own tables, in the transaction that
// adds a request, ends one or changes the limit, so a freed slot waits for nobody and the limit is never passed. Every
// write to a request names the generation it holds; a job of an older one finds nothing to do.
//
// On PostgreSQL any number of processes share the work. Each says every two seconds that it lives; the requests of one
// that does not are taken over, with the generation raised, so that one that was only paused does no harm when it wakes.
// What a transaction changed is told to the others with its commit.
package factorydb
