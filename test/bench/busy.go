package main

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"

	"accountfactory/test/harness"
)

// slots is how many account operations run at once while it is measured how busy they are.
const slots = 5

// busy measures how much of the time the slots are used, at the speed people rehearse at, by what the twin's own records
// say of when operations began and ended: from the first launch until the queue is empty.
func (b *bench) busy(ctx context.Context) error {
	p, _, err := b.start(ctx, "busy", "serve", "--speed", "60", "--account-operations", fmt.Sprint(slots))
	if err != nil {
		return err
	}
	api, err := b.connect(ctx, p)
	if err != nil {
		return err
	}
	for _, limit := range []int{0, slots} { // all wait before the first begins
		if err := api.call(ctx, http.MethodPut, "/api/v1/limit", map[string]int{"limit": limit}, &struct{}{}); err != nil {
			return err
		}
		if limit > 0 {
			break
		}
		if err := all(b.vends, clients, func(i int) error { _, err := api.submit(ctx, i); return err }); err != nil {
			return err
		}
	}
	if _, err := api.await(ctx, b.vends); err != nil {
		return err
	}
	c, err := p.Management(ctx)
	if err != nil {
		return err
	}
	records, err := launches(ctx, c)
	if err != nil {
		return err
	}
	if len(records) != b.vends {
		return fmt.Errorf("%d records of launches, want %d", len(records), b.vends)
	}
	share, gaps, vend := busyShare(records)
	b.least(fmt.Sprintf("%d launches at speed 60, %d slots busy until the queue is empty", b.vends, slots), 100*share, 99, "%")
	b.note("  a launch by the twin's records, median", vend.Seconds(), "s")
	b.note("  slot free between two launches, median", float64(gaps[len(gaps)/2].Milliseconds()), "ms")
	b.note("  the same, slowest", float64(gaps[len(gaps)-1].Milliseconds()), "ms")
	return p.Stop()
}

// launches gives the records of provisioning, by when they began.
func launches(ctx context.Context, c *harness.Clients) (out []types.RecordDetail, err error) {
	in := &servicecatalog.ListRecordHistoryInput{AccessLevelFilter: &types.AccessLevelFilter{Key: types.AccessLevelFilterKeyAccount, Value: aws.String("self")}}
	for {
		page, err := c.Catalog.ListRecordHistory(ctx, in)
		if err != nil {
			return nil, err
		}
		for _, r := range page.RecordDetails {
			if aws.ToString(r.RecordType) == "PROVISION_PRODUCT" {
				out = append(out, r)
			}
		}
		if in.PageToken = page.NextPageToken; in.PageToken == nil {
			break
		}
	}
	slices.SortFunc(out, func(a, b types.RecordDetail) int { return a.CreatedTime.Compare(*b.CreatedTime) })
	return out, nil
}

// busyShare gives how much of the slots' time was used until the last launch began, how long each slot was free between two
// launches, and how long a launch took, the middle one.
func busyShare(records []types.RecordDetail) (share float64, gaps []time.Duration, vend time.Duration) {
	begun, end := *records[0].CreatedTime, *records[len(records)-1].CreatedTime
	var used time.Duration
	var took []time.Duration
	var ends []time.Time
	for i, r := range records {
		took = append(took, r.UpdatedTime.Sub(*r.CreatedTime))
		until := *r.UpdatedTime
		if until.After(end) {
			until = end
		}
		used += until.Sub(*r.CreatedTime)
		if i >= slots { // it took the slot that was free for longest
			slices.SortFunc(ends, time.Time.Compare)
			gaps = append(gaps, r.CreatedTime.Sub(ends[0]))
			ends = ends[1:]
		}
		ends = append(ends, *r.UpdatedTime)
	}
	slices.Sort(gaps)
	slices.Sort(took)
	return used.Seconds() / (slots * end.Sub(begun).Seconds()), gaps, took[len(took)/2]
}
