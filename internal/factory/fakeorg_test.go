package factory_test

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/controltower"
	cttypes "github.com/aws/aws-sdk-go-v2/service/controltower/types"
	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	idtypes "github.com/aws/aws-sdk-go-v2/service/identitystore/types"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	orgtypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	ssotypes "github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"
)

func (f *fakeCloud) ListAccounts(ctx context.Context, _ *organizations.ListAccountsInput, _ ...func(*organizations.Options)) (*organizations.ListAccountsOutput, error) {
	return call(f, ctx, "ListAccounts", func() (*organizations.ListAccountsOutput, error) {
		return &organizations.ListAccountsOutput{Accounts: slices.Clone(f.accounts)}, nil
	})
}

func (f *fakeCloud) DescribeAccount(ctx context.Context, in *organizations.DescribeAccountInput, _ ...func(*organizations.Options)) (*organizations.DescribeAccountOutput, error) {
	return call(f, ctx, "DescribeAccount", func() (*organizations.DescribeAccountOutput, error) {
		for _, a := range f.accounts {
			if *a.Id == *in.AccountId {
				f.closeOn(*a.Id)
				shown := *f.account(*in.AccountId)
				shown.Email = aws.String(cmp.Or(f.staleEmail[*a.Id], *shown.Email))
				return &organizations.DescribeAccountOutput{Account: &shown}, nil
			}
		}
		return nil, apiError("AccountNotFoundException", "You specified an account that doesn't exist.")
	})
}

func (f *fakeCloud) ListRoots(ctx context.Context, _ *organizations.ListRootsInput, _ ...func(*organizations.Options)) (*organizations.ListRootsOutput, error) {
	return call(f, ctx, "ListRoots", func() (*organizations.ListRootsOutput, error) {
		return &organizations.ListRootsOutput{Roots: []orgtypes.Root{{Id: aws.String("r-ab12")}}}, nil
	})
}

func (f *fakeCloud) ListOrganizationalUnitsForParent(ctx context.Context, in *organizations.ListOrganizationalUnitsForParentInput, _ ...func(*organizations.Options)) (*organizations.ListOrganizationalUnitsForParentOutput, error) {
	return call(f, ctx, "ListOrganizationalUnitsForParent", func() (*organizations.ListOrganizationalUnitsForParentOutput, error) {
		out := &organizations.ListOrganizationalUnitsForParentOutput{}
		for _, o := range f.ous {
			if o.parent == *in.ParentId {
				out.OrganizationalUnits = append(out.OrganizationalUnits, orgtypes.OrganizationalUnit{Id: aws.String(o.id), Name: aws.String(o.name), Arn: aws.String(ouARN(o.id))})
			}
		}
		return out, nil
	})
}

func (f *fakeCloud) ListParents(ctx context.Context, in *organizations.ListParentsInput, _ ...func(*organizations.Options)) (*organizations.ListParentsOutput, error) {
	return call(f, ctx, "ListParents", func() (*organizations.ListParentsOutput, error) {
		return &organizations.ListParentsOutput{Parents: []orgtypes.Parent{{Id: aws.String(f.parent[*in.ChildId])}}}, nil
	})
}

func (f *fakeCloud) ListBaselines(ctx context.Context, _ *controltower.ListBaselinesInput, _ ...func(*controltower.Options)) (*controltower.ListBaselinesOutput, error) {
	return call(f, ctx, "ListBaselines", func() (*controltower.ListBaselinesOutput, error) {
		return &controltower.ListBaselinesOutput{Baselines: []cttypes.BaselineSummary{{Arn: aws.String(baseline), Name: aws.String("AWSControlTowerBaseline")}}}, nil
	})
}

func (f *fakeCloud) ListLandingZones(ctx context.Context, _ *controltower.ListLandingZonesInput, _ ...func(*controltower.Options)) (*controltower.ListLandingZonesOutput, error) {
	return call(f, ctx, "ListLandingZones", func() (*controltower.ListLandingZonesOutput, error) {
		return &controltower.ListLandingZonesOutput{LandingZones: []cttypes.LandingZoneSummary{{Arn: aws.String("arn:aws:controltower:eu-west-1:" + management + ":landingzone/1")}}}, nil
	})
}

func (f *fakeCloud) GetLandingZone(ctx context.Context, in *controltower.GetLandingZoneInput, _ ...func(*controltower.Options)) (*controltower.GetLandingZoneOutput, error) {
	return call(f, ctx, "GetLandingZone", func() (*controltower.GetLandingZoneOutput, error) {
		z := &cttypes.LandingZoneDetail{Arn: in.LandingZoneIdentifier, Version: aws.String("3.3"), Status: cttypes.LandingZoneStatusActive}
		if f.zoneStatus != "" {
			z.Status = f.zoneStatus
		}
		if f.zoneDrift {
			z.DriftStatus = &cttypes.LandingZoneDriftStatusSummary{Status: cttypes.LandingZoneDriftStatusDrifted}
		}
		return &controltower.GetLandingZoneOutput{LandingZone: z}, nil
	})
}

func (f *fakeCloud) DescribeUser(ctx context.Context, in *identitystore.DescribeUserInput, _ ...func(*identitystore.Options)) (*identitystore.DescribeUserOutput, error) {
	return call(f, ctx, "DescribeUser", func() (*identitystore.DescribeUserOutput, error) {
		status := idtypes.UserStatusEnabled
		if f.disabled[*in.UserId] {
			status = idtypes.UserStatusDisabled
		}
		return &identitystore.DescribeUserOutput{UserId: in.UserId, UserStatus: status}, nil
	})
}

