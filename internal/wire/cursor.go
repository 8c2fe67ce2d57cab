package wire

import (
	"encoding/base64"
	"strings"
)

// Cursor gives an opaque page token that says: go on after this key. scope is the operation with what else must be the
// same on the next page (a filter, a parent), so that a token of another list is refused.
func Cursor(scope, after string) *string {
	token := base64.RawURLEncoding.EncodeToString([]byte(scope + "\x00" + after))
	return &token
}

// After gives the key a token made by Cursor stands for, "" without a token. ok is false for a token of another scope or
// one we never made.
func After(scope string, token *string) (key string, ok bool) {
	if token == nil || *token == "" {
		return "", true
	}
	raw, err := base64.RawURLEncoding.DecodeString(*token)
	if err != nil {
		return "", false
	}
	got, key, found := strings.Cut(string(raw), "\x00")
	return key, found && got == scope
}
