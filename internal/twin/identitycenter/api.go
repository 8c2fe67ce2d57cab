package identitycenter

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	sso "github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	"accountfactory/internal/wire"
)

// API gives the operation tables of ssoadmin, identitystore, sso and ssooidc.
func (s *Service) API() []*wire.Service {
	return []*wire.Service{s.adminAPI(), s.storeAPI(), s.portalAPI(), s.oidcAPI()}
}

// adminAPI is ssoadmin. Not served: applications, trusted token issuers, access control attributes, account instances and
// further Regions, which have nothing to do with accounts.
func (s *Service) adminAPI() *wire.Service {
	svc := wire.New("ssoadmin")
	s.instanceAPI(svc)
	s.permissionSetAPI(svc)
	s.policyAPI(svc)
	s.assignmentAPI(svc)
	s.provisionAPI(svc)
	return svc
}

// instanceAPI is the instance itself, and tags.
func (s *Service) instanceAPI(svc *wire.Service) {
	wire.On(svc, "ListInstances", s.ListInstances, func(context.Context, *ssoadmin.ListInstancesInput) ([]wire.Check, error) {
		return []wire.Check{{Action: "sso:ListInstances", Resource: "*"}}, nil
	})
	wire.On(svc, "DescribeInstance", s.DescribeInstance, on(s, "sso:DescribeInstance", func(in *ssoadmin.DescribeInstanceInput) []string {
		return arns(in.InstanceArn)
	}))
	wire.On(svc, "UpdateInstance", s.UpdateInstance, on(s, "sso:UpdateInstance", func(in *ssoadmin.UpdateInstanceInput) []string {
		return arns(in.InstanceArn)
	}))
	wire.On(svc, "ListTagsForResource", s.ListTagsForResource, on(s, "sso:ListTagsForResource", func(in *ssoadmin.ListTagsForResourceInput) []string {
		return arns(in.ResourceArn)
	}))
	wire.On(svc, "TagResource", s.TagResource, tagging(s, "sso:TagResource",
		func(in *ssoadmin.TagResourceInput) []string { return arns(in.ResourceArn) },
		func(in *ssoadmin.TagResourceInput) ([]sso.Tag, []string) { return in.Tags, nil }))
	wire.On(svc, "UntagResource", s.UntagResource, tagging(s, "sso:UntagResource",
		func(in *ssoadmin.UntagResourceInput) []string { return arns(in.ResourceArn) },
		func(in *ssoadmin.UntagResourceInput) ([]sso.Tag, []string) {
			return nil, append([]string(nil), in.TagKeys...)
		}))
}

// permissionSetAPI is permission sets without their policies.
func (s *Service) permissionSetAPI(svc *wire.Service) {
	wire.On(svc, "CreatePermissionSet", s.CreatePermissionSet, tagging(s, "sso:CreatePermissionSet",
		func(in *ssoadmin.CreatePermissionSetInput) []string {
			return arns(in.InstanceArn, anySet(in.InstanceArn))
		},
		func(in *ssoadmin.CreatePermissionSetInput) ([]sso.Tag, []string) { return in.Tags, nil }))
	wire.On(svc, "DescribePermissionSet", s.DescribePermissionSet, on(s, "sso:DescribePermissionSet", func(in *ssoadmin.DescribePermissionSetInput) []string {
		return arns(in.InstanceArn, in.PermissionSetArn)
	}))
	wire.On(svc, "UpdatePermissionSet", s.UpdatePermissionSet, on(s, "sso:UpdatePermissionSet", func(in *ssoadmin.UpdatePermissionSetInput) []string {
		return arns(in.InstanceArn, in.PermissionSetArn)
	}))
	wire.On(svc, "DeletePermissionSet", s.DeletePermissionSet, on(s, "sso:DeletePermissionSet", func(in *ssoadmin.DeletePermissionSetInput) []string {
		return arns(in.InstanceArn, in.PermissionSetArn)
	}))
	wire.On(svc, "ListPermissionSets", s.ListPermissionSets, on(s, "sso:ListPermissionSets", func(in *ssoadmin.ListPermissionSetsInput) []string {
		return arns(in.InstanceArn)
	}))
}

