package cut

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	gocmp "github.com/google/go-cmp/cmp"

	"accountfactory/internal/factory"
)

// write tells whether the call changes something. AssumeRole makes a session and changes nothing that lasts.
func (c call) write() bool {
	for _, read := range []string{"Get", "List", "Describe", "Search", "AssumeRole"} {
		if strings.HasPrefix(c.Operation, read) {
			return false
		}
	}
	return true
}

// attempts is how often an SDK client tries a call: all of them are cut, so that the factory itself meets what is wrong.
const attempts = 3

// points gives where a journey is cut: at each call before it takes effect, and at each write after.
func points(calls []call) (out []fault) {
	for _, c := range calls {
		f := fault{Kind: "cut-before", Service: c.Service, Operation: c.Operation, Skip: c.N - 1, Count: attempts}
		out = append(out, f)
		if c.write() {
			f.Kind = "cut-after"
			out = append(out, f)
		}
	}
	slices.SortStableFunc(out, func(a, b fault) int { return cmp.Compare(a.String(), b.String()) })
	return out
}

// reading makes a permission set that is nobody's yet.
func (r *rig) reading() {
	r.t.Helper()
	instances, err := r.SSOAdmin.ListInstances(r.ctx, &ssoadmin.ListInstancesInput{})
	r.must(err)
	_, err = r.SSOAdmin.CreatePermissionSet(r.ctx, &ssoadmin.CreatePermissionSetInput{InstanceArn: instances.Instances[0].InstanceArn, Name: aws.String("Reading")})
	r.must(err)
}

// readers makes a group that has nothing yet.
func (r *rig) readers() {
	r.t.Helper()
	instances, err := r.SSOAdmin.ListInstances(r.ctx, &ssoadmin.ListInstancesInput{})
	r.must(err)
	_, err = r.IdentityStore.CreateGroup(r.ctx, &identitystore.CreateGroupInput{IdentityStoreId: instances.Instances[0].IdentityStoreId, DisplayName: aws.String("Readers")})
	r.must(err)
}

// prepared gives a folder on which a journey can begin.
func (j journey) prepared(t *testing.T, p factory.Provisioner) string {
	t.Helper()
	dir := t.TempDir()
	r := open(t, dir, p)
	j.prepare(r, p)
	r.end()
	return dir
}

// travel makes the journey on a copy of the folder with a fault armed.
func (j journey) travel(t *testing.T, from string, p factory.Provisioner, f fault) (*rig, census, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	r := open(t, dir, p)
	request := r.submit(j.in)
	r.renew() // what the checks of the submission read is read again, and is cut too
	id := r.arm(f)
	r.log.mu.Lock()
	r.log.fault = id
	r.log.mu.Unlock()
	d := r.drive(request)
	struck := f.Count - r.left(id)
	if f.Kind != watching.Kind && struck == 0 {
		t.Logf("%s was not struck", f)
		if (call{Operation: f.Operation}).write() {
			t.Errorf("the journey made the write less often than when it was watched")
		}
	}
	c := r.census()
	c.Request = string(d.State)
	return r, c, story(d)
}

// watching does nothing but say which call it met.
var watching = fault{Kind: "delay", Delay: 1}

// TestCut cuts each journey at each of its calls, with both provisioners.
func TestCut(t *testing.T) {
	t.Parallel()
	for _, p := range factory.Provisioners() {
		for _, j := range journeys {
			t.Run(string(p)+"/"+j.name, func(t *testing.T) {
				t.Parallel()
				from := j.prepared(t, p)
				r, want, told := j.travel(t, from, p, watching)
				if want.Request != string(factory.StateSucceeded) {
					t.Fatalf("undisturbed:\n%s", told)
				}
				calls := r.log.met()
				for _, op := range j.wants[p] {
					if !slices.ContainsFunc(calls, func(c call) bool { return c.Operation == op }) {
						t.Fatalf("the journey makes no %s: %v\n%s", op, calls, told)
					}
				}
				all := points(calls)
				t.Logf("%d calls, %d points", len(calls), len(all))
				for _, f := range all {
					t.Run(f.String(), func(t *testing.T) {
						t.Parallel()
						r, got, told := j.travel(t, from, p, f)
						defer r.end()
						if diff := gocmp.Diff(want, got); diff != "" {
							t.Errorf("(-undisturbed +cut):\n%s\n%s", diff, told)
						}
					})
				}
			})
		}
	}
}
