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

// sealer reads the key, made at first start for its owner only. Without it nobody signed in before is signed in any more.
func (c Config) sealer() (*console.Sealer, error) {
	path := c.keyFile()
	text, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		var key [console.KeySize]byte
		_, _ = rand.Read(key[:]) // never fails (crypto/rand)
		text = []byte(hex.EncodeToString(key[:]) + "\n")
		err = writeFile(path, text)
	}
	if err != nil {
		return nil, fmt.Errorf("key file: %w", err)
	}
	key, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(key) != console.KeySize {
		return nil, fmt.Errorf("%s is no key: want %d bytes in hexadecimal, or delete the file to get a new key", path, console.KeySize)
	}
	return console.NewSealer(key)
}
