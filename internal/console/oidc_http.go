package console

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// bounded keeps answers of a provider to a size that any of them has.
type bounded struct{ next http.RoundTripper }

// mostOfProvider is far beyond a discovery document, a set of keys or a token.
const mostOfProvider = 1 << 20

// RoundTrip makes bounded an http.RoundTripper.
func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := b.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	resp.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(resp.Body, mostOfProvider), resp.Body}
	return resp, nil
}

// checkKeys looks whether the provider's keys can be fetched. Signing in does so when it needs one.
func (o *OIDC) checkKeys(ctx context.Context, p *provider) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, p.meta.Keys, nil)
	if err != nil {
		return err
	}
	resp, err := o.client.Do(r)
	if err != nil {
		return fmt.Errorf("fetch the provider's keys: %w", err)
	}
	defer func() { _ = resp.Body.Close() }() // read below
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("fetch the provider's keys: %s from %s", resp.Status, p.meta.Keys)
	}
	if err := json.NewDecoder(resp.Body).Decode(&set); err != nil {
		return fmt.Errorf("read the provider's keys: %w", err)
	}
	if len(set.Keys) == 0 {
		return errors.New("the provider has no keys at " + p.meta.Keys)
	}
	return nil
}
