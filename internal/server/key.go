package server

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"accountfactory/internal/console"
)

// keyFile is where the key is that seals what the console keeps of people's sign-ins.
func (c Config) keyFile() string {
	if c.KeyFile != "" {
		return c.KeyFile
	}
	return filepath.Join(c.Data, "console.key")
}

// sealer reads the keys, a line each, newest first; one is made at first start for its owner only. What was sealed under a
// key that is not there any more is lost: who was signed in has to sign in again.
func (c Config) sealer() (*console.Sealer, error) {
	path := c.keyFile()
	text, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		var key [console.KeySize]byte
		_, _ = rand.Read(key[:]) // never fails (crypto/rand)
		if err = firstFile(path, []byte(hex.EncodeToString(key[:])+"\n")); err == nil {
			text, err = os.ReadFile(path) // which another process may have made meanwhile
		}
	}
	if err != nil {
		return nil, fmt.Errorf("key file: %w", err)
	}
	var keys [][]byte
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		key, err := hex.DecodeString(line)
		if err != nil || len(key) != console.KeySize {
			return nil, notKeys(path)
		}
		keys = append(keys, key)
	}
	if len(keys) == 0 {
		return nil, notKeys(path)
	}
	return console.NewSealer(keys...)
}

func notKeys(path string) error {
	return fmt.Errorf("%s is no key: want %d bytes in hexadecimal, or several such lines, the newest first; delete the file to get a new key", path, console.KeySize)
}
