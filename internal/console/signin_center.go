package console

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/aws/smithy-go"

	"accountfactory/internal/cloud"
)

// Identity Center on AWS sends authorization codes to this machine alone, so people come from there by the device flow
// (RFC 8628): a page shows a code and a link, and asks every few seconds whether the person has said yes.

// Center is the access portal's device flow. *cloud.Portal is one.
type Center interface {
	RegisterDevice(ctx context.Context, name string) (cloud.PortalClient, error)
	StartDevice(ctx context.Context, c cloud.PortalClient, startURL string) (cloud.PortalDevice, error)
	// AwaitDevice returns an error wrapping cloud.ErrPending until the person has decided.
	AwaitDevice(ctx context.Context, c cloud.PortalClient, code string) (cloud.PortalTokens, error)
}

// centerWaitPath is the page that waits.
const centerWaitPath = flowPath + "/" + wayCenter + "/wait"

// waiting is what belongs to a device code.
type waiting struct {
	Code     string        `json:"code"` // the device's, a secret
	UserCode string        `json:"userCode"`
	URL      string        `json:"url"`
	Every    time.Duration `json:"every"`
	Next     time.Time     `json:"next"` // when AWS may be asked again
}

// centerTime is how long such a sign-in lasts, as long as Identity Center's own by default; it ends before when the
// portal says so.
const centerTime = 8 * time.Hour

// Errors of the device flow.
var (
	errBusy       = errors.New("too many sign-ins begin at once")
	errNoAccounts = errors.New("the person has no account in the access portal")
)

// beginCenter asks for a code. Anybody may, so it is counted.
func (c *Console) beginCenter(w http.ResponseWriter, r *http.Request) error {
	if !c.starts.take(c.clock.Now()) {
		return errBusy
	}
	d, err := c.startDevice(r.Context())
	if err != nil {
		return c.centerAway(err)
	}
	if !SafeURL(d.URL) {
		return c.centerAway(errors.New("the portal leads to " + d.URL))
	}
	f := c.newFlow(wayCenter, r)
	f.Device = &waiting{Code: d.Code, UserCode: d.UserCode, URL: d.URL, Every: d.Every, Next: c.clock.Now().Add(d.Every)}
	if d.Expires.Before(f.Expires) {
		f.Expires = d.Expires
	}
	return c.waitOn(w, f)
}

// startDevice starts with the registration there is, and with a new one when the portal has forgotten it.
func (c *Console) startDevice(ctx context.Context) (cloud.PortalDevice, error) {
	start, err := c.FindPortal(ctx)
	if err != nil {
		return cloud.PortalDevice{}, err
	}
	client, err := c.device.get(ctx, c, false)
	if err != nil {
		return cloud.PortalDevice{}, err
	}
	d, err := c.config.Center.StartDevice(ctx, client, start)
	if !errors.Is(err, cloud.ErrUnknownClient) {
		return d, err
	}
	if client, err = c.device.get(ctx, c, true); err != nil {
		return d, err
	}
	return c.config.Center.StartDevice(ctx, client, start)
}

// FindPortal finds the access portal, where people come from there. It need not be there at the start of a server.
func (c *Console) FindPortal(ctx context.Context) (string, error) {
	if found := c.portalURL.Load(); found != nil || c.config.StartURL == nil {
		return c.aboutNow().PortalURL, nil
	}
	found, err := c.config.StartURL(ctx)
	if err != nil {
		return "", fmt.Errorf("find the access portal, or name --identity-center-start-url and --identity-center-region: %w", err)
	}
	c.portalURL.Store(&found)
	return found, nil
}

// waitOn shows the page that waits.
func (c *Console) waitOn(w http.ResponseWriter, f flow) error {
	if err := c.keepFlow(w, f); err != nil {
		return err
	}
	seconds := max(1, int((f.Device.Next.Sub(c.clock.Now())+time.Second-1)/time.Second))
	c.page(w, http.StatusOK, signInPage{
		Title: "Sign in with IAM Identity Center", Text: "Open the access portal, check that it shows this code, and allow Account Factory to see your accounts.",
		Code: f.Device.UserCode, Link: f.Device.URL, Refresh: seconds, RefreshTo: centerWaitPath + "?" + url.Values{"state": {f.State}}.Encode(),
	})
	return nil
}

