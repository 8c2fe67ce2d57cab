package cloud_test

import (
	"regexp"
	"strings"
	"testing"

	"accountfactory/internal/cloud"
)

// TestPermissions: each statement has a name of its own, says what it is for, and names actions of AWS's one by one; each
// policy has the size that AWS takes.
func TestPermissions(t *testing.T) {
	t.Parallel()
	scope := cloud.Scope{Account: account, Organization: "o-abcdefghij", Region: "eu-west-1"}
	role := func(ways ...string) []cloud.Permission {
		t.Helper()
		out, err := scope.RolePermissions(ways...)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	action := regexp.MustCompile(`^[a-z0-9-]+:[A-Z][A-Za-z]+$`)
	const inline, managed = 10240, 6144 // characters but blanks. Source: IAM user guide, "IAM and AWS STS quotas"
	for name, tt := range map[string]struct {
		of  []cloud.Permission
		max int
	}{
		"role, service-catalog": {role(cloud.ByServiceCatalog), managed},
		"role, organizations":   {role(cloud.ByOrganizations), managed},
		"role, both":            {role(cloud.Ways()...), inline},
		"server":                {scope.ServerPermissions(cloud.Ways()...), managed},
		"doctor":                {scope.DoctorPermissions(), managed},
		"set-up":                {scope.SetupPermissions(), managed},
		"outside":               {scope.OutsidePermissions(), managed},
		"requester":             {scope.RequesterPermissions(), managed},
	} {
		seen := map[string]bool{}
		for _, p := range tt.of {
			if seen[p.Sid] || p.Why == "" || len(p.Actions) == 0 || len(p.Resources) == 0 {
				t.Errorf("%s: %+v is there twice, or not whole", name, p)
			}
			seen[p.Sid] = true
			for _, a := range p.Actions {
				if !action.MatchString(a) {
					t.Errorf("%s: %s names no single action by %q", name, p.Sid, a)
				}
			}
		}
		text, err := cloud.Policy(tt.of)
		if err != nil {
			t.Fatal(err)
		}
		if n := len(strings.Join(strings.Fields(text), "")); n > tt.max {
			t.Errorf("%s: %d characters, of which AWS takes %d", name, n, tt.max)
		}
	}
	if _, err := scope.RolePermissions("terraform"); err == nil || !strings.Contains(err.Error(), cloud.ByOrganizations) {
		t.Errorf("an unknown provisioner: %v", err)
	}
}
