package factorydb

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"

	"accountfactory/internal/factory"
)

var _ factory.Store = (*DB)(nil)

// Bind binds the database to a cloud at first start and later compares. Returns BindingError.
func (db *DB) Bind(ctx context.Context, b factory.Binding) error {
	return db.inTx(ctx, func(t tx) error {
		if _, err := t.exec(ctx, `INSERT INTO bindings (id, kind, organization_id, management_account, region, bound_at) VALUES (1, $1, $2, $3, $4, $5)
			ON CONFLICT (id) DO NOTHING`, b.Kind, b.OrganizationID, b.ManagementAccount, b.Region, micros(db.now())); err != nil {
			return err
		}
		var have factory.Binding
		err := t.row(ctx, `SELECT kind, organization_id, management_account, region FROM bindings WHERE id = 1`).
			Scan(&have.Kind, &have.OrganizationID, &have.ManagementAccount, &have.Region)
		if err == nil && have != b {
			err = &factory.BindingError{Bound: have, Found: b}
		}
		return err
	})
}

// Add stores a new request and starts it when there is a slot.
func (db *DB) Add(ctx context.Context, r factory.Request, first factory.Event) (factory.Request, error) {
	var out factory.Request
	err := db.inTx(ctx, func(t tx) error {
		limit, err := lockLimits(ctx, t)
		if err != nil {
			return err
		}
		if r.Once.Key != "" {
			before, err := submitted(ctx, t, r.Requester, r.Once)
			if !errors.Is(err, factory.ErrNotFound) {
				out = before.Request
				return err
			}
		}
		if err := taking(ctx, t); err != nil {
			return err
		}
		if err := noHolders(ctx, t, &r, ""); err != nil {
			return err
		}
		if err := t.row(ctx, `UPDATE limits SET last_number = last_number + 1 WHERE id = 1 RETURNING last_number`).Scan(&r.Number); err != nil {
			return err
		}
		s := &stored{Request: r, events: 1}
		if err := insertRequest(ctx, t, s); err != nil {
			return err
		}
		if err := db.insertSubmitted(ctx, t, &r); err != nil {
			return err
		}
		s.events = 0
		if err := addEvents(ctx, t, s, []factory.Event{first}); err != nil {
			return err
		}
		row := factory.AuditRow{Actor: first.Actor, Action: factory.AuditSubmit, RequestID: r.ID, Reason: r.Reason}
		if err := db.audit(ctx, t, row, nil, r.AuditView()); err != nil {
			return err
		}
		t.note([]string{r.ID}, true)
		started, err := db.dispatch(ctx, t, limit)
		out = latest(s.Request, started)
		return err
	})
	if err != nil {
		return factory.Request{}, err
	}
	return out, nil
}

// taking refuses new requests while the queue drains.
func taking(ctx context.Context, r reader) error {
	var mode, by string
	if err := r.row(ctx, `SELECT mode, mode_by FROM limits WHERE id = 1`).Scan(&mode, &by); err != nil {
		return err
	}
	if factory.Mode(mode) == factory.ModeDraining {
		return factory.Draining(by)
	}
	return nil
}

// openStates are those in which a request keeps its account e-mails to itself.
const openStates = "'waiting', 'running', 'needs-decision', 'waiting-for-person'"

// noHolders refuses a request whose account e-mail another has, or the one that its account is to get.
func noHolders(ctx context.Context, r reader, req *factory.Request, id string) error {
	if err := noHolder(ctx, r, req.Kind, req.EmailKey(), id); err != nil || req.NewEmail == "" {
		return err
	}
	return noHolder(ctx, r, req.Kind, factory.EmailKey(req.NewEmail), id)
}

