package iam

import (
	"sync"

	"accountfactory/internal/policy"
)

// documents remembers parsed policies by their text, a bounded number of them. It is safe for concurrent use.
type documents struct {
	limit int

	mu     sync.RWMutex
	parsed map[string]*policy.Document
}

func newDocuments(limit int) *documents {
	return &documents{limit: limit, parsed: make(map[string]*policy.Document)}
}

// parse gives the document, or nil for a text that cannot be read, which policy.Evaluate takes as a denial.
func (d *documents) parse(text string) *policy.Document {
	d.mu.RLock()
	doc, ok := d.parsed[text]
	d.mu.RUnlock()
	if ok {
		return doc
	}
	doc, err := policy.Parse(text)
	if err != nil {
		doc = nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.parsed) >= d.limit {
		for some := range d.parsed { // whichever comes first makes room: it is parsed again when asked for
			delete(d.parsed, some)
			break
		}
	}
	d.parsed[text] = doc
	return doc
}

// named gives a parsed policy with the name that explanations use.
func (d *documents) named(name, text string) policy.Named {
	return policy.Named{Name: name, Document: d.parse(text)}
}
