package backup

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// keyFile gives a key of a key file, which costs nothing to derive.
func keyFile(t *testing.T, lines ...string) Key {
	t.Helper()
	path := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	k, err := KeyFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func hexKey(b byte) string { return strings.Repeat(fmt.Sprintf("%02x", b), keySize) }

func passphrase(t *testing.T, text string) (Key, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "passphrase")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return PassphraseFile(path)
}

func seal(t *testing.T, k Key, plain []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := Seal(&out, k)
	if err != nil {
		t.Fatal(err)
	}
	for rest := plain; len(rest) > 0; { // in pieces of odd sizes
		n := min(len(rest), 777)
		if _, err := w.Write(rest[:n]); err != nil {
			t.Fatal(err)
		}
		rest = rest[n:]
	}
	if err := errors.Join(w.Close(), w.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func unseal(k Key, sealed []byte) ([]byte, error) {
	r, err := Unseal(bytes.NewReader(sealed), k)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

func noise(n int) []byte {
	out := make([]byte, n)
	_, _ = rand.Read(out) // never fails (crypto/rand)
	return out
}

const overhead = 16

// TestSeal: what is sealed comes back, also at the edges of chunks.
func TestSeal(t *testing.T) {
	t.Parallel()
	k := keyFile(t, hexKey(1))
	for _, size := range []int{0, 1, chunkSize - 1, chunkSize, chunkSize + 1, 3 * chunkSize, 3*chunkSize + 5} {
		plain := noise(size)
		sealed := seal(t, k, plain)
		got, err := unseal(k, sealed)
		if err != nil || !bytes.Equal(got, plain) {
			t.Errorf("%d bytes: %d came back, %v", size, len(got), err)
		}
		if size > 64 && bytes.Contains(sealed, plain[:64]) {
			t.Error("it stands there in clear")
		}
	}
	if a, b := seal(t, k, []byte("same")), seal(t, k, []byte("same")); bytes.Equal(a, b) {
		t.Error("the same sealed twice is the same")
	}
}

// TestUnseal_Refuses: each way in which a file can be wrong has its error, and nothing of what is wrong is given.
func TestUnseal_Refuses(t *testing.T) {
	t.Parallel()
	k, other := keyFile(t, hexKey(1)), keyFile(t, hexKey(2))
	words, err := passphrase(t, "correct horse battery\n")
	if err != nil {
		t.Fatal(err)
	}
	plain := noise(3*chunkSize + 100)
	sealed := seal(t, k, plain)
	const chunk = chunkSize + overhead
	at := func(i int) []byte { return sealed[headerSize+i*chunk : headerSize+(i+1)*chunk] }
	tail := sealed[headerSize+3*chunk:]
	flipped := func(i int) []byte {
		out := bytes.Clone(sealed)
		out[i] ^= 1
		return out
	}
	join := func(parts ...[]byte) []byte { return bytes.Join(append([][]byte{sealed[:headerSize]}, parts...), nil) }
	another := seal(t, k, plain)
	for name, tc := range map[string]struct {
		file []byte
		key  Key
		want error
		most int // bytes given before the error
	}{
		"nothing":                    {nil, k, ErrNotBackup, 0},
		"something else":             {bytes.Repeat([]byte("SQLite format 3\x00"), 20), k, ErrNotBackup, 0},
		"half a header":              {sealed[:headerSize/2], k, ErrTruncated, 0},
		"a header alone":             {sealed[:headerSize], k, ErrTruncated, 0},
		"a newer form":               {flipped(len(magic)), k, ErrNewer, 0},
		"another key":                {sealed, other, ErrWrongKey, 0},
		"a passphrase":               {sealed, words, ErrKeyKind, 0},
		"its salt altered":           {flipped(len(magic) + 5), k, ErrWrongKey, 0},
		"its nonce altered":          {flipped(len(magic) + 2 + saltSize + 3), k, ErrWrongKey, 0},
		"its kind altered":           {flipped(len(magic) + 1), words, ErrKeyKind, 0},
		"a byte of the first piece":  {flipped(headerSize + 10), k, ErrAltered, 0},
		"a byte of the second piece": {flipped(headerSize + chunk + 10), k, ErrAltered, chunkSize},
		"a byte of the last piece":   {flipped(len(sealed) - 1), k, ErrTruncated, 3 * chunkSize},
		"cut in a piece":             {sealed[:headerSize+2*chunk+40], k, ErrTruncated, 2 * chunkSize},
		"cut between pieces":         {sealed[:headerSize+2*chunk], k, ErrTruncated, chunkSize},
		"cut before the last":        {sealed[:headerSize+3*chunk], k, ErrTruncated, 2 * chunkSize},
		"two pieces swapped":         {join(at(1), at(0), at(2), tail), k, ErrAltered, 0},
		"a piece twice":              {join(at(0), at(0), at(1), at(2), tail), k, ErrAltered, chunkSize},
		"a piece left out":           {join(at(0), at(2), tail), k, ErrAltered, chunkSize},
		"a piece of another":         {join(at(0), another[headerSize+chunk:headerSize+2*chunk], at(2), tail), k, ErrAltered, chunkSize},
		"something behind its end":   {append(bytes.Clone(sealed), 'x'), k, ErrTruncated, 3 * chunkSize},
		"a file behind its end":      {append(bytes.Clone(sealed), sealed...), k, ErrAltered, 3 * chunkSize},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := unseal(tc.key, tc.file)
			if !errors.Is(err, tc.want) {
				t.Errorf("%v, want %v", err, tc.want)
			}
			if len(got) > tc.most || !bytes.Equal(got, plain[:len(got)]) {
				t.Errorf("%d bytes were given, want at most %d", len(got), tc.most)
			}
		})
	}
}

// TestKeys: any key of a file opens, the first seals, and a passphrase is its first line.
func TestKeys(t *testing.T) {
	t.Parallel()
	old, both := keyFile(t, hexKey(1)), keyFile(t, hexKey(2), hexKey(1))
	if got, err := unseal(both, seal(t, old, []byte("kept"))); string(got) != "kept" {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := unseal(old, seal(t, both, []byte("new"))); !errors.Is(err, ErrWrongKey) {
		t.Errorf("the old key opens what the new one sealed: %v", err)
	}
	one, err := passphrase(t, "correct horse battery\r\nsecond line\n")
	two, twoErr := passphrase(t, "correct horse battery")
	wrong, wrongErr := passphrase(t, "correct horse batterz")
	if err := errors.Join(err, twoErr, wrongErr); err != nil {
		t.Fatal(err)
	}
	sealed := seal(t, one, []byte("words"))
	if got, err := unseal(two, sealed); string(got) != "words" {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := unseal(wrong, sealed); !errors.Is(err, ErrWrongKey) {
		t.Errorf("a wrong passphrase: %v", err)
	}
	if _, err := passphrase(t, "short\n"); err == nil {
		t.Error("a short passphrase is taken")
	}
	for _, text := range []string{"", "zz", hexKey(1)[2:]} {
		path := filepath.Join(t.TempDir(), "key")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := KeyFile(path); err == nil {
			t.Errorf("%q is taken for a key file", text)
		}
	}
}

// TestArchive: lines come back in order, numbers as they were; what is missing at the end is missed.
func TestArchive(t *testing.T) {
	t.Parallel()
	var file bytes.Buffer
	w, err := NewWriter(&file, Manifest{Kind: "twin", Organization: "o-abc", Migrations: []int64{1, 2}})
	if err != nil {
		t.Fatal(err)
	}
	row := []any{"a", int64(1<<62 + 1), nil, "", int64(-5)}
	state := StateRow{Table: "t", Key: "k", Version: 3, Body: []byte(`{"A":1}`)}
	if err := errors.Join(w.File(File{"credentials", []byte("x")}), w.Table(Table{"requests", []string{"a", "b", "c", "d", "e"}}), w.Row(row), w.State(state), w.Close()); err != nil {
		t.Fatal(err)
	}
	var got []any
	note := func(v any) { got = append(got, v) }
	counts, err := Read(bytes.NewReader(file.Bytes()), Sink{
		Manifest: func(m Manifest) error { note(m.Organization); return nil },
		File:     func(f File) error { note(f.Name); return nil },
		Table:    func(t Table) error { note(t.Name); return nil },
		Row:      func(r []any) error { note(r); return nil },
		State:    func(s StateRow) error { note(s); return nil },
	})
	if diff := cmp.Diff([]any{"o-abc", "credentials", "requests", row, state}, got); diff != "" || err != nil || counts != (Counts{1, 1, 1, 1}) {
		t.Error(diff, err, counts)
	}
	for cut := range file.Len() {
		if _, err := Read(bytes.NewReader(file.Bytes()[:cut]), Sink{}); err == nil {
			t.Fatalf("%d of %d bytes pass for a backup", cut, file.Len())
		}
	}
	if err := w.Row([]any{1.5}); err == nil {
		t.Error("a fraction is kept")
	}
}
