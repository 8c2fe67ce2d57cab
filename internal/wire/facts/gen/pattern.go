package main

import (
	"fmt"
	"regexp"
	"strings"
)

var unicodeEscape = regexp.MustCompile(`\\u(10FFFF|10000|[0-9A-Fa-f]{4})`)

// byHand are the patterns with a lookahead, said with several patterns that must all match.
var byHand = map[string][]string{
	// ssoadmin Duration: after P comes a digit, or T and a digit.
	`(-?)P(?=\d|T\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)([DW]))?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?`: {
		`(-?)P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)([DW]))?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?`, `-?PT?\d.*`,
	},
	// iam accountAliasType: no two dashes in a row before the last character; the length is said by min and max too.
	`^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$`: {`[a-z0-9][a-z0-9-]{1,61}[a-z0-9]`, `[a-z0-9]+(-[a-z0-9]+)*`},
}

// translate gives a pattern as Go's regexp understands it; nil when it does as it stands.
func translate(p string) []string {
	if p == "" || compiles(p) {
		return nil
	}
	if by, ok := byHand[p]; ok {
		return by
	}
	t := unicodeEscape.ReplaceAllString(p, `\x{$1}`)
	t = strings.ReplaceAll(t, `.{0,1023}`, `.{0,1000}.{0,23}`) // RE2 repeats at most a thousand times
	if !compiles(t) {
		panic(fmt.Sprintf("pattern %q needs a translation by hand", p))
	}
	return []string{t}
}

func compiles(p string) bool {
	_, err := regexp.Compile(`\A(?:` + p + `)\z`)
	return err == nil
}
