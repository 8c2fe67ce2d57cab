package signin

import (
	"crypto/rand"
	"encoding/binary"
)

// strong is chance for secrets, which must not repeat with the store's seed.
type strong struct{}

func (strong) Uint64() uint64 {
	var raw [8]byte
	_, _ = rand.Read(raw[:]) // never fails, says crypto/rand
	return binary.LittleEndian.Uint64(raw[:])
}
