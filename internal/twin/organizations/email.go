package organizations

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// What the API refuses at once.
const (
	minEmail, maxEmail = 6, 64
	maxAccountName     = 50
)

// emailPattern is the pattern of the input. It is not anchored, as AWS's patterns are not.
var emailPattern = regexp.MustCompile(`[^\s@]+@[^\s@]+\.[^\s@]+`)

// ValidEmail applies the rules CreateAccount documents for e-mails, which are stricter than the pattern its input must
// match: an address that matches the pattern alone is taken, and fails later with INVALID_EMAIL.
// Source: Organizations API Reference, CreateAccount, Email.
func ValidEmail(email string) bool {
	local, domain, found := strings.Cut(email, "@")
	if !found || local == "" || len(email) < minEmail || len(email) > maxEmail {
		return false
	}
	for _, c := range []byte(email) {
		if c >= utf8.RuneSelf || c < ' ' || c == 0x7f {
			return false
		}
	}
	return !strings.ContainsAny(local, " \"'()<>[]:;,\\|%&") && local[0] != '.' && validDomain(domain)
}

func validDomain(domain string) bool {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-."
	return strings.Trim(domain, letters) == "" && strings.Trim(domain, "-.") == domain && strings.Contains(domain, ".")
}
