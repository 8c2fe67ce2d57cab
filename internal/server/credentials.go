package server

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/aws/aws-sdk-go-v2/config"
)

// ManagementProfile is the profile of the data folder's credentials file.
const ManagementProfile = "management"

// CredentialsFile gives the path of a data folder's credentials file.
func CredentialsFile(data string) string { return filepath.Join(data, "credentials") }

// keyPair is an access key.
type keyPair struct{ id, secret string }

// managementKey gives the key of the configuration, of the data folder, or a new one, and sees that the folder has it.
func managementKey(ctx context.Context, c Config) (keyPair, error) {
	path := CredentialsFile(c.Data)
	key := keyPair{c.AccessKeyID, c.SecretAccessKey}
	if key.id == "" {
		stored, err := readKey(ctx, path)
		if err == nil {
			return stored, nil
		}
		if !os.IsNotExist(err) {
			return keyPair{}, err
		}
		key = newKey()
	}
	return key, writeKey(path, key)
}

func readKey(ctx context.Context, path string) (keyPair, error) {
	if _, err := os.Stat(path); err != nil {
		return keyPair{}, err
	}
	p, err := config.LoadSharedConfigProfile(ctx, ManagementProfile, func(o *config.LoadSharedConfigOptions) {
		o.CredentialsFiles, o.ConfigFiles = []string{path}, []string{}
	})
	if err != nil {
		return keyPair{}, fmt.Errorf("%s cannot be used: restore it, or delete the file to get a new key: %w", path, err)
	}
	if p.Credentials.AccessKeyID == "" || p.Credentials.SecretAccessKey == "" {
		return keyPair{}, fmt.Errorf("%s has no key for the profile %s: restore it, or delete the file to get a new key", path, ManagementProfile)
	}
	return keyPair{p.Credentials.AccessKeyID, p.Credentials.SecretAccessKey}, nil
}

func writeKey(path string, key keyPair) error {
	text := fmt.Sprintf("[%s]\naws_access_key_id = %s\naws_secret_access_key = %s\n", ManagementProfile, key.id, key.secret)
	return writeFile(path, []byte(text))
}

// newKey gives a key in AWS's shape: AKIA and sixteen letters and digits, and a secret of forty characters.
func newKey() keyPair {
	return keyPair{"AKIA" + rand.Text()[:16], (rand.Text() + rand.Text())[:40]}
}

// writeFile puts a file in place whole or not at all, for its owner only.
func writeFile(path string, body []byte) error {
	return placeFile(path, body, os.Rename)
}

// firstFile is writeFile for a file that is not there; one that has come meanwhile stays.
func firstFile(path string, body []byte) error {
	return placeFile(path, body, func(made, path string) error {
		err := os.Link(made, path)
		switch {
		case err == nil, os.IsExist(err):
			return nil
		}
		return os.Rename(made, path) // where there are no links, whoever is last
	})
}

func placeFile(path string, body []byte, place func(made, path string) error) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(tmp.Name()) }() // gone already when it was moved
	if _, err := tmp.Write(body); err != nil {
		return errors.Join(err, tmp.Close())
	}
	if err := tmp.Sync(); err != nil {
		return errors.Join(err, tmp.Close())
	}
	if err := tmp.Close(); err != nil {
		return err
	}
	return place(tmp.Name(), path)
}
