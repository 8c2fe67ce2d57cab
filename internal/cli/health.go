package cli

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"accountfactory/internal/cloud"
	"accountfactory/internal/server"
)

// Once asked, a server that lives answers within healthWithin; one that is waited for is asked again each healthEvery.
const (
	healthWithin = 5 * time.Second
	healthEvery  = 250 * time.Millisecond
)

// health is what the command of this name asks.
type health struct {
	data   string
	server string
}

func newHealth(a *app) *cobra.Command {
	var (
		h    health
		wait time.Duration
	)
	cmd := &cobra.Command{
		Use: "health", Short: "Say whether a server can do its work, for containers and service managers",
		Long: `health asks a server's /readyz: it has started, its database answers, and it is not stopping. It takes no credentials.

Exit codes: 0 it is ready, 1 it is not and says why, 2 usage, 4 cannot reach the server.`,
		Example: "  accountfactory health --data /var/lib/accountfactory\n  accountfactory health --server https://accounts.example.com --wait 1m",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := a.fillFlags(cmd.Flags(), ""); err != nil {
				return err
			}
			if err := h.await(cmd.Context(), wait); err != nil {
				return err
			}
			_, err := fmt.Fprintln(a.streams.Out, "ready")
			return err
		},
	}
	f := cmd.Flags()
	f.StringVar(&h.data, "data", "data", "data folder of a server on this machine")
	f.StringVar(&h.server, "server", "", "address of a server, such as http://localhost:4580")
	f.DurationVar(&wait, "wait", 0, "ask again for this long until it is ready")
	return cmd
}

// await asks until the server is ready or the time is over, and gives the last answer.
func (h health) await(ctx context.Context, wait time.Duration) error {
	over := time.NewTimer(wait)
	defer over.Stop()
	again := time.NewTicker(healthEvery)
	defer again.Stop()
	for {
		err := h.ask(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-again.C:
		case <-over.C:
			return err
		case <-ctx.Done():
			return err
		}
	}
}

// ask asks once. Which certificate a listener of this machine shows says nothing about its health, and the address it has here
// is not in it; a server that was named has to prove its name.
func (h health) ask(ctx context.Context) error {
	client := &http.Client{Timeout: healthWithin}
	base := h.server
	if base == "" {
		found, err := server.Find(h.data)
		if err != nil {
			return &exitError{exitUnreachable, err}
		}
		base = found.Console
		client.Transport = &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, DisableKeepAlives: true}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(base, "/")+"/readyz", nil)
	if err != nil {
		return usageError("--server: %w", err)
	}
	resp, err := client.Do(req)
	if err != nil {
		return &exitError{exitUnreachable, &cloud.UnreachableError{Address: base, Err: err}}
	}
	defer func() { _ = resp.Body.Close() }() // read to what is wanted of it
	said, err := io.ReadAll(io.LimitReader(resp.Body, 1024))
	if err != nil {
		return &exitError{exitUnreachable, &cloud.UnreachableError{Address: base, Err: err}}
	}
	if resp.StatusCode != http.StatusOK {
		return errors.New("not ready: " + strings.TrimSpace(string(said)))
	}
	return nil
}