func (f *fakeCloud) ListEnabledBaselines(ctx context.Context, in *controltower.ListEnabledBaselinesInput, _ ...func(*controltower.Options)) (*controltower.ListEnabledBaselinesOutput, error) {
	return call(f, ctx, "ListEnabledBaselines", func() (*controltower.ListEnabledBaselinesOutput, error) {
		out := &controltower.ListEnabledBaselinesOutput{}
		add := func(target string) {
			b := cttypes.EnabledBaselineSummary{TargetIdentifier: aws.String(target), BaselineIdentifier: aws.String(baseline)}
			if f.drifted[target] {
				b.DriftStatusSummary = &cttypes.EnabledBaselineDriftStatusSummary{Types: &cttypes.EnabledBaselineDriftTypes{
					Inheritance: &cttypes.EnabledBaselineInheritanceDrift{Status: cttypes.EnabledBaselineDriftStatusDrifted},
				}}
			}
			out.EnabledBaselines = append(out.EnabledBaselines, b)
		}
		if slices.Contains(in.Filter.Statuses, cttypes.EnablementStatusUnderChange) {
			for _, target := range f.changing {
				add(target)
			}
			return out, nil
		}
		for _, target := range in.Filter.TargetIdentifiers {
			if f.enrolled[target[strings.LastIndex(target, "/")+1:]] {
				add(target)
			}
		}
		for _, o := range f.ous {
			if o.registered && in.Filter.TargetIdentifiers == nil {
				add(ouARN(o.id))
			}
		}
		return out, nil
	})
}

func (f *fakeCloud) GetUserId(ctx context.Context, in *identitystore.GetUserIdInput, _ ...func(*identitystore.Options)) (*identitystore.GetUserIdOutput, error) {
	return call(f, ctx, "GetUserId", func() (*identitystore.GetUserIdOutput, error) {
		raw, err := in.AlternateIdentifier.(*idtypes.AlternateIdentifierMemberUniqueAttribute).Value.AttributeValue.MarshalSmithyDocument()
		if err != nil {
			return nil, err
		}
		var email string
		if err := json.Unmarshal(raw, &email); err != nil {
			return nil, err
		}
		if id := f.users[email]; id != "" {
			return &identitystore.GetUserIdOutput{UserId: &id}, nil
		}
		return nil, &idtypes.ResourceNotFoundException{Message: aws.String("USER not found.")}
	})
}

func (f *fakeCloud) ListInstances(ctx context.Context, _ *ssoadmin.ListInstancesInput, _ ...func(*ssoadmin.Options)) (*ssoadmin.ListInstancesOutput, error) {
	return call(f, ctx, "ListInstances", func() (*ssoadmin.ListInstancesOutput, error) {
		return &ssoadmin.ListInstancesOutput{Instances: []ssotypes.InstanceMetadata{
			{InstanceArn: aws.String("arn:aws:sso:::instance/ssoins-1"), IdentityStoreId: aws.String("d-1234567890"), Status: ssotypes.InstanceStatusActive},
		}}, nil
	})
}

func (f *fakeCloud) ListPermissionSets(ctx context.Context, _ *ssoadmin.ListPermissionSetsInput, _ ...func(*ssoadmin.Options)) (*ssoadmin.ListPermissionSetsOutput, error) {
	return call(f, ctx, "ListPermissionSets", func() (*ssoadmin.ListPermissionSetsOutput, error) {
		return &ssoadmin.ListPermissionSetsOutput{PermissionSets: []string{"arn:aws:sso:::permissionSet/ssoins-1/ps-read", adminARN}}, nil
	})
}

func (f *fakeCloud) DescribePermissionSet(ctx context.Context, in *ssoadmin.DescribePermissionSetInput, _ ...func(*ssoadmin.Options)) (*ssoadmin.DescribePermissionSetOutput, error) {
	return call(f, ctx, "DescribePermissionSet", func() (*ssoadmin.DescribePermissionSetOutput, error) {
		name := "AWSReadOnlyAccess"
		if *in.PermissionSetArn == adminARN && !f.noAdmins {
			name = "AWSAdministratorAccess"
		}
		return &ssoadmin.DescribePermissionSetOutput{PermissionSet: &ssotypes.PermissionSet{Name: &name, PermissionSetArn: in.PermissionSetArn}}, nil
	})
}

func (f *fakeCloud) ListAccountAssignments(ctx context.Context, in *ssoadmin.ListAccountAssignmentsInput, _ ...func(*ssoadmin.Options)) (*ssoadmin.ListAccountAssignmentsOutput, error) {
	return call(f, ctx, "ListAccountAssignments", func() (*ssoadmin.ListAccountAssignmentsOutput, error) {
		out := &ssoadmin.ListAccountAssignmentsOutput{}
		if f.noUser > 0 {
			f.noUser--
			return out, nil
		}
		for _, key := range slices.Sorted(maps.Keys(f.granted)) {
			account, rest, _ := strings.Cut(key, " ")
			set, principal, _ := strings.Cut(rest, " ")
			if account != *in.AccountId || set != *in.PermissionSetArn {
				continue
			}
			as := ssotypes.AccountAssignment{AccountId: in.AccountId, PermissionSetArn: in.PermissionSetArn, PrincipalId: &principal, PrincipalType: ssotypes.PrincipalTypeUser}
			if strings.HasPrefix(principal, "group-") {
				as.PrincipalType = ssotypes.PrincipalTypeGroup
			}
			out.AccountAssignments = append(out.AccountAssignments, as)
		}
		return out, nil
	})
}
