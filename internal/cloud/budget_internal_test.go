package cloud

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
)

// polled gives how many calls of an operation fifty workers get through in a while.
func polled(t *testing.T, b *budget, service, operation string, lasting time.Duration) int {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), lasting)
	defer cancel()
	var (
		workers sync.WaitGroup
		mu      sync.Mutex
		n       int
	)
	for range 50 {
		workers.Go(func() {
			for b.wait(ctx, service, operation) == nil {
				mu.Lock()
				n++
				mu.Unlock()
			}
		})
	}
	workers.Wait()
	return n
}

// TestBudget: fifty workers together stay within the share of what AWS allows, and use it.
func TestBudget(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		service, operation string
		share              float64
		want               int // in ten seconds: the burst, and ten times the rate
	}{
		"documented":            {"Account", "GetAlternateContact", 1, 15 + 100},
		"half of it":            {"Account", "GetAlternateContact", .5, 7 + 50},
		"once a second":         {"Account", "PutAccountName", .5, 1 + 5},
		"Identity Center":       {"SSO Admin", "ListAccountAssignments", .5, 10 + 100},
		"a read, guessed":       {"Service Catalog", "DescribeRecord", .5, 20 + 100},
		"a write, guessed":      {"Organizations", "CreateAccount", .5, 2 + 25},
		"a tenth of a second's": {"Account", "PutAccountName", .1, 1 + 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				got := polled(t, newBudget(tt.share, nil), tt.service, tt.operation, 10*time.Second)
				if got < tt.want-1 || got > tt.want+1 {
					t.Errorf("%d calls in ten seconds, want %d", got, tt.want)
				}
			})
		})
	}
}

// TestBudget_Shared: all operations of Identity Center share one rate; others have their own; some have none.
func TestBudget_Shared(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBudget(.5, nil)
		began := time.Now()
		took := func(service string, operations ...string) time.Duration {
			before := time.Since(began)
			for _, op := range operations {
				if err := b.wait(t.Context(), service, op); err != nil {
					t.Fatal(err)
				}
			}
			return time.Since(began) - before
		}
		for range 5 {
			if d := took("SSO Admin", "ListInstances", "ListAccountAssignments"); d != 0 {
				t.Errorf("within the burst a call waits %s", d)
			}
		}
		if d := took("SSO Admin", "CreateAccountAssignment"); d != 100*time.Millisecond {
			t.Errorf("beyond it a call waits %s, want a tenth of a second", d)
		}
		if d := took("identitystore", "GetUserId"); d != 0 {
			t.Errorf("another service waits %s", d)
		}
		for range 1000 {
			if d := took("STS", "AssumeRole"); d != 0 {
				t.Fatalf("STS waits %s", d)
			}
		}
	})
}

// TestBudget_Throttled: told that it was too often a bucket goes at half its rate, and is back after a minute. Many answers at
// once are one.
func TestBudget_Throttled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const service, operation = "Service Catalog", "DescribeRecord" // 10 a second of a budget of a half
		b := newBudget(.5, nil)
		for range 50 {
			b.slow(service, operation)
		}
		first := polled(t, b, service, operation, 2*time.Second)
		if first < 9 || first > 12 {
			t.Errorf("%d calls in two seconds right after it, want about 10", first)
		}
		<-time.After(oneAnswer)
		b.slow(service, operation)
		if again := polled(t, b, service, operation, 2*time.Second); again >= first || again < 4 {
			t.Errorf("%d calls in two seconds after another, want fewer than %d", again, first)
		}
		<-time.After(2 * recovery)
		if full := polled(t, b, service, operation, 2*time.Second); full < 39 || full > 41 {
			t.Errorf("%d calls in two seconds after a rest, want the burst of 20 and 20", full)
		}
		for range 100 {
			<-time.After(oneAnswer)
			b.slow(service, operation)
		}
		if err := b.wait(t.Context(), service, operation); err != nil {
			t.Error(err)
		}
	})
}

