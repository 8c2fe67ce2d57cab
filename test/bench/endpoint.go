package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	_ "modernc.org/sqlite" // opens the data file of a stopped server

	"accountfactory/internal/cloud"
	"accountfactory/test/harness"
)

const (
	accounts = 10_000
	rows     = 100_000
	clients  = 16
	orgs     = "AWSOrganizationsV20161128."
)

// endpoint measures one twin as it grows from a handful of accounts to ten thousand, and to a hundred thousand rows.
func (b *bench) endpoint(ctx context.Context) error {
	if err := b.firstStart(ctx); err != nil {
		return err
	}
	args := []string{"--speed", "instant", "--account-operations", "50"}
	p, _, err := b.start(ctx, "endpoint", "twin", args...)
	if err != nil {
		return err
	}
	aws, err := p.Management(ctx)
	if err != nil {
		return err
	}
	c := newCaller(aws.Config, clients)
	few, err := b.describe(ctx, p, c)
	if err != nil {
		return err
	}
	if err := b.create(ctx, p, c); err != nil {
		return err
	}
	many, err := b.describe(ctx, p, c)
	if err != nil {
		return err
	}
	b.most("signed DescribeAccount, CPU by that of a constant handler", many.ratio, 1.5, "x")
	b.most("  its CPU with 10,000 accounts by that with 3", many.cpu/few.cpu, 1.2, "x")
	if err := b.pages(ctx, p, c, aws.Organizations); err != nil {
		return err
	}
	return b.grow(ctx, p, c, args)
}

// firstStart measures a start on no data folder, and a reset.
func (b *bench) firstStart(ctx context.Context) error {
	p, d, err := b.start(ctx, "first", "serve")
	if err != nil {
		return err
	}
	b.most("first start", d.Seconds(), 1, "s")
	c, err := p.Management(ctx)
	if err != nil {
		return err
	}
	lab := cloud.Lab{Endpoint: p.AWS, Region: p.Region, Credentials: c.Config.Credentials}
	if d, err = took(func() error { return lab.Do(ctx, http.MethodPost, "/_twin/reset", nil, nil) }); err != nil {
		return err
	}
	b.most("reset", float64(d.Microseconds())/1000, 50, "ms")
	return p.Stop()
}

// described is what DescribeAccount costs.
type described struct{ cpu, ratio float64 }

// describe compares the signed call with a constant handler in processor time, the client's and the server's, alternating, so
// that what else runs on the machine weighs on both.
func (b *bench) describe(ctx context.Context, p *harness.Process, c *caller) (described, error) {
	constant, err := startConstant(ctx)
	if err != nil {
		return described{}, err
	}
	defer constant.stop()
	signed, err := c.sign(ctx, "organizations", orgs+"DescribeAccount", `{"AccountId":"`+p.Account+`"}`)
	if err != nil {
		return described{}, err
	}
	floor := signed
	floor.url = constant.url
	const rounds, calls = 6, 1500
	var ours, theirs time.Duration
	for range rounds {
		d, err := b.cpu(ctx, p.PID, c, signed, calls)
		if err != nil {
			return described{}, err
		}
		ours += d
		if d, err = b.cpu(ctx, constant.pid, c, floor, calls); err != nil {
			return described{}, err
		}
		theirs += d
	}
	return described{cpu: ours.Seconds() / (rounds * calls), ratio: float64(ours) / float64(theirs)}, nil
}

// cpu gives the processor time of this process and of the server while a request is sent n times, one after another.
func (b *bench) cpu(ctx context.Context, pid int, c *caller, q request, n int) (time.Duration, error) {
	before, err := cpuOf(pid)
	if err != nil {
		return 0, err
	}
	own := ownCPU()
	for range n {
		if _, err := c.send(ctx, q); err != nil {
			return 0, err
		}
	}
	after, err := cpuOf(pid)
	return after - before + ownCPU() - own, err
}

