package identitycenter_test

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	store "github.com/aws/aws-sdk-go-v2/service/identitystore/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"accountfactory/internal/wire"
)

// at gives the context of an administrator's call from an address.
func at(t *testing.T, address string) context.Context {
	t.Helper()
	r := *wire.RequestFrom(admin(t))
	r.SourceIP = address
	return wire.WithRequest(t.Context(), &r)
}

func TestListIdentityStores(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, tc := range []struct {
		name, account, region string
		want                  int
	}{{"at home", management, home, 1}, {"elsewhere", management, "us-east-1", 0}, {"by a member", member, home, 0}} {
		out, err := b.ListIdentityStores(as(t, tc.account, tc.region), &identitystore.ListIdentityStoresInput{})
		must(t, err)
		if len(out.IdentityStores) != tc.want || out.IdentityStores == nil || out.NextToken != nil {
			t.Fatalf("%s: %+v", tc.name, out)
		}
		if tc.want == 1 && (*out.IdentityStores[0].IdentityStoreId != *b.store || *out.IdentityStores[0].IdentityStoreArn != "arn:aws:identitystore::"+management+":identitystore/"+*b.store) {
			t.Errorf("%s: %+v", tc.name, out.IdentityStores[0])
		}
	}
	_, err := b.ListIdentityStores(admin(t), &identitystore.ListIdentityStoresInput{NextToken: new("bad")})
	wantError(t, err, "ValidationException", "The pagination token is not valid.")
}

func TestIdentityStore(t *testing.T) {
	t.Parallel()
	b := setup(t)
	describe := func() *store.NetworkConfigurationDetails {
		t.Helper()
		out, err := b.DescribeIdentityStore(admin(t), &identitystore.DescribeIdentityStoreInput{IdentityStoreId: new("arn:aws:identitystore::" + management + ":identitystore/" + *b.store)})
		must(t, err)
		if *out.IdentityStoreId != *b.store {
			t.Errorf("described %s", *out.IdentityStoreId)
		}
		return out.NetworkConfiguration
	}
	if got := describe(); got != nil {
		t.Errorf("before anybody set it: %+v", got)
	}
	full := &store.NetworkConfiguration{
		VpceAccessRequired: new(true), ApiAllowSourceIps: []string{"192.0.2.0/24", "2001:db8::1"}, ApiRestrictSourceVpcs: []string{"vpc-0123456789abcdef0"},
		ScimAllowSourceIps: []string{"0.0.0.0/0"},
	}
	for _, tc := range []struct {
		set  *store.NetworkConfiguration
		want *store.NetworkConfigurationDetails
	}{
		{full, &store.NetworkConfigurationDetails{
			VpceAccessRequired: new(true), ApiAllowSourceIps: full.ApiAllowSourceIps, ApiRestrictSourceVpcs: full.ApiRestrictSourceVpcs, ScimAllowSourceIps: full.ScimAllowSourceIps,
		}},
		{nil, &store.NetworkConfigurationDetails{
			VpceAccessRequired: new(true), ApiAllowSourceIps: full.ApiAllowSourceIps, ApiRestrictSourceVpcs: full.ApiRestrictSourceVpcs, ScimAllowSourceIps: full.ScimAllowSourceIps,
		}},
		{&store.NetworkConfiguration{VpceAccessRequired: new(false)}, &store.NetworkConfigurationDetails{VpceAccessRequired: new(false)}}, // what is left out is cleared
	} {
		out, err := b.UpdateIdentityStore(admin(t), &identitystore.UpdateIdentityStoreInput{IdentityStoreId: b.store, NetworkConfiguration: tc.set})
		must(t, err)
		if *out.IdentityStoreId != *b.store {
			t.Errorf("updated %s", *out.IdentityStoreId)
		}
		if diff := cmp.Diff(tc.want, describe(), cmpopts.IgnoreUnexported(store.NetworkConfigurationDetails{})); diff != "" {
			t.Errorf("after %+v (-want +got):\n%s", tc.set, diff)
		}
	}
	for _, wrong := range []*store.NetworkConfiguration{
		{VpceAccessRequired: new(true), ApiAllowSourceIps: []string{"192.0.2.0/33"}},
		{VpceAccessRequired: new(true), ScimAllowSourceIps: []string{"example.com"}},
		{VpceAccessRequired: new(true), ApiAllowSourceIps: []string{"fe80::1%eth0"}},
		{VpceAccessRequired: new(true), ApiRestrictSourceVpcs: []string{"subnet-01234567"}},
	} {
		_, err := b.UpdateIdentityStore(admin(t), &identitystore.UpdateIdentityStoreInput{IdentityStoreId: b.store, NetworkConfiguration: wrong})
		wantError(t, err, "ValidationException", "")
	}
	_, err := b.UpdateIdentityStore(admin(t), &identitystore.UpdateIdentityStoreInput{IdentityStoreId: new("d-0000000000")})
	wantError(t, err, "ResourceNotFoundException", "")
	_, err = b.DescribeIdentityStore(as(t, member, home), &identitystore.DescribeIdentityStoreInput{IdentityStoreId: b.store})
	wantError(t, err, "AccessDeniedException", "")
	_, err = b.DescribeIdentityStore(as(t, management, "us-east-1"), &identitystore.DescribeIdentityStoreInput{IdentityStoreId: b.store})
	wantError(t, err, "ResourceNotFoundException", "")
}

