package signin

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"

	"golang.org/x/crypto/argon2"
)

// Cost of a hash: OWASP's Password Storage Cheat Sheet, argon2id with 19 MiB and two passes.
const (
	hashMemory = 19 * 1024 // KiB
	hashPasses = 2
	hashKey    = 32
	hashSalt   = 16
)

const (
	hashesAtOnce  = 2  // each takes 19 MiB and a processor
	hashesWaiting = 64 // more than that are refused at once
)

// errBusy says that too many passwords are being checked.
var errBusy = errors.New("too many sign-ins at once")

// hasher makes and checks password hashes, a few at a time.
type hasher struct {
	turns   chan struct{}
	waiting atomic.Int64
	done    atomic.Int64 // hashes computed
	decoy   string       // the hash of no password, checked for users who have none
}

func newHasher() *hasher {
	salt, key := make([]byte, hashSalt), make([]byte, hashKey)
	_, _ = rand.Read(salt) // never fails, says crypto/rand
	_, _ = rand.Read(key)
	return &hasher{turns: make(chan struct{}, hashesAtOnce), decoy: phc(salt, key)}
}

// phc writes a hash in the PHC string format, so that the cost can change while old hashes go on to be checked.
func phc(salt, key []byte) string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=1$%s$%s", argon2.Version, hashMemory, hashPasses,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key))
}

// hash makes the hash of a new password. It returns errBusy when too many wait, and ctx's error when it ends first.
func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, hashSalt)
	_, _ = rand.Read(salt) // never fails, says crypto/rand
	key, err := h.derive(ctx, password, salt, hashMemory, hashPasses)
	if err != nil {
		return "", err
	}
	return phc(salt, key), nil
}

// verify tells whether a hash is that of a password; "" stands for no password and costs the same. Its errors are those
// of hash.
func (h *hasher) verify(ctx context.Context, stored, password string) (bool, error) {
	has := stored != ""
	if !has {
		stored = h.decoy
	}
	var version, memory, passes uint32
	parts := strings.Split(stored, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false, fmt.Errorf("a stored hash is not argon2id")
	}
	if _, err := fmt.Sscanf(parts[2]+" "+parts[3], "v=%d m=%d,t=%d,p=1", &version, &memory, &passes); err != nil {
		return false, fmt.Errorf("read a stored hash: %w", err)
	}
	salt, saltErr := base64.RawStdEncoding.DecodeString(parts[4])
	want, keyErr := base64.RawStdEncoding.DecodeString(parts[5])
	if err := errors.Join(saltErr, keyErr); err != nil {
		return false, fmt.Errorf("read a stored hash: %w", err)
	}
	got, err := h.derive(ctx, password, salt, memory, passes)
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(got, want) == 1 && has, nil
}

func (h *hasher) derive(ctx context.Context, password string, salt []byte, memory, passes uint32) ([]byte, error) {
	if h.waiting.Add(1) > hashesWaiting {
		h.waiting.Add(-1)
		return nil, errBusy
	}
	defer h.waiting.Add(-1)
	select {
	case h.turns <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-h.turns }()
	h.done.Add(1)
	return argon2.IDKey([]byte(password), salt, passes, memory, 1, hashKey), nil
}
