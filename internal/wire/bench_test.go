package wire

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// describeBody is what a constant handler answers: as long as the real answer.
const describeBody = `{"Account":{"Id":"111122223333","Name":"Audit"}}`

var constant = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	w.Header().Set("Content-Type", typeJSON)
	w.Header().Set("Content-Length", strconv.Itoa(len(describeBody)))
	_, _ = io.WriteString(w, describeBody)
})

// discard is a ResponseWriter that keeps nothing.
type discard struct{ h http.Header }

func (d discard) Header() http.Header         { return d.h }
func (d discard) Write(b []byte) (int, error) { return len(b), nil }
func (d discard) WriteHeader(int)             {}

// BenchmarkDescribeAccountHandler is the signed call without a network.
func BenchmarkDescribeAccountHandler(b *testing.B) {
	e := testEndpoint(b, nil)
	r := request{target: describe, body: accountA, service: "organizations"}.http(b)
	body := bytes.NewReader([]byte(accountA))
	r.Body = io.NopCloser(body)
	b.ReportAllocs()
	for b.Loop() {
		body.Reset([]byte(accountA))
		e.ServeHTTP(discard{http.Header{}}, r)
	}
}

// BenchmarkLoopback compares the signed call over loopback, client included, with a constant handler: in CPU time of the
// whole process, alternating, so that what else runs on the machine weighs on both. The ratio is to stay under 1.5.
func BenchmarkLoopback(b *testing.B) {
	signed := request{target: describe, body: accountA, service: "organizations"}.http(b)
	run := func(h http.Handler) func(n int) {
		srv := httptest.NewServer(h)
		b.Cleanup(srv.Close)
		client := srv.Client()
		return func(n int) {
			for range n {
				r, err := http.NewRequestWithContext(b.Context(), http.MethodPost, srv.URL, bytes.NewReader([]byte(accountA)))
				if err != nil {
					b.Fatal(err)
				}
				r.Header, r.Host = signed.Header, signed.Host
				res, err := client.Do(r)
				if err != nil || res.StatusCode != 200 {
					b.Fatal(res, err)
				}
				_, _ = io.Copy(io.Discard, res.Body)
				res.Body.Close()
			}
		}
	}
	ours, floor := run(testEndpoint(b, nil)), run(constant)
	ours(50)
	floor(50)
	var mine, theirs time.Duration
	for b.Loop() {
		mine += cpu(b, func() { ours(50) })
		theirs += cpu(b, func() { floor(50) })
	}
	b.ReportMetric(float64(mine)/float64(theirs), "ratio")
	b.ReportMetric(float64(mine.Nanoseconds())/float64(50*b.N), "cpu-ns/call")
	b.ReportMetric(float64(theirs.Nanoseconds())/float64(50*b.N), "cpu-ns/constant")
}

// cpu is the processor time f takes, of all threads.
func cpu(b *testing.B, f func()) time.Duration {
	b.Helper()
	used := func() time.Duration {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			b.Fatal(err)
		}
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	before := used()
	f()
	return used() - before
}

// BenchmarkNewEndpoint is the cost of a cold start: all facts parsed, nothing compiled.
func BenchmarkNewEndpoint(b *testing.B) {
	for b.Loop() {
		testEndpoint(b, nil)
	}
}
