// Package backup is the file of a backup: lines of JSON, compressed, sealed under a passphrase or a server's key, as a stream.
//
//	header  magic, version, kind of key, salt, start of nonces, check of all that
//	chunk   64 KiB of what is sealed, each under its number and whether it is the last (STREAM: Hoang, Reyhanitabar, Rogaway, Vizár, 2015)
//
// So whatever is cut off, moved, put in or altered is found where it stands, and nothing of a chunk is believed before it is
// proven. What is sealed begins with a Manifest and ends with the counts of all before.
package backup
