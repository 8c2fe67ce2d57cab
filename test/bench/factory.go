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
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog"

	"accountfactory/internal/cloud"
	"accountfactory/internal/factory"
	"accountfactory/test/harness"
)

// factoryAPI talks to the console's listener as the management user.
type factoryAPI struct {
	base   string
	signer cloud.Signer
	http   *http.Client

	productID string // Account Factory's
}

// call sends along the proof that the caller may launch, once it is known for which product.
func (a *factoryAPI) call(ctx context.Context, method, path string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, method, a.base+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	token, err := a.signer.Identity(ctx)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+token)
	if a.productID != "" {
		proof, err := a.signer.LaunchPaths(ctx, a.productID)
		if err != nil {
			return err
		}
		r.Header.Set("X-Accountfactory-Launch", proof)
	}
	res, err := a.http.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }() // read to its end
	answer, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode >= http.StatusBadRequest {
		err = &answerError{res.StatusCode, answer}
	}
	if err != nil {
		return err
	}
	return json.Unmarshal(answer, out)
}

func (b *bench) connect(ctx context.Context, p *harness.Process) (*factoryAPI, error) {
	c, err := p.Management(ctx)
	if err != nil {
		return nil, err
	}
	var about struct{ Audience string }
	api := &factoryAPI{base: p.Console, http: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients}}}
	api.signer = cloud.Signer{Credentials: c.Config.Credentials, Region: p.Region, Endpoint: p.AWS}
	if err := api.call(ctx, http.MethodGet, "/api/v1/about", nil, &about); err != nil {
		return nil, err
	}
	api.signer.Audience = about.Audience
	found, err := c.Catalog.SearchProducts(ctx, &servicecatalog.SearchProductsInput{})
	if err != nil || len(found.ProductViewSummaries) != 1 {
		return nil, fmt.Errorf("find the product: %w", err)
	}
	api.productID = aws.ToString(found.ProductViewSummaries[0].ProductId)
	return api, nil
}

// submit asks for an account.
func (a *factoryAPI) submit(ctx context.Context, i int) (d factory.Detail, err error) {
	err = a.call(ctx, http.MethodPost, "/api/v1/requests", factory.Input{Parameters: factory.Parameters{
		Name: fmt.Sprint("x", i), AccountEmail: fmt.Sprintf("x%d@example.com", i), OU: "Sandbox",
		SSOUserEmail: "owner@example.com", SSOUserFirstName: "Olive", SSOUserLastName: "Owner",
	}}, &d)
	return d, err
}

// await polls until all requests have ended, and complains of any that did not succeed.
func (a *factoryAPI) await(ctx context.Context, n int) (out []factory.Detail, err error) {
	err = harness.Poll(ctx, 200*time.Millisecond, func() (bool, error) {
		var list struct{ Requests []factory.Detail }
		if err := a.call(ctx, http.MethodGet, "/api/v1/requests", nil, &list); err != nil {
			return false, err
		}
		out = list.Requests
		ended := 0
		for _, d := range out {
			if d.State.Ended() {
				ended++
			}
			if d.State.Ended() && d.State != factory.StateSucceeded {
				return false, fmt.Errorf("request %s %s: %s %s", d.ID, d.State, d.ErrorCode, d.ErrorMessage)
			}
		}
		return ended >= n, nil
	})
	return out, err
}

// factory measures launches in one batch from the first submission to the last account, and how fast a freed slot is taken.
func (b *bench) factory(ctx context.Context) error {
	p, _, err := b.start(ctx, "factory", "serve", "--speed", "instant", "--account-operations", "50")
	if err != nil {
		return err
	}
	api, err := b.connect(ctx, p)
	if err != nil {
		return err
	}
	before, err := cpuOf(p.PID)
	if err != nil {
		return err
	}
	var submitted time.Duration
	d, err := took(func() (err error) {
		if submitted, err = took(func() error {
			return all(b.launches, clients, func(i int) error { _, err := api.submit(ctx, i); return err })
		}); err != nil {
			return err
		}
		_, err = api.await(ctx, b.launches)
		return err
	})
	if err != nil {
		return err
	}
	after, err := cpuOf(p.PID)
	if err != nil {
		return err
	}
	n := float64(b.launches)
	b.least(fmt.Sprintf("%d launches at a limit of 50, end to end", b.launches), n/d.Seconds(), 50, "/s")
	b.note("  submitted", n/submitted.Seconds(), "/s")
	b.note("  server's CPU for each", (after-before).Seconds()*1000/n, "ms")
	if err := b.freedSlot(ctx, api); err != nil {
		return err
	}
	return p.Stop()
}

// freedSlot launches a few one after another, and looks at how long after the end of each the next one began.
func (b *bench) freedSlot(ctx context.Context, api *factoryAPI) error {
	if err := api.call(ctx, http.MethodPut, "/api/v1/limit", map[string]int{"limit": 0}, &struct{}{}); err != nil {
		return err
	}
	const n = 20
	ids := make([]string, n)
	for i := range ids {
		d, err := api.submit(ctx, b.launches+i)
		if err != nil {
			return err
		}
		ids[i] = d.ID
	}
	if err := api.call(ctx, http.MethodPut, "/api/v1/limit", map[string]int{"limit": 1}, &struct{}{}); err != nil {
		return err
	}
	if _, err := api.await(ctx, b.launches+n); err != nil {
		return err
	}
	var gaps []time.Duration
	var ended time.Time
	for i, id := range ids {
		var d factory.Detail
		if err := api.call(ctx, http.MethodGet, "/api/v1/requests/"+id, nil, &d); err != nil {
			return err
		}
		if i > 0 {
			gaps = append(gaps, began(d).Sub(ended))
		}
		ended = d.EndedAt
	}
	slices.Sort(gaps)
	b.most("freed slot taken after, slowest of 19", float64(gaps[len(gaps)-1].Milliseconds()), 200, "ms")
	return nil
}

// began is when the first step after the wait for a slot was done.
func began(d factory.Detail) time.Time {
	for _, e := range d.Timeline {
		if e.Step == factory.StepProvision {
			return e.At
		}
	}
	return d.EndedAt
}

// idle measures what a server costs that nobody asks anything.
func (b *bench) idle(ctx context.Context) error {
	p, _, err := b.start(ctx, "idle", "serve")
	if err != nil {
		return err
	}
	before, err := cpuOf(p.PID)
	if err != nil {
		return err
	}
	const watched = 10 * time.Second
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(watched):
	}
	after, err := cpuOf(p.PID)
	if err != nil {
		return err
	}
	b.most("idle CPU of serve", 100*(after-before).Seconds()/watched.Seconds(), 2, "%")
	held, err := resident(p.PID)
	b.note("  resident", held/mega, "MB")
	return errors.Join(err, p.Stop())
}
