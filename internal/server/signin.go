package server

import (
	"context"
	"fmt"
	"os"
	"strings"

	"accountfactory/internal/cloud"
	"accountfactory/internal/console"
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
func (s *Server) forPeople(ctx context.Context, c *console.Config, reached *cloud.Cloud, sessions *cloud.Sessions, db *factorydb.DB) (err error) {
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
		return s.fromAWS(ctx, c, reached)
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
func (s *Server) fromAWS(ctx context.Context, c *console.Config, reached *cloud.Cloud) (err error) {
	c.About.ConsoleURL, c.About.PortalURL = cloud.ConsoleURL(s.config.Region), s.config.SignIn.StartURL
	if !s.config.SignIn.IdentityCenter {
		return nil
	}
	if c.About.PortalURL != "" {
		err = reached.FindCenter(ctx)
	} else {
		c.About.PortalURL, err = reached.StartURL(ctx)
	}
	if err != nil {
		return fmt.Errorf("--identity-center-sign-in: find the access portal, or name --identity-center-start-url and --identity-center-region: %w", err)
	}
	portal := reached.Portal()
	c.Portal, c.Center = portal, portal
	c.Directory = console.RoleDirectory{Portal: portal, Cloud: reached, Region: s.config.Region}
	return nil
}

// offersSignIn tells whether there is a way in for people, and so pages.
func (s *Server) offersSignIn() bool {
	return !s.config.Cloud.aws() || s.config.SignIn.Issuer != "" || s.config.SignIn.IdentityCenter
}
