package controltower

import (
	"strings"

	"accountfactory/internal/twin/organizations"
	"accountfactory/internal/twin/state"
)

// Pre-checks of an OU and its accounts before it is registered, by the names that PrecheckOrganizationalUnit events give.
// Three of them are AWS's as seen; the others are named after the causes that the user guide lists ("Common causes of
// failure during registration or re-registration").
const (
	precheckSCP         = "SCP_CONFLICT"
	precheckRole        = "FAILED_TO_ASSUME_ROLE"
	precheckPermissions = "MISSING_PERMISSIONS_AF_PRODUCT"
	precheckRecorder    = "CONFIG_RECORDER_CHECK"
	precheckSTS         = "STS_DISABLED"
	precheckEmail       = "INVALID_EMAIL"
	precheckCount       = "ACCOUNT_LIMIT_EXCEEDED"
)

// Accounts that an OU may have to be registered: 300, and with few Regions and controls 1,000 today.
const (
	classicAccounts = 300
	currentAccounts = 1000
)

// precheck says why an OU cannot be worked on, and reports it. Unregistering has no pre-checks.
func (s *Service) precheck(tx *state.Tx, w *Work) string {
	if w.Name == opDisableBaseline || !s.isControlTower(tx, w) {
		return ""
	}
	var ou []string
	if s.guardSlots(tx, w.OU) > s.org.FreePolicySlots(tx, w.OU) {
		ou = append(ou, precheckSCP)
	}
	if product := s.catalog.ProductOfType(tx, ProductType); product == nil || !s.catalog.MayLaunch(tx, w.Caller, product.ID) {
		ou = append(ou, precheckPermissions)
	}
	n, limit := 0, currentAccounts
	if s.config.Profile == Classic {
		limit = classicAccounts
	}
	accounts := map[string][]string{}
	var order []string
	for a := range s.org.ChildAccounts(tx, w.OU) {
		n++
		if failed := s.precheckAccount(tx, a); len(failed) > 0 {
			accounts[a.ID] = failed
			order = append(order, a.ID)
		}
	}
	if n > limit {
		ou = append(ou, precheckCount)
	}
	if len(ou)+len(order) == 0 {
		return ""
	}
	s.postPrecheck(tx, w, ou, order, accounts)
	return "AWS Control Tower failed the pre-checks of the organizational unit: " + listChecks(ou, order, accounts)
}

func listChecks(ou, order []string, accounts map[string][]string) string {
	parts := append([]string{}, ou...)
	for _, id := range order {
		parts = append(parts, id+" "+strings.Join(accounts[id], ", "))
	}
	return strings.Join(parts, "; ") + "."
}

func (s *Service) precheckAccount(tx *state.Tx, a *organizations.Account) (failed []string) {
	holds := func(name string) bool { return s.condition(tx, name, a.ID, a.Email) }
	m := s.tables.byAccount.First(tx, a.ID)
	laid := m != nil && m.Laid
	if a.State != organizations.Active {
		failed = append(failed, precheckRole)
	}
	if !laid && (holds(ConditionRecorder) || holds(ConditionChannel)) {
		failed = append(failed, precheckRecorder)
	}
	if holds(ConditionSTS) {
		failed = append(failed, precheckSTS)
	}
	if !registrableEmail.MatchString(a.Email) {
		failed = append(failed, precheckEmail)
	}
	return failed
}
