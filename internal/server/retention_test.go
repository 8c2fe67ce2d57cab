package server_test

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"accountfactory/internal/clock"
	"accountfactory/internal/factory"
	"accountfactory/internal/factorydb"
	"accountfactory/test/harness"
)

// ago is a clock that is behind.
type ago struct{ by time.Duration }

func (a ago) Now() time.Time { return clock.Wall{}.Now().Add(-a.by) }

// TestRetention: a start prunes what is kept no longer, and counts it.
func TestRetention(t *testing.T) {
	t.Parallel()
	c := config(filepath.Join(t.TempDir(), "data"))
	if err := serve(t, c).stop(); err != nil {
		t.Fatal(err)
	}
	db, err := factorydb.Open(t.Context(), factorydb.Config{Path: filepath.Join(c.Data, "factory.db"), Clock: ago{500 * time.Hour}, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	old := factory.Request{
		ID: "req-old", Kind: factory.KindLaunch, State: factory.StateFailed, Step: factory.StepCheck, Generation: 1, Requester: "arn:aws:iam::123456789012:user/management",
		Parameters: factory.Parameters{Name: "old", AccountEmail: "old@example.com"}, EndedAt: ago{400 * time.Hour}.Now(),
	}
	_, err = db.Add(t.Context(), old, factory.Event{Text: "asked"})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	c.Metrics, c.Keep.Requests = "localhost:0", 300*time.Hour
	again := serve(t, c)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var text string
	if err := harness.Poll(ctx, 20*time.Millisecond, func() (bool, error) {
		_, _, text = get(t, again.Metrics+"/metrics")
		return strings.Contains(text, `accountfactory_pruned_rows_total{table="requests"} 1`), nil
	}); err != nil {
		t.Errorf("%v: %s", err, text)
	}
}
