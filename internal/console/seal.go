package console

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
)

// KeySize is the length of the key that seals what the console keeps.
const KeySize = 32

// Sealer seals what is kept of sessions with AES-256-GCM. What was sealed for one purpose opens for no other, so rows
// cannot be exchanged for one another.
type Sealer struct{ aead cipher.AEAD }

// NewSealer makes a Sealer of a key of KeySize bytes.
func NewSealer(key []byte) (*Sealer, error) {
	if len(key) != KeySize {
		return nil, fmt.Errorf("the key has %d bytes, want %d", len(key), KeySize)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	return &Sealer{aead}, err
}

// errSealed says that something was not sealed with this key for this purpose.
var errSealed = errors.New("cannot be opened with this key")

func (s *Sealer) seal(purpose string, v any) ([]byte, error) {
	body, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return s.aead.Seal(nil, nil, body, []byte(purpose)), nil
}

func (s *Sealer) open(purpose string, sealed []byte, v any) error {
	body, err := s.aead.Open(nil, nil, sealed, []byte(purpose))
	if err != nil {
		return errSealed
	}
	return json.Unmarshal(body, v)
}

// newID gives 256 random bits as text.
func newID() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails (crypto/rand)
	return encode(b[:])
}