// TestBudget_NoTime: who has no time to wait is told at once, and leaves the place to others; waiting is told of.
func TestBudget_NoTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var told []time.Duration
		b := newBudget(.5, func(service, operation string, d time.Duration) {
			if service != "Account" || operation != "PutAccountName" {
				t.Errorf("told of %s %s", service, operation)
			}
			told = append(told, d)
		})
		wait := func(ctx context.Context) error { return b.wait(ctx, "Account", "PutAccountName") }
		if err := wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		short, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began := time.Now()
		if err := wait(short); !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != 0 {
			t.Errorf("without time: %v after %s", err, time.Since(began))
		}
		gone, leave := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, leave)
		if err := wait(gone); !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled: %v", err)
		}
		if err := wait(t.Context()); err != nil || time.Since(began) != 2*time.Second {
			t.Errorf("the next waits %s, %v, want 2s from the first", time.Since(began), err)
		}
		if len(told) != 2 || told[0] != 2*time.Second || told[1] != time.Second {
			t.Errorf("told %v", told)
		}
	})
}

// TestBudget_NoTimeOnce: the SDK does not repeat a call that there is no time for.
func TestBudget_NoTimeOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := Config{Region: "eu-west-1", Endpoint: "http://aws.test", HTTPClient: &answers{`{}`}, budget: newBudget(.5, nil)}
		client := newClients(c.with(credentials.NewStaticCredentialsProvider("a", "s", "")), c.Region).Organizations
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		for range 2 * 40 { // beyond the burst, and what a second gives
			c.budget.take(rateName(t, "Organizations", "ListRoots"))
		}
		began := time.Now()
		_, err := client.ListRoots(ctx, &organizations.ListRootsInput{})
		if !errors.Is(err, context.DeadlineExceeded) || strings.Contains(err.Error(), "attempts") || time.Since(began) != 0 {
			t.Errorf("after %s: %v", time.Since(began), err)
		}
	})
}

func rateName(t *testing.T, service, operation string) (string, rate) {
	t.Helper()
	name, r, bounded := rateOf(service, operation)
	if !bounded {
		t.Fatalf("%s %s is not bounded", service, operation)
	}
	return name, r
}

// answers are what AWS says, one call after the other, the last one for ever.
type answers []string

func (a *answers) Do(*http.Request) (*http.Response, error) {
	said := (*a)[0]
	if len(*a) > 1 {
		*a = (*a)[1:]
	}
	status := http.StatusOK
	if strings.Contains(said, "Exception") {
		status = http.StatusBadRequest
	}
	return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"application/x-amz-json-1.1"}}, Body: io.NopCloser(strings.NewReader(said))}, nil
}

// TestBudget_Client: the SDK's own repetitions take a place each, and what AWS says of too many calls slows those that follow,
// of all clients.
func TestBudget_Client(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		waits := 0
		const often, fine = `{"__type":"TooManyRequestsException","Message":"often"}`, `{"Roots":[]}`
		c := Config{
			Region: "eu-west-1", Endpoint: "http://aws.test", HTTPClient: &answers{often, often, fine}, Backoff: time.Millisecond,
			budget: newBudget(.5, func(string, string, time.Duration) { waits++ }),
		}
		one, other := newClients(c.with(credentials.NewStaticCredentialsProvider("a", "s", "")), c.Region), newClients(c.with(credentials.NewStaticCredentialsProvider("b", "s", "")), c.Region)
		began := time.Now()
		if _, err := one.Organizations.ListRoots(t.Context(), &organizations.ListRootsInput{}); err != nil {
			t.Fatal(err)
		}
		if waits != 2 || time.Since(began) < 350*time.Millisecond {
			t.Errorf("the repetitions waited %d times, %s in all, want twice at less than 10 a second", waits, time.Since(began))
		}
		if _, err := other.Organizations.ListRoots(t.Context(), &organizations.ListRootsInput{}); err != nil || waits != 3 {
			t.Errorf("another client waited %d times, %v", waits-2, err)
		}
		began = time.Now()
		if _, err := other.Organizations.ListAWSServiceAccessForOrganization(t.Context(), &organizations.ListAWSServiceAccessForOrganizationInput{}); err != nil || time.Since(began) != 0 {
			t.Errorf("another operation waited %s, %v", time.Since(began), err)
		}
	})
}
