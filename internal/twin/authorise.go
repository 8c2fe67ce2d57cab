package twin

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"

	"accountfactory/internal/arn"
	"accountfactory/internal/policy"
	"accountfactory/internal/twin/controltower"
	"accountfactory/internal/twin/organizations"
	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

// authorize decides every check of a request by the caller's policies as they are now, and answers AWS's sentence for the
// first that is denied.
func (t *Twin) authorize(_ context.Context, r *wire.Request, checks []wire.Check) error {
	err := t.state.View(func(tx *state.Tx) error {
		granted, request, decision := t.delegated(tx, r, checks)
		if decision.Explicit {
			return t.refuse(r, request, decision)
		}
		r.Delegated = granted
		for _, c := range checks {
			if request, decision := t.decide(tx, r, c); !decision.Allowed {
				return t.refuse(r, request, decision)
			}
		}
		return nil
	})
	if err == nil {
		t.iam.Used(r.Caller, r.Service, r.Region)
	}
	return err
}

// denied gives the sentence in the form of the service that was asked.
func (t *Twin) denied(service, message string) error {
	for _, s := range t.served {
		if s.Name() == service {
			return wire.AccessDenied(s, message)
		}
	}
	return &wire.Error{Code: "AccessDeniedException", Message: message, Status: http.StatusForbidden}
}

// decide puts one check to policy evaluation with everything that bears on it.
func (t *Twin) decide(tx *state.Tx, r *wire.Request, c wire.Check) (policy.Request, policy.Decision) {
	who, policies := t.iam.Identity(tx, r.Caller)
	request, policies := t.question(tx, r, c, who, policies)
	return request, policy.Evaluate(request, policies)
}

// question adds to a principal's own policies what else bears on a check.
func (t *Twin) question(tx *state.Tx, r *wire.Request, c wire.Check, who policy.Principal, policies policy.Policies) (policy.Request, policy.Policies) {
	owner := resourceAccount(c.Resource, r.Caller.AccountID)
	request := policy.Request{
		Principal: who, Action: c.Action, Resource: c.Resource, ResourceAccountID: judge(c.Resource, owner, r.Caller.AccountID),
		Management: r.Caller.AccountID == t.config.ManagementAccountID,
		Context:    c.Context,
		More:       func() map[string][]string { return policy.Global(who, t.environment(tx, r, c.Action, owner)) },
	}
	policies.ServiceControl = t.serviceControl(tx, r.Caller.AccountID)
	policies.ResourceControl = t.resourceControl(tx, c.Action, owner)
	if res := t.iam.ResourcePolicy(tx, c.Action, c.Resource); res != nil {
		policies.Resource, policies.Trust = res, true
	}
	return request, policies
}

func (t *Twin) environment(tx *state.Tx, r *wire.Request, action, owner string) policy.Environment {
	env := t.iam.Environment(tx, r.Caller)
	env.At, env.SourceIP, env.UserAgent, env.RequestedRegion, env.ResourceAccount = r.At, r.SourceIP, r.UserAgent, requestedRegion(action, r.Region), owner
	env.SecureTransport = true // AWS takes nothing else; policies that ask for it are to be rehearsed as they are
	org := t.org.Organization(tx)
	if org == nil {
		return env
	}
	if t.org.Account(tx, r.Caller.AccountID) != nil {
		env.OrgID, env.OrgManagement = org.ID, org.ManagementID
		env.OrgPaths = []string{t.orgPath(tx, org.ID, r.Caller.AccountID)}
	}
	if t.org.Account(tx, owner) != nil {
		env.ResourceOrgID, env.ResourceOrgPath = org.ID, t.orgPath(tx, org.ID, owner)
	}
	return env
}

// orgPath gives the OUs an account lies in as condition keys write them: o-…/r-…/ou-…/.
// Source: IAM User Guide, "AWS global condition context keys", aws:PrincipalOrgPaths.
func (t *Twin) orgPath(tx *state.Tx, orgID, accountID string) string {
	path := t.org.Path(tx, accountID)
	return orgID + "/" + strings.Join(path[:len(path)-1], "/") + "/"
}

// requestedRegion gives the Region of a request as policies see it: global services have theirs in us-east-1, whatever
// Region a client signs for.
// Source: IAM User Guide, "AWS: Denies access to AWS based on the requested Region".
func requestedRegion(action, signed string) string {
	switch service, _, _ := strings.Cut(action, ":"); service {
	case "iam", "organizations", "account":
		return "us-east-1"
	}
	return signed
}

// resourceAccount gives the account that owns a resource: the one in its ARN, or the caller's own.
func resourceAccount(resource, caller string) string {
	if a, err := arn.Parse(resource); err == nil && arn.IsAccountID(a.AccountID) {
		return a.AccountID
	}
	return caller
}

