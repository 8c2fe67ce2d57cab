// Command iamexamples writes the table of AWS's published examples of IAM and STS, as botocore carries them, for the operations
// the twin serves: the input of each, and which members its answer shows. It finds botocore's folder "data" under -botocore
// or in the environment's BOTOCORE_DATA; without either it leaves the table as it is and says so.
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"accountfactory/internal/twin"
)

//go:generate go run . ../../../internal/twin/testdata/examples_iam.json

// folders are botocore's, by service.
var folders = map[string]string{"iam": "iam/2010-05-08", "sts": "sts/2011-06-15"}

// example is what the table keeps of one.
type example struct {
	Operation string          `json:"operation"` // "iam.CreateUser"
	Input     json.RawMessage `json:"input"`
	Members   []string        `json:"members"` // of the answer, as paths: "User.Arn", "Users[].Arn"
}

func main() {
	data := flag.String("botocore", os.Getenv("BOTOCORE_DATA"), "botocore's data directory")
	flag.Parse()
	if flag.NArg() != 1 {
		log.Fatal("usage: iamexamples [-botocore DIR] FILE")
	}
	if *data == "" {
		log.Print("the examples stay as they are: neither -botocore nor BOTOCORE_DATA is given")
		return
	}
	text, err := table(*data)
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(flag.Arg(0), text, 0o600); err != nil {
		log.Fatal(err)
	}
}

// table gives the examples, one to a line.
func table(data string) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("[\n")
	for _, s := range twin.Tables() {
		folder, ok := folders[s.Name()]
		if !ok {
			continue
		}
		published, err := read(filepath.Join(data, filepath.FromSlash(folder), "examples-1.json"))
		if err != nil {
			return nil, err
		}
		for _, op := range s.Operations() {
			for _, e := range published[op.Name] {
				line, err := json.Marshal(example{s.Name() + "." + op.Name, compact(e.Input), members(e.Output)})
				if err != nil {
					return nil, err
				}
				if b.Len() > len("[\n") {
					b.WriteString(",\n")
				}
				b.Write(line)
			}
		}
	}
	b.WriteString("\n]\n")
	return b.Bytes(), nil
}

// published is an example in botocore's file.
type published struct {
	Input  json.RawMessage `json:"input"`
	Output any             `json:"output"`
}

func read(file string) (map[string][]published, error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var all struct {
		Examples map[string][]published `json:"examples"`
	}
	if err := json.Unmarshal(raw, &all); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return all.Examples, nil
}

func compact(input json.RawMessage) json.RawMessage {
	if len(input) == 0 || string(input) == "null" {
		return json.RawMessage(`{}`)
	}
	return input
}

// members gives the paths of all values that are no objects or lists.
func members(output any) []string {
	found := map[string]bool{}
	var walk func(path string, v any)
	walk = func(path string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for name, inner := range v {
				if path != "" {
					name = path + "." + name
				}
				walk(name, inner)
			}
		case []any:
			for _, inner := range v {
				walk(path+"[]", inner)
			}
		case nil:
		default:
			found[path] = true
		}
	}
	walk("", output)
	return slices.AppendSeq([]string{}, slices.Values(slices.Sorted(maps.Keys(found))))
}
