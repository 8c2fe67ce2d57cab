package factorydb

import (
	"strings"
	"unicode/utf8"
)

// unknownRune stands for what cannot be written.
const unknownRune = "\uFFFD"

// writable gives a text as both databases take it. PostgreSQL refuses zero bytes and what is no UTF-8, and both come in from
// outside: in the output of a hook's command, in its receiver's status line, in an address somebody made up.
func writable(s string) string {
	if utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 {
		return s
	}
	return strings.ReplaceAll(strings.ToValidUTF8(s, unknownRune), "\x00", unknownRune)
}

// writables makes a statement's texts writable, in place.
func writables(args []any) []any {
	for i, a := range args {
		if s, is := a.(string); is {
			args[i] = writable(s)
		}
	}
	return args
}
