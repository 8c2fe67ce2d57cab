package signin

import (
	"encoding/json"
	"time"

	"accountfactory/internal/twin/state"
)

// account is what sign-in knows of a user.
type account struct {
	UserID  string
	Hash    string   // of the password; empty before there is one
	Past    []string `json:",omitempty"` // hashes of the passwords before it, newest first
	Change  bool     `json:",omitempty"` // the password was given by an administrator and must be replaced
	Version int      // grows with every change of the password
	Changed time.Time
}

// kinds of devices
const (
	totpKind    = "totp"
	passkeyKind = "passkey"
)

// Device is a second factor a user has registered.
type Device struct {
	ID, UserID, Kind, Name string
	Secret                 string          `json:",omitempty"` // TOTP, base32
	Step                   int64           `json:",omitempty"` // TOTP: the time step of the last code taken; earlier ones are refused
	Credential             json.RawMessage `json:",omitempty"` // passkey: webauthn.Credential
	Created                time.Time
	Used                   time.Time `json:",omitzero"`
}

// What an attempt waits for.
const (
	needFactor   = "factor"   // one of the user's devices
	needEmail    = "email"    // the code that was mailed
	needDevice   = "device"   // the registration of a first device
	needPassword = "password" // another password
)

// attempt is a sign-in under way: the password was right, and something is still needed.
type attempt struct {
	Hash, UserID, Need string
	Next               string
	Proven             bool   `json:",omitempty"` // a second factor was shown
	Code               string `json:",omitempty"` // hash of the mailed code
	Tries              int    `json:",omitempty"`
	Expires            time.Time
}

// pending is a challenge that the holder of a session or an attempt was given.
type pending struct {
	Holder  string // "session/…" or "attempt/…", and what it is for
	Body    json.RawMessage
	Expires time.Time
}

// trusted is a browser in which a user need not show a second factor again.
type trusted struct {
	Hash, UserID string
	Expires      time.Time
}

// reset lets a user choose a new password, once. Blank ones stand for requests in the name of nobody, so that asking
// looks and costs the same.
type reset struct {
	Hash    string
	UserID  string `json:",omitempty"`
	Expires time.Time
}

type tables struct {
	accounts    *state.Table[account]
	devices     *state.Table[Device]
	devicesOf   *state.Index[Device]
	attempts    *state.Table[attempt]
	attemptEnds *state.Index[attempt]
	pendings    *state.Table[pending]
	pendingEnds *state.Index[pending]
	trusts      *state.Table[trusted]
	trustsOf    *state.Index[trusted]
	trustEnds   *state.Index[trusted]
	resets      *state.Table[reset]
	resetsOf    *state.Index[reset]
	resetEnds   *state.Index[reset]
	policies    *state.Table[Policy]

	signinTokens *state.Table[signinToken]
	signinEnds   *state.Index[signinToken]
	consoles     *state.Table[console]
	consoleEnds  *state.Index[console]
}

func defineTables(st *state.Store) tables {
	var t tables
	t.accounts = state.Define(st, "signin.accounts", 1, func(a *account) string { return a.UserID })
	t.devices = state.Define(st, "signin.devices", 1, func(d *Device) string { return d.ID })
	t.devicesOf = t.devices.Index("user", func(d *Device) (string, bool) { return d.UserID, true })
	t.attempts = state.Define(st, "signin.attempts", 1, func(a *attempt) string { return a.Hash })
	t.attemptEnds = t.attempts.Index("expires", func(a *attempt) (string, bool) { return sortable(a.Expires), true })
	t.pendings = state.Define(st, "signin.pendings", 1, func(p *pending) string { return p.Holder })
	t.pendingEnds = t.pendings.Index("expires", func(p *pending) (string, bool) { return sortable(p.Expires), true })
	t.trusts = state.Define(st, "signin.trusted", 1, func(b *trusted) string { return b.Hash })
	t.trustsOf = t.trusts.Index("user", func(b *trusted) (string, bool) { return b.UserID, true })
	t.trustEnds = t.trusts.Index("expires", func(b *trusted) (string, bool) { return sortable(b.Expires), true })
	t.resets = state.Define(st, "signin.resets", 1, func(r *reset) string { return r.Hash })
	t.resetsOf = t.resets.Index("user", func(r *reset) (string, bool) { return r.UserID, r.UserID != "" })
	t.resetEnds = t.resets.Index("expires", func(r *reset) (string, bool) { return sortable(r.Expires), true })
	t.policies = state.Define(st, "signin.policies", 1, func(*Policy) string { return "policy" })
	t.signinTokens = state.Define(st, "signin.signintokens", 1, func(k *signinToken) string { return k.Hash })
	t.signinEnds = t.signinTokens.Index("expires", func(k *signinToken) (string, bool) { return sortable(k.Expires), true })
	t.consoles = state.Define(st, "signin.consoles", 1, func(c *console) string { return c.Hash })
	t.consoleEnds = t.consoles.Index("expires", func(c *console) (string, bool) { return sortable(c.Expires), true })
	return t
}

// sortable writes a time so that texts sort as the times do.
func sortable(t time.Time) string { return t.UTC().Format("20060102T150405.000000") }

// dropExpired forgets a few of each kind of thing that has expired. Whatever makes a new one calls it.
func (s *Service) dropExpired(tx *state.Tx) {
	now := s.wall.Now()
	drop(tx, s.attempts, s.attemptEnds, now, func(a *attempt) (string, time.Time) { return a.Hash, a.Expires })
	drop(tx, s.pendings, s.pendingEnds, now, func(p *pending) (string, time.Time) { return p.Holder, p.Expires })
	drop(tx, s.trusts, s.trustEnds, now, func(b *trusted) (string, time.Time) { return b.Hash, b.Expires })
	drop(tx, s.resets, s.resetEnds, now, func(r *reset) (string, time.Time) { return r.Hash, r.Expires })
	drop(tx, s.signinTokens, s.signinEnds, now, func(k *signinToken) (string, time.Time) { return k.Hash, k.Expires })
	drop(tx, s.consoles, s.consoleEnds, now, func(c *console) (string, time.Time) { return c.Hash, c.Expires })
}

// dropAtOnce bounds the work that one new row does for old ones.
const dropAtOnce = 16

func drop[T any](tx *state.Tx, t *state.Table[T], ends *state.Index[T], before time.Time, of func(*T) (string, time.Time)) {
	var gone []string
	for row := range ends.From(tx, "") {
		key, expires := of(row)
		if len(gone) == dropAtOnce || expires.After(before) {
			break
		}
		gone = append(gone, key)
	}
	for _, key := range gone {
		t.Delete(tx, key)
	}
}
