package identitycenter

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssooidc"

	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

const (
	deviceTime     = 600 * time.Second
	deviceInterval = time.Second
	// A client's clock and ours differ a little, and so do two answers' ways: this much early is no hurry.
	deviceGrace = 200 * time.Millisecond
	deviceLimit = 10_000 // waiting at once; anybody may ask
)

// States of a device authorization.
const (
	devicePending  = "PENDING"  // until a person decides, or it expires
	deviceApproved = "APPROVED" // until the client fetches its token
	deviceDenied   = "DENIED"
	deviceUsed     = "USED" // the token was given; the code is good for nothing more
)

// DeviceAuthorization is a client that waits for a person to say yes on another page. Only the SHA-256 of the device code
// is kept.
type DeviceAuthorization struct {
	Hash, UserCode       string
	ClientID, ClientName string
	SourceIP, UserAgent  string // of the client, shown to the person
	State                string
	UserID               string `json:",omitempty"` // who decided
	SessionID            string `json:",omitempty"` // what came of it
	Expires              time.Time
	Polled               time.Time `json:",omitzero"`
}

// Refusals of device codes.
var (
	ErrNoDevice      = errors.New("no such code")
	ErrDeviceExpired = errors.New("the code has expired")
	ErrDeviceDecided = errors.New("the code has been used")
)

// StartDeviceAuthorization gives a client a code to poll with and a code to show.
func (s *Service) StartDeviceAuthorization(ctx context.Context, in *ssooidc.StartDeviceAuthorizationInput, _ ...func(*ssooidc.Options)) (*ssooidc.StartDeviceAuthorizationOutput, error) {
	r, token, shown := wire.RequestFrom(ctx), NewToken(), userCode(secretRandom{})
	d := &DeviceAuthorization{
		Hash: token.Hash, UserCode: shown, SourceIP: r.SourceIP, UserAgent: clip(r.UserAgent), State: devicePending,
		Expires: s.cfg.Wall.Now().Add(deviceTime),
	}
	err := s.state.Update(ctx, func(tx *state.Tx) error {
		c, err := s.client(tx, in.ClientId, in.ClientSecret)
		if err != nil {
			return err
		}
		d.ClientID, d.ClientName = c.ID, c.Name
		return s.addDevice(tx, c, deref(in.StartUrl), d)
	})
	if err != nil {
		return nil, err
	}
	at := s.browser() + "/device"
	return &ssooidc.StartDeviceAuthorizationOutput{
		DeviceCode: &token.Secret, UserCode: &shown, ExpiresIn: int32(deviceTime.Seconds()), Interval: int32(deviceInterval.Seconds()),
		VerificationUri: new(at), VerificationUriComplete: new(at + "?user_code=" + url.QueryEscape(shown)),
	}, nil
}

func (s *Service) addDevice(tx *state.Tx, c *Client, startURL string, d *DeviceAuthorization) error {
	s.dropExpired(tx)
	switch {
	case !c.grants(deviceGrant):
		return unauthorizedClient("The client has not registered the device code grant.")
	case !s.isStartURL(startURL) || s.Instance(tx) == nil:
		return invalidRequest("The start URL is not that of this instance.")
	case s.devices.Len(tx) >= deviceLimit || s.devicesByCode.First(tx, d.UserCode) != nil:
		return slowDown("Too many clients wait at once.")
	}
	s.devices.Put(tx, d)
	return nil
}

// browser is where people's pages are, without a slash at the end.
func (s *Service) browser() string { return strings.TrimSuffix(s.cfg.PortalURL, "/start") }

// Device gives the waiting client of a code as a person typed it. It returns ErrNoDevice, ErrDeviceExpired or
// ErrDeviceDecided.
func (s *Service) Device(tx *state.Tx, typed string) (*DeviceAuthorization, error) {
	d := s.devicesByCode.First(tx, normalCode(typed))
	switch {
	case d == nil:
		return nil, ErrNoDevice
	case !s.cfg.Wall.Now().Before(d.Expires):
		return nil, ErrDeviceExpired
	case d.State != devicePending:
		return nil, ErrDeviceDecided
	}
	return d, nil
}

// Decide lets a waiting client in as this user, or sends it away. Its errors are those of Device.
func (s *Service) Decide(tx *state.Tx, typed, userID string, allow bool) error {
	d, err := s.Device(tx, typed)
	if err != nil {
		return err
	}
	s.devices.Change(tx, d.Hash, func(d *DeviceAuthorization) {
		d.UserID, d.State = userID, deviceDenied
		if allow {
			d.State = deviceApproved
		}
	})
	return nil
}

// normalCode takes a code in any case, with or without its hyphen.
func normalCode(typed string) string {
	letters := strings.Map(func(r rune) rune {
		if r == '-' || r == ' ' {
			return -1
		}
		return r
	}, strings.ToUpper(typed))
	if len(letters) != 8 {
		return ""
	}
	return letters[:4] + "-" + letters[4:]
}

// secretRandom is chance for secrets, which must not repeat with the store's seed.
type secretRandom struct{}

func (secretRandom) Uint64() uint64 {
	var raw [8]byte
	_, _ = rand.Read(raw[:]) // never fails, says crypto/rand
	return binary.LittleEndian.Uint64(raw[:])
}

// clip bounds what strangers write into rows.
func clip(s string) string {
	const limit = 256
	if len(s) > limit {
		s = s[:limit]
	}
	return strings.ToValidUTF8(s, "")
}
