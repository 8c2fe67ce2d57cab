package server

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"accountfactory/internal/cloud"
	"accountfactory/internal/console"
	"accountfactory/internal/doctor"
	"accountfactory/internal/factory"
	"accountfactory/internal/factorydb"
)

// SignIn is how people sign in besides the twin's access portal. The zero SignIn is not at all.
type SignIn struct {
	Issuer      string   // URL of a company's OpenID Connect provider, to the letter. Default: none
	ClientID    string   // of the console there
	SecretFile  string   // with the client's secret. Default: a public client
	Scopes      string   // besides openid, separated by commas or blanks. Default email, profile
	GroupsClaim string   // claim of the ID token that names a person's groups. Default groups
	Roles       []string // GROUP=role, each perhaps several lines of it; the first that a person is in counts

	IdentityCenter bool   // on AWS: by Identity Center's device flow too
	StartURL       string // of its access portal. Default: asked of AWS
}

// validate names the setting that is wrong.
func (c SignIn) validate(onAWS bool) error {
	roles, err := c.roles()
	if err != nil {
		return UsageError{"oidc-role", err.Error()}
	}
	for _, check := range []struct {
		setting string
		bad     bool
		problem string
	}{
		{"oidc-issuer", c.Issuer != "" && !console.SafeURL(c.Issuer), fmt.Sprintf("%q is not an https URL", c.Issuer)},
		{"oidc-issuer", c.Issuer == "" && (c.ClientID != "" || c.SecretFile != "" || c.Scopes != "" || c.GroupsClaim != "" || len(roles) > 0), "name the provider that the other --oidc settings are for"},
		{"oidc-client-id", c.Issuer != "" && c.ClientID == "", "give the id that the provider has for this console"},
		{"oidc-role", c.Issuer != "" && len(roles) == 0, "say which group is what, such as platform-team=operator; nobody could sign in otherwise"},
		{"oidc-client-secret-file", !readable(c.SecretFile), fmt.Sprintf("%q cannot be read", c.SecretFile)},
		{"identity-center-sign-in", c.IdentityCenter && !onAWS, "goes with --cloud aws: on the twin people sign in at its access portal anyway"},
		{"identity-center-start-url", c.StartURL != "" && !console.SafeURL(c.StartURL), fmt.Sprintf("%q is not the https URL of an access portal", c.StartURL)},
		{"identity-center-start-url", c.StartURL != "" && !onAWS, "goes with --cloud aws"},
	} {
		if check.bad {
			return UsageError{check.setting, check.problem}
		}
	}
	return nil
}

func readable(path string) bool {
	if path == "" {
		return true
	}
	f, err := os.Open(path)
	if err == nil {
		_ = f.Close() // nothing was written
	}
	return err == nil
}

func (c SignIn) roles() (out []console.GroupRole, err error) {
	for _, text := range c.Roles {
		for line := range strings.Lines(text) {
			if line = strings.TrimSpace(line); line == "" {
				continue
			}
			one, err := console.ParseGroupRole(line)
			if err != nil {
				return nil, err
			}
			out = append(out, one)
		}
	}
	return out, nil
}

// OIDC gives the provider's settings, for whoever checks them; an empty Issuer is none.
func (c SignIn) OIDC() (console.OIDCConfig, error) {
	roles, err := c.roles()
	scopes := strings.FieldsFunc(c.Scopes, func(r rune) bool { return r == ',' || r == ' ' })
	return console.OIDCConfig{Issuer: c.Issuer, ClientID: c.ClientID, SecretFile: c.SecretFile, Scopes: scopes, GroupsClaim: c.GroupsClaim, Roles: roles}, err
}

// forPeople adds what the console needs beside vouchers, for people who sign in.
func (s *Server) forPeople(c *console.Config, reached *cloud.Cloud, sessions *cloud.Sessions, db *factorydb.DB) (err error) {
	if c.Sealer, err = s.config.sealer(); err != nil {
		return err
	}
	c.Sessions, c.Cloud = db, reached
	c.Paths = func(ctx context.Context, requester string) (factory.LaunchPaths, error) {
		clients, err := sessions.For(ctx, requester)
		if err != nil {
			return nil, err
		}
		return clients.ServiceCatalog, nil
	}
	if settings, err := s.config.SignIn.OIDC(); err != nil {
		return err
	} else if settings.Issuer != "" {
		c.OIDC = console.NewOIDC(settings)
		s.lookFor(c.OIDC)
	}
	if s.config.Cloud.aws() {
		s.fromAWS(c, reached, sessions)
		return nil
	}
	c.Portal, c.Directory, c.AuthorizeURL = reached.Portal(), console.TwinDirectory{Lab: reached.Lab()}, s.public()+"/authorize"
	return nil
}

// lookFor looks whether a company's provider is there, without waiting for it: the log says when not.
func (s *Server) lookFor(p *console.OIDC) {
	s.watch.signIn.Store(p)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if _, err := p.Ready(ctx); err != nil && ctx.Err() == nil {
			s.config.Log.WarnContext(ctx, "nobody can sign in with the company's provider yet; it is looked for again", "error", err)
		}
	}()
	s.onStop(func(context.Context) error {
		cancel()
		<-done
		return nil
	})
}

// fromAWS lets people in by Identity Center on AWS, where that is wanted.
func (s *Server) fromAWS(c *console.Config, reached *cloud.Cloud, sessions *cloud.Sessions) {
	c.About.ConsoleURL, c.About.PortalURL = cloud.ConsoleURL(s.config.Region), s.config.SignIn.StartURL
	if !s.config.SignIn.IdentityCenter {
		return
	}
	portal := reached.Portal()
	c.Portal, c.Center = portal, portal
	c.Directory = console.RoleDirectory{Portal: portal, Cloud: reached, Region: s.config.Region}
	c.StartURL = func(ctx context.Context) (string, error) {
		named := s.config.SignIn.StartURL
		if named != "" && s.config.Cloud.CenterRegion != "" {
			return named, nil
		}
		found, err := sessions.StartURL(ctx) // which finds the Region too
		return cmp.Or(named, found), err
	}
}

// portalWithin bounds how long a start waits for AWS to say where the access portal is.
const portalWithin = 10 * time.Second

// findPortal finds the access portal before the first session of before is asked about there. Without the factory's role,
// as before setup-role, that has to wait.
func (s *Server) findPortal(ctx context.Context, c *console.Console) {
	ctx, cancel := context.WithTimeout(ctx, portalWithin)
	defer cancel()
	if _, err := c.FindPortal(ctx); err != nil {
		s.config.Log.WarnContext(ctx, "nobody can sign in with IAM Identity Center yet; its portal is looked for again", "error", err)
	}
}

// offersSignIn tells whether there is a way in for people, and so pages.
func (s *Server) offersSignIn() bool {
	return !s.config.Cloud.aws() || s.config.SignIn.Issuer != "" || s.config.SignIn.IdentityCenter
}

// examineSignIn looks at a company's provider as strangers see it, and then as the console would use it.
func (c Config) examineSignIn(ctx context.Context) doctor.Finding {
	found := doctor.OIDC(ctx, &http.Client{Timeout: examineWithin}, c.SignIn.Issuer)
	if found.Result != doctor.OK {
		return found
	}
	settings, err := c.SignIn.OIDC()
	if err == nil {
		err = console.CheckOIDC(ctx, settings)
	}
	if err != nil {
		found.Result, found.Seen, found.Remedy = doctor.Broken, err.Error(), "look at --oidc-client-secret-file, and at what the provider's discovery document offers: PKCE with S256, endpoints with https"
	}
	return found
}
