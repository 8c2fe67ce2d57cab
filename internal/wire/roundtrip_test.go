package wire

import (
	"context"
	"encoding/json"
	"errors"
	"net/http/httptest"
	"reflect"
	"slices"
	"sync"
	"testing"

	"accountfactory/internal/wire/facts"

	"github.com/aws/aws-sdk-go-v2/aws"
	smithydocument "github.com/aws/smithy-go/document"
	"github.com/google/go-cmp/cmp"
)

// oneKey is a KeyStore with one key.
type oneKey Key

func (k oneKey) Lookup(_ context.Context, id string) (Key, error) {
	if id != k.Caller.AccessKeyID {
		return Key{}, ErrNoKey
	}
	return Key(k), nil
}

var testKey = oneKey{Secret: testSecret, Caller: testCaller}

func allow(context.Context, *Request, []Check) error { return nil }

// startEndpoint serves a configuration over HTTP and gives its URL.
func startEndpoint(t testing.TB, cfg Config) string {
	t.Helper()
	if cfg.Keys == nil {
		cfg.Keys = testKey
	}
	if cfg.Authorize == nil {
		cfg.Authorize = allow
	}
	if cfg.Region == "" {
		cfg.Region = "us-east-1"
	}
	e, err := NewEndpoint(cfg)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(e)
	t.Cleanup(srv.Close)
	return srv.URL
}

// sameDocument compares documents by their JSON.
func sameDocument(a, b smithydocument.Marshaler) bool {
	var values [2]any
	for i, m := range []smithydocument.Marshaler{a, b} {
		raw, err := m.MarshalSmithyDocument()
		if err != nil || json.Unmarshal(raw, &values[i]) != nil {
			return false
		}
	}
	return cmp.Equal(values[0], values[1])
}

// sdkValues compares what the SDK's structs carry.
var sdkValues = cmp.Options{
	cmp.FilterPath(func(p cmp.Path) bool {
		f, ok := p.Last().(cmp.StructField)
		return ok && slices.Contains([]string{"noSmithyDocumentSerde", "ResultMetadata", "ErrorCodeOverride"}, f.Name())
	}, cmp.Ignore()),
	cmp.FilterValues(func(a, b any) bool {
		_, x := a.(smithydocument.Marshaler)
		_, y := b.(smithydocument.Marshaler)
		return x && y
	}, cmp.Comparer(func(a, b any) bool {
		return sameDocument(a.(smithydocument.Marshaler), b.(smithydocument.Marshaler))
	})),
}

// every operation of every pinned client: a random input arrives as it was sent, a random output comes back as it was made.
func TestRoundTrip_EveryOperation(t *testing.T) {
	t.Parallel()
	eachService(t, func(t *testing.T, service string) {
		t.Helper()
		var mu sync.Mutex
		got, give := map[string]any{}, map[string]any{}
		f, err := facts.For(service)
		if err != nil {
			t.Fatal(err)
		}
		s := New(service)
		for _, m := range methods(clients[service](aws.Config{})) {
			m.row(s, f.Operations[m.name].Unsigned, func(ctx context.Context, in any) (any, error) {
				mu.Lock()
				defer mu.Unlock()
				got[m.name] = in
				if r := RequestFrom(ctx); r.Operation != m.name || r.Service != service {
					t.Errorf("%s: the request says %s %s", m.name, r.Service, r.Operation)
				}
				return give[m.name], nil
			})
		}
		url := startEndpoint(t, Config{Services: []*Service{s}})
		for _, m := range methods(clients[service](sdkConfig(url, testKeyID, testSecret, ""))) {
			for seed := range uint64(3) {
				fill := newFiller(t, service, seed)
				in, out := reflect.New(m.in), reflect.New(m.out)
				fill.fill(in.Elem(), f.Operations[m.name].Input, 0)
				fill.fill(out.Elem(), f.Operations[m.name].Output, 0)
				mu.Lock()
				give[m.name] = out.Interface()
				mu.Unlock()
				res, err := m.call(t.Context(), in.Interface())
				if err != nil {
					t.Errorf("%s: %v", m.name, err)
					continue
				}
				mu.Lock()
				arrived := got[m.name]
				mu.Unlock()
				if diff := cmp.Diff(in.Interface(), arrived, sdkValues); diff != "" {
					t.Errorf("%s: input (-sent +arrived):\n%s", m.name, diff)
				}
				if diff := cmp.Diff(out.Interface(), res, sdkValues); diff != "" {
					t.Errorf("%s: output (-made +received):\n%s", m.name, diff)
				}
			}
		}
	})
}

// the facts know every operation of the pinned clients, and no other.
func TestFacts_OperationsOfThePinnedClients(t *testing.T) {
	t.Parallel()
	if got := facts.Services(); len(got) != len(clients) {
		t.Errorf("facts about %v, clients of %d services", got, len(clients))
	}
	eachService(t, func(t *testing.T, service string) {
		t.Helper()
		var want []string
		for _, m := range methods(clients[service](aws.Config{})) {
			want = append(want, m.name)
		}
		if diff := cmp.Diff(want, facts.Operations(service)); diff != "" {
			t.Errorf("operations (-SDK +facts):\n%s", diff)
		}
	})
}

var errBoom = errors.New("boom: the database said no")
