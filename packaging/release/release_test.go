package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// most is what the stripped program may weigh.
const most = 60_000_000

// here is this machine, for which the compiler's work is done already.
var here = system{runtime.GOOS, runtime.GOARCH}

// moved copies the source to another folder, as another machine would have it.
func moved(t *testing.T, root string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "elsewhere")
	for _, part := range []string{"cmd", "internal", "docs", "web/dist", "packaging/accountfactory.service"} {
		if err := os.MkdirAll(filepath.Join(to, filepath.Dir(part)), 0o755); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command("cp", "-r", filepath.Join(root, part), filepath.Join(to, part)).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	for _, name := range []string{"go.mod", "go.sum", "LICENSE", "NOTICE", "README.md", "web/embed.go"} {
		body, err := os.ReadFile(filepath.Join(root, name))
		if err == nil {
			err = os.WriteFile(filepath.Join(to, name), body, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return to
}

// TestRelease_SameBytes: the same source in another folder gives the same archive, which holds what it should.
func TestRelease_SameBytes(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "..")
	var sums [2][]byte
	var folders [2]string
	for i, source := range []string{root, moved(t, root)} {
		folders[i] = filepath.Join(t.TempDir(), "out")
		if err := release(t.Context(), source, folders[i], "v1.2.3", []system{here}); err != nil {
			t.Fatal(err)
		}
		var err error
		if sums[i], err = os.ReadFile(filepath.Join(folders[i], "SHA256SUMS")); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(sums[0], sums[1]) {
		t.Errorf("two builds of the same source differ:\n%s%s", sums[0], sums[1])
	}
	check := exec.Command("sha256sum", "--check", "--strict", "SHA256SUMS")
	check.Dir = folders[0]
	if out, err := check.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
	name := "accountfactory_v1.2.3_" + here.String()
	files := unpack(t, filepath.Join(folders[0], name+".tar.gz"), name)
	want := []string{"LICENSE", "NOTICE", "README.md", "THIRD-PARTY-LICENSES", "accountfactory"}
	if here.os == "linux" {
		want = append(want, "accountfactory.service")
	}
	if diff := cmp.Diff(want, files); diff != "" {
		t.Errorf("in the archive (-want +got):\n%s", diff)
	}
	look(t, filepath.Join(folders[0], name, "accountfactory"), root)
}

// look runs the program that was packed.
func look(t *testing.T, binary, root string) {
	t.Helper()
	out, err := exec.Command(binary, "version").Output()
	if err != nil || string(out) != "accountfactory v1.2.3\n" {
		t.Errorf("version says %q, %v", out, err)
	}
	info, err := os.Stat(binary)
	if err != nil || info.Size() > most {
		t.Errorf("the program has %d bytes, want no more than %d: %v", info.Size(), most, err)
	}
	body, err := os.ReadFile(binary)
	if err != nil {
		t.Fatal(err)
	}
	root, err = filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(body, []byte(root)) {
		t.Errorf("the program holds the folder it was built in, %s", root)
	}
}

// unpack writes an archive out beside it and gives the names in it, each of which has to be below one folder.
func unpack(t *testing.T, archive, folder string) (names []string) {
	t.Helper()
	body, err := os.ReadFile(archive)
	if err != nil {
		t.Fatal(err)
	}
	zipped, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(filepath.Dir(archive), folder), 0o755); err != nil {
		t.Fatal(err)
	}
	for r := tar.NewReader(zipped); ; {
		head, err := r.Next()
		if errors.Is(err, io.EOF) {
			return names
		}
		if err != nil {
			t.Fatal(err)
		}
		name, below := strings.CutPrefix(head.Name, folder+"/")
		if !below || head.Uid != 0 {
			t.Errorf("%+v", head)
		}
		names = append(names, name)
		content, err := io.ReadAll(r)
		if err == nil {
			err = os.WriteFile(filepath.Join(filepath.Dir(archive), head.Name), content, head.FileInfo().Mode())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestLicences: of each module that comes into the program its licence goes along, on each system.
func TestLicences(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "..")
	for _, s := range systems() {
		t.Run(s.String(), func(t *testing.T) {
			t.Parallel()
			text, err := s.licences(t.Context(), root)
			if err != nil {
				t.Fatal(err)
			}
			modules, err := s.modules(t.Context(), root)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.ContainsFunc(modules, func(m module) bool { return m.Path == "modernc.org/sqlite" }) {
				t.Errorf("%d modules, and SQLite is not among them", len(modules))
			}
			for _, m := range modules {
				if !strings.Contains(string(text), "==== "+m.Path+" "+m.Version+": ") {
					t.Errorf("nothing of %s %s", m.Path, m.Version)
				}
			}
		})
	}
}

func TestRelease_Version(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"", "-X main.x=y", "v1 -extld=sh", "../v1", "v1/2"} {
		if err := release(t.Context(), ".", t.TempDir(), version, systems()); err == nil {
			t.Errorf("version %q is taken", version)
		}
	}
}