// policyAPI is what permission sets allow.
func (s *Service) policyAPI(svc *wire.Service) {
	wire.On(svc, "AttachManagedPolicyToPermissionSet", s.AttachManagedPolicyToPermissionSet, on(s, "sso:AttachManagedPolicyToPermissionSet", func(in *ssoadmin.AttachManagedPolicyToPermissionSetInput) []string {
		return arns(in.InstanceArn, in.PermissionSetArn)
	}))
	wire.On(svc, "DetachManagedPolicyFromPermissionSet", s.DetachManagedPolicyFromPermissionSet, on(s, "sso:DetachManagedPolicyFromPermissionSet", func(in *ssoadmin.DetachManagedPolicyFromPermissionSetInput) []string {
		return arns(in.InstanceArn, in.PermissionSetArn)
	}))
	wire.On(svc, "ListManagedPoliciesInPermissionSet", s.ListManagedPoliciesInPermissionSet, on(s, "sso:ListManagedPoliciesInPermissionSet", func(in *ssoadmin.ListManagedPoliciesInPermissionSetInput) []string {
		return arns(in.InstanceArn, in.PermissionSetArn)
	}))
	wire.On(svc, "AttachCustomerManagedPolicyReferenceToPermissionSet", s.AttachCustomerManagedPolicyReferenceToPermissionSet, on(s, "sso:AttachCustomerManagedPolicyReferenceToPermissionSet", func(in *ssoadmin.AttachCustomerManagedPolicyReferenceToPermissionSetInput) []string {
		return arns(in.InstanceArn, in.PermissionSetArn)
	}))
	wire.On(svc, "DetachCustomerManagedPolicyReferenceFromPermissionSet", s.DetachCustomerManagedPolicyReferenceFromPermissionSet, on(s, "sso:DetachCustomerManagedPolicyReferenceFromPermissionSet", func(in *ssoadmin.DetachCustomerManagedPolicyReferenceFromPermissionSetInput) []string {
		return arns(in.InstanceArn, in.PermissionSetArn)
	}))
	wire.On(svc, "ListCustomerManagedPolicyReferencesInPermissionSet", s.ListCustomerManagedPolicyReferencesInPermissionSet, on(s, "sso:ListCustomerManagedPolicyReferencesInPermissionSet", func(in *ssoadmin.ListCustomerManagedPolicyReferencesInPermissionSetInput) []string {
		return arns(in.InstanceArn, in.PermissionSetArn)
	}))
	wire.On(svc, "PutInlinePolicyToPermissionSet", s.PutInlinePolicyToPermissionSet, on(s, "sso:PutInlinePolicyToPermissionSet", func(in *ssoadmin.PutInlinePolicyToPermissionSetInput) []string {
		return arns(in.InstanceArn, in.PermissionSetArn)
	}))
	wire.On(svc, "GetInlinePolicyForPermissionSet", s.GetInlinePolicyForPermissionSet, on(s, "sso:GetInlinePolicyForPermissionSet", func(in *ssoadmin.GetInlinePolicyForPermissionSetInput) []string {
		return arns(in.InstanceArn, in.PermissionSetArn)
	}))
	wire.On(svc, "DeleteInlinePolicyFromPermissionSet", s.DeleteInlinePolicyFromPermissionSet, on(s, "sso:DeleteInlinePolicyFromPermissionSet", func(in *ssoadmin.DeleteInlinePolicyFromPermissionSetInput) []string {
		return arns(in.InstanceArn, in.PermissionSetArn)
	}))
	wire.On(svc, "PutPermissionsBoundaryToPermissionSet", s.PutPermissionsBoundaryToPermissionSet, on(s, "sso:PutPermissionsBoundaryToPermissionSet", func(in *ssoadmin.PutPermissionsBoundaryToPermissionSetInput) []string {
		return arns(in.InstanceArn, in.PermissionSetArn)
	}))
	wire.On(svc, "GetPermissionsBoundaryForPermissionSet", s.GetPermissionsBoundaryForPermissionSet, on(s, "sso:GetPermissionsBoundaryForPermissionSet", func(in *ssoadmin.GetPermissionsBoundaryForPermissionSetInput) []string {
		return arns(in.InstanceArn, in.PermissionSetArn)
	}))
	wire.On(svc, "DeletePermissionsBoundaryFromPermissionSet", s.DeletePermissionsBoundaryFromPermissionSet, on(s, "sso:DeletePermissionsBoundaryFromPermissionSet", func(in *ssoadmin.DeletePermissionsBoundaryFromPermissionSetInput) []string {
		return arns(in.InstanceArn, in.PermissionSetArn)
	}))
}

