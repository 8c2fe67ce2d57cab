package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"accountfactory/internal/server"
)

var errNoTwin = errors.New("works on AWS, not on a twin")

// findTwin finds the twin of a data folder, and the file with its management key. A server that works on AWS has neither:
// errNoTwin says so.
func findTwin(data string) (server.Ready, string, error) {
	ready, err := server.Find(data)
	if err != nil {
		return ready, "", err
	}
	path, err := filepath.Abs(server.CredentialsFile(data))
	if err != nil {
		return ready, "", err
	}
	if _, err := os.Stat(path); os.IsNotExist(err) {
		return ready, "", &exitError{exitRefused, fmt.Errorf("the server of the data folder %s %w", data, errNoTwin)}
	} else if err != nil {
		return ready, "", err
	}
	return ready, path, nil
}
