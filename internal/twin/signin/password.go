package signin

import (
	"context"
	"crypto/rand"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"accountfactory/internal/twin/identitycenter"
	"accountfactory/internal/twin/state"
)

// Rules for passwords. Source: IAM Identity Center user guide, "Password requirements when managing identities in IAM
// Identity Center".
const (
	passwordMin = 8
	passwordMax = 64
	// pastPasswords is how many of the last ones cannot be used again, the present one among them.
	pastPasswords = 3
)

// passwordError is a refusal of a new password, in the words of the page.
type passwordError string

func (e passwordError) Error() string { return string(e) }

const (
	errWeak     = passwordError("A password has 8 to 64 characters, and among them a lower case letter, an upper case letter, a digit and a symbol.")
	errReused   = passwordError("You have used that password lately. Choose one that is not among your last three.")
	errDiffer   = passwordError("The two passwords differ.")
	errOvertook = passwordError("Your password was changed meanwhile. Try again.")
)

// checkPassword says whether a password keeps the rules.
func checkPassword(p string) error {
	n := utf8.RuneCountInString(p)
	symbol := func(r rune) bool { return r > ' ' && r < 0x7f && !unicode.IsLetter(r) && !unicode.IsDigit(r) }
	switch {
	case n < passwordMin, n > passwordMax, strings.ContainsFunc(p, unicode.IsControl),
		!strings.ContainsFunc(p, unicode.IsLower), !strings.ContainsFunc(p, unicode.IsUpper),
		!strings.ContainsFunc(p, unicode.IsDigit), !strings.ContainsFunc(p, symbol):
		return errWeak
	}
	return nil
}

// newPassword is a password ready to be set: hashed, and known not to be one of the last. The hashing takes its time, so
// it comes before the transaction; version tells whether it still fits.
type newPassword struct {
	hash    string
	version int
}

// prepare checks a new password of a user against the rules and their last ones, and hashes it.
func (s *Service) prepare(ctx context.Context, userID, password, again string) (newPassword, error) {
	if password != again {
		return newPassword{}, errDiffer
	}
	if err := checkPassword(password); err != nil {
		return newPassword{}, err
	}
	a := s.account(userID)
	for _, old := range a.last() {
		same, err := s.hasher.verify(ctx, old, password)
		if err != nil {
			return newPassword{}, err
		}
		if same {
			return newPassword{}, errReused
		}
	}
	hash, err := s.hasher.hash(ctx, password)
	return newPassword{hash, a.Version}, err
}

// last gives the hashes of the passwords that cannot be used again.
func (a account) last() []string {
	if a.Hash == "" || a.Change {
		return a.Past
	}
	return append([]string{a.Hash}, a.Past...)
}

// HasPassword tells whether a user can sign in with a password.
func (s *Service) HasPassword(tx *state.Tx, userID string) bool {
	a := s.accounts.Get(tx, userID)
	return a != nil && a.Hash != ""
}

// account gives what is known of a user as it is now.
func (s *Service) account(userID string) (a account) {
	_ = s.state.View(func(tx *state.Tx) error { // View passes on what the function returns
		if row := s.accounts.Get(tx, userID); row != nil {
			a = *row
		}
		return nil
	})
	return a
}

// setPassword makes a prepared password the user's. It returns errOvertook when another was set meanwhile.
func (s *Service) setPassword(tx *state.Tx, userID string, p newPassword) error {
	a := account{UserID: userID}
	if old := s.accounts.Get(tx, userID); old != nil {
		a = *old
	}
	if a.Version != p.version {
		return errOvertook
	}
	past := a.last()
	a.Past = slices.Clone(past[:min(len(past), pastPasswords-1)])
	a.Hash, a.Change, a.Version, a.Changed = p.hash, false, a.Version+1, s.wall.Now()
	s.accounts.Put(tx, &a)
	s.forgetResets(tx, userID)
	return nil
}

// OneTimePassword gives a user a random password that they must replace when they sign in with it, and ends their
// sessions. It returns identitycenter's error for a user who is not there.
func (s *Service) OneTimePassword(ctx context.Context, userID string) (string, error) {
	password := strings.ToLower(rand.Text()[:8]) + rand.Text()[:8] + "-7a" // of every class, and 80 bits of chance
	hash, err := s.hasher.hash(ctx, password)
	if err != nil {
		return "", err
	}
	return password, s.state.Update(ctx, func(tx *state.Tx) error {
		if s.center.User(tx, userID) == nil {
			return identitycenter.ErrNoUser
		}
		a := account{UserID: userID}
		if old := s.accounts.Get(tx, userID); old != nil {
			a = *old
		}
		past := a.last()
		a.Past = slices.Clone(past[:min(len(past), pastPasswords)])
		a.Hash, a.Change, a.Version, a.Changed = hash, true, a.Version+1, s.wall.Now()
		s.accounts.Put(tx, &a)
		s.signOutEverywhere(tx, userID, "")
		return nil
	})
}

// signOutEverywhere ends a user's sessions but one, and forgets browsers and links that would let somebody in again.
func (s *Service) signOutEverywhere(tx *state.Tx, userID, except string) {
	s.center.EndSessions(tx, userID, except)
	s.forgetBrowsers(tx, userID)
	s.forgetResets(tx, userID)
}
