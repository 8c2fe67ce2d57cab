package twin

import (
	"context"
	"os"
	"path/filepath"

	"accountfactory/internal/twin/state"
)

// eventsFile is where lifecycle events are appended, one JSON object a line.
const eventsFile = "events.jsonl"

// appendEvent adds an event to the file. One that a crash has written twice has the same id twice.
func (t *Twin) appendEvent(_ context.Context, m *state.Message) error {
	f, err := os.OpenFile(filepath.Join(t.config.Dir, eventsFile), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if _, err := f.Write(append(append([]byte{}, m.Body...), '\n')); err != nil {
		_ = f.Close() // the write has failed already
		return err
	}
	return f.Close()
}
