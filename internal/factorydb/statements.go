package factorydb

import (
	"context"
	"database/sql"
	"sync"
)

// statements keeps prepared statements of one handle: parsing is a third of what a small transaction costs. A query is
// prepared after its first use, between transactions, for the writing handle has one connection and preparing inside
// one would wait for itself.
type statements struct {
	db *sql.DB

	mu     sync.Mutex
	ready  map[string]*sql.Stmt
	wanted []string
}

func newStatements(db *sql.DB) *statements { return &statements{db: db, ready: map[string]*sql.Stmt{}} }

// get gives the statement of a query, or nil and remembers that it is wanted.
func (s *statements) get(query string) *sql.Stmt {
	s.mu.Lock()
	defer s.mu.Unlock()
	st, known := s.ready[query]
	if !known {
		s.ready[query] = nil
		s.wanted = append(s.wanted, query)
	}
	return st
}

// prepare prepares what is wanted. Never called while a transaction of this handle is open in the same goroutine.
func (s *statements) prepare(ctx context.Context) error {
	s.mu.Lock()
	wanted := s.wanted
	s.wanted = nil
	s.mu.Unlock()
	for i, query := range wanted {
		st, err := s.db.PrepareContext(ctx, query) //nolint:sqlclosecheck // kept prepared until the database closes
		s.mu.Lock()
		if err != nil {
			s.wanted = append(s.wanted, wanted[i:]...)
			s.mu.Unlock()
			return err
		}
		s.ready[query] = st
		s.mu.Unlock()
	}
	return nil
}
