package twin

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"accountfactory/internal/clock"
	"accountfactory/internal/twin/iam"
	"accountfactory/internal/twin/organizations"
	"accountfactory/internal/twin/state"
)

// nested is a twin with many accounts in the last of five OUs that lie in one another, a policy on each of all that.
type nested struct {
	twin   *Twin
	parent string // the last OU
	member aws.Credentials
}

var management = aws.Credentials{AccessKeyID: "AKIATESTTESTTESTTEST", SecretAccessKey: "test/test/test/test/test/test/test/test1"}

func nest(b *testing.B, accounts int) *nested {
	b.Helper()
	tw, err := Open(b.Context(), Config{
		Dir: b.TempDir(), Region: "eu-central-1", ManagementAccountID: "111122223333", AccessKeyID: management.AccessKeyID, SecretAccessKey: management.SecretAccessKey, Seed: 1,
	})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = tw.Close() })
	n := &nested{twin: tw}
	if err := tw.state.Update(b.Context(), func(tx *state.Tx) error { return n.fill(tx, accounts) }); err != nil {
		b.Fatal(err)
	}
	return n
}

func (n *nested) fill(tx *state.Tx, accounts int) error {
	org := n.twin.org
	p, err := org.AddPolicy(tx, "everywhere", "", `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"s3:DeleteBucket","Resource":"*"}]}`, nil)
	if err != nil {
		return err
	}
	n.parent = org.RootID(tx)
	for range 5 {
		ou, err := org.AddOU(tx, n.parent, "level", nil)
		if err != nil {
			return err
		}
		if n.parent = ou.ID; err == nil {
			err = org.Attach(tx, p.ID, ou.ID)
		}
		if err != nil {
			return err
		}
	}
	for i := range accounts {
		a := org.AddAccount(tx, organizations.Account{Name: "d", Email: fmt.Sprintf("d%d@example.com", i), Parent: n.parent})
		if err := org.Attach(tx, p.ID, a.ID); err != nil {
			return err
		}
		if i == accounts/2 {
			if err := n.enter(tx, a); err != nil {
				return err
			}
		}
	}
	return org.Attach(tx, p.ID, org.RootID(tx))
}

func (n *nested) enter(tx *state.Tx, a *organizations.Account) error {
	s, err := n.twin.iam.NewRoleSession(tx, iam.RoleSession{AccountID: a.ID, Role: a.RoleName, SessionName: "bench", Secret: iam.NewSecret()})
	if err == nil {
		n.member = aws.Credentials{AccessKeyID: s.ID, SecretAccessKey: s.Secret, SessionToken: s.Token}
	}
	return err
}

// call makes a signed call over and over, without a network.
func (n *nested) call(b *testing.B, as aws.Credentials, operation, input string) {
	b.Helper()
	r := httptest.NewRequest(http.MethodPost, "http://localhost/", nil)
	r.Header.Set("Content-Type", "application/x-amz-json-1.1")
	r.Header.Set("X-Amz-Target", "AWSOrganizationsV20161128."+operation)
	sum := sha256.Sum256([]byte(input))
	if err := v4.NewSigner().SignHTTP(b.Context(), as, r, hex.EncodeToString(sum[:]), "organizations", "eu-central-1", clock.Wall{}.Now()); err != nil {
		b.Fatal(err)
	}
	r.ContentLength = int64(len(input))
	body := bytes.NewReader(nil)
	r.Body = io.NopCloser(body)
	b.ReportAllocs()
	before := used(b)
	for b.Loop() {
		body.Reset([]byte(input))
		w := httptest.NewRecorder()
		n.twin.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			b.Fatalf("%d %s", w.Code, w.Body)
		}
	}
	b.ReportMetric(float64((used(b)-before).Nanoseconds())/float64(b.N), "cpu-ns/op")
}

// used is the processor time of all threads so far, which says more than the clock where others use the machine, too.
func used(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkNested is what calls cost with few and with many accounts, seven levels deep: one about an account, one by a member,
// whom the policies of all levels bear on, and a page of an OU's accounts.
func BenchmarkNested(b *testing.B) {
	for _, accounts := range []int{10, 5000} {
		b.Run(fmt.Sprint(accounts), func(b *testing.B) {
			n := nest(b, accounts)
			b.Run("DescribeAccount", func(b *testing.B) { n.call(b, management, "DescribeAccount", `{"AccountId":"111122223333"}`) })
			b.Run("Member", func(b *testing.B) { n.call(b, n.member, "DescribeOrganization", `{}`) })
			b.Run("Page", func(b *testing.B) {
				n.call(b, management, "ListAccountsForParent", `{"ParentId":"`+n.parent+`","MaxResults":20}`)
			})
		})
	}
}