// assignmentAPI is who may enter which account.
func (s *Service) assignmentAPI(svc *wire.Service) {
	wire.On(svc, "CreateAccountAssignment", s.CreateAccountAssignment, on(s, "sso:CreateAccountAssignment", func(in *ssoadmin.CreateAccountAssignmentInput) []string {
		return arns(accountARN(in.TargetId), in.InstanceArn, in.PermissionSetArn)
	}))
	wire.On(svc, "DeleteAccountAssignment", s.DeleteAccountAssignment, on(s, "sso:DeleteAccountAssignment", func(in *ssoadmin.DeleteAccountAssignmentInput) []string {
		return arns(accountARN(in.TargetId), in.InstanceArn, in.PermissionSetArn)
	}))
	wire.On(svc, "ListAccountAssignments", s.ListAccountAssignments, on(s, "sso:ListAccountAssignments", func(in *ssoadmin.ListAccountAssignmentsInput) []string {
		return arns(accountARN(in.AccountId), in.InstanceArn, in.PermissionSetArn)
	}))
	wire.On(svc, "ListAccountAssignmentsForPrincipal", s.ListAccountAssignmentsForPrincipal, on(s, "sso:ListAccountAssignmentsForPrincipal", func(in *ssoadmin.ListAccountAssignmentsForPrincipalInput) []string {
		return arns(in.InstanceArn)
	}))
	wire.On(svc, "DescribeAccountAssignmentCreationStatus", s.DescribeAccountAssignmentCreationStatus, on(s, "sso:DescribeAccountAssignmentCreationStatus", func(in *ssoadmin.DescribeAccountAssignmentCreationStatusInput) []string {
		return arns(in.InstanceArn)
	}))
	wire.On(svc, "DescribeAccountAssignmentDeletionStatus", s.DescribeAccountAssignmentDeletionStatus, on(s, "sso:DescribeAccountAssignmentDeletionStatus", func(in *ssoadmin.DescribeAccountAssignmentDeletionStatusInput) []string {
		return arns(in.InstanceArn)
	}))
	wire.On(svc, "ListAccountAssignmentCreationStatus", s.ListAccountAssignmentCreationStatus, on(s, "sso:ListAccountAssignmentCreationStatus", func(in *ssoadmin.ListAccountAssignmentCreationStatusInput) []string {
		return arns(in.InstanceArn)
	}))
	wire.On(svc, "ListAccountAssignmentDeletionStatus", s.ListAccountAssignmentDeletionStatus, on(s, "sso:ListAccountAssignmentDeletionStatus", func(in *ssoadmin.ListAccountAssignmentDeletionStatusInput) []string {
		return arns(in.InstanceArn)
	}))
}

// provisionAPI is the roles that permission sets have in accounts.
func (s *Service) provisionAPI(svc *wire.Service) {
	wire.On(svc, "ProvisionPermissionSet", s.ProvisionPermissionSet, on(s, "sso:ProvisionPermissionSet", func(in *ssoadmin.ProvisionPermissionSetInput) []string {
		return arns(accountARN(in.TargetId), in.InstanceArn, in.PermissionSetArn)
	}))
	wire.On(svc, "DescribePermissionSetProvisioningStatus", s.DescribePermissionSetProvisioningStatus, on(s, "sso:DescribePermissionSetProvisioningStatus", func(in *ssoadmin.DescribePermissionSetProvisioningStatusInput) []string {
		return arns(in.InstanceArn)
	}))
	wire.On(svc, "ListPermissionSetProvisioningStatus", s.ListPermissionSetProvisioningStatus, on(s, "sso:ListPermissionSetProvisioningStatus", func(in *ssoadmin.ListPermissionSetProvisioningStatusInput) []string {
		return arns(in.InstanceArn)
	}))
	wire.On(svc, "ListAccountsForProvisionedPermissionSet", s.ListAccountsForProvisionedPermissionSet, on(s, "sso:ListAccountsForProvisionedPermissionSet", func(in *ssoadmin.ListAccountsForProvisionedPermissionSetInput) []string {
		return arns(in.InstanceArn, in.PermissionSetArn)
	}))
	wire.On(svc, "ListPermissionSetsProvisionedToAccount", s.ListPermissionSetsProvisionedToAccount, on(s, "sso:ListPermissionSetsProvisionedToAccount", func(in *ssoadmin.ListPermissionSetsProvisionedToAccountInput) []string {
		return arns(accountARN(in.AccountId), in.InstanceArn)
	}))
}
