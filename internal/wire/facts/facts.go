// Package facts holds what AWS's service models say and the SDK's Go types do not: where a member travels, what it may
// hold, which status an error has. There is one generated JSON file per service, parsed when the service is first used.
//
// Source: botocore 1.43.11 (Apache-2.0), data/*/service-2.json; gen/extra.go lists by hand the operations that the pinned
// Go SDK has and that release does not.
package facts

import (
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
)

//go:generate go run ./gen -out data

//go:embed data/*.json
var files embed.FS

// Protocol is how a service talks.
type Protocol string

// The three protocols of our services.
const (
	JSON  Protocol = "awsJson1.1"
	REST  Protocol = "restJson1"
	Query Protocol = "awsQuery"
)

// Service is what is known of one service.
type Service struct {
	Name         string                `json:"-"`
	Protocol     Protocol              `json:"protocol"`
	Version      string                `json:"version"`
	SigningName  string                `json:"signingName"`
	TargetPrefix string                `json:"targetPrefix,omitempty"`
	XMLNamespace string                `json:"xmlNamespace,omitempty"`
	Operations   map[string]*Operation `json:"operations"`
	Shapes       map[string]*Shape     `json:"shapes"`
}

// Operation is one operation. Input and Output name shapes; "" when nothing but the Go type is known of them.
type Operation struct {
	Name     string   `json:"-"`
	Input    string   `json:"input,omitempty"`
	Output   string   `json:"output,omitempty"`
	NoOutput bool     `json:"noOutput,omitempty"` // the model has no output at all: the answer's body is empty
	Method   string   `json:"method,omitempty"`   // of REST; "" is POST
	URI      string   `json:"uri,omitempty"`      // of REST
	Status   int      `json:"status,omitempty"`   // of success; 0 is 200
	Wrapper  string   `json:"wrapper,omitempty"`  // element around a Query result
	Unsigned bool     `json:"unsigned,omitempty"` // AWS asks no signature for it
	Errors   []string `json:"errors,omitempty"`   // shapes of its modeled errors
}

// Shape is what a type may hold. Min and Max bound a number's value, a string's characters, a collection's size.
type Shape struct {
	Members   map[string]*Member `json:"members,omitempty"` // by model name; only those worth a word
	Required  []string           `json:"required,omitempty"`
	Union     bool               `json:"union,omitempty"`
	Elem      string             `json:"elem,omitempty"` // shape of a list's elements or a map's values
	Key       string             `json:"key,omitempty"`  // shape of a map's keys
	Min       *int64             `json:"min,omitempty"`
	Max       *int64             `json:"max,omitempty"`
	Pattern   string             `json:"pattern,omitempty"` // as AWS writes it
	RE2       []string           `json:"re2,omitempty"`     // as Go can match it, all of them, where Pattern does not compile
	Enum      []string           `json:"enum,omitempty"`
	Format    string             `json:"format,omitempty"` // of a timestamp: "iso8601", "unixTimestamp", "rfc822"
	Sensitive bool               `json:"sensitive,omitempty"`
	Error     *Error             `json:"error,omitempty"`

	match matcher
}

// Member is one member of a structure.
type Member struct {
	Shape string `json:"shape,omitempty"`
	In    string `json:"in,omitempty"`   // "header", "querystring", "uri", "statusCode"; "" is the body
	Name  string `json:"name,omitempty"` // on the wire, where it differs from the model's name
}

// Error is what is known of a modeled error. Message is the member that carries its text, "" when the model has none.
type Error struct {
	Code    string `json:"code,omitempty"`   // where it differs from the shape's name
	Status  int    `json:"status,omitempty"` // 0 where the model says nothing
	Server  bool   `json:"server,omitempty"` // AWS's fault rather than the caller's
	Message string `json:"message,omitempty"`
}

// loader parses one file once.
type loader func() (*Service, error)

// loaders has one per embedded file; it never changes after start.
var loaders = func() map[string]loader {
	entries, err := files.ReadDir("data")
	if err != nil {
		panic(err) // the directory is embedded
	}
	m := make(map[string]loader, len(entries))
	for _, e := range entries {
		name := strings.TrimSuffix(e.Name(), ".json")
		m[name] = sync.OnceValues(func() (*Service, error) { return load(name) })
	}
	return m
}()

// Services are the names facts are kept under.
func Services() []string {
	names := make([]string, 0, len(loaders))
	for name := range loaders {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// For gives a service's facts, or an error when there are none of that name. They are shared and never changed.
func For(service string) (*Service, error) {
	l, ok := loaders[service]
	if !ok {
		return nil, fmt.Errorf("no facts about service %q", service)
	}
	return l()
}

// Has tells whether there are facts about a service, without parsing them.
func Has(service string) bool { _, ok := loaders[service]; return ok }

// Operations are the names of all operations the pinned SDK has for a service, sorted; nil for an unknown service.
func Operations(service string) []string {
	s, err := For(service)
	if err != nil {
		return nil
	}
	names := make([]string, 0, len(s.Operations))
	for name := range s.Operations {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func load(name string) (*Service, error) {
	b, err := files.ReadFile("data/" + name + ".json")
	if err != nil {
		return nil, err
	}
	s := &Service{Name: name}
	if err := json.Unmarshal(b, s); err != nil {
		return nil, fmt.Errorf("facts of %s: %w", name, err)
	}
	for n, op := range s.Operations {
		op.Name = n
		if op.Method == "" {
			op.Method = "POST"
		}
		if op.URI == "" {
			op.URI = "/"
		}
		if op.Status == 0 {
			op.Status = 200
		}
	}
	return s, nil
}

// Shape gives a shape by name; nil when nothing is known of it.
func (s *Service) Shape(name string) *Shape {
	if name == "" {
		return nil
	}
	return s.Shapes[name]
}
