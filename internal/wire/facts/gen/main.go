// Command gen makes the facts from botocore's service models: go generate ./internal/wire/facts.
// It finds them under -botocore, under the environment's BOTOCORE_DATA (botocore's folder "data"), or in the machine's
// Python when that has the pinned release; without any it leaves the facts as they are and says so.
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"accountfactory/internal/wire/facts"
)

// services are our names and botocore's.
var services = map[string]string{
	"account": "account", "controltower": "controltower", "iam": "iam", "identitystore": "identitystore",
	"organizations": "organizations", "servicecatalog": "servicecatalog", "servicequotas": "service-quotas", "sso": "sso", "ssoadmin": "sso-admin",
	"ssooidc": "sso-oidc", "sts": "sts",
}

func main() {
	if err := run(os.Args[1:], os.Getenv("BOTOCORE_DATA")); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(args []string, data string) error {
	flags := flag.NewFlagSet("gen", flag.ContinueOnError)
	flags.StringVar(&data, "botocore", data, "botocore's data directory")
	out := flags.String("out", "data", "directory to write to")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if data == "" {
		if data = installed(); data == "" {
			fmt.Fprintf(os.Stderr, "gen: the facts stay as they are: no botocore %s here, and neither -botocore nor BOTOCORE_DATA is given\n", release)
			return nil
		}
	}
	for _, name := range slices.Sorted(maps.Keys(services)) {
		m, err := read(data, services[name])
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		var b bytes.Buffer
		if err := write(&b, extend(name, m.facts())); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if err := os.WriteFile(filepath.Join(*out, name+".json"), b.Bytes(), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// release is the release of botocore the committed facts were made from.
const release = "1.43.11"

// installed gives the data directory of the pinned botocore, where the machine's Python has it; "" elsewhere.
func installed() string {
	const script = "import botocore, os; print(botocore.__version__); print(os.path.join(os.path.dirname(botocore.__file__), 'data'))"
	out, err := exec.Command("python3", "-c", script).Output()
	if err != nil {
		return ""
	}
	version, dir, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	if version != release {
		return ""
	}
	return dir
}

// write lays a service out with one operation or shape per line, so that a new release is a readable diff.
func write(w io.Writer, s *facts.Service) error {
	ops, shapes := s.Operations, s.Shapes
	head := *s
	head.Operations, head.Shapes = nil, nil
	b, err := encode(head)
	if err != nil {
		return err
	}
	// head ends in "operations":null,"shapes":null}; both follow here line by line.
	cut := bytes.Index(b, []byte(`"operations":null`))
	fmt.Fprintf(w, "%s\n\"operations\":", b[:cut])
	if err := lines(w, ops); err != nil {
		return err
	}
	fmt.Fprint(w, ",\n\"shapes\":")
	if err := lines(w, shapes); err != nil {
		return err
	}
	_, err = fmt.Fprint(w, "}\n")
	return err
}

func lines[T any](w io.Writer, m map[string]T) error {
	sep := "{"
	for _, name := range slices.Sorted(maps.Keys(m)) {
		b, err := encode(m[name])
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%s\n%q:%s", sep, name, b)
		sep = ","
	}
	if sep == "{" {
		fmt.Fprint(w, sep)
	}
	_, err := fmt.Fprint(w, "\n}")
	return err
}

// encode is json.Marshal without HTML escapes: patterns stay readable.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSpace(b.Bytes()), nil
}
