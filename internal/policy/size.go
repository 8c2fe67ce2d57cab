package policy

import "unicode/utf8"

// Size counts the characters of a policy as IAM's quotas do: white space between the members is not counted. White space
// inside quotation marks is, as it changes the meaning.
// Source: IAM User Guide, "IAM and AWS STS quotas".
func Size(text string) int {
	n, quoted, escaped := utf8.RuneCountInString(text), false, false
	for _, c := range []byte(text) {
		switch {
		case escaped:
			escaped = false
		case quoted && c == '\\':
			escaped = true
		case c == '"':
			quoted = !quoted
		case !quoted && (c == ' ' || c == '\t' || c == '\r' || c == '\n'):
			n--
		}
	}
	return n
}
