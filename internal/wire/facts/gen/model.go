package main

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
)

// model is the part of a botocore service model that matters here.
type model struct {
	Metadata struct {
		APIVersion, EndpointPrefix, Protocol, SigningName, TargetPrefix, XMLNamespace string
	}
	Operations map[string]struct {
		HTTP struct {
			Method       string
			RequestURI   string
			ResponseCode int
		}
		Input, Output *struct{ Shape, ResultWrapper string }
		Errors        []struct{ Shape string }
		AuthType      string
	}
	Shapes map[string]*shape
}

type shape struct {
	Type            string
	Members         map[string]member
	Required        []string
	Union           bool
	Member          member
	Key, Value      member
	Min, Max        *float64
	Pattern         string
	Enum            []string
	TimestampFormat string
	Sensitive       bool
	Exception       bool
	Fault           bool
	Error           *struct {
		Code           string
		HTTPStatusCode int
	}
}

type member struct{ Shape, Location, LocationName string }

// read finds and parses the newest version of a service's model.
func read(data, service string) (*model, error) {
	found, err := filepath.Glob(filepath.Join(data, service, "*", "service-2.json*"))
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("no model of %s under %s", service, data)
	}
	path := slices.Max(found)
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var r io.Reader = f
	if filepath.Ext(path) == ".gz" {
		if r, err = gzip.NewReader(f); err != nil {
			return nil, err
		}
	}
	m := new(model)
	return m, json.NewDecoder(r).Decode(m)
}
