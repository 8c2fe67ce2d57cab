package identitycenter

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	sso "github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	"accountfactory/internal/arn"
	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

// Instance is the organization's instance of Identity Center with its identity store. There is one, or none.
type Instance struct {
	ID             string // ssoins-…
	StoreID        string // d-…
	Name           string
	OwnerAccountID string
	Region         string
	Created        time.Time
	Tags           []Tag
	Network        *Network `json:",omitempty"` // of the identity store; nil before somebody set it
}

// ARN names the instance.
func (i *Instance) ARN() string { return arn.Make("sso", "", "", "instance/"+i.ID) }

// StoreARN names its identity store.
func (i *Instance) StoreARN() string {
	return arn.Make("identitystore", "", i.OwnerAccountID, "identitystore/"+i.StoreID)
}

// Found makes the instance at first start; when there is one already it gives that.
func (s *Service) Found(tx *state.Tx) *Instance {
	if in := s.Instance(tx); in != nil {
		return in
	}
	in := &Instance{
		ID: "ssoins-" + arn.ID(tx, arn.Hex, 16), StoreID: "d-" + arn.ID(tx, arn.Hex, 10),
		OwnerAccountID: s.cfg.ManagementAccountID, Region: s.cfg.Region, Created: tx.Now(),
	}
	s.instances.Put(tx, in)
	return in
}

// Instance gives the instance, or nil before Found.
func (s *Service) Instance(tx *state.Tx) *Instance {
	for in := range s.instances.All(tx) {
		return in
	}
	return nil
}

// ListInstances shows the organization's instance in its home Region, to members too.
func (s *Service) ListInstances(ctx context.Context, in *ssoadmin.ListInstancesInput, _ ...func(*ssoadmin.Options)) (*ssoadmin.ListInstancesOutput, error) {
	from, err := after("ListInstances", in.NextToken)
	if err != nil {
		return nil, err
	}
	out := &ssoadmin.ListInstancesOutput{Instances: []sso.InstanceMetadata{}}
	err = s.state.View(func(tx *state.Tx) error {
		here := in.RegionScope == sso.RegionScopeAllRegions || s.atHome(wire.RequestFrom(ctx))
		if i := s.Instance(tx); i != nil && here && i.ID > from {
			out.Instances = append(out.Instances, i.metadata())
		}
		return nil
	})
	return out, err
}

func (i *Instance) metadata() sso.InstanceMetadata {
	return sso.InstanceMetadata{
		CreatedDate: &i.Created, IdentityStoreArn: new(i.StoreARN()), IdentityStoreId: &i.StoreID, InstanceArn: new(i.ARN()),
		Name: opt(i.Name), OwnerAccountId: &i.OwnerAccountID, PrimaryRegion: &i.Region, Regions: i.regions(), Status: sso.InstanceStatusActive,
	}
}

func (i *Instance) regions() []sso.RegionMetadata {
	return []sso.RegionMetadata{{AddedDate: &i.Created, IsPrimaryRegion: true, RegionName: &i.Region, Status: sso.RegionStatusActive}}
}

// DescribeInstance models no ResourceNotFoundException: an instance that is not there is one the caller may not see.
func (s *Service) DescribeInstance(ctx context.Context, in *ssoadmin.DescribeInstanceInput, _ ...func(*ssoadmin.Options)) (*ssoadmin.DescribeInstanceOutput, error) {
	out, err := read(ctx, s, in.InstanceArn, func(_ *state.Tx, i *Instance) (*ssoadmin.DescribeInstanceOutput, error) {
		return &ssoadmin.DescribeInstanceOutput{
			CreatedDate: &i.Created, IdentityStoreArn: new(i.StoreARN()), IdentityStoreId: &i.StoreID, InstanceArn: new(i.ARN()),
			Name: opt(i.Name), OwnerAccountId: &i.OwnerAccountID, PrimaryRegion: &i.Region, Regions: i.regions(),
			PermissionSetsEnabled: new(true), Status: sso.InstanceStatusActive,
			EncryptionConfigurationDetails: &sso.EncryptionConfigurationDetails{
				EncryptionStatus: sso.KmsKeyStatusEnabled, KeyType: sso.KmsKeyTypeAwsOwnedKmsKey,
			},
		}, nil
	})
	if err != nil {
		return nil, denied(wire.RequestFrom(ctx), "sso", *in.InstanceArn)
	}
	return out, nil
}

// UpdateInstance renames the instance. The twin has no KMS, so every customer managed key is one that does not exist.
func (s *Service) UpdateInstance(ctx context.Context, in *ssoadmin.UpdateInstanceInput, _ ...func(*ssoadmin.Options)) (*ssoadmin.UpdateInstanceOutput, error) {
	return write(ctx, s, in.InstanceArn, func(tx *state.Tx, i *Instance) (*ssoadmin.UpdateInstanceOutput, error) {
		if err := allowedUpdate(in); err != nil {
			return nil, err
		}
		if in.Name != nil {
			s.instances.Change(tx, i.ID, func(i *Instance) { i.Name = *in.Name })
		}
		return &ssoadmin.UpdateInstanceOutput{}, nil
	})
}

func allowedUpdate(in *ssoadmin.UpdateInstanceInput) error {
	enc := in.EncryptionConfiguration
	switch {
	case enc != nil && in.PermissionSetsEnabled != nil:
		return invalid("EncryptionConfiguration and PermissionSetsEnabled cannot be set in the same request.")
	case in.PermissionSetsEnabled != nil && !*in.PermissionSetsEnabled:
		return invalid("Permission sets cannot be disabled once they are enabled.")
	case enc == nil || enc.KeyType != sso.KmsKeyTypeCustomerManagedKey:
		return nil
	case deref(enc.KmsKeyArn) == "":
		return invalid("KmsKeyArn is required for a customer managed key.")
	}
	return &sso.ResourceNotFoundException{
		Message: text("Key '%s' does not exist", *enc.KmsKeyArn), Reason: sso.ResourceNotFoundExceptionReasonKmsNotFoundException,
	}
}
