package wire

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"

	"accountfactory/internal/wire/facts"
)

// call is one request on its way through the steps.
type call struct {
	e     *Endpoint
	r     *http.Request
	req   *Request
	body  []byte
	query url.Values
	form  url.Values // of awsQuery: query and form together

	protocol protocol
	labels   map[string]string
	sv       *served          // nil until routed
	facts    *facts.Operation // nil when AWS has no such operation
	op       *servedOperation // nil when we do not serve it
}

// serve goes through the steps. A panic in a hook is an internal failure of this call and of no other.
func (c *call) serve() (a answer) {
	defer func() {
		if p := recover(); p != nil {
			a = c.fail(panicked(p))
		}
	}()
	var unread error
	c.body, unread = readBody(c.r, maxBody)
	err := c.e.router.route(c)
	if unread != nil {
		err = unread // told in the protocol routing has found
	}
	if err == nil {
		err = c.verify()
	}
	if err != nil {
		return c.fail(err)
	}
	ctx := WithRequest(c.r.Context(), c.req)
	plans, err := c.op.plans()
	if err != nil {
		return c.fail(err)
	}
	in, err := c.decode(plans)
	if err != nil {
		return c.fail(err)
	}
	if err := c.authorise(ctx, in); err != nil {
		return c.fail(err)
	}
	fault := c.fault(ctx)
	if early, stop := c.before(ctx, fault); stop {
		return early
	}
	out, err := c.handle(ctx, in)
	return c.after(fault, c.answer(plans, out, err))
}

// decode reads and validates the input.
func (c *call) decode(p plans) (any, error) {
	in := c.op.input()
	if err := c.protocol.decode(c, p.in, in); err != nil {
		return nil, err
	}
	c.req.Input = in
	if broken := p.in.Validate(in); len(broken) > 0 {
		return nil, &invalid{broken}
	}
	return in, nil
}

func (c *call) authorise(ctx context.Context, in any) error {
	if c.facts.Unsigned || c.e.cfg.NoAuth {
		return nil
	}
	checks, err := c.op.checks(ctx, in)
	if err != nil {
		return err
	}
	return c.e.cfg.Authorize(ctx, c.req, checks)
}

// handle calls the handler; a panic in it is an error like others.
func (c *call) handle(ctx context.Context, in any) (out any, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = panicked(p)
		}
	}()
	return c.op.handle(ctx, in)
}

func panicked(p any) error { return fmt.Errorf("panic: %v\n%s", p, debug.Stack()) }

func (c *call) answer(p plans, out any, err error) answer {
	if err != nil {
		return c.fail(err)
	}
	a, err := c.protocol.encode(c, p.out, out)
	if err != nil {
		return c.fail(fmt.Errorf("encode the output: %w", err))
	}
	if ctx := c.r.Context(); c.e.cfg.Log.Enabled(ctx, slog.LevelDebug) {
		c.e.cfg.Log.LogAttrs(ctx, slog.LevelDebug, "answered", c.attrs(a.status)...)
	}
	return a
}

// fail turns an error into the answer, and logs what the caller does not see.
func (c *call) fail(err error) answer {
	f := c.failure(err)
	if f.internal {
		level := slog.LevelError
		if errors.Is(err, context.Canceled) && c.r.Context().Err() != nil {
			level = slog.LevelInfo // the client hung up
		}
		c.e.cfg.Log.LogAttrs(c.r.Context(), level, "failed", append(c.attrs(f.status), slog.Any("error", err))...)
	} else {
		c.e.cfg.Log.LogAttrs(c.r.Context(), slog.LevelDebug, "refused",
			append(c.attrs(f.status), slog.String("code", f.code), slog.String("message", f.message))...)
	}
	return c.protocol.fail(c, f)
}

// attrs is what the log says of every call.
func (c *call) attrs(status int) []slog.Attr {
	return []slog.Attr{
		slog.String("request", c.req.ID), slog.String("service", c.req.Service), slog.String("operation", c.req.Operation),
		slog.String("caller", c.req.Caller.ARN), slog.Int("status", status),
	}
}
