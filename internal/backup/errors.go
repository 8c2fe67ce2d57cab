package backup

import "errors"

// What can be wrong with a file; errors that wrap these say where.
var (
	ErrNotBackup = errors.New("this is no backup of Account Factory")
	ErrWrongKey  = errors.New("the key is not the one it was sealed with, or its beginning was altered")
	ErrKeyKind   = errors.New("it was sealed with the other kind of key")
	ErrTruncated = errors.New("its end is missing")
	ErrAltered   = errors.New("it was altered: a piece is not the one that was written there")
	ErrNewer     = errors.New("it was written by a newer version of this program")
)