// create makes accounts as fast as the twin takes them, and waits until all are there.
func (b *bench) create(ctx context.Context, p *harness.Process, c *caller) error {
	var busy int64
	d, err := took(func() (err error) { busy, err = b.fill(ctx, c); return err })
	if err != nil {
		return err
	}
	b.least("durable CreateAccount, 16 clients", float64(accounts-3)/d.Seconds(), 2000, "/s")
	b.note("  refused meanwhile as the quota was full", float64(busy), "")
	if err := harness.Poll(ctx, 20*time.Millisecond, func() (bool, error) {
		var out struct{ CreateAccountStatuses []any }
		err := c.call(ctx, "organizations", orgs+"ListCreateAccountStatus", map[string]any{"States": []string{"IN_PROGRESS"}}, &out)
		return len(out.CreateAccountStatuses) == 0, err
	}); err != nil {
		return err
	}
	return b.held(ctx, p, "resident with 10,000 accounts just created", 80)
}

// pages measures one page in the middle of the list, and the whole of it.
func (b *bench) pages(ctx context.Context, p *harness.Process, c *caller, client *organizations.Client) error {
	token, seen := "", 0
	walk := organizations.NewListAccountsPaginator(client, &organizations.ListAccountsInput{MaxResults: aws.Int32(20)})
	d, err := took(func() error {
		for walk.HasMorePages() {
			page, err := walk.NextPage(ctx)
			if err != nil {
				return err
			}
			if seen += len(page.Accounts); seen == accounts/2 {
				token = aws.ToString(page.NextToken)
			}
		}
		return nil
	})
	if err != nil || seen != accounts {
		return fmt.Errorf("walked over %d accounts: %w", seen, err)
	}
	b.most("walk over 10,000 accounts, 20 at a time", d.Seconds(), 2, "s")
	body, err := json.Marshal(map[string]any{"MaxResults": 20, "NextToken": token})
	if err != nil {
		return err
	}
	q, err := c.sign(ctx, "organizations", orgs+"ListAccounts", string(body))
	if err != nil {
		return err
	}
	const n = 3000
	before, err := cpuOf(p.PID)
	if err != nil {
		return err
	}
	for range n {
		if _, err := c.send(ctx, q); err != nil {
			return err
		}
	}
	after, err := cpuOf(p.PID)
	b.most("page of 20 of 10,000 accounts, server's CPU", float64((after-before).Microseconds())/1000/n, 0.3, "ms")
	return err
}

// grow fills the twin up to its rows with users, and starts it again.
func (b *bench) grow(ctx context.Context, p *harness.Process, c *caller, args []string) error {
	var found struct {
		Instances []struct{ IdentityStoreId string }
	}
	if err := c.call(ctx, "sso", "SWBExternalService.ListInstances", map[string]any{}, &found); err != nil {
		return err
	}
	if err := p.Stop(); err != nil {
		return err
	}
	has, err := b.count(ctx, "endpoint")
	if err != nil {
		return err
	}
	if p, _, err = b.start(ctx, "endpoint", "twin", args...); err != nil {
		return err
	}
	c.url = p.AWS
	if err := all(rows-has, clients, func(i int) error {
		return c.call(ctx, "identitystore", "AWSIdentityStore.CreateUser", map[string]any{
			"IdentityStoreId": found.Instances[0].IdentityStoreId, "UserName": fmt.Sprint("u", i), "DisplayName": "U",
			"Name": map[string]string{"GivenName": "U", "FamilyName": "U"},
		}, nil)
	}); err != nil {
		return err
	}
	if err := p.Stop(); err != nil {
		return err
	}
	if has, err = b.count(ctx, "endpoint"); err != nil {
		return err
	}
	p, d, err := b.start(ctx, "endpoint", "twin", args...)
	if err != nil {
		return err
	}
	b.note("rows", float64(has), "")
	b.most("restart with 100,000 rows", d.Seconds(), 1, "s")
	if err := b.held(ctx, p, "resident with 100,000 rows", 150); err != nil {
		return err
	}
	return p.Stop()
}

// count gives the rows in the data file of a stopped server.
func (b *bench) count(ctx context.Context, folder string) (n int, err error) {
	db, err := sql.Open("sqlite", filepath.Join(b.dir, folder, "twin.db"))
	if err != nil {
		return 0, err
	}
	err = db.QueryRowContext(ctx, "SELECT count(*) FROM rows").Scan(&n)
	return n, errors.Join(err, db.Close())
}
