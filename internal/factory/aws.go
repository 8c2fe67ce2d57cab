package factory

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/controltower"
	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"

	"accountfactory/internal/cloud"
)

// Catalog reads the Account Factory product. *servicecatalog.Client is one.
type Catalog interface {
	SearchProducts(context.Context, *servicecatalog.SearchProductsInput, ...func(*servicecatalog.Options)) (*servicecatalog.SearchProductsOutput, error)
	DescribeProduct(context.Context, *servicecatalog.DescribeProductInput, ...func(*servicecatalog.Options)) (*servicecatalog.DescribeProductOutput, error)
	DescribeProvisioningParameters(context.Context, *servicecatalog.DescribeProvisioningParametersInput, ...func(*servicecatalog.Options)) (*servicecatalog.DescribeProvisioningParametersOutput, error)
	LaunchPaths
}

// LaunchPaths is what is asked with a person's own credentials: may they launch?
type LaunchPaths interface {
	ListLaunchPaths(context.Context, *servicecatalog.ListLaunchPathsInput, ...func(*servicecatalog.Options)) (*servicecatalog.ListLaunchPathsOutput, error)
}

// Products makes and changes provisioned products. *servicecatalog.Client is one.
type Products interface {
	ProvisionProduct(context.Context, *servicecatalog.ProvisionProductInput, ...func(*servicecatalog.Options)) (*servicecatalog.ProvisionProductOutput, error)
	UpdateProvisionedProduct(context.Context, *servicecatalog.UpdateProvisionedProductInput, ...func(*servicecatalog.Options)) (*servicecatalog.UpdateProvisionedProductOutput, error)
	TerminateProvisionedProduct(context.Context, *servicecatalog.TerminateProvisionedProductInput, ...func(*servicecatalog.Options)) (*servicecatalog.TerminateProvisionedProductOutput, error)
	DescribeRecord(context.Context, *servicecatalog.DescribeRecordInput, ...func(*servicecatalog.Options)) (*servicecatalog.DescribeRecordOutput, error)
	ListRecordHistory(context.Context, *servicecatalog.ListRecordHistoryInput, ...func(*servicecatalog.Options)) (*servicecatalog.ListRecordHistoryOutput, error)
	SearchProvisionedProducts(context.Context, *servicecatalog.SearchProvisionedProductsInput, ...func(*servicecatalog.Options)) (*servicecatalog.SearchProvisionedProductsOutput, error)
}

// Organizations reads accounts and organizational units, and closes accounts. *organizations.Client is one.
type Organizations interface {
	ListAccounts(context.Context, *organizations.ListAccountsInput, ...func(*organizations.Options)) (*organizations.ListAccountsOutput, error)
	DescribeAccount(context.Context, *organizations.DescribeAccountInput, ...func(*organizations.Options)) (*organizations.DescribeAccountOutput, error)
	ListRoots(context.Context, *organizations.ListRootsInput, ...func(*organizations.Options)) (*organizations.ListRootsOutput, error)
	ListOrganizationalUnitsForParent(context.Context, *organizations.ListOrganizationalUnitsForParentInput, ...func(*organizations.Options)) (*organizations.ListOrganizationalUnitsForParentOutput, error)
	CloseAccount(context.Context, *organizations.CloseAccountInput, ...func(*organizations.Options)) (*organizations.CloseAccountOutput, error)
	ListParents(context.Context, *organizations.ListParentsInput, ...func(*organizations.Options)) (*organizations.ListParentsOutput, error)
	AccountTags
	TrustedAccess
}

// ControlTower tells which OUs are registered and what is under change. *controltower.Client is one.
type ControlTower interface {
	ListBaselines(context.Context, *controltower.ListBaselinesInput, ...func(*controltower.Options)) (*controltower.ListBaselinesOutput, error)
	ListLandingZones(context.Context, *controltower.ListLandingZonesInput, ...func(*controltower.Options)) (*controltower.ListLandingZonesOutput, error)
	GetLandingZone(context.Context, *controltower.GetLandingZoneInput, ...func(*controltower.Options)) (*controltower.GetLandingZoneOutput, error)
	ListEnabledBaselines(context.Context, *controltower.ListEnabledBaselinesInput, ...func(*controltower.Options)) (*controltower.ListEnabledBaselinesOutput, error)
}

