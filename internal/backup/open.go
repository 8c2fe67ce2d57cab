package backup

import (
	"bufio"
	"crypto/cipher"
	"crypto/hmac"
	"errors"
	"fmt"
	"io"

	"golang.org/x/crypto/chacha20poly1305"
)

// opener gives what was sealed.
type opener struct {
	in     *bufio.Reader
	header header
	aead   cipher.AEAD
	number uint32
	left   []byte
	ended  bool
}

// Unseal gives what a file holds. Returns ErrNotBackup, ErrNewer, ErrKeyKind and ErrWrongKey; reading returns ErrTruncated and
// ErrAltered before it gives anything of what is wrong.
func Unseal(in io.Reader, k Key) (io.Reader, error) {
	head := make([]byte, headerSize)
	if n, err := io.ReadFull(in, head); err != nil {
		if n >= len(magic) && string(head[:len(magic)]) == magic {
			return nil, ErrTruncated
		}
		return nil, ErrNotBackup
	}
	if string(head[:len(magic)]) != magic {
		return nil, ErrNotBackup
	}
	if head[len(magic)] != version {
		return nil, fmt.Errorf("%w: its form is %d, and this one knows %d", ErrNewer, head[len(magic)], version)
	}
	o := &opener{in: bufio.NewReaderSize(in, chunkSize), header: header{kind: head[len(magic)+1]}}
	rest := head[len(magic)+2:]
	copy(o.header.salt[:], rest)
	copy(o.header.prefix[:], rest[saltSize:])
	if o.header.kind != k.kind {
		return nil, fmt.Errorf("%w: it needs %s", ErrKeyKind, kindName(o.header.kind))
	}
	for _, secret := range k.secrets {
		d, err := k.derive(secret, o.header.salt[:])
		if err != nil {
			return nil, err
		}
		if hmac.Equal(d.proof(head[:headerSize-checkSize]), head[headerSize-checkSize:]) {
			o.aead, err = chacha20poly1305.NewX(d.chunks)
			return o, err
		}
	}
	return nil, ErrWrongKey
}

func kindName(kind byte) string {
	if kind == byPassphrase {
		return "a passphrase"
	}
	return "a key file"
}

func (o *opener) Read(p []byte) (int, error) {
	for len(o.left) == 0 {
		if o.ended {
			return 0, io.EOF
		}
		if err := o.next(); err != nil {
			return 0, err
		}
	}
	n := copy(p, o.left)
	o.left = o.left[n:]
	return n, nil
}

// next opens a chunk. Whether it should be the last is told by what follows it.
func (o *opener) next() error {
	sealed := make([]byte, chunkSize+chacha20poly1305.Overhead)
	n, err := io.ReadFull(o.in, sealed)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return err
	}
	sealed = sealed[:n]
	_, peekErr := o.in.Peek(1)
	last := peekErr != nil
	plain, err := o.aead.Open(nil, o.header.nonce(o.number, last), sealed, nil)
	if err != nil {
		return o.refuse(sealed, last)
	}
	o.left, o.ended = plain, last
	o.number++
	return nil
}

// refuse tells a file that was cut off from one that was altered.
func (o *opener) refuse(sealed []byte, last bool) error {
	if _, err := o.aead.Open(nil, o.header.nonce(o.number, !last), sealed, nil); err == nil && last {
		return fmt.Errorf("%w: it stops after piece %d", ErrTruncated, o.number+1)
	} else if err == nil {
		return fmt.Errorf("%w: there is more behind its end, piece %d", ErrAltered, o.number+1)
	}
	if last && len(sealed) < chunkSize+chacha20poly1305.Overhead {
		return fmt.Errorf("%w, or was altered: piece %d", ErrTruncated, o.number+1)
	}
	return fmt.Errorf("%w: piece %d", ErrAltered, o.number+1)
}
