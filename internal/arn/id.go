package arn

// Alphabets of AWS's ids.
const (
	Digits = "0123456789"
	Hex    = "0123456789abcdef"
	Lower  = "abcdefghijklmnopqrstuvwxyz0123456789" // organizations, servicecatalog
	Upper  = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789" // controltower
	Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"     // IAM unique ids and access keys
)

// Random gives uniformly distributed bits; *math/rand/v2.ChaCha8 is one. Whoever makes an id brings its own, so that
// ids repeat with the seed.
type Random interface{ Uint64() uint64 }

// ID gives n characters of the alphabet, each equally likely.
func ID(r Random, alphabet string, n int) string {
	out := make([]byte, n)
	limit := uint64(256 - 256%len(alphabet)) // bytes at or above it would favour the first letters
	for i := 0; i < n; {
		for bits, left := r.Uint64(), 8; left > 0 && i < n; left-- {
			b := bits & 0xff
			bits >>= 8
			if b < limit {
				out[i] = alphabet[b%uint64(len(alphabet))]
				i++
			}
		}
	}
	return string(out)
}

// AccountID gives twelve digits that do not begin with a zero, so that no spreadsheet shortens them.
func AccountID(r Random) string { return ID(r, Digits[1:], 1) + ID(r, Digits, 11) }

// UUID gives a version 4 UUID.
func UUID(r Random) string {
	h := ID(r, Hex, 30)
	return h[:8] + "-" + h[8:12] + "-4" + h[12:15] + "-" + ID(r, "89ab", 1) + h[15:18] + "-" + h[18:30]
}
