package signin

import (
	"html/template"
	"log/slog"
	"net/url"
	"slices"
	"strings"

	"github.com/go-webauthn/webauthn/webauthn"

	"accountfactory/internal/clock"
	"accountfactory/internal/twin/identitycenter"
	"accountfactory/internal/twin/state"
)

// Config is what the service must be told.
type Config struct {
	PortalURL string      // where mails send people, without a slash at the end; the pages are on the same host
	Wall      clock.Clock // nil means clock.Wall
	Sessions  Sessions    // of IAM, for console federation; nil means none is served
	Log       *slog.Logger

	// ConsoleEntry is where the console beside the twin takes people in whom a sign-in link has opened a role for; empty means
	// that there is none, and a page here says who they are.
	ConsoleEntry string
}

// Service is the sign-in.
type Service struct {
	state    *state.Store
	center   *identitycenter.Service
	cfg      Config
	wall     clock.Clock
	log      *slog.Logger
	hasher   *hasher
	throttle *throttle
	passkeys *webauthn.WebAuthn // nil where browsers have none: at a host that is no name
	secure   bool               // the pages are served by HTTPS
	pages    map[string]*template.Template
	tables
}

// New declares the service's tables on st, which is not open yet.
func New(st *state.Store, center *identitycenter.Service, cfg Config) *Service {
	if cfg.Wall == nil {
		cfg.Wall = clock.Wall{}
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	s := &Service{
		state: st, center: center, cfg: cfg, wall: cfg.Wall, log: cfg.Log, hasher: newHasher(), throttle: newThrottle(cfg.Wall),
		passkeys: newPasskeys(cfg.PortalURL), secure: strings.HasPrefix(cfg.PortalURL, "https:"), pages: parsePages(), tables: defineTables(st),
	}
	center.OnUserRemoved(s.forget)
	return s
}

// forget drops all that is known of a user who is gone.
func (s *Service) forget(tx *state.Tx, userID string) {
	s.accounts.Delete(tx, userID)
	for _, d := range slices.Collect(s.devicesOf.Of(tx, userID)) {
		s.devices.Delete(tx, d.ID)
	}
	s.forgetBrowsers(tx, userID)
	s.forgetResets(tx, userID)
}

// origin gives scheme and host of the pages.
func origin(portalURL string) string {
	u, err := url.Parse(portalURL)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}
