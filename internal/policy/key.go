package policy

import "strings"

// Keys gives the condition keys that a document refers to, in conditions and as variables, in the order of its text and as
// it writes them first. A document that is nil has none.
func (d *Document) Keys() []string {
	if d == nil {
		return nil
	}
	return d.keys
}

// refer notes that the document refers to a condition key.
func (d *Document) refer(key string) {
	for _, k := range d.keys {
		if strings.EqualFold(k, key) {
			return
		}
	}
	d.keys = append(d.keys, key)
}

// referTo notes the variables of a pattern.
func (d *Document) referTo(p pattern) {
	for i := range p.parts {
		if p.parts[i].kind == variable {
			d.refer(p.parts[i].written)
		}
	}
}
