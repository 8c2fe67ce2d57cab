package account

import (
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/account/types"

	"accountfactory/internal/twin/organizations"
	"accountfactory/internal/twin/state"
)

// Statuses of a change of the primary e-mail, by AWS's names.
const (
	pending   = string(types.PrimaryEmailUpdateStatusPending)
	accepted  = string(types.PrimaryEmailUpdateStatusAccepted)
	completed = string(types.PrimaryEmailUpdateStatusCompleted)
	failed    = string(types.PrimaryEmailUpdateStatusFailed)
)

const (
	emailKind  = "account.PrimaryEmail"
	stepChange = "change"
	emailTime  = time.Minute
	codeTime   = 24 * time.Hour // how long a code can be used
)

// Mail is a message of kind "mail" in the outbox.
type Mail struct {
	To, Name, Subject, Text string
}

// newCode gives the code that proves a mail was read. It is drawn before the transaction.
func newCode() string {
	return rand.Text()[:6]
}

// startUpdate mails a code to the new address. An earlier change that waits for its code is dropped.
func (s *Service) startUpdate(tx *state.Tx, accountID, email, code string) error {
	now := s.updates.Get(tx, accountID)
	switch {
	case !organizations.ValidEmail(email):
		return invalid("primaryEmail", "The email address is invalid.")
	case s.org.EmailTaken(tx, email), now != nil && now.Status == accepted:
		return errEmailInUse()
	}
	s.updates.Put(tx, &update{AccountID: accountID, Email: email, Code: code, Status: pending, Started: tx.Now(), Changed: tx.Now()})
	p := s.org.Profile(tx, accountID)
	tx.Post("mail", Mail{
		To: email, Name: p.Name, Subject: "Verify the new email address of your AWS account",
		Text: fmt.Sprintf("This address is to become the root user email address of account %s (%s).\n\nVerification code: %s\n\n"+
			"It can be used for 24 hours. If you did not expect this mail, ignore it: nothing changes without the code.\n", p.Name, accountID, code),
	})
	return nil
}

// acceptUpdate takes the code and sets the change on its way.
func (s *Service) acceptUpdate(tx *state.Tx, accountID, email, code string) error {
	u := s.updates.Get(tx, accountID)
	switch {
	case u == nil || u.Status != pending || tx.Now().After(u.Started.Add(codeTime)):
		return errNoUpdate()
	case !strings.EqualFold(u.Email, email):
		return invalid("primaryEmail", "The email address does not match the one the update was started with.")
	case subtle.ConstantTimeCompare([]byte(u.Code), []byte(strings.ToUpper(code))) == 0:
		return invalid("otp", "The verification code is invalid.")
	case s.org.EmailTaken(tx, email):
		return errEmailInUse()
	}
	s.setUpdate(tx, accountID, accepted)
	tx.Begin(emailKind, accountID, stepChange, tx.Pace(emailTime))
	return nil
}

// emailStep gives the account its new e-mail.
func (s *Service) emailStep(tx *state.Tx, op *state.Operation) error {
	u := s.updates.Get(tx, op.Ref)
	fault := tx.TakeFault(state.FaultPoint{Service: "account", Operation: "AcceptPrimaryEmailUpdate", Step: op.Step, Account: u.AccountID, Email: u.Email})
	if fault != nil && fault.Kind == state.FaultStuck {
		op.Stuck = true
		return nil
	}
	op.Done()
	end := completed
	if fault != nil {
		end = failed
	} else if free, err := s.org.ChangeEmail(tx, u.AccountID, u.Email); err != nil || !free {
		end = failed
	}
	s.setUpdate(tx, u.AccountID, end)
	return nil
}

func (s *Service) setUpdate(tx *state.Tx, accountID, status string) {
	s.updates.Change(tx, accountID, func(u *update) { u.Status, u.Code, u.Changed = status, "", tx.Now() })
}
