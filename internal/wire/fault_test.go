package wire

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"accountfactory/internal/wire/sigv4"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
	smithy "github.com/aws/smithy-go"
)

// faultyEndpoint serves DescribeAccount with a fault, and records what happens.
func faultyEndpoint(t *testing.T, fault func(step func(string)) Fault) (_ *organizations.Client, steps func() []string) {
	t.Helper()
	var mu sync.Mutex
	var taken []string
	step := func(name string) {
		mu.Lock()
		defer mu.Unlock()
		taken = append(taken, name)
	}
	steps = func() []string {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(taken)
	}
	client := orgEndpoint(t, func(context.Context, *organizations.DescribeAccountInput, ...func(*organizations.Options)) (*organizations.DescribeAccountOutput, error) {
		step("handle")
		return &organizations.DescribeAccountOutput{Account: &types.Account{Id: aws.String("1")}}, nil
	}, Config{Fault: func(_ context.Context, r *Request) Fault {
		if r.Input == nil || r.Caller.ARN != testCaller.ARN {
			t.Errorf("the fault sees %+v", r)
		}
		return fault(step)
	}})
	return client, steps
}

func TestFault(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		fault func(step func(string)) Fault
		code  string // "" with lost: no answer; "" without: a good one
		lost  bool
		steps []string
	}{
		{name: "none", fault: func(func(string)) Fault { return Fault{} }, steps: []string{"handle"}},
		{name: "modeled error", code: "TooManyRequestsException", fault: func(func(string)) Fault {
			return Fault{Err: &types.TooManyRequestsException{Message: aws.String("slow down")}}
		}},
		{name: "error of no model", code: "ServiceUnavailable", fault: func(func(string)) Fault {
			return Fault{Err: &Error{Code: "ServiceUnavailable", Message: "later", Status: 503}}
		}},
		{name: "cut", lost: true, fault: func(func(string)) Fault { return Fault{Cut: true} }},
		{name: "cut after", lost: true, steps: []string{"before", "handle", "after"}, fault: func(step func(string)) Fault {
			return Fault{CutAfter: true, Before: func() { step("before") }, After: func() { step("after") }}
		}},
		{name: "callbacks", steps: []string{"before", "handle", "after"}, fault: func(step func(string)) Fault {
			return Fault{Delay: time.Millisecond, Before: func() { step("before") }, After: func() { step("after") }}
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			client, steps := faultyEndpoint(t, tt.fault)
			_, err := client.DescribeAccount(t.Context(), someAccount)
			var api smithy.APIError
			switch {
			case tt.lost:
				if !errors.Is(err, io.EOF) {
					t.Errorf("got %v, want a lost connection", err)
				}
			case tt.code == "":
				if err != nil {
					t.Error(err)
				}
			case !errors.As(err, &api) || api.ErrorCode() != tt.code:
				t.Errorf("got %v, want %s", err, tt.code)
			}
			if got := steps(); !slices.Equal(got, tt.steps) {
				t.Errorf("steps %v, want %v", got, tt.steps)
			}
		})
	}
}

// a delay is waited in real time, and not for a client that has gone.
func TestFault_DelayEndsWithTheClient(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		start := time.Now()
		if wait(ctx, time.Hour) || time.Since(start) != time.Minute {
			t.Errorf("waited %v", time.Since(start))
		}
		if !wait(t.Context(), time.Hour) || time.Since(start) != time.Hour+time.Minute {
			t.Errorf("waited %v", time.Since(start))
		}
	})
}

// over HTTP/2, where nothing can be hijacked, the stream ends without an answer too.
func TestFault_CutHTTP2(t *testing.T) {
	t.Parallel()
	e := testEndpoint(t, func(cfg *Config) {
		cfg.Fault = func(context.Context, *Request) Fault { return Fault{Cut: true} }
	})
	srv := httptest.NewUnstartedServer(e)
	srv.EnableHTTP2 = true
	srv.StartTLS()
	t.Cleanup(srv.Close)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, srv.URL, strings.NewReader(accountA))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Amz-Target", describe)
	creds := aws.Credentials{AccessKeyID: testKeyID, SecretAccessKey: testSecret}
	if err := v4.NewSigner().SignHTTP(t.Context(), creds, r, sigv4.BodyHash([]byte(accountA)), "organizations", testRegion, testTime); err != nil {
		t.Fatal(err)
	}
	if res, err := srv.Client().Do(r); err == nil {
		t.Errorf("got %s", res.Status)
		res.Body.Close()
	}
}
