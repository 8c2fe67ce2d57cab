package server

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// Ready is what the ready file says once everything accepts. It holds no keys.
type Ready struct {
	AWS     string `json:"aws"`
	Console string `json:"console"` // the browser listener on this machine
	Public  string `json:"public"`  // where people reach it
	Metrics string `json:"metrics,omitempty"`
	Region  string `json:"region"`
	Account string `json:"account"`
	PID     int    `json:"pid"`
}

// addressFile tells local commands where the server of a data folder listens.
func addressFile(data string) string { return filepath.Join(data, "server.json") }

func writeReady(path string, r Ready) error {
	body, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return writeFile(path, append(body, '\n'))
}

// NotRunningError says that no server works on a data folder.
type NotRunningError struct{ Data string }

func (e NotRunningError) Error() string {
	return fmt.Sprintf("no server runs on the data folder %s: start one with `accountfactory serve --data %s`", e.Data, e.Data)
}

// Find gives the addresses of the server that works on a data folder, or a NotRunningError.
func Find(data string) (Ready, error) {
	body, err := os.ReadFile(addressFile(data))
	if os.IsNotExist(err) {
		return Ready{}, NotRunningError{data}
	}
	if err != nil {
		return Ready{}, err
	}
	var r Ready
	if err := json.Unmarshal(body, &r); err != nil {
		return Ready{}, fmt.Errorf("read %s: %w", addressFile(data), err)
	}
	return r, nil
}
