package cli

import (
	"fmt"
	"io"
	"log/slog"

	"accountfactory/internal/server"
)

// logging is how a server logs.
type logging struct{ level, format string }

// logger gives the log. It returns a server.UsageError.
func (l logging) logger(out io.Writer) (*slog.Logger, error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(l.level)); err != nil {
		return nil, server.UsageError{Setting: "log-level", Problem: fmt.Sprintf("%q is none of debug, info, warn, error", l.level)}
	}
	opts := &slog.HandlerOptions{Level: level}
	switch l.format {
	case "text":
		return slog.New(server.WithRequestIDs(slog.NewTextHandler(out, opts))), nil
	case "json":
		return slog.New(server.WithRequestIDs(slog.NewJSONHandler(out, opts))), nil
	}
	return nil, server.UsageError{Setting: "log-format", Problem: fmt.Sprintf("%q is neither text nor json", l.format)}
}