// noHolder refuses an account e-mail that another request than this one holds. Returns DuplicateError.
func noHolder(ctx context.Context, r reader, k factory.Kind, emailKey, id string) error {
	h, err := holder(ctx, r, k, emailKey, id)
	if errors.Is(err, factory.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return &factory.DuplicateError{RequestID: h.ID, Email: h.AccountEmail, State: h.State}
}

// holder gives the open request that has an account e-mail, or whose account is to get it, or for a launch a launch that
// succeeded, as long as its account was not given another e-mail.
func holder(ctx context.Context, r reader, k factory.Kind, emailKey, not string) (stored, error) {
	return scanRequest(r.row(ctx, `SELECT `+requestColumns+` FROM requests
		WHERE (email_key = $1 OR new_email_key = $1 AND new_email_key <> '') AND id <> $2 AND (state IN (`+openStates+`)
			OR state = 'succeeded' AND kind = 'launch' AND $3 = 'launch' AND NOT EXISTS (SELECT 1 FROM requests later
				WHERE later.account_id = requests.account_id AND later.account_id <> '' AND later.number > requests.number
				AND later.state = 'succeeded' AND later.new_email_key <> ''))
		ORDER BY number LIMIT 1`, emailKey, not, string(k)))
}

// Holder gives the request that keeps one of a kind from being added for an account e-mail.
func (db *DB) Holder(ctx context.Context, k factory.Kind, emailKey string) (factory.Request, error) {
	r, err := holder(ctx, db.reader(), k, emailKey, "")
	return r.Request, err
}

// Tombstone gives the newest request that closed an account of an e-mail.
func (db *DB) Tombstone(ctx context.Context, emailKey string) (factory.Request, error) {
	r, err := scanRequest(db.reader().row(ctx, `SELECT `+requestColumns+` FROM requests
		WHERE email_key = $1 AND kind = 'close' AND state = 'succeeded' ORDER BY number DESC LIMIT 1`, emailKey))
	return r.Request, err
}

// Update changes a request, with its timeline, in one transaction: what it frees is given on there.
func (db *DB) Update(ctx context.Context, id string, generation int64, change func(*factory.Request) ([]factory.Event, error)) (factory.Request, error) {
	var out factory.Request
	err := db.inTx(ctx, func(t tx) error {
		limit, err := lockLimits(ctx, t)
		if err != nil {
			return err
		}
		r, err := readRequest(ctx, t, id)
		if err != nil {
			return err
		}
		before := r.Request
		if generation != factory.AnyGeneration && generation != before.Generation {
			return factory.ErrStale
		}
		events, err := change(&r.Request)
		if err != nil {
			return err
		}
		if err := db.put(ctx, t, &r, before, events); err != nil {
			return err
		}
		if err := db.auditUpdate(ctx, t, &before, &r.Request, events); err != nil {
			return err
		}
		queue := before.Slot != r.Slot || before.State != r.State || before.Light != r.Light
		t.note([]string{id}, queue)
		if queue {
			started, err := db.dispatch(ctx, t, limit)
			out = latest(r.Request, started)
			return err
		}
		out = r.Request
		return nil
	})
	if err != nil {
		return factory.Request{}, err
	}
	return out, nil
}

// put writes a changed request. Whoever opens one again must find its e-mail free; a generation raised while it keeps
// its slot needs a worker of its own.
func (db *DB) put(ctx context.Context, t tx, r *stored, before factory.Request, events []factory.Event) error {
	if r.State.Open() && before.State.Ended() {
		if err := noHolders(ctx, t, &r.Request, r.ID); err != nil {
			return err
		}
	}
	if err := addEvents(ctx, t, r, events); err != nil {
		return err
	}
	if err := addHooks(ctx, t, r); err != nil {
		return err
	}
	r.UpdatedAt = db.now()
	if r.Slot && r.Generation != before.Generation {
		one := []stored{*r}
		err := db.employ(ctx, t, one)
		*r = one[0]
		return err
	}
	return updateRequest(ctx, t, r)
}

// latest gives a request as dispatch left it, when it was among those started.
func latest(r factory.Request, started []stored) factory.Request {
	for i := range started {
		if started[i].ID == r.ID {
			return started[i].Request
		}
	}
	return r
}

// Get gives one request.
func (db *DB) Get(ctx context.Context, id string) (factory.Request, error) {
	r, err := readRequest(ctx, db.reader(), id)
	return r.Request, err
}

// List gives requests in the order they came.
func (db *DB) List(ctx context.Context, f factory.Filter) ([]factory.Request, error) {
	limit := f.Limit
	if limit == 0 {
		limit = math.MaxInt32
	}
	where, args := []string{"number > $1"}, []any{f.After, limit}
	order := " ORDER BY number LIMIT $2"
	if f.Newest {
		order = " ORDER BY number DESC LIMIT $2"
		if where[0] = "number < $1"; f.After == 0 {
			args[0] = int64(math.MaxInt64)
		}
	}
	if f.Requester != "" || f.SourceIdentity != "" {
		where = append(where, "(requester = $3 OR (source_identity <> '' AND source_identity = $4))")
		args = append(args, f.Requester, f.SourceIdentity)
	}
	if f.Kind != "" {
		args = append(args, string(f.Kind))
		where = append(where, fmt.Sprintf("kind = $%d", len(args)))
	}
	if !f.EndedSince.IsZero() {
		args = append(args, micros(f.EndedSince))
		where = append(where, fmt.Sprintf("ended_at >= $%d", len(args)))
	}
	if !f.ChangedSince.IsZero() {
		args = append(args, micros(f.ChangedSince))
		where = append(where, fmt.Sprintf("updated_at >= $%d", len(args)))
		if f.ByChange {
			where[0], order = fmt.Sprintf("(updated_at > $%d OR number > $1)", len(args)), " ORDER BY updated_at, number LIMIT $2"
		}
	}
	if len(f.States) > 0 {
		var in []string
		for _, state := range f.States {
			args = append(args, string(state))
			in = append(in, fmt.Sprintf("$%d", len(args)))
		}
		where = append(where, "state IN ("+strings.Join(in, ", ")+")")
	}
	if f.Open {
		where = append(where, "state IN ("+openStates+")")
	}
	rs, err := requests(ctx, db.reader(), "WHERE "+strings.Join(where, " AND ")+order, args...)
	out := make([]factory.Request, len(rs))
	for i := range rs {
		out[i] = rs[i].Request
	}
	return out, err
}

// Timeline gives a request's events in order.
func (db *DB) Timeline(ctx context.Context, id string) ([]factory.Event, error) {
	var out []factory.Event
	err := db.reader().each(ctx, `SELECT at, step, text, aws_code, aws_message, alarm FROM events WHERE request_id = $1 ORDER BY number`, []any{id},
		func(s scanner) error {
			var e factory.Event
			var at int64
			var alarm int
			err := s.Scan(&at, &e.Step, &e.Text, &e.AWSCode, &e.AWSMessage, &alarm)
			e.At, e.Alarm = fromMicros(at), alarm == 1
			out = append(out, e)
			return err
		})
	return out, err
}

// Bound gives the cloud the database belongs to; the zero Binding before the first start.
func (db *DB) Bound(ctx context.Context) (b factory.Binding, err error) {
	err = db.reader().each(ctx, `SELECT kind, organization_id, management_account, region FROM bindings WHERE id = 1`, nil, func(s scanner) error {
		return s.Scan(&b.Kind, &b.OrganizationID, &b.ManagementAccount, &b.Region)
	})
	return b, err
}
