package doctor

import (
	"context"
	"fmt"

	"accountfactory/internal/factory"
)

// near is how many accounts must be left for the quota to be no worry.
const near = 5

// quota counts the accounts, and compares them with what the factory goes by: the setting, else what Service Quotas says to the role.
// A setting above that lets launches begin that AWS then fails. It only warns: Service Quotas may know of a raise late.
func (c *Cloud) quota(ctx context.Context) Finding {
	const looked = "organizations:ListAccounts beside --account-quota and servicequotas:GetServiceQuota with the role"
	have, err := c.probe.Accounts(ctx)
	if err != nil {
		return broken(Quota, looked, said(err), "allow organizations:ListAccounts")
	}
	seen := fmt.Sprintf("the organization has %d accounts, closed ones counted", have)
	told, why := 0, ""
	if c.asRole != nil {
		told, why = factory.InspectAccountQuota(ctx, c.asRole)
	}
	quota, says, raise := c.Quota, "--account-quota", "raise the quota with AWS (Service Quotas, Organizations, in us-east-1), then give it with --account-quota"
	switch {
	case quota > 0:
	case c.asRole == nil:
		return skipped(Quota, looked, seen+"; Service Quotas is asked with the role, which cannot be assumed")
	case told == 0:
		return warn(Quota, looked, seen+"; Service Quotas does not say of how many: "+why,
			"allow servicequotas:GetServiceQuota to the role, or give --account-quota, so that launches beyond it are refused before they begin")
	default:
		quota, says, raise = told, "Service Quotas", "ask AWS for more: Service Quotas, Organizations, in us-east-1"
	}
	seen = fmt.Sprintf("%s, of a quota of %d, by %s", seen, quota, says)
	switch left := quota - have; {
	case left <= 0:
		return broken(Quota, looked, seen+": no more can be made", raise)
	case told > 0 && quota > told:
		return warn(Quota, looked, fmt.Sprintf("%s; Service Quotas says %d: launches beyond that begin, and fail at AWS", seen, told),
			"leave --account-quota out, or ask AWS for more: Service Quotas, Organizations, in us-east-1")
	case left < near:
		return warn(Quota, looked, fmt.Sprintf("%s: %d are left", seen, left), raise)
	}
	return ok(Quota, looked, seen)
}
