package controltower

import (
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"accountfactory/internal/twin/state"
)

// Condition is a state of things that AWS would find and the twin does not otherwise have: in an account, which may not
// exist yet and is then named by its e-mail, or in the organization. The lab sets and clears it.
type Condition struct {
	Name    string    `json:"name"`
	Account string    `json:"account,omitempty"` // id
	Email   string    `json:"email,omitempty"`   // of the account
	Value   string    `json:"value,omitempty"`   // what some need
	Since   time.Time `json:"since"`
}

func (c *Condition) key() string { return c.Name + "/" + c.Account + "/" + strings.ToLower(c.Email) }

// The conditions.
const (
	ConditionRecorder  = "config-recorder"               // F15
	ConditionChannel   = "config-delivery-channel"       // F15
	ConditionSTS       = "sts-off"                       // F13
	ConditionStack     = "stack-leftover"                // F17
	ConditionVPC       = "default-vpc"                   // F19
	ConditionVPCDenied = "vpc-denied"                    // F23
	ConditionLeave     = "standalone"                    // the account may leave the organization: F25
	ConditionEmail     = "email-changed"                 // F24; value is the new e-mail
	ConditionUser      = "sso-user-disabled"             // F21; email is the user's
	ConditionSource    = "external-identity-source"      // F22
	ConditionLimit     = "account-limit"                 // F8; value is the number
	ConditionDrift     = "landing-zone-drift"            // F14
	ConditionHub       = "security-hub-control-disabled" // drift; value is an enabled control's ARN
	ConditionNoEffect  = "control-ineffective"           // drift; value is an enabled control's ARN
)

// ConditionKind says what a condition is and what it must be given.
type ConditionKind struct {
	Name    string `json:"name"`
	Summary string `json:"summary"`
	account bool   // of one account, or with neither id nor e-mail of all
	value   string // what the value is, "" when there is none
}

// Conditions gives all conditions.
func Conditions() []ConditionKind {
	return []ConditionKind{
		{ConditionRecorder, "the account has a Config recorder", true, ""},
		{ConditionChannel, "the account has a Config delivery channel", true, ""},
		{ConditionSTS, "STS is off in a governed Region", true, ""},
		{ConditionStack, "the account has a stack of an earlier enrollment", true, ""},
		{ConditionVPC, "the account has a default VPC with something in it", true, ""},
		{ConditionVPCDenied, "Control Tower may not work on the account's VPCs", true, ""},
		{ConditionLeave, "the account can be on its own, so it may leave the organization", true, ""},
		{ConditionEmail, "the account's email was changed at the account", true, "the new email"},
		{ConditionUser, "the SSO user with this email is disabled", true, ""},
		{ConditionSource, "the identity source is not the Identity Center directory", false, ""},
		{ConditionLimit, "how many accounts the organization may have", false, "a number"},
		{ConditionDrift, "the landing zone has drifted, until it is reset", false, ""},
		{ConditionHub, "somebody disabled a control in Security Hub", false, "the ARN of an enabled control"},
		{ConditionNoEffect, "a control has no effect", false, "the ARN of an enabled control"},
	}
}

// ConditionError says what is wrong with a condition the lab was given.
type ConditionError struct{ Problem string }

func (e ConditionError) Error() string { return e.Problem }

func badCondition(format string, args ...any) error {
	return ConditionError{fmt.Sprintf(format, args...)}
}

// SetCondition sets a condition, and makes true at once what the twin does have. It returns a ConditionError for one that
// makes no sense.
func (s *Service) SetCondition(tx *state.Tx, c Condition) error {
	all := Conditions()
	i := slices.IndexFunc(all, func(k ConditionKind) bool { return k.Name == c.Name })
	switch {
	case i < 0:
		return badCondition("there is no condition %q", c.Name)
	case all[i].value != "" && c.Value == "":
		return badCondition("%s needs a value: %s", c.Name, all[i].value)
	case !all[i].account && (c.Account != "" || c.Email != ""):
		return badCondition("%s is of the organization, not of an account", c.Name)
	}
	c.Since = tx.Now()
	if err := s.applyCondition(tx, &c); err != nil {
		return err
	}
	s.tables.conditions.Put(tx, &c)
	return nil
}

