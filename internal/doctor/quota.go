package doctor

import (
	"context"
	"fmt"

	"accountfactory/internal/factory"
)

// near is how many accounts must be left for the quota to be no worry.
const near = 5

// quota counts the accounts, and compares them with what the factory goes by: the setting, else what Service Quotas says to the role.
func (c *Cloud) quota(ctx context.Context) Finding {
	const looked = "organizations:ListAccounts beside --account-quota, or servicequotas:GetServiceQuota with the role"
	have, err := c.probe.Accounts(ctx)
	if err != nil {
		return broken(Quota, looked, said(err), "allow organizations:ListAccounts")
	}
	seen := fmt.Sprintf("the organization has %d accounts, closed ones counted", have)
	quota, says, raise := c.Quota, "--account-quota", "raise the quota with AWS (Service Quotas, Organizations, in us-east-1), then give it with --account-quota"
	if quota == 0 && c.asRole == nil {
		return skipped(Quota, looked, seen+"; Service Quotas is asked with the role, which cannot be assumed")
	}
	if quota == 0 {
		var why string
		if quota, why = factory.InspectAccountQuota(ctx, c.asRole); quota == 0 {
			return warn(Quota, looked, seen+"; Service Quotas does not say of how many: "+why,
				"allow servicequotas:GetServiceQuota to the role, or give --account-quota, so that launches beyond it are refused before they begin")
		}
		says, raise = "Service Quotas", "ask AWS for more: Service Quotas, Organizations, in us-east-1"
	}
	seen = fmt.Sprintf("%s, of a quota of %d, by %s", seen, quota, says)
	switch left := quota - have; {
	case left <= 0:
		return broken(Quota, looked, seen+": no more can be made", raise)
	case left < near:
		return warn(Quota, looked, fmt.Sprintf("%s: %d are left", seen, left), raise)
	}
	return ok(Quota, looked, seen)
}
