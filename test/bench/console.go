package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"

	"accountfactory/test/harness"
)

// requests is how many wait in the queue while the console's pages are measured, calls how often each is asked for.
const (
	requests = 1000
	calls    = 11
)

// console measures what pages ask for, as an administrator in a browser who has a role in every one of ten thousand accounts,
// while a thousand requests wait.
func (b *bench) console(ctx context.Context) error {
	p, _, err := b.start(ctx, "console", "serve", "--speed", "instant", "--account-operations", "50", "--account-quota", "20000")
	if err != nil {
		return err
	}
	own, err := p.Management(ctx)
	if err != nil {
		return err
	}
	if err := b.throng(ctx, p, own); err != nil {
		return err
	}
	page, err := openConsole(ctx, p, own)
	if err != nil {
		return fmt.Errorf("sign in: %w", err)
	}
	for _, m := range page.lists(p.Region) {
		if err := b.list(ctx, p, page, m); err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
	}
	d, err := took(func() error { return page.firstEvents(ctx) })
	if err != nil {
		return err
	}
	b.most("console: first look at the events", float64(d.Microseconds())/1000, 300, "ms")
	return p.Stop()
}

// throng fills the queue and the organization.
func (b *bench) throng(ctx context.Context, p *harness.Process, own *harness.Clients) error {
	api, err := b.connect(ctx, p)
	if err != nil {
		return err
	}
	if err := api.call(ctx, http.MethodPut, "/api/v1/queue", map[string]string{"mode": "paused"}, &struct{}{}); err != nil {
		return err
	}
	if err := all(requests, clients, func(i int) error { _, err := api.submit(ctx, accounts+i); return err }); err != nil {
		return err
	}
	c := newCaller(own.Config, clients)
	if _, err := b.fill(ctx, c); err != nil {
		return err
	}
	return b.assign(ctx, c, own)
}

// list is what a page asks for.
type list struct{ name, method, path, body string }

func (c *consolePage) lists(region string) []list {
	at := "/api/v1/aws/" + c.role + "/" + region + "/"
	return []list{
		{"the portal's 10,000 accounts", http.MethodGet, "/api/v1/portal/accounts", ""},
		{"all 1,000 requests", http.MethodGet, "/api/v1/requests?order=newest", ""},
		{"100 requests, newest first", http.MethodGet, "/api/v1/requests?order=newest&limit=100", ""},
		{"the queue", http.MethodGet, "/api/v1/queue", ""},
		{"the audit log's first rows", http.MethodGet, "/api/v1/audit", ""},
		{"page of accounts", http.MethodPost, at + "organizations/ListAccounts", `{"MaxResults":20}`},
		{"page of provisioned products", http.MethodPost, at + "servicecatalog/SearchProvisionedProducts", `{"PageSize":100}`},
		{"page of enabled baselines", http.MethodPost, at + "controltower/ListEnabledBaselines", `{"IncludeChildren":true}`},
		{"page of users", http.MethodPost, at + "identitystore/ListUsers", c.store},
	}
}

// list measures one of them.
func (b *bench) list(ctx context.Context, p *harness.Process, page *consolePage, m list) error {
	before, err := cpuOf(p.PID)
	if err != nil {
		return err
	}
	middle, slowest, err := page.times(ctx, m.method, m.path, m.body)
	if err != nil {
		return err
	}
	after, err := cpuOf(p.PID)
	b.most(fmt.Sprintf("console: %s, median of %d", m.name, calls), float64(middle.Microseconds())/1000, 300, "ms")
	b.note("  slowest", float64(slowest.Microseconds())/1000, "ms")
	b.note("  server's CPU for each", float64((after-before).Microseconds())/1000/calls, "ms")
	return err
}

// fill makes accounts until there are ten thousand, and gives how often the twin was busy.
func (b *bench) fill(ctx context.Context, c *caller) (int64, error) {
	var busy atomic.Int64
	err := all(accounts-3, clients, func(i int) error { // three are the first start's
		for {
			err := c.call(ctx, "organizations", orgs+"CreateAccount", map[string]string{"AccountName": "x", "Email": fmt.Sprintf("x%d@example.com", i)}, nil)
			var refused *answerError
			if !errors.As(err, &refused) || !strings.Contains(string(refused.body), "ConstraintViolation") {
				return err
			}
			busy.Add(1) // fifty are being made: ask again
		}
	})
	return busy.Load(), err
}

