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
type Sealer struct{ aeads []cipher.AEAD } // the first seals, all open

// NewSealer makes a Sealer of keys of KeySize bytes each. The first seals; what others sealed opens as well, so that a key
// can be replaced while people are signed in.
func NewSealer(keys ...[]byte) (*Sealer, error) {
	if len(keys) == 0 {
		return nil, errors.New("there is no key")
	}
	out := &Sealer{}
	for _, key := range keys {
		if len(key) != KeySize {
			return nil, fmt.Errorf("the key has %d bytes, want %d", len(key), KeySize)
		}
		block, err := aes.NewCipher(key)
		if err != nil {
			return nil, err
		}
		aead, err := cipher.NewGCMWithRandomNonce(block)
		if err != nil {
			return nil, err
		}
		out.aeads = append(out.aeads, aead)
	}
	return out, nil
}

// errSealed says that something was not sealed with these keys for this purpose.
var errSealed = errors.New("cannot be opened with the keys there are")

func (s *Sealer) seal(purpose string, v any) ([]byte, error) {
	body, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return s.aeads[0].Seal(nil, nil, body, []byte(purpose)), nil
}

func (s *Sealer) open(purpose string, sealed []byte, v any) error {
	for _, aead := range s.aeads {
		if body, err := aead.Open(nil, nil, sealed, []byte(purpose)); err == nil {
			return json.Unmarshal(body, v)
		}
	}
	return errSealed
}

// newID gives 256 random bits as text.
func newID() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails (crypto/rand)
	return encode(b[:])
}
