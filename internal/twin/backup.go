package twin

import (
	"context"
	"net/http"
	"path/filepath"

	"accountfactory/internal/twin/state"
)

// Names of the sinks; stored, never renamed.
const (
	folderSink  = "outbox-folder"
	fileSink    = "events-file"
	webhookSink = "event-webhook"
)

// stateFile is where a twin keeps its rows.
func stateFile(dir string) string { return filepath.Join(dir, "twin.db") }

// Dump gives everything the twin keeps, of one moment.
func (t *Twin) Dump(ctx context.Context, add func(state.Saved) error) error {
	return t.state.Dump(ctx, add)
}

// DumpFolder is Dump of a data folder on which no twin runs.
func DumpFolder(ctx context.Context, dir string, add func(state.Saved) error) error {
	return state.DumpFile(ctx, stateFile(dir), add)
}

// Import makes a data folder's twin of what Dump gave. The outbox folder and the file of events are filled anew from it; mails
// and events for elsewhere are held until somebody releases them.
func Import(ctx context.Context, dir string, next func(add func(state.Saved) error) error) error {
	return state.Import(ctx, stateFile(dir), []string{folderSink, fileSink}, next)
}

// labDeliver lets delivery go on that a restore holds.
func (t *Twin) labDeliver(r *http.Request) (any, error) {
	held := t.state.Held()
	return map[string]any{"wasHeld": held}, t.state.ReleaseDelivery(r.Context())
}
