package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"accountfactory/test/harness"
)

// levels is how deep OUs lie within one another.
const levels = 5

// deep is an organization with OUs in OUs and a policy on each of them.
type deep struct {
	b       *bench
	p       *harness.Process
	c       *caller
	aws     *harness.Clients
	root    string
	policy  string   // attached everywhere
	path    []string // of OUs, from the root down; the last has the accounts that are looked at
	account string   // in the last
	member  *caller  // somebody in that account
	made    int
}

// nested measures what calls cost in an organization of ten accounts, and in the same with ten thousand, in OUs of five levels
// with policies on each.
func (b *bench) nested(ctx context.Context) error {
	p, _, err := b.start(ctx, "nested", "twin", "--speed", "instant", "--account-operations", "50")
	if err != nil {
		return err
	}
	d := &deep{b: b, p: p}
	if d.aws, err = p.Management(ctx); err != nil {
		return err
	}
	d.c = newCaller(d.aws.Config, clients)
	if err := d.found(ctx); err != nil {
		return err
	}
	few, err := d.measure(ctx)
	if err != nil {
		return err
	}
	if err := d.fill(ctx); err != nil {
		return err
	}
	many, err := d.measure(ctx)
	if err != nil {
		return err
	}
	for i, call := range deepCalls {
		b.most(call.name+": CPU by that with 10 accounts", many[i].Seconds()/few[i].Seconds(), 1.25, "x")
		b.note("  server's CPU", float64(many[i].Microseconds())/1000, "ms")
	}
	if err := d.walk(ctx); err != nil {
		return err
	}
	return p.Stop()
}