// fromCenter looks whether the person has decided.
func (c *Console) fromCenter(w http.ResponseWriter, r *http.Request) error {
	if c.portalWay() != wayCenter {
		return errNoWay
	}
	f, err := c.flowOf(r, wayCenter, r.URL.Query().Get("state"))
	if err != nil {
		return err
	}
	now := c.clock.Now()
	if now.Before(f.Device.Next) {
		return c.waitOn(w, f)
	}
	one, err := c.enterCenter(r.Context(), f)
	switch {
	case errors.Is(err, cloud.ErrSlowDown):
		f.Device.Every += 5 * time.Second // RFC 8628 section 3.5
	case !errors.Is(err, cloud.ErrPending):
		c.dropFlow(w, f)
		if err != nil {
			return f.leading(c.centerAway(err))
		}
		return c.letIn(w, r, one, f.Return)
	}
	f.Device.Next = now.Add(f.Device.Every)
	return c.waitOn(w, f)
}

// enterCenter turns a device code into a session.
func (c *Console) enterCenter(ctx context.Context, f flow) (*session, error) {
	client, err := c.device.get(ctx, c, false)
	if err != nil {
		return nil, err
	}
	tokens, err := c.config.Center.AwaitDevice(ctx, client, f.Device.Code)
	if err != nil {
		return nil, err
	}
	who, _, err := c.config.Directory.Who(ctx, tokens.Access)
	if err != nil {
		return nil, err
	}
	now := c.clock.Now()
	return &session{Way: wayCenter, User: who, Client: client, Tokens: tokens, Begun: now, Expires: now.Add(centerTime)}, nil
}

// centerAway tells AWS's refusals and ours from a portal that is not there.
func (c *Console) centerAway(err error) error {
	var refused smithy.APIError
	switch {
	case errors.Is(err, cloud.ErrSignedOut), errors.Is(err, errNoAccounts):
		return err
	case errors.As(err, &refused) && refused.ErrorFault() != smithy.FaultServer:
		return &refusedError{err}
	}
	return &awayError{cmp.Or(c.aboutNow().PortalURL, "the access portal"), err}
}

// deviceRegistration is the console's own for the device flow, kept as the other one is.
type deviceRegistration struct {
	mu sync.Mutex
}

const deviceRegistrationName = "device-client"

func (g *deviceRegistration) get(ctx context.Context, c *Console, anew bool) (cloud.PortalClient, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	var have cloud.PortalClient
	sealed, err := c.config.Sessions.Kept(ctx, deviceRegistrationName)
	if err != nil {
		return have, err
	}
	if !anew && sealed != nil && c.config.Sealer.open(deviceRegistrationName, sealed, &have) == nil && c.clock.Now().Add(registerAgain).Before(have.Expires) {
		return have, nil
	}
	made, err := c.config.Center.RegisterDevice(ctx, portalClientName)
	if err != nil {
		return made, err
	}
	if sealed, err = c.config.Sealer.seal(deviceRegistrationName, made); err != nil {
		return made, err
	}
	return made, c.config.Sessions.Keep(ctx, deviceRegistrationName, sealed)
}

// starts counts the sign-ins that begin, by the minute: each costs a call to AWS that nobody has to sign in for.
type starts struct {
	mu     sync.Mutex
	minute time.Time
	n      int
}

// manyStarts is beyond what a company does in a minute, and below what AWS would mind.
const manyStarts = 60

func (s *starts) take(now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if minute := now.Truncate(time.Minute); !minute.Equal(s.minute) {
		s.minute, s.n = minute, 0
	}
	s.n++
	return s.n <= manyStarts
}
