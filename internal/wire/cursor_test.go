package wire_test

import (
	"testing"

	"accountfactory/internal/wire"
)

func TestCursor(t *testing.T) {
	t.Parallel()
	token := wire.Cursor("ListAccounts", "123456789012")
	if key, ok := wire.After("ListAccounts", token); !ok || key != "123456789012" {
		t.Errorf("own token: %q %v", key, ok)
	}
	if key, ok := wire.After("ListAccounts", nil); !ok || key != "" {
		t.Errorf("no token: %q %v", key, ok)
	}
	if _, ok := wire.After("ListRoots", token); ok {
		t.Error("a token of another list was taken")
	}
	bad := "not a token!"
	if _, ok := wire.After("ListAccounts", &bad); ok {
		t.Error("a made-up token was taken")
	}
}
