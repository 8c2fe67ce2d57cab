package iam

import (
	"bytes"
	"embed"
	"encoding/json"
	"hash/fnv"
	"math/rand/v2"
	"time"

	"accountfactory/internal/policy"
)

// managedFiles are the AWS managed policies the twin knows. Their documents are our own: they grant what AWS describes each
// policy to grant, by wildcards where AWS lists every action.
//
//go:embed managed/*.json
var managedFiles embed.FS

// managedPolicy is an AWS managed policy; it is the same in every account.
type managedPolicy struct {
	Name        string          `json:"name"`
	Path        string          `json:"path"`
	Description string          `json:"description"`
	Created     time.Time       `json:"created"`
	Document    json.RawMessage `json:"document"`

	arn    string
	id     string
	text   string
	parsed *policy.Document
}

// loadManaged reads the embedded policies. It panics over one that cannot be read: the program was built wrong.
func loadManaged() map[string]*managedPolicy {
	files, err := managedFiles.ReadDir("managed")
	if err != nil {
		panic("iam: " + err.Error())
	}
	out := make(map[string]*managedPolicy, len(files))
	for _, f := range files {
		raw, err := managedFiles.ReadFile("managed/" + f.Name())
		if err != nil {
			panic("iam: " + err.Error())
		}
		m, err := readManaged(raw)
		if err != nil {
			panic("iam: managed policy " + f.Name() + ": " + err.Error())
		}
		out[m.arn] = m
	}
	return out
}

func readManaged(raw []byte) (*managedPolicy, error) {
	m := &managedPolicy{Path: "/"}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(m); err != nil {
		return nil, err
	}
	var err error
	m.text = string(m.Document)
	m.arn = "arn:aws:iam::aws:policy" + m.Path + m.Name
	if m.parsed, err = policy.Parse(m.text); err != nil {
		return nil, err
	}
	// The id has AWS's shape and is always the same, but it is not the one AWS uses.
	h := fnv.New64a()
	_, _ = h.Write([]byte(m.arn))
	m.id = uniqueID(rand.NewPCG(h.Sum64(), 0), policyPrefix)
	return m, m.parsed.Validate(policy.Identity)
}
