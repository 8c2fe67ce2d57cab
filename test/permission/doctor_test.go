package permission

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"accountfactory/internal/clock"
	"accountfactory/internal/cloud"
	"accountfactory/internal/doctor"
	"accountfactory/internal/factory"
)

// TestDoctor: with what is documented for it doctor finds nothing to mend in a set-up that is as documented; without any one
// statement it says what it lacks.
func TestDoctor(t *testing.T) {
	t.Parallel()
	r := open(t, factory.ByServiceCatalog, true)
	key, err := r.server.Credentials().Retrieve(r.ctx)
	r.must(err)
	file := filepath.Join(t.TempDir(), "credentials")
	r.must(os.WriteFile(file, []byte("[management]\naws_access_key_id = "+key.AccessKeyID+"\naws_secret_access_key = "+key.SecretAccessKey+"\n"), 0o600))
	look := func() (said string) {
		d := doctor.Cloud{
			Config:      cloud.Config{Kind: cloud.KindAWS, Endpoint: r.endpoint, Region: region, CredentialsFile: file, Organization: r.server.Identity().OrganizationID},
			Provisioner: r.way, Clock: clock.Wall{},
		}
		for _, f := range d.Look(r.ctx) {
			if f.Result != doctor.OK {
				said += string(f.Result) + " " + f.Name + ": " + f.Seen + "; " + f.Remedy + "\n"
			}
		}
		return said
	}
	all := append(r.server.Scope().ServerPermissions(string(r.way)), r.server.Scope().DoctorPermissions()...)
	r.allowUser(serverName, all)
	if said := look(); said != "" {
		t.Errorf("with all of it:\n%s", said)
	}
	for _, p := range r.server.Scope().DoctorPermissions() {
		r.allowUser(serverName, less(all, p.Sid))
		if said := look(); !strings.Contains(said, p.Actions[0]) {
			t.Errorf("without %s:\n%s", p.Sid, said)
		}
	}
}
