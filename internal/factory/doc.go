// Package factory is our product: requests for AWS accounts, a queue that explains itself, checks before anything is
// created, a timeline, and repair instead of starting over. It is only a client of AWS's APIs, so it works the same on
// the twin and on AWS.
//
// A request is a row of one kind, and each kind a list of steps in its file. Whoever holds a request's generation takes
// turns at it: look at the cloud, do the next thing, store the result and when to look again. A launch goes through
// these steps; each may run twice:
//
//	check ──► turn ──► provision ──► follow ──► verify ──► succeeded
//	  │        ▲  ▲        │           │  │        │
//	  │        │  └ wait ──┘           │  │        │
//	  ▼        └─────── clear ◄──busy──┘  ▼        ▼
//	failed                              failed   failed
//
// What needs a person, a code from a mail or a decision, stops a request without a slot until somebody answers or the
// cloud shows it done; what is to be told of its end is stored with that end, as runs of hooks.
//
// Between two steps nothing is remembered but the row: a process that dies anywhere is followed by another that reads
// the row and goes on. Before each write to AWS the token it will carry is stored (intent), so that the write repeated
// after a lost answer is the same write to AWS.
package factory
