package server

import (
	"fmt"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"accountfactory/internal/factory"
)

// hookEntry is a hook in the file that --hooks names.
type hookEntry struct {
	Name       string            `yaml:"name"`
	On         []string          `yaml:"on"`    // success, failure, waiting, cancelled
	Kinds      []string          `yaml:"kinds"` // of requests. Default: all
	URL        string            `yaml:"url"`
	Secret     string            `yaml:"secret"`
	SecretFile string            `yaml:"secret-file"` // instead of secret
	Command    []string          `yaml:"command"`
	Dir        string            `yaml:"dir"`
	Env        map[string]string `yaml:"env"`
	Timeout    string            `yaml:"timeout"`
	Attempts   int               `yaml:"attempts"`
}

// Bounds of what a hook may be given.
const (
	maxHookTimeout  = time.Hour
	maxHookAttempts = 100
)

var hookName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$`)

// inherited are the variables a hook's command gets of the server's environment: what programs need to start, and nothing
// that may be a secret.
var inherited = []string{"PATH", "HOME", "USER", "LANG", "LC_ALL", "TZ", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR"}

// readHooks reads the file of hooks; without one there are none. It returns a UsageError that names the entry.
func readHooks(path string) ([]factory.Hook, error) {
	if path == "" {
		return nil, nil
	}
	body, err := os.ReadFile(path)
	if err != nil {
		return nil, UsageError{"hooks", err.Error()}
	}
	var entries []hookEntry
	if err := yaml.UnmarshalWithOptions(body, &entries, yaml.Strict()); err != nil {
		return nil, UsageError{"hooks", fmt.Sprintf("%s is not a list of hooks: %s", path, yaml.FormatError(err, false, false))}
	}
	var out []factory.Hook
	for i, e := range entries {
		h, why := e.hook()
		if why == "" && slices.ContainsFunc(out, func(o factory.Hook) bool { return o.Name == h.Name }) {
			why = "another has the name " + h.Name
		}
		if why != "" {
			return nil, UsageError{"hooks", fmt.Sprintf("%s: hook %d: %s", path, i+1, why)}
		}
		out = append(out, h)
	}
	return out, nil
}

// hook gives the hook, or says what is wrong with it.
func (e hookEntry) hook() (factory.Hook, string) {
	h := factory.Hook{Name: e.Name, URL: e.URL, Command: e.Command, Dir: e.Dir, Attempts: e.Attempts}
	switch {
	case !hookName.MatchString(e.Name):
		return h, "its name must be 1 to 64 letters, digits, dots, dashes and underscores"
	case (e.URL == "") == (len(e.Command) == 0):
		return h, "give either url or command"
	case e.URL != "" && (e.Dir != "" || len(e.Env) > 0), e.URL == "" && (e.Secret != "" || e.SecretFile != ""):
		return h, "dir and env go with command, secret and secret-file with url"
	case e.Attempts < 0 || e.Attempts > maxHookAttempts:
		return h, fmt.Sprintf("attempts must be 1 to %d", maxHookAttempts)
	}
	for _, fill := range []func(*factory.Hook) string{e.fillOn, e.fillKinds, e.fillTimeout, e.fillURL, e.fillEnv} {
		if why := fill(&h); why != "" {
			return h, why
		}
	}
	return h, ""
}

func (e hookEntry) fillOn(h *factory.Hook) string {
	known := factory.HookEvents()
	for _, on := range e.On {
		if !slices.Contains(known, factory.HookEvent(on)) {
			return fmt.Sprintf("there is no event %q; there are %v", on, known)
		}
		h.On = append(h.On, factory.HookEvent(on))
	}
	if len(h.On) == 0 {
		return fmt.Sprintf("on must name events, of %v", known)
	}
	return ""
}

func (e hookEntry) fillKinds(h *factory.Hook) string {
	for _, k := range e.Kinds {
		if !slices.Contains(factory.Kinds(), factory.Kind(k)) {
			return fmt.Sprintf("there is no kind of request %q; there are %v", k, factory.Kinds())
		}
		h.Kinds = append(h.Kinds, factory.Kind(k))
	}
	return ""
}

func (e hookEntry) fillTimeout(h *factory.Hook) string {
	if e.Timeout == "" {
		return ""
	}
	d, err := time.ParseDuration(e.Timeout)
	if err != nil || d <= 0 || d > maxHookTimeout {
		return fmt.Sprintf("timeout %q is no time of up to %s, such as 30s", e.Timeout, maxHookTimeout)
	}
	h.Timeout = d
	return ""
}

func (e hookEntry) fillURL(h *factory.Hook) string {
	if e.URL == "" {
		return ""
	}
	if u, err := url.Parse(e.URL); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return "url is not an http or https URL"
	}
	h.Secret = e.Secret
	if e.SecretFile != "" {
		body, err := os.ReadFile(e.SecretFile)
		if err != nil || e.Secret != "" {
			return "secret-file cannot be read, or secret is given too"
		}
		h.Secret = strings.TrimSpace(string(body))
	}
	if len(h.Secret) < minSecret {
		return fmt.Sprintf("give a secret of %d characters or more, which the receiver checks signatures by", minSecret)
	}
	return ""
}

func (e hookEntry) fillEnv(h *factory.Hook) string {
	if e.URL != "" {
		return ""
	}
	for _, name := range inherited {
		if _, own := e.Env[name]; own {
			continue
		}
		if v, found := os.LookupEnv(name); found {
			h.Env = append(h.Env, name+"="+v)
		}
	}
	for name, v := range e.Env {
		if name == "" || strings.ContainsAny(name, "=\x00") || strings.Contains(v, "\x00") {
			return fmt.Sprintf("env has no variable's name: %q", name)
		}
		h.Env = append(h.Env, name+"="+v)
	}
	slices.Sort(h.Env)
	return ""
}
