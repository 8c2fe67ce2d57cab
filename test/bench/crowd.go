package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Requests that wait while it is measured what people's pages take, few first and then many.
const (
	fewWait  = 60
	manyWait = 1000
)

// crowd measures what a page of the list, the queue and one request take while few wait in a small organization, and while
// a thousand wait in one of ten thousand accounts.
func (b *bench) crowd(ctx context.Context) error {
	p, _, err := b.start(ctx, "crowd", "serve", "--speed", "instant", "--account-operations", "50", "--account-quota", "20000")
	if err != nil {
		return err
	}
	api, err := b.connect(ctx, p)
	if err != nil {
		return err
	}
	if err := api.call(ctx, http.MethodPut, "/api/v1/limit", map[string]int{"limit": 0}, &struct{}{}); err != nil {
		return err
	}
	submit := func(from, to int) error {
		return all(to-from, clients, func(i int) error { _, err := api.submit(ctx, from+i); return err })
	}
	if err := submit(0, fewWait); err != nil {
		return err
	}
	few, err := api.looks(ctx)
	if err != nil {
		return err
	}
	c, err := p.Management(ctx)
	if err != nil {
		return err
	}
	if err := crowded(ctx, newCaller(c.Config, clients)); err != nil {
		return err
	}
	d, err := took(func() error { return submit(fewWait, manyWait) })
	if err != nil {
		return err
	}
	b.note("submitted in an organization of 10,000 accounts", float64(manyWait-fewWait)/d.Seconds(), "/s")
	many, err := api.looks(ctx)
	if err != nil {
		return err
	}
	for i, look := range looks {
		b.most(look.name+", 1,000 waiting, 10,000 accounts", float64(many[i].Microseconds())/1000, look.most, "ms")
		b.note("  by that of 60 waiting, 3 accounts", float64(many[i])/float64(few[i]), "x")
	}
	return p.Stop()
}

// looks are the pages, and how many milliseconds each may take: any list page less than 300.
var looks = []struct {
	name, path string
	most       float64
}{
	{"list page of 50 requests", "/api/v1/requests?limit=50", 300},
	{"its last page", "/api/v1/requests?limit=50&order=newest", 300},
	{"the queue", "/api/v1/queue", 300},
}

// looks gives how long each page takes, the middle one of many.
func (a *factoryAPI) looks(ctx context.Context) (out []time.Duration, err error) {
	for _, look := range looks {
		var all []time.Duration
		for range 21 {
			d, err := took(func() error { return a.call(ctx, http.MethodGet, look.path, nil, &struct{}{}) })
			if err != nil {
				return nil, err
			}
			all = append(all, d)
		}
		slices.Sort(all)
		out = append(out, all[len(all)/2])
	}
	return out, nil
}

// crowded makes ten thousand accounts past the factory.
func crowded(ctx context.Context, c *caller) error {
	return all(accounts, clients, func(i int) error {
		for {
			err := c.call(ctx, "organizations", orgs+"CreateAccount", map[string]string{"AccountName": "crowd", "Email": fmt.Sprintf("crowd%d@example.com", i)}, nil)
			var refused *answerError
			if !errors.As(err, &refused) || !strings.Contains(string(refused.body), "ConstraintViolation") {
				return err
			}
		}
	})
}
