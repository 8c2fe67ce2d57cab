package factory

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// Once makes a submission the same one however often it is sent: by a key that its caller chose, and what it says.
type Once struct {
	Key  string // empty: each submission is one of its own
	Hash string
}

// maxKey is how long a key may be.
const maxKey = 255

// KeyReusedError is a key sent again with something else.
type KeyReusedError struct{ Key, RequestID string }

func (e *KeyReusedError) Error() string {
	return fmt.Sprintf("the idempotency key %q was used for request %s, which says something else: use a new key", e.Key, e.RequestID)
}

// once gives the submission's Once. Spaces that are trimmed make no difference.
func (in Input) once() (Once, error) {
	if in.Key == "" {
		return Once{}, nil
	}
	if len(in.Key) > maxKey || strings.ContainsFunc(in.Key, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return Once{}, &RefusedError{Checks: []Check{bad(CheckKey, "the idempotency key is not 1 to 255 printable ASCII characters", "a UUID is one")}}
	}
	body, err := json.Marshal(in)
	if err != nil {
		return Once{}, err
	}
	sum := sha256.Sum256(body)
	return Once{in.Key, hex.EncodeToString(sum[:])}, nil
}

// before gives the request that the same submission made earlier; found is false when there is none. Returns
// KeyReusedError when the key stands for another submission.
func (s *Service) before(ctx context.Context, c Caller, once Once) (d Detail, found bool, err error) {
	if once.Key == "" {
		return Detail{}, false, nil
	}
	r, err := s.store.Submitted(ctx, c.ARN, once)
	if errors.Is(err, ErrNotFound) {
		return Detail{}, false, nil
	}
	if err != nil {
		return Detail{}, false, err
	}
	d, err = s.detail(ctx, r)
	return d, err == nil, err
}
