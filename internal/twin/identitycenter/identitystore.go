package identitycenter

import (
	"context"
	"net/netip"
	"regexp"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	store "github.com/aws/aws-sdk-go-v2/service/identitystore/types"

	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

// Network says from where the API of the identity store may be called. Nothing here comes through a VPC, so with either of
// the first two only the addresses allowed are let in.
type Network struct {
	VPCERequired bool     `json:",omitempty"`
	VPCs         []string `json:",omitempty"`
	AllowIPs     []string `json:",omitempty"` // addresses or CIDR ranges
	SCIMIPs      []string `json:",omitempty"` // kept and shown; there is no SCIM here
}

// admits tells whether a call from this address may come in.
func (n *Network) admits(sourceIP string) bool {
	if n == nil || !n.VPCERequired && len(n.VPCs) == 0 {
		return true
	}
	from, err := netip.ParseAddr(sourceIP)
	return err == nil && slices.ContainsFunc(n.AllowIPs, func(cidr string) bool {
		prefix, err := cidrOf(cidr)
		return err == nil && prefix.Contains(from.Unmap())
	})
}

// cidrOf reads a CIDR range, or an address that stands for itself.
func cidrOf(s string) (netip.Prefix, error) {
	if a, err := netip.ParseAddr(s); err == nil && a.Zone() == "" {
		return netip.PrefixFrom(a, a.BitLen()), nil
	}
	return netip.ParsePrefix(s)
}

// DescribeIdentityStore shows the identity store, from anywhere: see UpdateIdentityStore.
func (s *Service) DescribeIdentityStore(ctx context.Context, in *identitystore.DescribeIdentityStoreInput, _ ...func(*identitystore.Options)) (out *identitystore.DescribeIdentityStoreOutput, err error) {
	err = s.state.View(func(tx *state.Tx) error {
		i, err := s.storeFrom(ctx, tx, deref(in.IdentityStoreId))
		if err != nil {
			return err
		}
		out = &identitystore.DescribeIdentityStoreOutput{
			IdentityStoreArn: new(i.StoreARN()), IdentityStoreId: &i.StoreID, NetworkConfiguration: i.Network.details(),
		}
		return nil
	})
	return out, withRequestID(ctx, err)
}

func (n *Network) details() *store.NetworkConfigurationDetails {
	if n == nil {
		return nil
	}
	return &store.NetworkConfigurationDetails{
		VpceAccessRequired: new(n.VPCERequired), ApiAllowSourceIps: slices.Clone(n.AllowIPs), ApiRestrictSourceVpcs: slices.Clone(n.VPCs),
		ScimAllowSourceIps: slices.Clone(n.SCIMIPs),
	}
}

// ListIdentityStores shows the organization's identity store to its owner in the home Region; others have none.
func (s *Service) ListIdentityStores(ctx context.Context, in *identitystore.ListIdentityStoresInput, _ ...func(*identitystore.Options)) (*identitystore.ListIdentityStoresOutput, error) {
	from, err := afterInStore("ListIdentityStores", in.NextToken)
	if err != nil {
		return nil, withRequestID(ctx, err)
	}
	out := &identitystore.ListIdentityStoresOutput{IdentityStores: []store.IdentityStore{}}
	_ = s.state.View(func(tx *state.Tx) error { // View passes on what the function returns
		r, i := wire.RequestFrom(ctx), s.Instance(tx)
		if i != nil && s.atHome(r) && r.Caller.AccountID == i.OwnerAccountID && i.StoreID > from {
			out.IdentityStores = append(out.IdentityStores, store.IdentityStore{IdentityStoreArn: new(i.StoreARN()), IdentityStoreId: &i.StoreID})
		}
		return nil
	})
	return out, nil
}

// UpdateIdentityStore replaces the network configuration as a whole. It and DescribeIdentityStore can be called from
// anywhere, or nobody could undo it where no call comes through a VPC.
func (s *Service) UpdateIdentityStore(ctx context.Context, in *identitystore.UpdateIdentityStoreInput, _ ...func(*identitystore.Options)) (out *identitystore.UpdateIdentityStoreOutput, err error) {
	err = s.state.Update(ctx, func(tx *state.Tx) error {
		i, err := s.storeFrom(ctx, tx, deref(in.IdentityStoreId))
		if err != nil {
			return err
		}
		out = &identitystore.UpdateIdentityStoreOutput{IdentityStoreArn: new(i.StoreARN()), IdentityStoreId: &i.StoreID}
		c := in.NetworkConfiguration
		if c == nil {
			return nil
		}
		n := &Network{
			VPCERequired: *c.VpceAccessRequired, VPCs: slices.Clone(c.ApiRestrictSourceVpcs), AllowIPs: slices.Clone(c.ApiAllowSourceIps),
			SCIMIPs: slices.Clone(c.ScimAllowSourceIps),
		}
		if err := n.check(); err != nil {
			return err
		}
		s.instances.Change(tx, i.ID, func(i *Instance) { i.Network = n })
		return nil
	})
	return out, withRequestID(ctx, err)
}

var vpcID = regexp.MustCompile(`^vpc-([0-9a-f]{8}|[0-9a-f]{17})$`)

func (n *Network) check() error {
	for _, cidr := range slices.Concat(n.AllowIPs, n.SCIMIPs) {
		if _, err := cidrOf(cidr); err != nil {
			return badValue("%s is not an IP address or CIDR range.", cidr)
		}
	}
	for _, id := range n.VPCs {
		if !vpcID.MatchString(id) {
			return badValue("%s is not the ID of a VPC.", id)
		}
	}
	return nil
}