func (s *Service) applyCondition(tx *state.Tx, c *Condition) error {
	switch c.Name {
	case ConditionLimit:
		n, err := strconv.Atoi(c.Value)
		if err != nil || n < 1 {
			return badCondition("%s: %q is not a number above 0", c.Name, c.Value)
		}
		s.org.SetAccountLimit(tx, n)
	case ConditionLeave:
		return s.org.SetStandalone(tx, c.Account, true)
	case ConditionEmail:
		if a := s.org.Account(tx, c.Account); a != nil {
			c.Email = a.Email // to be put back
		}
		free, err := s.org.ChangeEmail(tx, c.Account, c.Value)
		if err == nil && !free {
			return badCondition("%s: the email %s is taken", c.Name, c.Value)
		}
		return err
	case ConditionUser:
		user := s.center.UserByEmail(tx, c.Email)
		if user == nil {
			return badCondition("%s: nobody has the email %s", c.Name, c.Email)
		}
		s.center.SetDisabled(tx, user.ID, true)
	case ConditionDrift:
		s.report(tx, Drift{Type: driftLandingZone})
	case ConditionHub, ConditionNoEffect:
		row := s.tables.controls.Get(tx, c.Value)
		if row == nil {
			return badCondition("%s: there is no enabled control %s", c.Name, c.Value)
		}
		kind := driftSecurityHub
		if c.Name == ConditionNoEffect {
			kind = driftIneffective
		}
		s.report(tx, Drift{Type: kind, OU: row.OU, Control: row.ARN})
	}
	return nil
}

// ClearCondition takes the conditions of a name away, those of an account or e-mail if one is given, and reports whether
// there was any.
func (s *Service) ClearCondition(tx *state.Tx, c Condition) bool {
	var rows []*Condition
	for row := range s.tables.conditions.From(tx, c.Name+"/") {
		if row.Name == c.Name && (c.Account == "" || c.Account == row.Account) && (c.Email == "" || strings.EqualFold(c.Email, row.Email)) {
			rows = append(rows, row)
		}
	}
	for _, row := range rows {
		s.tables.conditions.Delete(tx, row.key())
		s.undoCondition(tx, row)
	}
	return len(rows) > 0
}

func (s *Service) undoCondition(tx *state.Tx, c *Condition) {
	switch c.Name {
	case ConditionLimit:
		s.org.SetAccountLimit(tx, 0)
	case ConditionLeave:
		_ = s.org.SetStandalone(tx, c.Account, false) // an account that is gone needs nothing taken back
	case ConditionEmail:
		_, _ = s.org.ChangeEmail(tx, c.Account, c.Email) // nor this
	case ConditionUser:
		if user := s.center.UserByEmail(tx, c.Email); user != nil {
			s.center.SetDisabled(tx, user.ID, false)
		}
	case ConditionDrift:
		s.repaired(tx, func(d *Drift) bool { return d.Type == driftLandingZone })
	}
}

// AllConditions gives those that are set.
func (s *Service) AllConditions(tx *state.Tx) iter.Seq[*Condition] {
	return s.tables.conditions.All(tx)
}

// condition tells whether one holds for an account, by its id or e-mail, or for all.
func (s *Service) condition(tx *state.Tx, name, accountID, email string) bool {
	for c := range s.tables.conditions.From(tx, name+"/") {
		if c.Name != name {
			return false
		}
		if c.Account == "" && c.Email == "" || c.Account != "" && c.Account == accountID || c.Email != "" && strings.EqualFold(c.Email, email) {
			return true
		}
	}
	return false
}

// dropConditions forgets the conditions of an account that is gone.
func (s *Service) dropConditions(tx *state.Tx, accountID string) {
	var gone []string
	for c := range s.tables.conditions.All(tx) {
		if c.Account == accountID {
			gone = append(gone, c.key())
		}
	}
	for _, key := range gone {
		s.tables.conditions.Delete(tx, key)
	}
}
