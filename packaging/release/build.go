package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// system is what a program runs on, in Go's words.
type system struct{ os, arch string }

func (s system) String() string { return s.os + "_" + s.arch }

// goCommand runs Go for the system, with nothing of the environment that would show in what it builds.
func (s system) goCommand(ctx context.Context, root string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+s.os, "GOARCH="+s.arch, "GOFLAGS=", "GOEXPERIMENT=", "GOAMD64=v1", "GOARM64=v8.0")
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go %s for %s: %w\n%s", args[0], s, err, errs.String())
	}
	return out, nil
}

// buildFlags are those of `make build`, and what takes the rest of the place and time out of the bytes: the commit stands in
// the version.
func buildFlags(version string) []string {
	return []string{"-trimpath", "-buildvcs=false", "-ldflags", "-s -w -buildid= -X accountfactory/internal/cli.release=" + version}
}

func (s system) build(ctx context.Context, root, to, version string) error {
	to, err := filepath.Abs(to)
	if err != nil {
		return err
	}
	args := append([]string{"build"}, buildFlags(version)...)
	_, err = s.goCommand(ctx, root, append(args, "-o", to, "./cmd/accountfactory")...)
	return err
}

// contents is what an archive holds.
func (s system) contents(ctx context.Context, root, binary string) ([]file, error) {
	licences, err := s.licences(ctx, root)
	if err != nil {
		return nil, err
	}
	out := []file{{name: "THIRD-PARTY-LICENSES", body: licences}}
	read := func(name, path string, mode int64) error {
		body, err := os.ReadFile(path)
		out = append(out, file{name, mode, body})
		return err
	}
	err = errors.Join(read("accountfactory", binary, 0o755), read("LICENSE", filepath.Join(root, "LICENSE"), 0),
		read("NOTICE", filepath.Join(root, "NOTICE"), 0), read("README.md", filepath.Join(root, "README.md"), 0))
	if s.os == "linux" {
		err = errors.Join(err, read("accountfactory.service", filepath.Join(root, "packaging", "accountfactory.service"), 0))
	}
	return out, err
}

// module is one that a part of comes into the program.
type module struct{ Path, Version, Dir string }

// modules gives those of others, by path.
func (s system) modules(ctx context.Context, root string) ([]module, error) {
	out, err := s.goCommand(ctx, root, "list", "-deps", "-json=Module", "./cmd/accountfactory")
	if err != nil {
		return nil, err
	}
	seen := map[module]bool{}
	var all []module
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var pkg struct {
			Module *struct {
				module
				Main bool
			}
		}
		if err := dec.Decode(&pkg); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		if m := pkg.Module; m != nil && !m.Main && !seen[m.module] {
			seen[m.module] = true
			all = append(all, m.module)
		}
	}
	slices.SortFunc(all, func(a, b module) int { return strings.Compare(a.Path, b.Path) })
	return all, nil
}

// licences gathers what the licences of others ask to go along with a binary: their text and notices, and Go's own.
func (s system) licences(ctx context.Context, root string) ([]byte, error) {
	all, err := s.modules(ctx, root)
	if err != nil {
		return nil, err
	}
	goroot, err := s.goCommand(ctx, root, "env", "GOROOT")
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	for _, m := range append([]module{{Path: "Go's standard library", Dir: strings.TrimSpace(string(goroot))}}, all...) {
		names, err := licenceFiles(m.Dir)
		if err != nil {
			return nil, err
		}
		if len(names) == 0 {
			return nil, fmt.Errorf("module %s %s has no licence in %s", m.Path, m.Version, m.Dir)
		}
		for _, name := range names {
			body, err := os.ReadFile(filepath.Join(m.Dir, name))
			if err != nil {
				return nil, err
			}
			fmt.Fprintf(&out, "==== %s: %s\n\n%s\n\n", strings.TrimSpace(m.Path+" "+m.Version), name, bytes.TrimSpace(body))
		}
	}
	return out.Bytes(), nil
}

// licenceFiles gives the names of the files that hold a module's licence, sorted.
func licenceFiles(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, e := range entries {
		name := strings.ToUpper(e.Name())
		is := slices.ContainsFunc([]string{"LICENSE", "LICENCE", "COPYING", "NOTICE", "PATENTS"}, func(start string) bool { return strings.HasPrefix(name, start) })
		if is && e.Type().IsRegular() && filepath.Ext(name) != ".GO" {
			out = append(out, e.Name())
		}
	}
	return out, nil
}
