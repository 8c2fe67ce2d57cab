package signin

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"accountfactory/internal/twin/iam"
	"accountfactory/internal/twin/identitycenter"
	"accountfactory/internal/twin/state"
)

// Console federation: a broker turns temporary credentials into a sign-in token, and a link with it lets a browser in.
// Source: IAM User Guide, "Enable custom identity broker access to the AWS console".

// signinTokenTime is how long a link is good for, by the same source.
const signinTokenTime = 15 * time.Minute

// Sessions is what federation asks of IAM.
type Sessions interface {
	// ConsoleEntry says whether these credentials may enter the console, for the duration asked, 0 being their own.
	ConsoleEntry(tx *state.Tx, id string, secret iam.Secret, d time.Duration) error
	// ConsoleSession makes a session of its own of one that was let in, or returns iam.ErrNoSession.
	ConsoleSession(tx *state.Tx, of string, secret iam.Secret, d time.Duration) (*iam.Session, error)
	LiveSession(tx *state.Tx, id string) *iam.Session
	EndSession(tx *state.Tx, id string)
}

// signinToken is what a broker was given for credentials. Only the SHA-256 of it is kept.
type signinToken struct {
	Hash    string
	Session string        // access key id of the credentials
	Lasts   time.Duration // of the console session; 0 means as long as the credentials
	Expires time.Time
	Entry   bool `json:",omitempty"` // it takes the console beside the twin to a session that a link has begun, once
}

// brokered are the credentials as brokers send them.
type brokered struct {
	ID    string `json:"sessionId"`
	Key   string `json:"sessionKey"`
	Token string `json:"sessionToken"`
}

func badFederation(text string) error { return &refusal{http.StatusBadRequest, text} }

// federate serves both actions of the federation endpoint, by query or form.
func (v *visit) federate() error {
	q := v.r.URL.Query()
	if v.r.Method == http.MethodPost {
		q = v.r.Form // read before, with the query
	}
	switch {
	case v.r.Method == http.MethodHead:
		return &refusal{http.StatusMethodNotAllowed, "A link is used up by opening it, not by looking at it."}
	case v.cfg.Sessions == nil:
		return &refusal{http.StatusNotFound, "There is no federation here."}
	case q.Get("Action") == "getSigninToken":
		return v.giveSigninToken(q)
	case q.Get("Action") == "login":
		return v.useSigninToken(q)
	}
	return badFederation("The Action must be getSigninToken or login.")
}

// giveSigninToken answers a broker, which is no browser and carries no cookie: who has the credentials may have the token.
func (v *visit) giveSigninToken(q url.Values) error {
	var c brokered
	if kind := q.Get("SessionType"); kind != "" && kind != "json" {
		return badFederation("The only SessionType is json.")
	}
	if err := json.Unmarshal([]byte(q.Get("Session")), &c); err != nil || c.ID == "" || c.Key == "" || c.Token == "" {
		return badFederation("Session must be a JSON object with sessionId, sessionKey and sessionToken.")
	}
	d, err := consoleDuration(q, "SessionDuration")
	if err != nil {
		return err
	}
	own, err := consoleDuration(q, "DurationSeconds")
	if err != nil {
		return err
	}
	token := identitycenter.NewToken()
	if err := v.state.Update(v.r.Context(), func(tx *state.Tx) error { return v.admit(tx, c, d, own, token) }); err != nil {
		return federationRefusal(err)
	}
	v.w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(v.w).Encode(map[string]string{"SigninToken": token.Secret})
}

// consoleDuration reads a parameter of seconds, 0 when it is not given.
func consoleDuration(q url.Values, name string) (time.Duration, error) {
	text := q.Get(name)
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseUint(text, 10, 31)
	if err != nil || n == 0 {
		return 0, badFederation(name + " must be a number of seconds.")
	}
	return time.Duration(n) * time.Second, nil
}

// errRoleDuration says that a federated user asked for a duration as roles do, which makes AWS refuse.
var errRoleDuration = errors.New("SessionDuration is for roles")

// admit keeps a token for credentials that may enter. Roles say with SessionDuration how long, federated users with
// DurationSeconds.
func (s *Service) admit(tx *state.Tx, c brokered, d, own time.Duration, token identitycenter.Token) error {
	n := s.cfg.Sessions.LiveSession(tx, c.ID)
	if n != nil && n.Federated() {
		if d != 0 {
			return errRoleDuration
		}
		d = own
	}
	if err := s.cfg.Sessions.ConsoleEntry(tx, c.ID, iam.Secret{Key: c.Key, Token: c.Token}, d); err != nil {
		return err
	}
	s.dropExpired(tx)
	s.signinTokens.Put(tx, &signinToken{Hash: token.Hash, Session: c.ID, Lasts: d, Expires: s.wall.Now().Add(signinTokenTime)})
	return nil
}

