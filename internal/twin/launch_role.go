package twin

import (
	"errors"
	"strings"

	"accountfactory/internal/arn"
	"accountfactory/internal/policy"
	"accountfactory/internal/twin/iam"
	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

// launchPrincipal is the service that takes launch roles on.
const launchPrincipal = "servicecatalog.amazonaws.com"

var errNotAssumed = errors.New("the role cannot be assumed by " + launchPrincipal)

// roleNamed gives the ARN of the role of this name in an account, "" when there is none.
func (t *Twin) roleNamed(tx *state.Tx, accountID, name string) string {
	if r := t.iam.Role(tx, accountID, name); r != nil {
		return r.ARN()
	}
	return ""
}

// assumeLaunchRole makes a session of a role for Service Catalog, if the role's trust policy lets it in. The secret is drawn
// in the transaction, as in it shows whether one is needed; nobody gets to see it.
func (t *Twin) assumeLaunchRole(tx *state.Tx, roleARN string) (wire.Caller, error) {
	const action = "sts:AssumeRole"
	a, err := arn.Parse(roleARN)
	if err != nil {
		return wire.Caller{}, err
	}
	who := policy.Principal{Type: policy.Service, Service: launchPrincipal}
	decision := policy.Evaluate(policy.Request{
		Principal: who, Action: action, Resource: roleARN, ResourceAccountID: a.AccountID,
		Context: policy.Global(who, policy.Environment{At: tx.Now(), RequestedRegion: t.config.Region, ResourceAccount: a.AccountID}),
	}, policy.Policies{Resource: t.iam.ResourcePolicy(tx, action, roleARN), Trust: true})
	if !decision.Allowed && !t.config.NoAuth {
		return wire.Caller{}, errNotAssumed
	}
	name := roleARN[strings.LastIndexByte(roleARN, '/')+1:]
	session, err := t.iam.NewRoleSession(tx, iam.RoleSession{AccountID: a.AccountID, Role: name, SessionName: "servicecatalog", Secret: iam.NewSecret()})
	if err != nil {
		return wire.Caller{}, err
	}
	return wire.Caller{AccountID: session.AccountID, ARN: session.ARN, UserID: session.UserID, AccessKeyID: session.ID}, nil
}
