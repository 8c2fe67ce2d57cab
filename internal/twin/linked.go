package twin

import (
	"accountfactory/internal/arn"
	"accountfactory/internal/twin/iam"
	"accountfactory/internal/twin/organizations"
	"accountfactory/internal/twin/state"
)

// link gives an account that comes into the organization the roles that services keep in each of its accounts.
func (t *Twin) link(tx *state.Tx, accountID string) {
	t.iam.LinkOrganizations(tx, accountID)
	if t.center.Instance(tx) != nil {
		t.iam.LinkCenter(tx, accountID)
	}
}

// linkCenter gives all accounts Identity Center's role, once it is there.
func (t *Twin) linkCenter(tx *state.Tx) {
	for a := range t.org.Accounts(tx) {
		t.iam.LinkCenter(tx, a.ID)
	}
}

// linkedUsages tells what a service-linked role is used for. Organizations uses its own while all features are enabled,
// Identity Center its own while roles of permission sets are there.
// Source: Organizations User Guide, "AWS Organizations and service-linked roles"; Identity Center User Guide, "Using
// service-linked roles for IAM Identity Center".
func (t *Twin) linkedUsages(tx *state.Tx, accountID, principal string) []iam.Usage {
	org := t.org.Organization(tx)
	if org == nil || t.org.Account(tx, accountID) == nil {
		return nil
	}
	switch principal {
	case "organizations.amazonaws.com":
		if org.FeatureSet == organizations.AllFeatures {
			return []iam.Usage{{Region: "us-east-1", Resources: []string{org.ARN(org.ID)}}}
		}
	case "sso.amazonaws.com":
		var roles []string
		for _, name := range t.iam.RolesUnder(tx, accountID, "/aws-reserved/sso.amazonaws.com/") {
			roles = append(roles, arn.Make("iam", "", accountID, "role"+name))
		}
		if len(roles) > 0 {
			return []iam.Usage{{Region: t.config.Region, Resources: roles}}
		}
	}
	return nil
}