// assign gives the user admin a role in every account.
func (b *bench) assign(ctx context.Context, c *caller, own *harness.Clients) error {
	instances, err := own.SSOAdmin.ListInstances(ctx, &ssoadmin.ListInstancesInput{})
	if err != nil {
		return err
	}
	instance := instances.Instances[0]
	users, err := own.IdentityStore.ListUsers(ctx, &identitystore.ListUsersInput{IdentityStoreId: instance.IdentityStoreId})
	if err != nil {
		return err
	}
	user := ""
	for _, u := range users.Users {
		if aws.ToString(u.UserName) == "admin" {
			user = aws.ToString(u.UserId)
		}
	}
	sets, err := own.SSOAdmin.ListPermissionSets(ctx, &ssoadmin.ListPermissionSetsInput{InstanceArn: instance.InstanceArn})
	if err != nil {
		return err
	}
	var ids []string
	pages := organizations.NewListAccountsPaginator(own.Organizations, &organizations.ListAccountsInput{MaxResults: aws.Int32(20)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, a := range page.Accounts {
			ids = append(ids, aws.ToString(a.Id))
		}
	}
	return all(len(ids), clients, func(i int) error {
		for {
			err := c.call(ctx, "sso", "SWBExternalService.CreateAccountAssignment", map[string]string{
				"InstanceArn": aws.ToString(instance.InstanceArn), "PermissionSetArn": sets.PermissionSets[0], "PrincipalId": user, "PrincipalType": "USER",
				"TargetId": ids[i], "TargetType": "AWS_ACCOUNT",
			}, nil)
			var refused *answerError
			if !errors.As(err, &refused) || !strings.Contains(string(refused.body), "Throttling") {
				return err
			}
		}
	})
}

// consolePage is the console in a browser.
type consolePage struct {
	*harness.Browser
	role  string
	store string // input of ListUsers
}

// openConsole signs the user admin in.
func openConsole(ctx context.Context, p *harness.Process, own *harness.Clients) (*consolePage, error) {
	lab := p.Lab(own.Config.Credentials)
	if err := lab.Do(ctx, http.MethodPost, "/_twin/admin/users/admin/invite", nil, nil); err != nil {
		return nil, err
	}
	var outbox struct{ Mails []struct{ To, Link string } }
	if err := lab.Do(ctx, http.MethodGet, "/_twin/outbox", nil, &outbox); err != nil {
		return nil, err
	}
	link := ""
	for _, m := range outbox.Mails {
		if m.To == "admin@example.com" {
			link = m.Link
		}
	}
	c := &consolePage{Browser: harness.NewBrowser(p.Console), role: p.Account + "/AWSAdministratorAccess"}
	if _, err := c.Get(ctx, link); err != nil {
		return nil, err
	}
	const password = "Correct-horse-1"
	if _, err := c.Submit(ctx, "choose", map[string]string{"password": password, "again": password}); err != nil {
		return nil, err
	}
	if _, err := c.Get(ctx, "/sign-in"); err != nil {
		return nil, err
	}
	instances, err := own.SSOAdmin.ListInstances(ctx, &ssoadmin.ListInstancesInput{})
	if err != nil {
		return nil, err
	}
	c.store = `{"IdentityStoreId":"` + aws.ToString(instances.Instances[0].IdentityStoreId) + `"}`
	return c, nil
}

// times is how long a call takes: in the middle of eleven, and the slowest of them, which is the first that opens the role.
func (c *consolePage) times(ctx context.Context, method, path, body string) (middle, slowest time.Duration, err error) {
	var all []time.Duration
	for range calls {
		d, err := took(func() error { return c.fetch(ctx, method, path, body, nil) })
		if err != nil {
			return 0, 0, err
		}
		all = append(all, d)
	}
	slices.Sort(all)
	return all[len(all)/2], all[len(all)-1], nil
}

func (c *consolePage) fetch(ctx context.Context, method, path, body string, read func(io.Reader) error) error {
	r, err := http.NewRequestWithContext(ctx, method, c.Base+path, bytes.NewReader([]byte(body)))
	if err != nil {
		return err
	}
	r.Header.Set("X-Accountfactory-Role", c.role)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	resp, err := c.Client.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }() // read as far as it matters
	if read != nil && resp.StatusCode == http.StatusOK {
		return read(resp.Body)
	}
	answer, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = &answerError{resp.StatusCode, answer}
	}
	if err == nil && !json.Valid(answer) {
		err = fmt.Errorf("%s answers no JSON", path)
	}
	return err
}

// firstEvents reads what a page is shown first: the newest hundred requests and the queue.
func (c *consolePage) firstEvents(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	return c.fetch(ctx, http.MethodGet, "/api/v1/events?role="+c.role, "", func(body io.Reader) error {
		var seen []byte
		part := make([]byte, 64<<10)
		for !bytes.Contains(seen, []byte("event: queue\n")) {
			n, err := body.Read(part)
			if err != nil {
				return err
			}
			seen = append(seen, part[:n]...)
		}
		return nil
	})
}
