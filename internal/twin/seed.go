package twin

import (
	"strings"

	"accountfactory/internal/arn"
	"accountfactory/internal/twin/controltower"
	"accountfactory/internal/twin/identitycenter"
	"accountfactory/internal/twin/organizations"
	"accountfactory/internal/twin/servicecatalog"
	"accountfactory/internal/twin/state"
)

// Names that Control Tower gives, which clients look for.
const (
	ProductName   = "AWS Control Tower Account Factory"
	PortfolioName = "AWS Control Tower Account Factory Portfolio"
	ProductOwner  = "AWS Control Tower"
)

// Link is the one-time sign-in link of a user that first start made.
type Link struct{ UserName, URL string }

// seed makes an organization with a landing zone, as one finds it a day after Control Tower was set up.
func (t *Twin) seed(tx *state.Tx, tokens []identitycenter.Token) error {
	t.org.Found(tx, managementEmail, managementName)
	root := t.org.RootID(tx)
	security, err := t.org.AddOU(tx, root, "Security", nil)
	if err != nil {
		return err
	}
	sandbox, err := t.org.AddOU(tx, root, "Sandbox", nil)
	if err != nil {
		return err
	}
	shared := func(name, email string) string {
		a := t.org.AddAccount(tx, organizations.Account{ID: arn.AccountID(tx), Name: name, Email: email, Parent: security.ID})
		t.iam.AddMember(tx, a.ID, controltower.ExecutionRole, t.config.ManagementAccountID)
		return a.ID
	}
	logArchive, audit := shared("Log archive", "log-archive@example.com"), shared("Audit", "audit@example.com")
	if err := t.furnish(tx, logArchive, audit, true); err != nil {
		return err
	}
	if err := t.seedUsers(tx, tokens); err != nil {
		return err
	}
	t.tower.SetUp(tx, controltower.Setup{
		SecurityOU: security.ID, SecurityName: security.Name, SandboxOU: sandbox.ID, SandboxName: sandbox.Name,
		LogArchiveAccountID: logArchive, AuditAccountID: audit,
	})
	return nil
}

// seedCatalog makes portfolio and product. Besides the management user, those may launch whose roles Control Tower
// associates: end users, and the administrators of the management account.
func (t *Twin) seedCatalog(tx *state.Tx) {
	portfolio := t.catalog.AddPortfolio(tx, PortfolioName, ProductOwner, "Products for provisioning accounts with AWS Control Tower")
	product := t.catalog.AddProduct(tx, servicecatalog.NewProduct{
		Name: ProductName, Owner: ProductOwner, Type: controltower.ProductType,
		Description: "Provisions an AWS account that AWS Control Tower governs",
		Artifacts:   []servicecatalog.NewArtifact{{Name: ProductName, Description: ProductName, Active: true}},
	})
	t.catalog.Associate(tx, product.ID, portfolio.ID)
	t.catalog.AddPrincipal(tx, portfolio.ID, arn.Make("iam", "", t.config.ManagementAccountID, "user/"+managementUser), "IAM")
	for _, set := range []string{"AWSServiceCatalogEndUserAccess", "AWSAdministratorAccess"} {
		if role := t.ssoRole(tx, t.config.ManagementAccountID, set); role != "" {
			t.catalog.AddPrincipal(tx, portfolio.ID, role, "IAM")
		}
	}
}

// ssoRole gives the ARN of a permission set's role in an account, "" when it is not provisioned there.
func (t *Twin) ssoRole(tx *state.Tx, accountID, set string) string {
	ps := t.center.PermissionSetByName(tx, set)
	if ps == nil {
		return ""
	}
	p := t.center.Provision(tx, accountID, ps.ARN)
	if p == nil {
		return ""
	}
	return arn.Make("iam", "", accountID, "role"+t.center.RolePath()+p.Role)
}

// furnish makes what Control Tower makes in other services for a landing zone, as far as it is not there: groups, permission
// sets and their assignments if it manages access, and the catalogue.
func (t *Twin) furnish(tx *state.Tx, logArchive, audit string, access bool) error {
	t.center.Found(tx)
	t.linkCenter(tx)
	if access {
		if err := t.furnishAccess(tx, logArchive, audit); err != nil {
			return err
		}
	}
	if t.catalog.ProductOfType(tx, controltower.ProductType) == nil {
		t.seedCatalog(tx)
	}
	return nil
}

// furnishAccess makes groups, permission sets and their assignments.
func (t *Twin) furnishAccess(tx *state.Tx, logArchive, audit string) error {
	for _, set := range permissionSets {
		if t.center.PermissionSetByName(tx, set.name) != nil {
			continue
		}
		if _, err := t.center.PutPermissionSet(tx, set.spec()); err != nil {
			return err
		}
	}
	for _, g := range groupTable {
		if t.center.GroupByName(tx, g.name) != nil {
			continue
		}
		if _, err := t.center.PutGroup(tx, g.name, g.description); err != nil {
			return err
		}
	}
	accounts := map[string]string{"management": t.config.ManagementAccountID, "log": logArchive, "audit": audit}
	for _, a := range assignmentTable {
		for _, account := range strings.Fields(a.accounts) {
			if accounts[account] == "" {
				continue
			}
			if err := t.center.Assign(tx, identitycenter.Assignment{
				AccountID: accounts[account], PermissionSetARN: t.center.PermissionSetByName(tx, a.set).ARN,
				PrincipalType: identitycenter.GroupPrincipal, PrincipalID: t.center.GroupByName(tx, a.group).ID,
			}); err != nil {
				return err
			}
		}
	}
	return nil
}

// seedUsers makes the first two users with their links.
func (t *Twin) seedUsers(tx *state.Tx, tokens []identitycenter.Token) error {
	for i, u := range userTable {
		user, err := t.center.PutUser(tx, identitycenter.NewUser{
			UserName: u.name, Given: u.given, Family: u.family, Display: u.given + " " + u.family, Email: u.name + "@example.com", EmailType: "work", EmailPrimary: true,
		})
		if err != nil {
			return err
		}
		for _, g := range strings.Fields(u.groups) {
			if _, err := t.center.Join(tx, t.center.GroupByName(tx, g).ID, user.ID); err != nil {
				return err
			}
		}
		if err := t.center.Invite(tx, user.ID, tokens[i]); err != nil {
			return err
		}
		t.links = append(t.links, Link{UserName: u.name, URL: t.center.InvitationLink(tokens[i])})
	}
	return nil
}