// IdentityStore finds SSO users and groups. *identitystore.Client is one.
type IdentityStore interface {
	GetUserId(context.Context, *identitystore.GetUserIdInput, ...func(*identitystore.Options)) (*identitystore.GetUserIdOutput, error) //nolint:revive // AWS's name
	DescribeUser(context.Context, *identitystore.DescribeUserInput, ...func(*identitystore.Options)) (*identitystore.DescribeUserOutput, error)
	GetGroupId(context.Context, *identitystore.GetGroupIdInput, ...func(*identitystore.Options)) (*identitystore.GetGroupIdOutput, error) //nolint:revive // AWS's name
}

// SSOAdmin tells who has which permission set where, and changes it. *ssoadmin.Client is one.
type SSOAdmin interface {
	ListInstances(context.Context, *ssoadmin.ListInstancesInput, ...func(*ssoadmin.Options)) (*ssoadmin.ListInstancesOutput, error)
	ListPermissionSets(context.Context, *ssoadmin.ListPermissionSetsInput, ...func(*ssoadmin.Options)) (*ssoadmin.ListPermissionSetsOutput, error)
	DescribePermissionSet(context.Context, *ssoadmin.DescribePermissionSetInput, ...func(*ssoadmin.Options)) (*ssoadmin.DescribePermissionSetOutput, error)
	CreateAccountAssignment(context.Context, *ssoadmin.CreateAccountAssignmentInput, ...func(*ssoadmin.Options)) (*ssoadmin.CreateAccountAssignmentOutput, error)
	DeleteAccountAssignment(context.Context, *ssoadmin.DeleteAccountAssignmentInput, ...func(*ssoadmin.Options)) (*ssoadmin.DeleteAccountAssignmentOutput, error)
	DescribeAccountAssignmentCreationStatus(context.Context, *ssoadmin.DescribeAccountAssignmentCreationStatusInput, ...func(*ssoadmin.Options)) (*ssoadmin.DescribeAccountAssignmentCreationStatusOutput, error)
	DescribeAccountAssignmentDeletionStatus(context.Context, *ssoadmin.DescribeAccountAssignmentDeletionStatusInput, ...func(*ssoadmin.Options)) (*ssoadmin.DescribeAccountAssignmentDeletionStatusOutput, error)
	ListAccountAssignments(context.Context, *ssoadmin.ListAccountAssignmentsInput, ...func(*ssoadmin.Options)) (*ssoadmin.ListAccountAssignmentsOutput, error)
}

// AWS is the cloud as one set of credentials sees it.
type AWS struct {
	Catalog       Catalog
	Products      Products
	Organizations Organizations
	ControlTower  ControlTower
	IdentityStore IdentityStore
	SSO           SSOAdmin
	Account       AccountManagement
	Own           Own
	Quotas        Quotas // nil where there are none to ask
	CenterLooked  string // where an Identity Center would have been found, for people
}

// Sessions gives the cloud as the factory's own role sees it, in a requester's name.
type Sessions interface {
	// For gives clients whose session carries the requester as its source identity.
	For(ctx context.Context, requester string) (AWS, error)
	// Forget drops the requester's session; the next For makes a new one. Called when AWS no longer takes it.
	Forget(requester string)
}

// CloudSessions makes Sessions of the cloud's.
type CloudSessions struct{ Cloud *cloud.Sessions }

// For gives SDK clients under the factory's own role.
func (s CloudSessions) For(ctx context.Context, requester string) (AWS, error) {
	c, err := s.Cloud.For(ctx, requester)
	if err != nil {
		return AWS{}, err
	}
	return AWS{
		Catalog: c.ServiceCatalog, Products: c.ServiceCatalog, Organizations: c.Organizations,
		ControlTower: c.ControlTower, IdentityStore: c.IdentityStore, SSO: c.SSOAdmin, Account: c.Account, Quotas: c.Quotas, CenterLooked: s.Cloud.CenterLooked(),
		Own: Own{
			Creations: c.Organizations, Members: c.Organizations, Directory: c.IdentityStore, PermissionSets: c.SSOAdmin, LandingZones: c.ControlTower,
			Inside: func(ctx context.Context, accountID, role string) (Roles, error) {
				inside, err := s.Cloud.Inside(ctx, requester, accountID, role)
				if err != nil {
					return nil, err
				}
				return inside.IAM, nil
			},
		},
	}, nil
}

// Forget drops a session.
func (s CloudSessions) Forget(requester string) { s.Cloud.Forget(requester) }
