package server

import (
	"errors"
	"os"
	"path/filepath"
)

// ownDatabases sees that a folder's databases are for their owner only, also in a folder that others can look into: they hold
// keys, and the hashes of passwords. SQLite makes a new file as the umask lets it, and gives the files beside one its mode.
func ownDatabases(dir string, names ...string) error {
	for _, name := range names {
		path := filepath.Join(dir, name)
		f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, ownerOnly) // an empty one is a new database
		if err != nil {
			return err
		}
		if err := errors.Join(f.Chmod(ownerOnly), f.Close()); err != nil {
			return err
		}
		for _, beside := range []string{"-wal", "-shm"} {
			if err := os.Chmod(path+beside, ownerOnly); err != nil && !os.IsNotExist(err) {
				return err
			}
		}
	}
	return nil
}

const ownerOnly = 0o600

// databases names those that a server has in its data folder.
func (c Config) databases() (names []string) {
	if !c.Cloud.aws() {
		names = append(names, twinDatabase)
	}
	if !c.TwinOnly && c.Database == "" {
		names = append(names, factoryDatabase)
	}
	return names
}

// Names of the databases in a data folder.
const (
	twinDatabase    = "twin.db"
	factoryDatabase = "factory.db"
)
