package cli

import (
	"crypto/sha1" //nolint:gosec // names files, as AWS's clients do
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"accountfactory/internal/clock"
)

// tokenCache is the folder in which AWS's clients keep and look for the tokens of access portals: ~/.aws/sso/cache. Files
// are named by the SHA-1 of the start URL, for profiles with sso_start_url, or of the name of the sso-session.
type tokenCache struct{ dir string }

// cachedToken is such a file, with the members that botocore and the SDKs know.
type cachedToken struct {
	StartURL    string    `json:"startUrl"`
	Region      string    `json:"region"`
	AccessToken string    `json:"accessToken"`
	ExpiresAt   time.Time `json:"expiresAt"`
}

var (
	errSignIn = errors.New("you are not signed in: run `accountfactory login`")
	errOnAWS  = errors.New("this server works on AWS, where `aws sso login` signs in")
)

func (a *app) tokenCache() (tokenCache, error) {
	home, _ := a.env("HOME")
	if home == "" {
		var err error
		if home, err = os.UserHomeDir(); err != nil {
			return tokenCache{}, err
		}
	}
	return tokenCache{filepath.Join(home, ".aws", "sso", "cache")}, nil
}

func (c tokenCache) path(key string) string {
	sum := sha1.Sum([]byte(key)) //nolint:gosec // a file's name
	return filepath.Join(c.dir, hex.EncodeToString(sum[:])+".json")
}

// read gives the token of a portal. It returns errSignIn when there is none, or none that is good any more.
func (c tokenCache) read(startURL string) (cachedToken, error) {
	var t cachedToken
	body, err := os.ReadFile(c.path(startURL))
	if os.IsNotExist(err) {
		return t, errSignIn
	}
	if err != nil {
		return t, err
	}
	if err := json.Unmarshal(body, &t); err != nil {
		return t, fmt.Errorf("read %s: %w", c.path(startURL), err)
	}
	if t.AccessToken == "" || !(clock.Wall{}).Now().Before(t.ExpiresAt) {
		return t, errSignIn
	}
	return t, nil
}

// write keeps a token under both names, for its owner only. Files appear whole, since clients may be reading them.
func (c tokenCache) write(t cachedToken) error {
	if err := os.MkdirAll(c.dir, 0o700); err != nil {
		return err
	}
	body, err := json.Marshal(t)
	if err != nil {
		return err
	}
	for _, key := range []string{t.StartURL, sessionName} {
		if err := replaceFile(c.path(key), body); err != nil {
			return err
		}
	}
	return nil
}

// remove forgets a portal's token, under the session's name too when it is the same.
func (c tokenCache) remove(t cachedToken) error {
	var session cachedToken
	if body, err := os.ReadFile(c.path(sessionName)); err == nil && json.Unmarshal(body, &session) == nil && session.AccessToken == t.AccessToken {
		if err := os.Remove(c.path(sessionName)); err != nil {
			return err
		}
	}
	return os.Remove(c.path(t.StartURL))
}

func replaceFile(path string, body []byte) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*") // mode 0600
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(tmp.Name()) }() // gone already when all went well
	if _, err := tmp.Write(body); err != nil {
		return errors.Join(err, tmp.Close())
	}
	if err := tmp.Close(); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}
