package twin

import (
	"accountfactory/internal/policy"
	"accountfactory/internal/twin/organizations"
	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

// delegated asks the organization's resource policy about a member's call: whether it grants every check, together with the
// policies of the member's own account, as for any resource of another account. An explicit deny comes back as the decision.
// Source: Organizations User Guide, "Delegated administrator for AWS Organizations".
func (t *Twin) delegated(tx *state.Tx, r *wire.Request, checks []wire.Check) (granted bool, request policy.Request, decision policy.Decision) {
	if r.Service != "organizations" || r.Caller.AccountID == t.config.ManagementAccountID {
		return false, request, decision
	}
	p := t.org.ResourcePolicy(tx)
	if p == nil || t.org.Account(tx, r.Caller.AccountID) == nil {
		return false, request, decision
	}
	named := policy.Named{Name: t.org.Organization(tx).ARN(p.ID), Document: t.policies.parse(p.Content)}
	granted = organizations.Delegable(r.Operation)
	for _, c := range checks {
		request, decision = t.askDelegation(tx, r, c, &named)
		if decision.Explicit && decision.By == policy.Resource {
			return false, request, decision
		}
		granted = granted && decision.Allowed
	}
	return granted, request, policy.Decision{}
}

// askDelegation decides a check as one about the management account's resource. Statements about policies of a type name them
// by ARN, also for CreatePolicy, which has no resource yet; AWS's examples do.
func (t *Twin) askDelegation(tx *state.Tx, r *wire.Request, c wire.Check, named *policy.Named) (policy.Request, policy.Decision) {
	who, own := t.iam.Identity(tx, r.Caller)
	request, policies := t.question(tx, r, c, who, own)
	request.ResourceAccountID, policies.Resource = t.config.ManagementAccountID, named
	decision := policy.Evaluate(request, policies)
	kind := c.Context["organizations:PolicyType"]
	if decision.Allowed || c.Action != "organizations:CreatePolicy" || len(kind) == 0 {
		return request, decision
	}
	request.Resource = t.org.Organization(tx).PoliciesARN(kind[0])
	return request, policy.Evaluate(request, policies)
}
