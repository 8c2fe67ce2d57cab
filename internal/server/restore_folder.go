package server

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"accountfactory/internal/backup"
)

// begin makes the folder that is filled.
func (r Restore) begin(there bool) (string, error) {
	if there {
		return os.MkdirTemp(r.Data, restoring+"*") // 0700
	}
	parent := filepath.Dir(filepath.Clean(r.Data))
	if err := os.MkdirAll(parent, 0o700); err != nil {
		return "", err
	}
	return os.MkdirTemp(parent, "."+filepath.Base(r.Data)+restoring+"*") // 0700
}

// restoring begins the name of a folder in a data folder that is not whole yet: no server starts on one.
const restoring = ".restoring-"

// moveUp moves what was made from the folder in the data folder to there.
func (r Restore) moveUp(made string) error {
	_ = os.Chmod(r.Data, 0o700) //nolint:gosec // a folder; where it is somebody else's, its files are for their owner only all the same
	entries, err := os.ReadDir(made)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if err := os.Rename(filepath.Join(made, e.Name()), filepath.Join(r.Data, e.Name())); err != nil {
			return err
		}
	}
	return os.Remove(made)
}

// whole refuses a data folder that a restore was putting in place when it ended.
func whole(data string) error {
	entries, err := os.ReadDir(data)
	if err == nil && slices.ContainsFunc(entries, func(e os.DirEntry) bool { return strings.HasPrefix(e.Name(), restoring) }) {
		err = fmt.Errorf("a restore into the data folder %s did not come to its end: empty the folder, and restore again", data)
	}
	return err
}

// putFile puts one of the few files in its place; any other name is none of ours.
func (r Restore) putFile(dir string, f backup.File) error {
	switch f.Name {
	case credentialsName:
		return writeFile(CredentialsFile(dir), f.Body)
	case keyName:
		if r.KeyFile == "" {
			return writeFile(Config{Data: dir}.keyFile(), f.Body)
		}
		if _, err := os.Stat(r.KeyFile); err == nil {
			return nil // the one that is there counts
		}
		return writeFile(r.KeyFile, f.Body)
	}
	return fmt.Errorf("the backup holds a file %q, which this version does not know", f.Name)
}
