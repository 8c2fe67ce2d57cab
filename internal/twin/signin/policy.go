package signin

import (
	"context"
	"errors"
	"slices"

	"accountfactory/internal/twin/state"
)

// When a second factor is asked for. Source: IAM Identity Center user guide, "Prompt users for MFA".
const (
	ContextAware = "CONTEXT_AWARE" // in a browser that is not trusted yet; the default
	AlwaysOn     = "ALWAYS_ON"     // at every sign-in
	Disabled     = "DISABLED"      // never
)

// What happens to a user without a device when a factor would be asked for. Source: "Enforce MFA for your users".
const (
	AllowNoDevice = "ALLOW" // they sign in without; the default
	RequireDevice = "REQUIRE_REGISTRATION"
	EmailCode     = "EMAIL_OTP"
	BlockNoDevice = "BLOCK"
)

// Policy is the directory's rule for second factors.
type Policy struct {
	Mode     string `json:"mode"`
	NoDevice string `json:"noDevice"`
}

// ErrPolicy says that a policy has a value there is not.
var ErrPolicy = errors.New("mode is CONTEXT_AWARE, ALWAYS_ON or DISABLED; noDevice is ALLOW, REQUIRE_REGISTRATION, EMAIL_OTP or BLOCK")

// Policy gives the rule that holds.
func (s *Service) Policy(tx *state.Tx) Policy {
	if p := s.policies.Get(tx, "policy"); p != nil {
		return *p
	}
	return Policy{ContextAware, AllowNoDevice}
}

// SetPolicy changes the rule. It returns ErrPolicy for one with a value there is not.
func (s *Service) SetPolicy(ctx context.Context, p Policy) error {
	if !slices.Contains([]string{ContextAware, AlwaysOn, Disabled}, p.Mode) ||
		!slices.Contains([]string{AllowNoDevice, RequireDevice, EmailCode, BlockNoDevice}, p.NoDevice) {
		return ErrPolicy
	}
	return s.state.Update(ctx, func(tx *state.Tx) error {
		s.policies.Put(tx, &p)
		return nil
	})
}

// factorFor says what a user must show besides the password: "", needFactor, needEmail or needDevice. trusted says that
// the browser is one they have trusted before. ok is false when they may not sign in at all.
func (p Policy) factorFor(devices int, trusted bool) (need string, ok bool) {
	switch {
	case p.Mode == Disabled:
		return "", true
	case trusted && p.Mode == ContextAware:
		return "", true
	case devices > 0:
		return needFactor, true
	case p.NoDevice == BlockNoDevice:
		return "", false
	case p.NoDevice == RequireDevice:
		return needDevice, true
	case p.NoDevice == EmailCode:
		return needEmail, true
	}
	return "", true
}