// The network configuration decides who may call the rest of the API.
func TestIdentityStore_Network(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, tc := range []struct {
		name    string
		network store.NetworkConfiguration
		from    string
		denied  bool
	}{
		{"open", store.NetworkConfiguration{VpceAccessRequired: new(false)}, "192.0.2.7", false},
		{"allowed addresses alone restrict nothing", store.NetworkConfiguration{VpceAccessRequired: new(false), ApiAllowSourceIps: []string{"10.0.0.0/8"}}, "192.0.2.7", false},
		{"endpoint required", store.NetworkConfiguration{VpceAccessRequired: new(true)}, "192.0.2.7", true},
		{"restricted to a VPC", store.NetworkConfiguration{VpceAccessRequired: new(false), ApiRestrictSourceVpcs: []string{"vpc-01234567"}}, "192.0.2.7", true},
		{"endpoint required, range allowed", store.NetworkConfiguration{VpceAccessRequired: new(true), ApiAllowSourceIps: []string{"192.0.2.0/24"}}, "192.0.2.7", false},
		{"endpoint required, address allowed", store.NetworkConfiguration{VpceAccessRequired: new(true), ApiAllowSourceIps: []string{"192.0.2.7"}}, "192.0.2.7", false},
		{"mapped address", store.NetworkConfiguration{VpceAccessRequired: new(true), ApiAllowSourceIps: []string{"192.0.2.7"}}, "::ffff:192.0.2.7", false},
		{"another range", store.NetworkConfiguration{VpceAccessRequired: new(true), ApiAllowSourceIps: []string{"192.0.3.0/24"}}, "192.0.2.7", true},
		{"allowed for SCIM alone", store.NetworkConfiguration{VpceAccessRequired: new(true), ScimAllowSourceIps: []string{"0.0.0.0/0"}}, "192.0.2.7", true},
		{"no address", store.NetworkConfiguration{VpceAccessRequired: new(true), ApiAllowSourceIps: []string{"0.0.0.0/0"}}, "", true},
	} {
		_, err := b.UpdateIdentityStore(at(t, tc.from), &identitystore.UpdateIdentityStoreInput{IdentityStoreId: b.store, NetworkConfiguration: &tc.network})
		must(t, err)
		_, err = b.ListUsers(at(t, tc.from), &identitystore.ListUsersInput{IdentityStoreId: b.store})
		if !tc.denied {
			must(t, err)
			continue
		}
		wantError(t, err, "AccessDeniedException", "")
		_, err = b.DescribeIdentityStore(at(t, tc.from), &identitystore.DescribeIdentityStoreInput{IdentityStoreId: b.store})
		must(t, err)
	}
}
