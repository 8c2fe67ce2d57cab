package permission

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	ssotypes "github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	"accountfactory/internal/cloud"
	"accountfactory/internal/factory"
)

// TestJourneys: every kind of request goes through with exactly what is documented, and together they make use of each
// action of it.
func TestJourneys(t *testing.T) {
	t.Parallel()
	for _, way := range factory.Provisioners() {
		t.Run(string(way), func(t *testing.T) {
			t.Parallel()
			var made calls
			t.Run("journeys", func(t *testing.T) {
				for name, j := range journeys {
					if makes, tower := j.of(way); makes {
						t.Run(name, func(t *testing.T) {
							t.Parallel()
							r := open(t, way, tower)
							j.prepare(r)
							r.renew()
							if got := j.do(r); !got.ok {
								t.Errorf("with exactly what is documented:\n%s", got.said)
							}
							made.add(&r.calls)
						})
					}
				}
			})
			role, err := cloud.Scope{}.RolePermissions(string(way))
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range append(role, cloud.Scope{}.ServerPermissions(string(way))...) {
				for _, action := range p.Actions {
					if !seldom[p.Sid+" "+action] && p.Sid != "AccountFactory" && action != "sts:SetSourceIdentity" && !made.has(action) { // Control Tower's own, and a part of AssumeRole
						t.Errorf("%s: nothing calls %s", p.Sid, action)
					}
				}
			}
		})
	}
}

// prefixes are those of IAM's actions, by what the SDK calls a service.
var prefixes = map[string]string{
	"Organizations": "organizations", "Account": "account", "SSO Admin": "sso", "identitystore": "identitystore",
	"Service Catalog": "servicecatalog", "Service Quotas": "servicequotas", "ControlTower": "controltower", "STS": "sts", "IAM": "iam",
}

// seldom are calls that no journey makes: of a creation that is under way for somebody of the same name, and after a restore.
var seldom = map[string]bool{
	"SeeCreations organizations:DescribeCreateAccountStatus": true, "ChangeProvisioned servicecatalog:ListRecordHistory": true,
}

// needed names for each statement a journey that it is needed for, where they differ by provisioner.
var needed = map[string]string{
	"Guard": "connect", "WorkInNames": "launch", "EnterAccounts": "hook's credentials",
	"ReadOrganization": "launch", "ReadUnits": "launch", "ReadAccounts": "launch", "ReadControlTower": "launch", "ReadLandingZone": "launch", "organizations ReadLandingZone": "past a landing zone",
	"FindProduct": "launch", "LaunchProduct": "launch", "FindProvisioned": "close", "ChangeProvisioned": "move", "AccountFactory": "launch",
	"CreateAccounts": "launch", "FollowCreations": "launch", "MoveAccounts": "launch", "UnmarkAccounts": "unmanage", "MakeUsers": "launch",
	"MakePermissionSet": "launch", "FindIdentityCenter": "launch", "FindPeople": "launch", "ReadPermissionSets": "access", "ReadAccess": "access",
	"GiveAccess": "access", "TakeAccess": "access", "TagAccounts": "launch with everything", "Contacts": "launch with everything",
	"Names": "rename", "Emails": "e-mail", "CloseAccounts": "close",
	"SeeCreations": "launch", "ReadOperationsQuota": "automatic limit", "ReadAccountQuota": "quota",
}

// TestStatements: without any one statement a request is denied, and says what.
func TestStatements(t *testing.T) {
	t.Parallel()
	scope := cloud.Scope{}
	for _, way := range factory.Provisioners() {
		role, err := scope.RolePermissions(string(way))
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range role {
			if !p.Deny {
				without(t, way, p, func(r *rig) {
					all, err := r.server.Scope().RolePermissions(string(way))
					r.must(err)
					r.allowRole(less(all, p.Sid))
				})
			}
		}
		for _, p := range scope.ServerPermissions(string(way)) {
			without(t, way, p, func(r *rig) {
				r.allowUser(serverName, less(r.server.Scope().ServerPermissions(string(way)), p.Sid))
			})
		}
	}
}

