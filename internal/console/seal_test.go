package console

import (
	"bytes"
	"testing"
)

// TestSealer: what is sealed opens with the same key for the same purpose alone, and not when a bit of it changed.
func TestSealer(t *testing.T) {
	t.Parallel()
	sealer := func(fill byte) *Sealer {
		s, err := NewSealer(bytes.Repeat([]byte{fill}, KeySize))
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	s := sealer(1)
	sealed, err := s.seal("session/a", map[string]string{"token": "secret"})
	if err != nil || bytes.Contains(sealed, []byte("secret")) {
		t.Fatalf("%q %v", sealed, err)
	}
	var got map[string]string
	if err := s.open("session/a", sealed, &got); err != nil || got["token"] != "secret" {
		t.Errorf("%v %v", got, err)
	}
	changed := bytes.Clone(sealed)
	changed[len(changed)-1] ^= 1
	for name, err := range map[string]error{
		"another purpose": s.open("session/b", sealed, &got), "another key": sealer(2).open("session/a", sealed, &got),
		"a bit changed": s.open("session/a", changed, &got), "cut short": s.open("session/a", sealed[:5], &got), "nothing": s.open("session/a", nil, &got),
	} {
		if err == nil {
			t.Errorf("%s: opens", name)
		}
	}
	if again, _ := s.seal("session/a", map[string]string{"token": "secret"}); bytes.Equal(again, sealed) {
		t.Error("sealing twice gives the same bytes")
	}
	if _, err := NewSealer([]byte("short")); err == nil {
		t.Error("a short key is taken")
	}
}

// TestSealer_Rotated: what an older key sealed opens while that key is there; what is sealed now needs the newest.
func TestSealer_Rotated(t *testing.T) {
	t.Parallel()
	older, newer := bytes.Repeat([]byte{1}, KeySize), bytes.Repeat([]byte{2}, KeySize)
	sealer := func(keys ...[]byte) *Sealer {
		s, err := NewSealer(keys...)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	seal := func(s *Sealer) []byte {
		sealed, err := s.seal("session/a", "secret")
		if err != nil {
			t.Fatal(err)
		}
		return sealed
	}
	both := sealer(newer, older)
	before, now := seal(sealer(older)), seal(both)
	for _, tc := range []struct {
		name   string
		sealer *Sealer
		sealed []byte
		opens  bool
	}{
		{"sealed before, both keys", both, before, true},
		{"sealed now, both keys", both, now, true},
		{"sealed now, the newer alone", sealer(newer), now, true},
		{"sealed now, the older alone", sealer(older), now, false},
		{"sealed before, the newer alone", sealer(newer), before, false},
	} {
		var got string
		if err := tc.sealer.open("session/a", tc.sealed, &got); (err == nil) != tc.opens || tc.opens && got != "secret" {
			t.Errorf("%s: %q %v", tc.name, got, err)
		}
	}
	if _, err := NewSealer(); err == nil {
		t.Error("no key at all is taken")
	}
}
