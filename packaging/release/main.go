// Command release builds the program for every system we publish it for, each in an archive with what its licences ask for,
// and the checksums of all. The same source, Go and version give the same bytes, wherever and whenever it runs.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
)

// systems are what is published.
func systems() []system {
	return []system{{"linux", "amd64"}, {"linux", "arm64"}, {"darwin", "amd64"}, {"darwin", "arm64"}}
}

// plainVersion keeps a version from being anything else to the linker or to a file system.
var plainVersion = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z.+-]*$`)

func main() {
	version := flag.String("version", "", "what the program says it is, such as v1.2.3")
	out := flag.String("out", "bin/release", "folder the archives go to; those of before go")
	only := flag.String("only", "", "one system, such as linux_arm64, in place of all")
	flag.Parse()
	all := systems()
	if *only != "" {
		all = slices.DeleteFunc(all, func(s system) bool { return s.String() != *only })
	}
	if err := release(context.Background(), ".", *out, *version, all); err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

// release builds from the module in root.
func release(ctx context.Context, root, out, version string, all []system) error {
	if !plainVersion.MatchString(version) {
		return fmt.Errorf("-version %q: want letters, digits, dots and dashes, such as v1.2.3", version)
	}
	if len(all) == 0 {
		return fmt.Errorf("-only: want one of %v", systems())
	}
	work, err := os.MkdirTemp("", "accountfactory-release-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(work) }() // best effort: it is a temporary folder
	if err := empty(out); err != nil {
		return err
	}
	var archives []string
	for _, s := range all {
		binary := filepath.Join(work, s.String(), "accountfactory")
		if err := s.build(ctx, root, binary, version); err != nil {
			return err
		}
		files, err := s.contents(ctx, root, binary)
		if err != nil {
			return err
		}
		name := "accountfactory_" + version + "_" + s.String()
		archive := filepath.Join(out, name+".tar.gz")
		if err := pack(archive, name, files); err != nil {
			return err
		}
		archives = append(archives, archive)
		fmt.Println(archive) //nolint:forbidigo // a build step's own output
	}
	return checksums(filepath.Join(out, "SHA256SUMS"), archives)
}

// empty makes a folder that holds nothing of an earlier release.
func empty(folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	old, err := filepath.Glob(filepath.Join(folder, "accountfactory_*.tar.gz"))
	for _, f := range append(old, filepath.Join(folder, "SHA256SUMS")) {
		if gone := os.Remove(f); !errors.Is(gone, fs.ErrNotExist) {
			err = errors.Join(err, gone)
		}
	}
	return err
}
