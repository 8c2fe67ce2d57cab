package identitycenter

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"accountfactory/internal/twin/state"
)

// invitationTime is how long an invitation can be accepted.
const invitationTime = 7 * 24 * time.Hour

// Invitation lets a user set a first password, once. Only the SHA-256 of its token is kept.
type Invitation struct {
	Hash    string
	UserID  string
	Expires time.Time // wall time: what people hold in their hands does not age with the twin's clock
	Used    bool      `json:",omitempty"`
}

// Token is a secret that somebody is given, as a link, a code or a bearer token, with what is kept of it.
type Token struct{ Secret, Hash string }

// NewToken draws a token. Call it before the transaction that keeps its hash.
func NewToken() Token {
	for {
		var raw [32]byte
		_, _ = rand.Read(raw[:]) // never fails: crypto/rand ends the process rather than return an error
		secret := base64.RawURLEncoding.EncodeToString(raw[:])
		if secret[0] != '-' { // command lines take that for an option
			return Token{Secret: secret, Hash: HashToken(secret)}
		}
	}
}

// HashToken gives what is kept of a token's secret.
func HashToken(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// Mail is a message of kind "mail" in the outbox.
type Mail struct {
	To      string // address
	Name    string // of the recipient, as displayed
	Subject string
	Text    string
	Link    string `json:",omitempty"` // what the text asks to open; it stands in the text too
}

// Refusals of invitations.
var (
	ErrNoInvitation      = errors.New("no such invitation")
	ErrInvitationUsed    = errors.New("the invitation has been used")
	ErrInvitationExpired = errors.New("the invitation has expired")
	ErrNoAddress         = errors.New("the user has no e-mail address")
)

// Invite mails a user a one-time link to set a password; earlier links of theirs stop working. It returns
// ErrNoAddress for a user without e-mail.
func (s *Service) Invite(tx *state.Tx, userID string, token Token) error {
	u := s.users.Get(tx, userID)
	if u == nil {
		return noUser(userID)
	}
	if u.Email() == "" {
		return fmt.Errorf("invite %s: %w", u.UserName, ErrNoAddress)
	}
	for _, old := range collect(s.invitedUser.Of(tx, userID)) {
		s.invitations.Delete(tx, old.Hash)
	}
	s.invitations.Put(tx, &Invitation{Hash: token.Hash, UserID: userID, Expires: s.cfg.Wall.Now().Add(invitationTime)})
	tx.Post("mail", s.invitationMail(u, token))
	return nil
}

// InvitationLink is where a token's owner sets a password.
func (s *Service) InvitationLink(token Token) string {
	return s.cfg.PortalURL + "/invitation/" + token.Secret
}

func (s *Service) invitationMail(u *User, token Token) Mail {
	link := s.InvitationLink(token)
	return Mail{
		To: u.Email(), Name: u.DisplayName, Subject: "Invitation to join IAM Identity Center (successor to AWS Single Sign-On)", Link: link,
		Text: fmt.Sprintf("Hello %s,\n\nyour organization has invited you to its access portal. Accept the invitation and choose a password:\n\n%s\n\n"+
			"The link works once, within seven days. Afterwards sign in at %s with the user name %s.\n", u.DisplayName, link, s.cfg.PortalURL, u.UserName),
	}
}

// Invitation gives the user an invitation is for. It returns ErrNoInvitation, ErrInvitationUsed or ErrInvitationExpired.
func (s *Service) Invitation(tx *state.Tx, hash string) (*User, error) {
	i := s.invitations.Get(tx, hash)
	if i == nil {
		return nil, ErrNoInvitation
	}
	if i.Used {
		return nil, ErrInvitationUsed
	}
	if !s.cfg.Wall.Now().Before(i.Expires) {
		return nil, ErrInvitationExpired
	}
	u := s.users.Get(tx, i.UserID)
	if u == nil {
		return nil, ErrNoInvitation
	}
	return u, nil
}

// Accept uses an invitation up. Its errors are those of Invitation.
func (s *Service) Accept(tx *state.Tx, hash string) (*User, error) {
	u, err := s.Invitation(tx, hash)
	if err != nil {
		return nil, err
	}
	s.invitations.Change(tx, hash, func(i *Invitation) { i.Used = true })
	return u, nil
}
