package twin_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"accountfactory/internal/twin"
)

// book is a log that can be read while it is written.
type book struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *book) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *book) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// TestDenyingSCP holds that a policy at the root denies in members alone, and that the log names its statement.
func TestDenyingSCP(t *testing.T) {
	t.Parallel()
	var log book
	f := setup(t, func(c *twin.Config) { c.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	ctx := t.Context()
	made, err := f.Organizations.CreatePolicy(ctx, &organizations.CreatePolicyInput{
		Name: aws.String("NoLists"), Description: aws.String(""), Type: types.PolicyTypeServiceControlPolicy,
		Content: aws.String(`{"Version":"2012-10-17","Statement":[{"Sid":"NoUsers","Effect":"Deny","Action":"iam:ListUsers","Resource":"*"}]}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	policy, root := made.Policy.PolicySummary, f.root(t)
	member := f.enter(t, f.named(t, "Audit"))
	list := func(c *iam.Client) error {
		_, err := c.ListUsers(ctx, &iam.ListUsersInput{})
		return err
	}
	if err := list(member.IAM); err != nil {
		t.Fatalf("before it is attached: %v", err)
	}
	if _, err := f.Organizations.AttachPolicy(ctx, &organizations.AttachPolicyInput{PolicyId: policy.Id, TargetId: root}); err != nil {
		t.Fatal(err)
	}
	err = list(member.IAM)
	wantCode(t, err, "AccessDenied")
	if err == nil || !strings.Contains(err.Error(), "with an explicit deny in a service control policy") {
		t.Errorf("the member is told %v", err)
	}
	if err := list(f.IAM); err != nil {
		t.Errorf("the management account: %v", err)
	}
	if text, want := log.String(), "denied by statement 1 (NoUsers) of service control policy "+*policy.Arn; !strings.Contains(text, want) {
		t.Errorf("the log does not say %q:\n%s", want, text)
	}
	var lab struct {
		Denials []struct{ Caller, Operation, Action, Why string }
	}
	f.ask(t, http.MethodGet, "/_twin/denials", nil, &lab)
	if len(lab.Denials) != 1 || lab.Denials[0].Why != "denied by statement 1 (NoUsers) of service control policy "+*policy.Arn ||
		lab.Denials[0].Operation != "iam:ListUsers" || !strings.HasSuffix(lab.Denials[0].Caller, ":assumed-role/AWSControlTowerExecution/test") {
		t.Errorf("the lab tells of %+v", lab.Denials)
	}
	if _, err := f.Organizations.DetachPolicy(ctx, &organizations.DetachPolicyInput{PolicyId: policy.Id, TargetId: root}); err != nil {
		t.Fatal(err)
	}
	if err := list(member.IAM); err != nil {
		t.Errorf("after it is detached: %v", err)
	}
}
