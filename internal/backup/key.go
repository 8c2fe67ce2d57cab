package backup

import (
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strings"

	"golang.org/x/crypto/argon2"
)

// Key opens and closes backups.
type Key struct {
	kind byte
	// A passphrase, or the keys of a key file: the first seals, any opens.
	secrets [][]byte
}

// Kinds of keys; stored in headers.
const (
	byPassphrase byte = 1
	byKeyFile    byte = 2
)

const keySize = 32

// minPassphrase is the least length of a passphrase.
const minPassphrase = 12

// PassphraseFile reads a key from a file with a passphrase: its first line.
func PassphraseFile(path string) (Key, error) {
	body, err := os.ReadFile(path)
	if err != nil {
		return Key{}, err
	}
	text, _, _ := strings.Cut(string(body), "\n")
	if text = strings.TrimRight(text, "\r"); len(text) < minPassphrase {
		return Key{}, fmt.Errorf("%s: a passphrase has %d characters or more", path, minPassphrase)
	}
	return Key{byPassphrase, [][]byte{[]byte(text)}}, nil
}

// KeyFile reads a server's key file: 32 bytes in hexadecimal a line, the newest first.
func KeyFile(path string) (Key, error) {
	body, err := os.ReadFile(path)
	if err != nil {
		return Key{}, err
	}
	k := Key{kind: byKeyFile}
	for _, line := range strings.Fields(string(body)) {
		secret, err := hex.DecodeString(line)
		if err != nil || len(secret) != keySize {
			return Key{}, fmt.Errorf("%s is no key file: want %d bytes in hexadecimal a line", path, keySize)
		}
		k.secrets = append(k.secrets, secret)
	}
	if len(k.secrets) == 0 {
		return Key{}, fmt.Errorf("%s is empty: want %d bytes in hexadecimal a line", path, keySize)
	}
	return k, nil
}

// What a passphrase costs to try. Source: RFC 9106, section 4, second recommended option.
const (
	argonTime    = 3
	argonMemory  = 64 << 10 // KiB
	argonThreads = 4
)

// derived are the keys of one file.
type derived struct{ chunks, check []byte }

// derive makes a file's keys of one of the secrets.
func (k Key) derive(secret, salt []byte) (derived, error) {
	if k.kind == byPassphrase {
		secret = argon2.IDKey(secret, salt, argonTime, argonMemory, argonThreads, keySize)
	}
	chunks, err := hkdf.Key(sha256.New, secret, salt, "accountfactory backup: chunks", keySize)
	check, checkErr := hkdf.Key(sha256.New, secret, salt, "accountfactory backup: header", keySize)
	return derived{chunks, check}, errors.Join(err, checkErr)
}