func without(t *testing.T, way factory.Provisioner, p cloud.Permission, take func(*rig)) {
	t.Helper()
	t.Run(string(way)+"/"+p.Sid, func(t *testing.T) {
		t.Parallel()
		name, found := needed[string(way)+" "+p.Sid]
		if !found {
			name, found = needed[p.Sid]
		}
		if !found {
			t.Fatal("no journey is named that needs it")
		}
		j := journeys[name]
		makes, tower := j.of(way)
		if !makes {
			t.Fatalf("%s is not one of its journeys", name)
		}
		r := open(t, way, tower)
		j.prepare(r)
		take(r)
		r.renew()
		got := j.do(r)
		if got.ok {
			t.Fatalf("%s goes through without it", name)
		}
		if !slices.ContainsFunc(p.Actions, func(action string) bool {
			return strings.Contains(got.said, "not authorized to perform: "+action)
		}) {
			t.Errorf("%s ends without naming one of %v:\n%s", name, p.Actions, got.said)
		}
	})
}

func less(all []cloud.Permission, sid string) []cloud.Permission {
	return slices.DeleteFunc(slices.Clone(all), func(p cloud.Permission) bool { return p.Sid == sid })
}

// TestNamed: the table above names no statement that is gone.
func TestNamed(t *testing.T) {
	t.Parallel()
	scope := cloud.Scope{}
	all, err := scope.RolePermissions(cloud.Ways()...)
	if err != nil {
		t.Fatal(err)
	}
	all = append(all, scope.ServerPermissions(cloud.Ways()...)...)
	for _, sid := range slices.Sorted(maps.Keys(needed)) {
		if !slices.ContainsFunc(all, func(p cloud.Permission) bool { return strings.HasSuffix(" "+sid, " "+p.Sid) }) {
			t.Errorf("there is no statement %s", sid)
		}
	}
}

// TestNeverManagementAccount: nobody gets access to the management account by the factory's role, by that statement alone.
func TestNeverManagementAccount(t *testing.T) {
	t.Parallel()
	r := open(t, factory.ByServiceCatalog, true)
	r.reading()
	r.person("lead@example.com")
	give := func() error {
		c, err := cloud.NewSessions(r.server).For(r.ctx, "test")
		r.must(err)
		i := r.instance()
		sets, err := c.SSOAdmin.ListPermissionSets(r.ctx, &ssoadmin.ListPermissionSetsInput{InstanceArn: i.InstanceArn})
		r.must(err)
		users, err := r.IdentityStore.ListUsers(r.ctx, &identitystore.ListUsersInput{IdentityStoreId: i.IdentityStoreId})
		r.must(err)
		_, err = c.SSOAdmin.CreateAccountAssignment(r.ctx, &ssoadmin.CreateAccountAssignmentInput{
			InstanceArn: i.InstanceArn, PermissionSetArn: &sets.PermissionSets[0], PrincipalId: users.Users[0].UserId, PrincipalType: ssotypes.PrincipalTypeUser,
			TargetId: aws.String(management), TargetType: ssotypes.TargetTypeAwsAccount,
		})
		return err
	}
	if err := give(); err == nil || !strings.Contains(err.Error(), "explicit deny") {
		t.Errorf("access to the management account: %v", err)
	}
	all, err := r.server.Scope().RolePermissions(cloud.ByServiceCatalog)
	r.must(err)
	r.allowRole(less(all, "NeverManagementAccount"))
	if err := give(); err != nil {
		t.Errorf("what stops it is something else: %v", err)
	}
}

// TestCenterElsewhere: with Identity Center in another Region than everything else an account is made all the same.
func TestCenterElsewhere(t *testing.T) {
	t.Parallel()
	r := open(t, factory.ByOrganizations, false)
	r.home = "us-west-2"
	key, err := r.server.Credentials().Retrieve(r.ctx)
	r.must(err)
	r.server, err = r.connect(key.AccessKeyID, key.SecretAccessKey, r.server.Identity().OrganizationID)
	r.must(err)
	r.renew()
	r.succeeds(launch())
	if got := r.server.CenterRegion(); got != region {
		t.Errorf("Identity Center was found in %s", got)
	}
}
