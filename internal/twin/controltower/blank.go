package controltower

import (
	"cmp"
	"strconv"
	"strings"

	"accountfactory/internal/twin/state"
)

// What stands in the texts of known failures for what is known only where they strike; a launch's parameters stand under
// their own names.
const (
	blankName     = "{ProvisionedProductName}"
	blankProduct  = "{ProductId}"
	blankOU       = "{ManagedOrganizationalUnit}"
	blankEmail    = "{AccountEmail}"
	blankUser     = "{SSOUserEmail}"
	blankAccount  = "{AccountId}"
	blankRegion   = "{Region}"
	blankAtOnce   = "{AccountOperations}"
	blankBaseline = "{BaselineVersion}"
	blankZone     = "{LandingZoneVersion}"
)

// CallText gives the text of a fault that strikes a launch of a product before it begins. Only that of a known failure has
// blanks: a reason that the lab was given is said as it is.
func CallText(f *state.Fault, provisionedName, product string) string {
	if f.Name == "" {
		return f.Reason
	}
	return strings.NewReplacer(blankName, provisionedName, blankProduct, product).Replace(f.Reason)
}

// faultText does the same for one that strikes an account operation. An account that does not exist yet goes by its email.
func (s *Service) faultText(tx *state.Tx, f *state.Fault, op *Operation) string {
	if f.Name == "" {
		return f.Reason
	}
	p, baseline, zone := op.Parameters, "", ""
	if row := s.enabledOn(tx, controlTowerBaseline, s.org.OUARN(tx, op.OU)); row != nil {
		baseline = row.Version
	}
	if row := s.theZone(tx); row != nil {
		zone = row.Version
	}
	return strings.NewReplacer(
		blankOU, p.ManagedOrganizationalUnit, blankEmail, p.AccountEmail, blankUser, p.SSOUserEmail,
		blankAccount, cmp.Or(op.AccountID, p.AccountEmail), blankRegion, s.config.Region,
		blankAtOnce, strconv.Itoa(s.config.AccountOperations), blankBaseline, baseline, blankZone, zone,
	).Replace(f.Reason)
}