// judge gives the account whose policies decide about a resource. That is its owner, except for what the organization has:
// delegated administrators reach it with their own account's policies, and whom else to refuse the services know themselves.
// Source: Organizations User Guide, "Delegated administrator for AWS services"; Identity Center User Guide, "Delegated administration".
func judge(resource, owner, caller string) string {
	a, err := arn.Parse(resource)
	if err != nil {
		return owner
	}
	switch a.Service {
	case "organizations", "identitystore", "account":
		return caller
	}
	return owner
}

// serviceControl gives the SCPs from the root down to the account, parsed.
func (t *Twin) serviceControl(tx *state.Tx, accountID string) [][]policy.Named {
	return t.parsed(t.org.ServiceControlPolicies(tx, accountID))
}

// resourceControl gives the RCPs from the root down to the account that owns the resource. Of the services AWS lists as having
// RCPs only STS is served here.
// Source: Organizations User Guide, "Resource control policies (RCPs)", list of services that support RCPs.
func (t *Twin) resourceControl(tx *state.Tx, action, owner string) [][]policy.Named {
	if !strings.HasPrefix(action, "sts:") {
		return nil
	}
	return t.parsed(t.org.ResourceControlPolicies(tx, owner))
}

func (t *Twin) parsed(levels [][]organizations.Attached) [][]policy.Named {
	out, all := make([][]policy.Named, len(levels)), make([]policy.Named, 0, 2*len(levels))
	for i, level := range levels {
		from := len(all)
		for _, p := range level {
			all = append(all, policy.Named{Name: p.ARN, Document: t.policies.parse(p.Content)})
		}
		out[i] = all[from:len(all):len(all)]
	}
	return out
}

// controls gives IAM's policy simulator the SCPs that bear on an account, and whether it is in the organization.
func (t *Twin) controls(tx *state.Tx, accountID string) ([][]policy.Named, bool) {
	if t.org.Organization(tx) == nil || t.org.Account(tx, accountID) == nil {
		return nil, false
	}
	if accountID == t.config.ManagementAccountID {
		return nil, true
	}
	return t.serviceControl(tx, accountID), true
}

// allowed answers for Control Tower whether a caller may do an action of its own; the error is AWS's sentence.
func (t *Twin) allowed(tx *state.Tx, caller wire.Caller, action, resource string) error {
	if t.config.NoAuth {
		return nil
	}
	request, decision := t.decide(tx, &wire.Request{Caller: caller, Region: t.config.Region, At: tx.Now()}, wire.Check{Action: action, Resource: resource})
	if decision.Allowed {
		return nil
	}
	return errors.New(decision.Message(request))
}

// policyDenies tells whether service control policies keep Control Tower's role in an account from an action.
func (t *Twin) policyDenies(tx *state.Tx, accountID, action string) bool {
	role := arn.Make("iam", "", accountID, "role/"+controltower.ExecutionRole)
	who := policy.Principal{Type: policy.AssumedRole, AccountID: accountID, RoleARN: role, ARN: arn.Make("sts", "", accountID, "assumed-role/"+controltower.ExecutionRole+"/AWSControlTower")}
	request := policy.Request{
		Principal: who, Action: action, Resource: "*", ResourceAccountID: accountID,
		Context: policy.Global(who, policy.Environment{At: tx.Now(), RequestedRegion: requestedRegion(action, t.config.Region), ResourceAccount: accountID, SecureTransport: true}),
	}
	everything := policy.Named{Name: "AdministratorAccess", Document: t.policies.parse(allowEverything)}
	return !policy.Evaluate(request, policy.Policies{Identity: []policy.Named{everything}, ServiceControl: t.serviceControl(tx, accountID)}).Allowed
}

const allowEverything = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`

// roleARN gives the ARN, path and all, by which a portfolio knows a caller: a session's role, or the user.
func (t *Twin) roleARN(tx *state.Tx, c wire.Caller) string {
	who, _ := t.iam.Identity(tx, c)
	if who.Type == policy.AssumedRole {
		return who.RoleARN
	}
	return who.ARN
}

// policyCache keeps parsed policies of the organization by their text. There are few, and old texts go when it grows.
type policyCache struct {
	mu     sync.Mutex
	parsed map[string]*policy.Document
}

const policyCacheSize = 2048

// parse gives nil, which denies, for a text that is no policy.
func (c *policyCache) parse(text string) *policy.Document {
	c.mu.Lock()
	defer c.mu.Unlock()
	if d, ok := c.parsed[text]; ok {
		return d
	}
	if len(c.parsed) >= policyCacheSize || c.parsed == nil {
		c.parsed = map[string]*policy.Document{}
	}
	d, err := policy.Parse(text)
	if err != nil {
		d = nil
	}
	c.parsed[text] = d
	return d
}