func federationRefusal(err error) error {
	switch {
	case errors.Is(err, iam.ErrNoSession):
		return badFederation("The session's credentials are not valid, or have expired.")
	case errors.Is(err, iam.ErrNoConsole):
		return badFederation("Only credentials of AssumeRole and GetFederationToken can enter the console.")
	case errors.Is(err, iam.ErrChained):
		return badFederation("Credentials got by role chaining cannot ask for a SessionDuration.")
	case errors.Is(err, errRoleDuration):
		return badFederation("Credentials of GetFederationToken cannot ask for a SessionDuration.")
	case errors.Is(err, iam.ErrDuration):
		return badFederation("The duration must be 900 to 43200 seconds, for federated users up to 129600.")
	}
	return err
}

// errNoSigninToken says that a token is unknown, used or too old.
var errNoSigninToken = errors.New("no such sign-in token")

// useSigninToken lets the browser in and leads it to the page of its role. The token is used up by it.
func (v *visit) useSigninToken(q url.Values) error {
	to, ok := v.destination(q.Get("Destination"))
	if !ok {
		return badFederation("The Destination must be a page of this console.")
	}
	issuer := q.Get("Issuer")
	if len(issuer) > maxIssuer {
		return badFederation("The Issuer is too long.")
	}
	cookie, entry, secret := identitycenter.NewToken(), identitycenter.NewToken(), iam.NewSecret()
	var opened *console
	var entered bool
	err := v.state.Update(v.r.Context(), func(tx *state.Tx) (err error) {
		opened, err = v.openConsole(tx, identitycenter.HashToken(q.Get("SigninToken")), cookie.Hash, secret)
		if err == nil {
			opened.Issuer = strings.ToValidUTF8(issuer, "")
			v.consoles.Put(tx, opened)
			entered = v.addEntry(tx, opened, entry.Hash)
		}
		return err
	})
	if errors.Is(err, errNoSigninToken) {
		return badFederation("This sign-in link has been used, or is older than fifteen minutes. Get another one where you got it.")
	}
	if err != nil {
		return federationRefusal(err)
	}
	v.setCookie(consoleCookie, cookie.Secret, opened.Expires)
	v.w.Header().Set("Referrer-Policy", "no-referrer") // the address holds the token
	if entered {
		return v.redirect(v.cfg.ConsoleEntry + "?" + url.Values{"code": {entry.Secret}, "return": {to}}.Encode())
	}
	return v.redirect("/signin/console?" + url.Values{"destination": {to}}.Encode())
}

const maxIssuer = 2048

func (s *Service) openConsole(tx *state.Tx, token, cookie string, secret iam.Secret) (*console, error) {
	s.dropExpired(tx)
	t := s.signinTokens.Get(tx, token)
	if t == nil || t.Entry || !s.wall.Now().Before(t.Expires) {
		return nil, errNoSigninToken
	}
	s.signinTokens.Delete(tx, token)
	n, err := s.cfg.Sessions.ConsoleSession(tx, t.Session, secret, t.Lasts)
	if err != nil {
		return nil, err
	}
	return &console{Hash: cookie, Session: n.ID, Begun: n.Issued, Expires: n.Expires}, nil
}

// consoleHost is where links made for AWS lead: brokers have it built in. Only path and query of it count here.
const consoleHost = "console.aws.amazon.com"

// destination gives the page a link is to lead to, as a path of this server, so that nobody is led elsewhere by a link to us.
func (s *Service) destination(asked string) (path string, ok bool) {
	u, err := url.Parse(asked)
	if err != nil || len(asked) > 4096 || u.User != nil || u.Opaque != "" || strings.ContainsFunc(asked, notInAddress) {
		return "", false
	}
	switch {
	case u.Scheme == "" && u.Host == "" && strings.HasPrefix(asked, "/") && !strings.HasPrefix(asked, "//"):
	case u.Scheme+"://"+u.Host == origin(s.cfg.PortalURL):
	case u.Scheme == "https" && (u.Host == consoleHost || strings.HasSuffix(u.Host, "."+consoleHost)):
	default:
		return "", false
	}
	to := url.URL{Path: "/" + strings.TrimLeft(u.Path, "/"), RawQuery: u.RawQuery, Fragment: u.Fragment}
	return to.String(), true
}

func notInAddress(r rune) bool { return r == '\\' || r < ' ' || r == 0x7f }
