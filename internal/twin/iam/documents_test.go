package iam

import (
	"fmt"
	"sync"
	"testing"
)

func TestDocuments_Bounded(t *testing.T) {
	t.Parallel()
	d := newDocuments(8)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for i := range 200 {
				sid := fmt.Sprintf(`{"Version":"2012-10-17","Statement":{"Sid":"s%d","Effect":"Allow","Action":"*","Resource":"*"}}`, i%20)
				if d.parse(sid) == nil {
					t.Errorf("could not parse %s", sid)
				}
			}
		})
	}
	all.Wait()
	if n := len(d.parsed); n > 8 {
		t.Errorf("%d documents kept, want 8 at most", n)
	}
	if first, again := d.parse("{"), d.parse("{"); first != nil || again != nil {
		t.Error("a text that is no policy has a document")
	}
	if a, b := d.parse(allowAll), d.parse(allowAll); a != b {
		t.Error("the same text was parsed twice")
	}
}
