// Command operations writes docs/operations.md: which operations of each AWS service the twin serves, of those the pinned
// SDK has.
package main

import (
	"bytes"
	"fmt"
	"log"
	"os"
	"slices"

	"accountfactory/internal/twin"
	"accountfactory/internal/wire"
	"accountfactory/internal/wire/facts"
)

//go:generate go run . ../../../docs/operations.md

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: operations FILE")
	}
	text, err := page(twin.Tables())
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(os.Args[1], text, 0o600); err != nil {
		log.Fatal(err)
	}
}

func page(services []*wire.Service) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("# Operations served\n\nGenerated from the operation tables against the pinned SDK by `go generate ./...`; do not edit.\n" +
		"An operation not served answers `UnknownOperationException` (JSON protocols) or `InvalidAction` (query).\n")
	b.WriteString("\n| service | served | of |\n| --- | ---: | ---: |\n")
	for _, s := range services {
		fmt.Fprintf(&b, "| %s | %d | %d |\n", s.Name(), len(s.Operations()), len(facts.Operations(s.Name())))
	}
	for _, s := range services {
		served := map[string]bool{}
		for _, op := range s.Operations() {
			served[op.Name] = true
		}
		fmt.Fprintf(&b, "\n## %s\n\n", s.Name())
		list(&b, "Served", facts.Operations(s.Name()), func(op string) bool { return served[op] })
		list(&b, "Not served", facts.Operations(s.Name()), func(op string) bool { return !served[op] })
	}
	return b.Bytes(), nil
}

func list(b *bytes.Buffer, title string, ops []string, in func(string) bool) {
	fmt.Fprintf(b, "%s:", title)
	ops = slices.Clone(ops)
	slices.Sort(ops)
	n := 0
	for _, op := range ops {
		if in(op) {
			fmt.Fprintf(b, " %s", op)
			n++
		}
	}
	if n == 0 {
		b.WriteString(" none")
	}
	b.WriteString(".\n\n")
}
