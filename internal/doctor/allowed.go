package doctor

import (
	"context"
	"errors"
	"strings"

	"accountfactory/internal/factory"
)

// allowedOUs looks whether there is an organizational unit for each name that the setting has: the factory refuses requests for
// one it does not know by that name.
func (c *Cloud) allowedOUs(ctx context.Context) Finding {
	const looked = "--allowed-ous beside the organizational units, as the role sees them"
	switch {
	case len(c.AllowedOUs) == 0:
		return ok(AllowedOUs, looked, "requesters may choose any: none are named")
	case c.asRole == nil:
		return skipped(AllowedOUs, looked, "they are read with the role, which cannot be assumed")
	}
	open, unknown, err := factory.InspectAllowed(ctx, c.asRole, c.AllowedOUs)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return skipped(AllowedOUs, looked, "there was no time to read all organizational units: "+said(err))
	case err != nil:
		return broken(AllowedOUs, looked, said(err), "allow the role organizations:ListRoots and ListOrganizationalUnitsForParent")
	}
	seen := "requesters may choose: " + open
	if len(unknown) == 0 {
		return ok(AllowedOUs, looked, seen)
	}
	seen = "there is no organizational unit " + strings.Join(unknown, ", ") + "; " + seen
	remedy := "correct --allowed-ous: paths, names or ids, as the organization has them now; or make the unit"
	if len(unknown) == len(c.AllowedOUs) {
		return broken(AllowedOUs, looked, seen, remedy)
	}
	return warn(AllowedOUs, looked, seen, remedy)
}