// found makes the OUs on the path, their policies, ten accounts in the last, and somebody in one of them.
func (d *deep) found(ctx context.Context) error {
	roots, err := d.aws.Organizations.ListRoots(ctx, &organizations.ListRootsInput{})
	if err != nil {
		return err
	}
	d.root = *roots.Roots[0].Id
	made, err := d.aws.Organizations.CreatePolicy(ctx, &organizations.CreatePolicyInput{
		Name: aws.String("everywhere"), Description: aws.String(""), Type: types.PolicyTypeServiceControlPolicy,
		Content: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"s3:DeleteBucket","Resource":"*"}]}`),
	})
	if err != nil {
		return err
	}
	d.policy = *made.Policy.PolicySummary.Id
	if err := d.attach(ctx, d.root); err != nil {
		return err
	}
	parent := d.root
	for range levels {
		if parent, err = d.ou(ctx, parent, "level"); err != nil {
			return err
		}
		d.path = append(d.path, parent)
	}
	if err := d.accounts(ctx, 10, func(int) string { return parent }); err != nil {
		return err
	}
	in, err := d.aws.Organizations.ListAccountsForParent(ctx, &organizations.ListAccountsForParentInput{ParentId: &parent})
	if err != nil {
		return err
	}
	d.account = *in.Accounts[0].Id
	return d.enter(ctx)
}

func (d *deep) enter(ctx context.Context) error {
	out, err := d.aws.STS.AssumeRole(ctx, &sts.AssumeRoleInput{
		RoleArn: aws.String("arn:aws:iam::" + d.account + ":role/OrganizationAccountAccessRole"), RoleSessionName: aws.String("bench"),
	})
	if err != nil {
		return err
	}
	cfg := d.aws.Config
	cfg.Credentials = credentials.NewStaticCredentialsProvider(*out.Credentials.AccessKeyId, *out.Credentials.SecretAccessKey, *out.Credentials.SessionToken)
	d.member = newCaller(cfg, clients)
	return nil
}

// ou makes an OU with the policy attached.
func (d *deep) ou(ctx context.Context, parent, name string) (string, error) {
	var out struct {
		OrganizationalUnit struct{ Id string }
	}
	err := d.c.call(ctx, "organizations", orgs+"CreateOrganizationalUnit", map[string]string{"ParentId": parent, "Name": name}, &out)
	if err == nil {
		err = d.attach(ctx, out.OrganizationalUnit.Id)
	}
	return out.OrganizationalUnit.Id, err
}

func (d *deep) attach(ctx context.Context, target string) error {
	return d.c.call(ctx, "organizations", orgs+"AttachPolicy", map[string]string{"PolicyId": d.policy, "TargetId": target}, nil)
}

// fill makes OUs beside those on the path, four in each of four levels, and accounts up to ten thousand, half of them in the
// OU that is looked at, each with the policy attached.
func (d *deep) fill(ctx context.Context) error {
	parents := []string{d.root}
	var leaves []string
	for level := range levels {
		var next []string
		for _, parent := range parents {
			for i := range 4 {
				id, err := d.ou(ctx, parent, fmt.Sprint("beside", level, i))
				if err != nil {
					return err
				}
				next = append(next, id)
			}
		}
		parents, leaves = next[:min(len(next), 64)], next
	}
	last := d.path[len(d.path)-1]
	return d.accounts(ctx, accounts-d.made-3, func(i int) string {
		if i%2 == 0 {
			return last
		}
		return leaves[i/2%len(leaves)]
	})
}

// accounts makes accounts and moves each to its OU.
func (d *deep) accounts(ctx context.Context, n int, parent func(i int) string) error {
	first := d.made
	d.made += n
	return all(n, clients, func(i int) error {
		id, err := d.create(ctx, fmt.Sprintf("d%d@example.com", first+i))
		if err != nil {
			return err
		}
		move := map[string]string{"AccountId": id, "SourceParentId": d.root, "DestinationParentId": parent(i)}
		if err := d.c.call(ctx, "organizations", orgs+"MoveAccount", move, nil); err != nil {
			return err
		}
		return d.attach(ctx, id)
	})
}

// create makes an account and waits for it.
func (d *deep) create(ctx context.Context, email string) (id string, err error) {
	var out struct {
		CreateAccountStatus struct{ Id, AccountId string }
	}
	for {
		err = d.c.call(ctx, "organizations", orgs+"CreateAccount", map[string]string{"AccountName": "d", "Email": email}, &out)
		var refused *answerError
		if !errors.As(err, &refused) || !strings.Contains(string(refused.body), "ConstraintViolation") {
			break
		}
	}
	if err != nil {
		return "", err
	}
	request := map[string]string{"CreateAccountRequestId": out.CreateAccountStatus.Id}
	err = harness.Poll(ctx, time.Millisecond, func() (bool, error) {
		err := d.c.call(ctx, "organizations", orgs+"DescribeCreateAccountStatus", request, &out)
		return out.CreateAccountStatus.AccountId != "", err
	})
	return out.CreateAccountStatus.AccountId, err
}

// deepCalls are the calls measured. The last is DescribeOrganization by a member, who is under the policies of root, five OUs
// and account.
var deepCalls = []struct {
	name, operation string
	member          bool
	input           func(d *deep) map[string]any
}{
	{"DescribeAccount", "DescribeAccount", false, func(d *deep) map[string]any { return map[string]any{"AccountId": d.account} }},
	{"ListAccountsForParent of 10", "ListAccountsForParent", false, func(d *deep) map[string]any {
		return map[string]any{"ParentId": d.path[len(d.path)-1], "MaxResults": 10}
	}},
	{"ListPoliciesForTarget", "ListPoliciesForTarget", false, func(d *deep) map[string]any {
		return map[string]any{"TargetId": d.account, "Filter": "SERVICE_CONTROL_POLICY"}
	}},
	{"ListTargetsForPolicy of 15", "ListTargetsForPolicy", false, func(d *deep) map[string]any {
		return map[string]any{"PolicyId": d.policy, "MaxResults": 15}
	}},
	{"authorised on seven levels", "DescribeOrganization", true, func(*deep) map[string]any { return map[string]any{} }},
}

// measure gives what each call costs the server.
func (d *deep) measure(ctx context.Context) ([]time.Duration, error) {
	var costs []time.Duration
	for _, call := range deepCalls {
		body, err := json.Marshal(call.input(d))
		if err != nil {
			return nil, err
		}
		c := d.c
		if call.member {
			c = d.member
		}
		q, err := c.sign(ctx, "organizations", orgs+call.operation, string(body))
		if err != nil {
			return nil, err
		}
		const n = 3000
		before, err := cpuOf(d.p.PID)
		if err != nil {
			return nil, err
		}
		for range n {
			if _, err := c.send(ctx, q); err != nil {
				return nil, err
			}
		}
		after, err := cpuOf(d.p.PID)
		if err != nil {
			return nil, err
		}
		costs = append(costs, (after-before)/n)
	}
	return costs, nil
}

// walk reads all accounts, and all targets of the policy, 20 at a time; and a page of 20 in the middle of the OU's accounts.
func (d *deep) walk(ctx context.Context) error {
	took, err := took(func() error {
		n := 0
		pages := organizations.NewListAccountsPaginator(d.aws.Organizations, &organizations.ListAccountsInput{MaxResults: aws.Int32(20)})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return err
			}
			n += len(page.Accounts)
		}
		if n != accounts {
			return fmt.Errorf("walked over %d accounts", n)
		}
		return nil
	})
	if err != nil {
		return err
	}
	d.b.most("walk over 10,000 accounts in nested OUs", took.Seconds(), 2, "s")
	return d.page(ctx)
}

// page measures a page of 20 in the middle of the accounts of an OU that has half of all.
func (d *deep) page(ctx context.Context) error {
	parent, token, seen := d.path[len(d.path)-1], "", 0
	pages := organizations.NewListAccountsForParentPaginator(d.aws.Organizations, &organizations.ListAccountsForParentInput{ParentId: &parent})
	for pages.HasMorePages() && seen < accounts/4 {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		seen, token = seen+len(page.Accounts), aws.ToString(page.NextToken)
	}
	body, err := json.Marshal(map[string]any{"ParentId": parent, "MaxResults": 20, "NextToken": token})
	if err != nil {
		return err
	}
	q, err := d.c.sign(ctx, "organizations", orgs+"ListAccountsForParent", string(body))
	if err != nil {
		return err
	}
	const n = 2000
	before, err := cpuOf(d.p.PID)
	if err != nil {
		return err
	}
	for range n {
		if _, err := d.c.send(ctx, q); err != nil {
			return err
		}
	}
	after, err := cpuOf(d.p.PID)
	d.b.most("page of 20 of an OU's 5,000 accounts, server's CPU", float64((after-before).Microseconds())/1000/n, 0.3, "ms")
	return err
}
