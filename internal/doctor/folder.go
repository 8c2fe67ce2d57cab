package doctor

import (
	"encoding/hex"
	"fmt"
	"os"
	"strings"
	"syscall"
)

// Folder looks at the data folder; running says that a server works on it.
func Folder(dir string, running bool) Finding {
	looked := "data folder " + dir
	info, err := os.Stat(dir)
	switch {
	case os.IsNotExist(err):
		return warn(DataFolder, looked, "it is not there: the first start makes it", "name the folder of a server that has run with --data, if this should be one")
	case err != nil:
		return broken(DataFolder, looked, err.Error(), "let this user reach it")
	case !info.IsDir():
		return broken(DataFolder, looked, "it is no folder", "name a folder with --data")
	case info.Mode().Perm()&0o022 != 0:
		return broken(DataFolder, looked, fmt.Sprintf("others on this machine can put files into it: its mode is %#o", info.Mode().Perm()), "chmod 700 "+dir+": it holds keys")
	}
	const writeAndEnter = 2 | 1 // access(2)
	if err := syscall.Access(dir, writeAndEnter); err != nil {
		return broken(DataFolder, looked, "this user cannot write into it", "run as the user that it belongs to, or give it to this one")
	}
	if info.Mode().Perm()&0o077 != 0 {
		return warn(DataFolder, looked, fmt.Sprintf("others on this machine can look into it, and read none of its files: its mode is %#o", info.Mode().Perm()), "chmod 700 "+dir)
	}
	if running {
		return ok(DataFolder, looked, "a server works on it; this look changes nothing")
	}
	return ok(DataFolder, looked, "no server works on it, and this user could start one")
}

// What of a disk should be free.
const (
	spaceWarns  = 1 << 30
	spaceBreaks = 100 << 20
)

// Space looks at what is free on the disk of a folder.
func Space(dir string) Finding {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return skipped(DiskSpace, "the disk under "+dir, "the folder is not there")
	}
	return space(dir, s.Bavail*uint64(s.Bsize)) //nolint:gosec // a block's size is positive
}

func space(dir string, free uint64) Finding {
	looked := "the disk under " + dir
	seen := fmt.Sprintf("%d MiB are free", free>>20)
	switch {
	case free < spaceBreaks:
		return broken(DiskSpace, looked, seen, "free some, or move the folder: nothing can be written when it is full")
	case free < spaceWarns:
		return warn(DiskSpace, looked, seen, "free some, or move the folder")
	}
	return ok(DiskSpace, looked, seen)
}

// Keys looks at the file of the keys that seal sign-ins: size is a key's length, shared says that other processes need the
// same file, and given that somebody named it.
func Keys(path string, size int, shared, given bool) Finding {
	looked := "key file " + path
	info, err := os.Stat(path)
	switch {
	case shared && !given:
		return warn(KeyFile, looked, "it is this process's alone: of several on the database none would know whom another one signed in", "give all of them the same file with --key-file, if there are others")
	case os.IsNotExist(err) && shared:
		return warn(KeyFile, looked, "it is not there: the first start makes it, and each process where it is not there one of its own", "copy it from the process that has it, or let one start and make it")
	case os.IsNotExist(err):
		return ok(KeyFile, looked, "it is not there yet: the first start makes it")
	case err != nil:
		return broken(KeyFile, looked, err.Error(), "let this user read it")
	case info.Mode().Perm()&0o077 != 0:
		return broken(KeyFile, looked, fmt.Sprintf("others on this machine can reach it: its mode is %#o", info.Mode().Perm()), "chmod 600 "+path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return broken(KeyFile, looked, err.Error(), "let this user read it")
	}
	keys := strings.Fields(string(text))
	for _, line := range keys {
		if key, err := hex.DecodeString(line); err != nil || len(key) != size {
			return broken(KeyFile, looked, fmt.Sprintf("a line of it is no key of %d bytes in hexadecimal", size), "restore the file, or delete it to get a new key: everybody signs in again then")
		}
	}
	if len(keys) == 0 {
		return broken(KeyFile, looked, "it is empty", "restore it, or delete it to get a new key: everybody signs in again then")
	}
	return ok(KeyFile, looked, "it holds a key, for its owner only")
}
