package factory

// CheckResult is the outcome of one check.
type CheckResult string

const (
	CheckOK     CheckResult = "ok"
	CheckNote   CheckResult = "note"   // passes, and the person should know
	CheckFailed CheckResult = "failed" // the request is refused
)

// Check is one thing looked at before anything is created: what was seen and, where it failed, what helps.
type Check struct {
	Name   string      `json:"name"`
	Result CheckResult `json:"result"`
	Seen   string      `json:"seen"`
	Remedy string      `json:"remedy,omitempty"`
}

// Names of the checks; scripts may rely on them.
const (
	CheckParameters    = "parameters"
	CheckEmail         = "account-email"
	CheckEmailFree     = "account-email-free"
	CheckName          = "account-name"
	CheckProductName   = "product-name-free"
	CheckOU            = "organizational-unit"
	CheckSSOUser       = "sso-user"
	CheckRegion        = "region"
	CheckArtifact      = "artifact"
	CheckLaunchPath    = "launch-path"
	CheckTagOptions    = "tag-options"
	CheckNotifications = "notifications"
	CheckPlan          = "plan"
	CheckOpenRequest   = "open-request"
	CheckKind          = "kind"
	CheckAccount       = "account"             // which one is meant
	CheckActive        = "account-active"      // not closed
	CheckManaged       = "provisioned-product" // there, and nothing is being done to it
	CheckChange        = "change"              // there is something to change
	CheckEnrolled      = "not-enrolled"
	CheckExecutionRole = "execution-role"
	CheckAccess        = "access" // groups, users and permission sets exist
	CheckCloseQuota    = "close-quota"
	CheckCoolOff       = "cool-off"
	CheckQueue         = "queue"
	CheckKey           = "idempotency-key"
	CheckDailyCap      = "daily-cap"
	CheckDrift         = "drift"
	CheckInFlight      = "operations-in-flight"
	CheckAccountQuota  = "account-quota"
	CheckTombstone     = "email-tombstone"
	CheckTags          = "tags"
	CheckContacts      = "alternate-contacts"
	CheckFields        = "custom-fields"
	CheckAnswer        = "answer"
	CheckNewName       = "new-name"
	CheckNewEmail      = "new-email"
	CheckTrustedAccess = "account-management" // the organization lets it change its members
)

func ok(name, seen string) Check   { return Check{Name: name, Result: CheckOK, Seen: seen} }
func note(name, seen string) Check { return Check{Name: name, Result: CheckNote, Seen: seen} }
func bad(name, seen, remedy string) Check {
	return Check{Name: name, Result: CheckFailed, Seen: seen, Remedy: remedy}
}

func (c Check) sentence() string {
	if c.Remedy == "" {
		return c.Seen
	}
	return c.Seen + " (" + c.Remedy + ")"
}

// refused gives the RefusedError of checks of which one failed, else nil.
func refused(checks []Check) error {
	for _, c := range checks {
		if c.Result == CheckFailed {
			return &RefusedError{Checks: checks}
		}
	}
	return nil
}
