package backup

import (
	"bytes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"io"
	"math"

	"golang.org/x/crypto/chacha20poly1305"
)

// The header's parts.
const (
	magic      = "AFBACKUP"
	version    = 1
	saltSize   = 16
	prefixSize = chacha20poly1305.NonceSizeX - counterSize - 1
	checkSize  = 16

	counterSize = 4
	headerSize  = len(magic) + 2 + saltSize + prefixSize + checkSize
)

// chunkSize is how much is sealed at a time.
const chunkSize = 64 << 10

// header is what a file begins with.
type header struct {
	kind   byte
	salt   [saltSize]byte
	prefix [prefixSize]byte
}

func (h header) bytes() []byte {
	out := append([]byte(magic), version, h.kind)
	return append(append(out, h.salt[:]...), h.prefix[:]...)
}

func (d derived) proof(header []byte) []byte {
	m := hmac.New(sha256.New, d.check)
	m.Write(header)
	return m.Sum(nil)[:checkSize]
}

// nonce is a chunk's: no two of a file are the same, and none says last but the last.
func (h header) nonce(number uint32, last bool) []byte {
	out := binary.BigEndian.AppendUint32(bytes.Clone(h.prefix[:]), number)
	if last {
		return append(out, 1)
	}
	return append(out, 0)
}

// sealer seals what is written to it.
type sealer struct {
	out    io.Writer
	header header
	aead   cipher.AEAD
	number uint32
	buf    []byte
	closed bool
}

// Seal gives a writer that seals what is written to it. Without its Close the file has no end.
func Seal(out io.Writer, k Key) (io.WriteCloser, error) {
	s := &sealer{out: out, header: header{kind: k.kind}, buf: make([]byte, 0, chunkSize)}
	_, _ = rand.Read(s.header.salt[:])   // never fails (crypto/rand)
	_, _ = rand.Read(s.header.prefix[:]) // never fails (crypto/rand)
	d, err := k.derive(k.secrets[0], s.header.salt[:])
	if err != nil {
		return nil, err
	}
	if s.aead, err = chacha20poly1305.NewX(d.chunks); err != nil {
		return nil, err
	}
	head := s.header.bytes()
	_, err = out.Write(append(head, d.proof(head)...))
	return s, err
}

func (s *sealer) Write(p []byte) (n int, err error) {
	for len(p) > 0 {
		if len(s.buf) == chunkSize { // there is more, so it is not the last
			if err := s.flush(false); err != nil {
				return n, err
			}
		}
		take := min(len(p), chunkSize-len(s.buf))
		s.buf = append(s.buf, p[:take]...)
		p, n = p[take:], n+take
	}
	return n, nil
}

func (s *sealer) flush(last bool) error {
	if s.number == math.MaxUint32 {
		return errors.New("the backup is too large")
	}
	_, err := s.out.Write(s.aead.Seal(nil, s.header.nonce(s.number, last), s.buf, nil))
	s.number++
	s.buf = s.buf[:0]
	return err
}

// Close writes the last chunk.
func (s *sealer) Close() error {
	if s.closed {
		return nil
	}
	s.closed = true
	return s.flush(true)
}
