package contract

import (
	"net/http"
	"testing"
)

// TestConsole_RoleUnknown: a role that was opened after the state that the twin went back to is opened anew, whatever it is wanted for:
// AWS's operations, the factory, the lab and its scenarios.
func TestConsole_RoleUnknown(t *testing.T) {
	t.Parallel()
	for name, call := range map[string]func(p *person, role string){
		"lab":       func(p *person, role string) { p.must(http.MethodGet, "/api/v1/twin/"+role+"/status", "", nil, nil) },
		"scenarios": func(p *person, role string) { p.must(http.MethodGet, "/api/v1/scenarios/"+role, "", nil, nil) },
		"factory":   func(p *person, role string) { p.must(http.MethodPost, "/api/v1/checks", role, good("team"), nil) },
		"AWS": func(p *person, role string) {
			p.must(http.MethodPost, "/api/v1/aws/"+role+"/eu-west-1/organizations/DescribeOrganization", "", nil, nil)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := setup(t)
			lab := f.Lab(f.Config.Credentials)
			p := f.arrive("admin")
			f.must(lab.Do(f.ctx, http.MethodPost, "/_twin/snapshot", obj{"name": "before"}, nil))
			call(p, f.in(admins))
			f.must(lab.Do(f.ctx, http.MethodPost, "/_twin/restore", obj{"name": "before"}, nil))
			call(p, f.in(admins))
		})
	}
}
