package wire

import (
	"context"
	"crypto/subtle"
	"errors"
	"net/http"
	"net/url"
	"time"

	"accountfactory/internal/wire/sigv4"
)

// refusal is why a signature that can be read is refused all the same.
type refusal struct{ why refusalReason }

type refusalReason uint8

const (
	badKey       refusalReason = iota // no such key, or an inactive one, or not with this token
	expiredToken                      // a session that has ended
)

func (r *refusal) Error() string {
	if r.why == expiredToken {
		return "The security token included in the request is expired"
	}
	return "The security token included in the request is invalid."
}

// verify finds out who calls: nobody for an unsigned operation, the anonymous caller without auth, else the key's owner.
func (c *call) verify() error {
	if c.facts.Unsigned {
		return nil
	}
	return c.e.identify(c.r, c.query, c.body, c.req, c.sv.SigningName)
}

// identify proves the signature and fills the caller and Region of req.
func (e *Endpoint) identify(r *http.Request, query url.Values, body []byte, req *Request, signingName string) error {
	if e.cfg.NoAuth {
		if region, _ := sigv4.Scope(r, query); isRegion(region) {
			req.Region = region
		}
		req.Caller = e.cfg.AnonymousCaller
		return nil
	}
	s, err := sigv4.Parse(r, query)
	if err != nil {
		return err
	}
	if s.Service != signingName {
		return scoped("Credential should be scoped to correct service: '" + signingName + "'.")
	}
	if !isRegion(s.Region) {
		return scoped("Credential should be scoped to a valid region.")
	}
	if err := s.Current(req.At); err != nil {
		return err
	}
	key, err := e.key(r.Context(), s, r, body, req.At)
	if err != nil {
		return err
	}
	req.Caller, req.Region = key.Caller, s.Region
	return nil
}

// key looks the key up and proves that the caller has its secret, before anything else is said about it.
func (e *Endpoint) key(ctx context.Context, s *sigv4.Signature, r *http.Request, body []byte, now time.Time) (Key, error) {
	key, err := e.cfg.Keys.Lookup(ctx, s.AccessKeyID)
	if errors.Is(err, ErrNoKey) || errors.Is(err, ErrKeyInactive) {
		return Key{}, &refusal{badKey}
	}
	if err != nil {
		return Key{}, err
	}
	if err := e.verifier.Verify(s, r, body, key.Secret); err != nil {
		return Key{}, err
	}
	if subtle.ConstantTimeCompare([]byte(s.Token), []byte(key.SessionToken)) != 1 {
		return Key{}, &refusal{badKey}
	}
	if !key.Expires.IsZero() && !now.Before(key.Expires) {
		return Key{}, &refusal{expiredToken}
	}
	return key, nil
}

func scoped(message string) error { return &sigv4.Error{Reason: sigv4.Mismatch, Message: message} }

// isRegion tells whether s can be a Region's name. Which Regions there are is not our business here: every AWS service
// has one endpoint, and this one stands for them all.
func isRegion(s string) bool {
	if s == "" || len(s) > 32 {
		return false
	}
	for i := range len(s) {
		if c := s[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return true
}
