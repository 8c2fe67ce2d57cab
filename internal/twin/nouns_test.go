package twin_test

import (
	"cmp"
	"fmt"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"accountfactory/internal/twin"
	"accountfactory/test/harness"
)

// noun is a kind of resource as clients handle it. An operation a kind has not is nil. Resources go by id, and read and list
// show a resource by its name and, for read, what update changes.
type noun struct {
	kind   string
	create func(name string) (id string, err error)
	read   func(c *harness.Clients, id string) (name, changeable string, err error)
	update func(id, to string) error
	tag    func(id, key string) error
	tags   func(id string) ([]string, error)
	page   func(token *string) (ids []string, next *string, err error) // of two at most
	delete func(id string) error
	gone   string // code of what is read, changed or deleted once it is gone
	denied string
	most   int  // that can be at once, where that is less than three
	puts   bool // updating one that is gone makes it
	quiet  bool // deleting one that is gone is no error
}

// TestNouns goes through the life of each kind of resource through the wire, twice: what was deleted can be made again.
func TestNouns(t *testing.T) {
	t.Parallel()
	f := setup(t)
	nobody := f.nobody(t)
	for _, n := range slices.Concat(f.organizationNouns(t), f.memberNouns(t), f.iamNouns(t)) {
		n.twice(t, f.Clients, nobody)
	}
}

// TestNouns_InTime does the same with what is gone only after weeks or months, or with the organization.
func TestNouns_InTime(t *testing.T) {
	t.Parallel()
	f := setup(t)
	nobody := f.nobody(t)
	for _, n := range []noun{f.handshakeNoun(t), f.accountNoun(t)} {
		n.twice(t, f.Clients, nobody)
	}
	empty := setup(t, func(c *twin.Config) { c.Empty = true })
	n := empty.organizationNoun(t)
	n.twice(t, empty.Clients, empty.nobody(t))
}

func (n noun) twice(t *testing.T, c, nobody *harness.Clients) {
	t.Run(n.kind, func(t *testing.T) {
		for range 2 {
			n.live(t, c, nobody)
		}
	})
}

// nobody gives the clients of a user who may do nothing.
func (f *fixture) nobody(t *testing.T) *harness.Clients {
	t.Helper()
	name := aws.String("nobody")
	if _, err := f.IAM.CreateUser(t.Context(), &iam.CreateUserInput{UserName: name}); err != nil {
		t.Fatal(err)
	}
	k, err := f.IAM.CreateAccessKey(t.Context(), &iam.CreateAccessKeyInput{UserName: name})
	if err != nil {
		t.Fatal(err)
	}
	return f.as(*k.AccessKey.AccessKeyId, *k.AccessKey.SecretAccessKey, "")
}

// live makes, reads, changes, tags, lists and deletes three resources of a kind, or the one there can be.
func (n noun) live(t *testing.T, c, nobody *harness.Clients) {
	t.Helper()
	ok := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	var ids []string
	for i := range cmp.Or(n.most, 3) {
		name := fmt.Sprint("noun", i)
		id, err := n.create(name)
		ok(err)
		ids = append(ids, id)
		got, _, err := n.read(c, id)
		ok(err)
		if got != name {
			t.Errorf("read %q, want %q", got, name)
		}
	}
	_, _, err := n.read(nobody, ids[0])
	wantCode(t, err, n.denied)
	if n.update != nil {
		ok(n.update(ids[0], "changed"))
		_, got, err := n.read(c, ids[0])
		ok(err)
		if got != "changed" {
			t.Errorf("changed, it reads %q", got)
		}
	}
	if n.tag != nil {
		ok(n.tag(ids[0], "team"))
		got, err := n.tags(ids[0])
		ok(err)
		if !slices.Equal(got, []string{"team"}) {
			t.Errorf("its tags are %q", got)
		}
	}
	n.wantListed(t, ids)
	for _, id := range ids {
		ok(n.delete(id))
		if n.quiet {
			ok(n.delete(id))
		} else {
			wantCode(t, n.delete(id), n.gone)
		}
		_, _, err := n.read(c, id)
		wantCode(t, err, n.gone)
		if n.update != nil && !n.puts {
			wantCode(t, n.update(id, "again"), n.gone)
		}
	}
	if n.page == nil || n.most == 1 {
		return
	}
	if all := n.walk(t); slices.Contains(all, ids[0]) {
		t.Errorf("%s is deleted, and still listed", ids[0])
	}
}

// wantListed looks for resources in the pages of their kind, if it has any.
func (n noun) wantListed(t *testing.T, ids []string) {
	t.Helper()
	if n.page == nil {
		return
	}
	all := n.walk(t)
	for _, id := range ids {
		if !slices.Contains(all, id) {
			t.Errorf("listed are %q, want also %q", all, id)
		}
	}
}

// walk reads all pages, which hold two at most; no resource stands on two.
func (n noun) walk(t *testing.T) []string {
	t.Helper()
	var all []string
	for token, first := (*string)(nil), true; token != nil || first; first = false {
		ids, next, err := n.page(token)
		if err != nil {
			t.Fatal(err)
		}
		if len(ids) > 2 {
			t.Errorf("a page of %d, want 2 at most", len(ids))
		}
		all, token = append(all, ids...), next
	}
	if unique := slices.Compact(slices.Sorted(slices.Values(all))); len(unique) != len(all) {
		t.Errorf("listed twice: %q", all)
	}
	return all
}
