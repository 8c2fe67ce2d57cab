package sigv4

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// canonical appends the canonical form of a request, the text whose hash is signed.
func (s *Signature) canonical(b []byte, r *http.Request, bodyHash []byte) []byte {
	b = append(append(b, r.Method...), '\n')
	b = append(appendPath(b, r), '\n')
	b = append(s.appendQuery(b, r.URL.RawQuery), '\n')
	for _, name := range s.headers {
		b = append(append(b, name...), ':')
		b = append(appendHeader(b, r, name), '\n')
	}
	b = append(b, '\n')
	for i, name := range s.headers {
		if i > 0 {
			b = append(b, ';')
		}
		b = append(b, name...)
	}
	return append(append(b, '\n'), bodyHash...)
}

// appendPath appends the path as it was sent, escaped once more: every service but S3 signs it so.
func appendPath(b []byte, r *http.Request) []byte {
	path, _, _ := strings.Cut(r.RequestURI, "?")
	if !strings.HasPrefix(path, "/") {
		path = r.URL.EscapedPath()
	}
	if path == "" {
		path = "/"
	}
	return appendEscaped(b, path, '/')
}

// appendQuery appends the parameters, decoded, escaped AWS's way and sorted.
func (s *Signature) appendQuery(b []byte, raw string) []byte {
	if raw == "" {
		return b
	}
	type pair struct{ name, value string }
	var pairs []pair
	for part := range strings.SplitSeq(raw, "&") {
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		name = unescape(name)
		if s.Presigned && name == "X-Amz-Signature" {
			continue
		}
		pairs = append(pairs, pair{
			string(appendEscaped(nil, name, 0)), string(appendEscaped(nil, unescape(value), 0)),
		})
	}
	slices.SortStableFunc(pairs, func(x, y pair) int {
		if c := strings.Compare(x.name, y.name); c != 0 {
			return c
		}
		return strings.Compare(x.value, y.value)
	})
	for i, p := range pairs {
		if i > 0 {
			b = append(b, '&')
		}
		b = append(append(append(b, p.name...), '='), p.value...)
	}
	return b
}

// unescape decodes percent escapes and +; what is no escape stays as it is.
func unescape(s string) string {
	if !strings.ContainsAny(s, "%+") {
		return s
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '+':
			out = append(out, ' ')
		case s[i] == '%' && i+2 < len(s):
			n, err := strconv.ParseUint(s[i+1:i+3], 16, 8)
			if err != nil {
				out = append(out, '%')
				continue
			}
			out = append(out, byte(n))
			i += 2
		default:
			out = append(out, s[i])
		}
	}
	return string(out)
}

const upperHex = "0123456789ABCDEF"

// appendEscaped appends s with everything escaped but RFC 3986's unreserved characters and keep.
func appendEscaped(b []byte, s string, keep byte) []byte {
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z', c >= '0' && c <= '9', c == '-', c == '_', c == '.', c == '~',
			c == keep && keep != 0:
			b = append(b, c)
		default:
			b = append(b, '%', upperHex[c>>4], upperHex[c&15])
		}
	}
	return b
}

// appendHeader appends a header's values, joined by commas, with white space trimmed and squeezed.
func appendHeader(b []byte, r *http.Request, name string) []byte {
	if name == "host" {
		return append(b, r.Host...)
	}
	values := r.Header[canonicalName(name)]
	if name == "content-length" && len(values) == 0 && r.ContentLength >= 0 {
		return strconv.AppendInt(b, r.ContentLength, 10) // net/http may keep it for itself
	}
	for i, value := range values {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendSqueezed(b, value)
	}
	return b
}

// canonicalName gives a header's name as net/http keeps it, without making the ones anew that every client signs.
func canonicalName(name string) string {
	switch name {
	case "x-amz-date":
		return "X-Amz-Date"
	case "x-amz-target":
		return "X-Amz-Target"
	case "x-amz-security-token":
		return "X-Amz-Security-Token"
	case "x-amz-content-sha256":
		return "X-Amz-Content-Sha256"
	case "amz-sdk-invocation-id":
		return "Amz-Sdk-Invocation-Id"
	case "amz-sdk-request":
		return "Amz-Sdk-Request"
	}
	return http.CanonicalHeaderKey(name)
}

func appendSqueezed(b []byte, s string) []byte {
	s = strings.Trim(s, " \t")
	if !strings.Contains(s, "  ") {
		return append(b, s...)
	}
	for i := range len(s) {
		if s[i] != ' ' || s[i-1] != ' ' {
			b = append(b, s[i])
		}
	}
	return b
}

// BodyHash is the hash of a body as signatures use it.
func BodyHash(body []byte) string {
	hash := hashed(body)
	return string(hash[:])
}

// hashed gives that hash's digits.
func hashed(body []byte) (digits [2 * sha256.Size]byte) {
	sum := sha256.Sum256(body)
	hex.Encode(digits[:], sum[:])
	return digits
}

// toSign appends the string to sign.
func (s *Signature) toSign(b []byte, canonical []byte) []byte {
	sum := sha256.Sum256(canonical)
	b = append(append(b, algorithm...), '\n')
	b = append(append(b, s.stamp...), '\n')
	for _, part := range [...]string{s.date, "/", s.Region, "/", s.Service, "/", terminator} {
		b = append(b, part...)
	}
	return hex.AppendEncode(append(b, '\n'), sum[:])
}

// declared tells whether the hash a signer declares in X-Amz-Content-Sha256 is the body's. Without a declaration the
// signature itself covers the body.
func declared(r *http.Request, headers []string, bodyHash []byte) bool {
	value := r.Header.Get("X-Amz-Content-Sha256")
	if value == "" || !slices.Contains(headers, "x-amz-content-sha256") {
		return true
	}
	return bytes.EqualFold([]byte(value), bodyHash)
}
