package factorydb_test

import (
	"errors"
	"sync"
	"testing"

	"accountfactory/internal/factory"
)

// TestSubmittedOnce: the same submission added many times at once makes one request; another under its key is refused.
func TestSubmittedOnce(t *testing.T) { eachEngine(t, testSubmittedOnce) }

func testSubmittedOnce(t *testing.T, at place) {
	db := open(t, at)
	ids := make([]string, 8)
	var all sync.WaitGroup
	for i := range ids {
		all.Go(func() {
			r := request(i + 1)
			r.AccountEmail, r.Once = "one@example.com", factory.Once{Key: "k", Hash: "h"}
			added, err := db.Add(t.Context(), r, factory.Event{})
			if err != nil {
				t.Errorf("add: %v", err)
			}
			ids[i] = added.ID
		})
	}
	all.Wait()
	for _, id := range ids {
		if id != ids[0] || id == "" {
			t.Errorf("requests %q, want one", ids)
		}
	}
	other := request(20)
	other.Once = factory.Once{Key: "k", Hash: "another"}
	var reused *factory.KeyReusedError
	if _, err := db.Add(t.Context(), other, factory.Event{}); !errors.As(err, &reused) || reused.RequestID != ids[0] {
		t.Errorf("another submission under the key: %v", err)
	}
	other.Requester = "arn:aws:iam::123456789012:user/somebody-else"
	if _, err := db.Add(t.Context(), other, factory.Event{}); err != nil {
		t.Errorf("somebody else's key: %v", err)
	}
}
