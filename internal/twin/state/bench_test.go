package state_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"accountfactory/internal/arn"
	"accountfactory/internal/twin/state"
)

// wide is an account row about as heavy as a real one: 500 bytes of JSON.
type wide struct {
	ID, ARN, Email, Name, Parent, State, Method string
	Joined                                      time.Time
	Tags                                        []tag
	Note                                        string
}

type tag struct{ Key, Value string }

func newWide(id string, n int) *wide {
	return &wide{
		ID: id, ARN: "arn:aws:organizations::111111111111:account/o-exampleorg/" + id, Email: "account-" + id + "@example.com",
		Name: "account " + id, Parent: fmt.Sprintf("ou-root-%08d", n%50), State: "ACTIVE", Method: "CREATED",
		Joined: time.Date(2026, 1, 1, 0, 0, n, 0, time.UTC),
		Tags:   []tag{{"accountfactory:request", "r-" + id}, {"cost-centre", "4711"}}, Note: strings.Repeat("x", 100),
	}
}

type wideStore struct {
	*state.Store
	wides *state.Table[wide]
	small *state.Table[counted]
}

func openWide(tb testing.TB, path string) *wideStore {
	tb.Helper()
	s := &wideStore{Store: state.New(state.Options{Path: path, Seed: 1})}
	s.wides = state.Define(s.Store, "wide", 1, func(r *wide) string { return r.ID })
	s.wides.Unique("email", func(r *wide) (string, bool) { return r.Email, true })
	s.wides.Unique("name", func(r *wide) (string, bool) { return r.Name, true })
	s.wides.Index("parent", func(r *wide) (string, bool) { return r.Parent, true })
	s.small = state.Define(s.Store, "small", 1, func(r *counted) string { return r.ID })
	if _, err := s.Open(context.Background()); err != nil {
		tb.Fatal(err)
	}
	return s
}

// fill stores rows in one go each thousand.
func (s *wideStore) fill(tb testing.TB, rows int) {
	tb.Helper()
	for at := 0; at < rows; at += 1000 {
		if err := s.Update(context.Background(), func(tx *state.Tx) error {
			for i := range min(1000, rows-at) {
				s.wides.Put(tx, newWide(fmt.Sprintf("%012d", at+i), at+i))
			}
			return nil
		}); err != nil {
			tb.Fatal(err)
		}
	}
}

// BenchmarkUpdate is a durable transaction of two rows, an account with three indexes and a small one.
func BenchmarkUpdate(b *testing.B) {
	for _, reader := range []bool{false, true} {
		for _, writers := range []int{1, 16, 64} {
			b.Run(fmt.Sprintf("writers=%d,reader=%v", writers, reader), func(b *testing.B) {
				s := openWide(b, filepath.Join(b.TempDir(), "twin.db"))
				defer s.Close()
				var stop atomic.Bool
				var reads atomic.Int64
				if reader {
					go func() {
						for !stop.Load() {
							_ = s.View(func(tx *state.Tx) error { s.wides.Get(tx, "000000000001"); return nil })
							reads.Add(1)
						}
					}()
				}
				b.SetParallelism((writers + runtime.GOMAXPROCS(0) - 1) / runtime.GOMAXPROCS(0))
				b.ResetTimer()
				busy := processor(b)
				if writers == 1 {
					for b.Loop() {
						s.writeWide(b)
					}
				} else {
					b.RunParallel(func(pb *testing.PB) {
						for pb.Next() {
							s.writeWide(b)
						}
					})
				}
				b.StopTimer()
				busy = processor(b) - busy
				stop.Store(true)
				b.ReportMetric(float64(busy.Microseconds())/float64(b.N), "cpu-us/tx")
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "tx/s")
				b.ReportMetric(float64(fsync(b).Microseconds()), "fsync-us")
				if reader {
					b.ReportMetric(float64(reads.Load())/b.Elapsed().Seconds(), "reads/s")
				}
			})
		}
	}
}

func (s *wideStore) writeWide(b *testing.B) {
	b.Helper()
	if err := s.Update(context.Background(), func(tx *state.Tx) error {
		id := arn.AccountID(tx)
		s.wides.Put(tx, newWide(id, int(tx.Uint64()%1000)))
		s.small.Put(tx, &counted{ID: id})
		return nil
	}); err != nil {
		b.Error(err)
	}
}

func BenchmarkGet(b *testing.B) {
	for _, rows := range []int{10, 10_000} {
		b.Run(fmt.Sprint("rows=", rows), func(b *testing.B) {
			s := openWide(b, filepath.Join(b.TempDir(), "twin.db"))
			defer s.Close()
			s.fill(b, rows)
			keys := make([]string, rows)
			for i := range keys {
				keys[i] = fmt.Sprintf("%012d", i)
			}
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				_ = s.View(func(tx *state.Tx) error {
					if s.wides.Get(tx, keys[i%rows]) == nil {
						b.Error("no row")
					}
					return nil
				})
			}
		})
	}
}

// BenchmarkOpen is a restart. The budgets are 1 s and 150 MB resident for 100,000 rows, 80 MB for 10,000.
func BenchmarkOpen(b *testing.B) {
	for _, rows := range []int{10_000, 100_000} {
		b.Run(fmt.Sprint("rows=", rows), func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "twin.db")
			s := openWide(b, path)
			s.fill(b, rows)
			if err := s.Close(); err != nil {
				b.Fatal(err)
			}
			s = nil
			runtime.GC()
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			var busy time.Duration
			for b.Loop() {
				b.StopTimer()
				if s != nil {
					_ = s.Close()
					s = nil
				}
				b.StartTimer()
				start := processor(b)
				s = openWide(b, path)
				busy += processor(b) - start
			}
			b.ReportMetric(float64(busy.Milliseconds())/float64(b.N), "cpu-ms/op")
			debug.FreeOSMemory() // what a collection and some seconds would give back
			runtime.ReadMemStats(&after)
			b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(rows), "heap-B/row")
			b.ReportMetric(resident(b), "RSS-MB")
			_ = s.Close()
		})
	}
}

// processor gives the processor time this process has taken: on a busy machine it tells more than the clock.
func processor(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// resident gives the resident memory of this process; run a benchmark alone to know its own.
func resident(b *testing.B) float64 {
	b.Helper()
	raw, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(raw)) {
		var kb float64
		if n, _ := fmt.Sscanf(line, "VmRSS: %f", &kb); n == 1 {
			return kb / 1024
		}
	}
	return 0
}
