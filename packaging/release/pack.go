package main

import (
	"archive/tar"
	"cmp"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// file is one of an archive.
type file struct {
	name string
	mode int64 // 0 is 0644
	body []byte
}

// packed is the time all files of an archive have: any other would be in its bytes.
var packed = time.Date(2000, time.January, 1, 0, 0, 0, 0, time.UTC)

// pack writes files into a gzipped tar archive, below one folder, owned by root.
func pack(path, folder string, files []file) error {
	slices.SortFunc(files, func(a, b file) int { return strings.Compare(a.name, b.name) })
	to, err := os.Create(path)
	if err != nil {
		return err
	}
	zipped, err := gzip.NewWriterLevel(to, gzip.BestCompression)
	if err != nil {
		return errors.Join(err, to.Close())
	}
	archive := tar.NewWriter(zipped)
	for _, f := range files {
		head := &tar.Header{
			Name: folder + "/" + f.name, Mode: cmp.Or(f.mode, 0o644), Size: int64(len(f.body)), ModTime: packed,
			Uname: "root", Gname: "root", Format: tar.FormatUSTAR,
		}
		if err = archive.WriteHeader(head); err != nil {
			break
		}
		if _, err = archive.Write(f.body); err != nil {
			break
		}
	}
	return errors.Join(err, archive.Close(), zipped.Close(), to.Close())
}

// checksums writes what `sha256sum --check` reads.
func checksums(path string, files []string) error {
	var out strings.Builder
	for _, f := range files {
		body, err := os.ReadFile(f)
		if err != nil {
			return err
		}
		fmt.Fprintf(&out, "%x  %s\n", sha256.Sum256(body), filepath.Base(f))
	}
	return os.WriteFile(path, []byte(out.String()), 0o644)
}
