// Package few keeps what is costly to make and may be forgotten, never more than so much of it.
package few

import "sync"

// Map keeps values by name. Its zero value is empty and ready; it can be used by many at once. A value that is forgotten lives on with
// those who have it.
type Map[V any] struct {
	mu  sync.Mutex
	all map[string]*V
}

// Of gives the value of a name, its zero value where none is kept. Any others make room for it so that at most so many are kept.
func (m *Map[V]) Of(name string, most int) *V {
	m.mu.Lock()
	defer m.mu.Unlock()
	if one, found := m.all[name]; found {
		return one
	}
	if m.all == nil {
		m.all = map[string]*V{}
	}
	for other := range m.all {
		if len(m.all) < most {
			break
		}
		delete(m.all, other)
	}
	one := new(V)
	m.all[name] = one
	return one
}

// Drop forgets the value of a name.
func (m *Map[V]) Drop(name string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.all, name)
}

// Len tells how many are kept.
func (m *Map[V]) Len() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.all)
}
