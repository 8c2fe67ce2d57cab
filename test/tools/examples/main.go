// Command examples turns the examples of a service's API reference, as botocore carries them, into which members their
// requests and answers have. Nothing of their values is kept.
//
//	go run ./test/tools/examples $BOTOCORE/data/organizations/2016-11-28/examples-1.json internal/twin/testdata/examples_organizations.json
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"maps"
	"os"
	"slices"
)

// shape is what an example has: the paths of its members, with [] for the items of a list.
type shape struct {
	In  []string `json:"in"`
	Out []string `json:"out"`
}

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: examples EXAMPLES-1.JSON FILE")
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		log.Fatal(err)
	}
}

func run(from, to string) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	var all struct {
		Examples map[string][]struct{ Input, Output any }
	}
	if err := json.Unmarshal(text, &all); err != nil {
		return fmt.Errorf("%s: %w", from, err)
	}
	shapes := map[string][]shape{}
	for op, examples := range all.Examples {
		for _, e := range examples {
			shapes[op] = append(shapes[op], shape{In: paths(e.Input), Out: paths(e.Output)})
		}
	}
	out, err := json.MarshalIndent(shapes, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(to, append(out, '\n'), 0o600)
}

// paths gives the members of a value, each once, in order.
func paths(v any) []string {
	found := map[string]bool{}
	walk(v, "", found)
	return slices.AppendSeq([]string{}, slices.Values(slices.Sorted(maps.Keys(found))))
}

func walk(v any, path string, found map[string]bool) {
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			where := name
			if path != "" {
				where = path + "." + name
			}
			found[where] = true
			walk(member, where, found)
		}
	case []any:
		for _, item := range v {
			walk(item, path+"[]", found)
		}
	}
}
