package factory

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// maxCap is as many accounts as an organization may have.
const maxCap = 10_000

// capacity is how many account operations AWS may be at, ours and others'.
func (s *Service) capacity(q Queue) int {
	if q.Auto {
		return s.quotaOf(q)
	}
	return q.Limit
}

// Full reports whether as many new accounts were begun today as may be.
func (q Queue) Full() bool { return q.DailyCap > 0 && q.Begun >= q.DailyCap }

// capped reports whether a request waits for another day.
func (q Queue) capped(r *Request) bool {
	return q.Full() && r.Kind == KindLaunch && r.AccountID == ""
}

// tomorrow is when the cap counts anew.
func (s *Service) tomorrow() time.Time {
	return s.clock.Now().UTC().Truncate(24 * time.Hour).Add(24 * time.Hour)
}

// expectedOf is expected, with the daily cap.
func (s *Service) expectedOf(q Queue, r *Request, usual time.Duration, position int) time.Time {
	if q.capped(r) {
		return s.tomorrow()
	}
	return s.expected(q, usual, position)
}

func (s *Service) setAuto(ctx context.Context, c Caller, quota int) error {
	if err := s.store.SetAuto(ctx, quota, c.actor()); err != nil {
		return err
	}
	if err := s.Measure(ctx); err != nil { // it is set, whether AWS answers now or later
		s.log.WarnContext(ctx, "what others leave of the quota is measured later", "error", err)
	}
	return nil
}

// checkDailyCap tells that a launch will wait for another day. One whose turn has come is among those begun.
func (s *Service) checkDailyCap(ctx context.Context, in Input) ([]Check, error) {
	q, err := s.store.Queue(ctx)
	switch {
	case err != nil:
		return nil, &storeError{err}
	case q.DailyCap == 0 || in.Again:
		return nil, nil
	case q.Begun >= q.DailyCap:
		return []Check{note(CheckDailyCap, fmt.Sprintf("%d new accounts were begun today (UTC), and the daily cap is %d: the request waits until tomorrow", q.Begun, q.DailyCap))}, nil
	}
	return []Check{ok(CheckDailyCap, fmt.Sprintf("%d of %d new accounts were begun today (UTC)", q.Begun, q.DailyCap))}, nil
}

// Measure sets an automatic limit to the quota less the operations that others have in flight, and at least to one: that
// one waits at AWS's door and names whose operation it is.
func (s *Service) Measure(ctx context.Context) error {
	q, err := s.store.Queue(ctx)
	switch {
	case err != nil || !q.Auto:
		return err
	case s.cfg.Provisioner == ByOrganizations: // nothing tells others' creations from ours: each waits for room on its own
		return s.store.Measured(ctx, q.Quota)
	}
	ctx, cancel := context.WithTimeout(ctx, s.cfg.TurnTimeout)
	defer cancel()
	a, err := s.sessions.For(ctx, AuditFactory)
	if err != nil {
		return err
	}
	s.askQuota(ctx, a)
	quota := s.quotaOf(q)
	w := &work{Service: s, aws: a}
	running, all, err := w.operations(ctx)
	if staleSession(err) {
		s.sessions.Forget(AuditFactory)
	}
	if err != nil {
		return err
	}
	ours, err := s.store.Working(ctx)
	if err != nil {
		return err
	}
	others := len(slices.DeleteFunc(running, func(o operation) bool { return o.isOf(ours) }))
	if all != "" {
		others = quota
	}
	if n := max(1, quota-others); n != q.Limit {
		return s.store.Measured(ctx, n)
	}
	return nil
}

// isOf reports whether an operation is one of some requests'. One whose answer was lost is known by its token or its name.
func (o operation) isOf(ours []Request) bool {
	return slices.ContainsFunc(ours, func(r Request) bool {
		if o.product == nil {
			return o.account != "" && o.account == r.AccountID
		}
		id, name := aws.ToString(o.product.Id), aws.ToString(o.product.Name)
		if id != "" && id == r.ProductID {
			return true
		}
		return name == cmp.Or(r.Progress.Target.ProductName, productName(r.Name)) && (r.sent() || r.isOurs(id, aws.ToString(o.product.IdempotencyToken)))
	})
}
