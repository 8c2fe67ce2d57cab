package organizations_test

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/service/organizations"

	"accountfactory/internal/twin/organizations"
	"accountfactory/internal/twin/state"
)

// crowd is a twin with n accounts in OUs of 100, and the id of one of them.
func crowd(b *testing.B, n int) (w *twin, id string) {
	b.Helper()
	w = setup(b, organizations.Quotas{Accounts: n + 10}, 0)
	w.update(func(tx *state.Tx) {
		parent := w.root
		for i := range n {
			if i%100 == 0 {
				ou, err := w.AddOU(tx, w.root, fmt.Sprint("ou", i), nil)
				must(b, err)
				parent = ou.ID
			}
			a := w.AddAccount(tx, organizations.Account{Name: "x", Email: fmt.Sprintf("x%d@example.com", i), Parent: parent})
			if i == n/2 {
				id = a.ID
			}
		}
	})
	return w, id
}

var sizes = []int{10, 10_000}

func BenchmarkDescribeAccount(b *testing.B) {
	for _, n := range sizes {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			w, id := crowd(b, n)
			in := &sdk.DescribeAccountInput{AccountId: &id}
			for b.Loop() {
				if _, err := w.DescribeAccount(w.ctx, in); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkListAccounts(b *testing.B) {
	for _, n := range sizes {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			w, _ := crowd(b, n)
			for b.Loop() {
				if _, err := w.ListAccounts(w.ctx, &sdk.ListAccountsInput{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkServiceControlPolicies(b *testing.B) {
	for _, n := range sizes {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			w, id := crowd(b, n)
			w.view(func(tx *state.Tx) {
				for b.Loop() {
					if len(w.ServiceControlPolicies(tx, id)) != 3 {
						b.Fatal("not three levels")
					}
				}
			})
		})
	}
}

// TestReads_AllocateLittle: what every call of a member's goes through, and a page of an OU's accounts.
func TestReads_AllocateLittle(t *testing.T) {
	w := setup(t, organizations.Quotas{Accounts: 100}, 0)
	var parent, id string
	w.update(func(tx *state.Tx) {
		parent = w.root
		for i := range 5 {
			ou, err := w.AddOU(tx, parent, fmt.Sprint("ou", i), nil)
			must(t, err)
			parent = ou.ID
		}
		for i := range 20 {
			id = w.AddAccount(tx, organizations.Account{Name: "x", Email: fmt.Sprintf("x%d@example.com", i), Parent: parent}).ID
		}
	})
	w.view(func(tx *state.Tx) {
		if n := testing.AllocsPerRun(100, func() { w.ServiceControlPolicies(tx, id) }); n > 30 {
			t.Errorf("%v allocations for the policies of seven levels, want 30 at most", n)
		}
	})
	in := &sdk.ListAccountsForParentInput{ParentId: &parent}
	if n := testing.AllocsPerRun(100, func() { _, _ = w.ListAccountsForParent(w.ctx, in) }); n > 105 {
		t.Errorf("%v allocations for a page of 20 accounts, want 105 at most", n)
	}
}

// BenchmarkCreateAccount measures durable creations from the call to the account, 16 callers at a time, on an instant twin.
func BenchmarkCreateAccount(b *testing.B) {
	var ended atomic.Int64
	w := setup(b, organizations.Quotas{Accounts: 1 << 30, Creations: 1 << 30}, 0, func(s *organizations.Service) {
		s.OnCreated(func(_ *state.Tx, st *organizations.CreateStatus) {
			if st.State != organizations.Succeeded {
				b.Error(st.FailureReason)
			}
			ended.Add(1)
		})
	})
	var next atomic.Int64
	b.ResetTimer()
	var callers sync.WaitGroup
	for range 16 {
		callers.Go(func() {
			for i := next.Add(1); i <= int64(b.N); i = next.Add(1) {
				if _, err := w.CreateAccount(w.ctx, newAccount("x", fmt.Sprintf("x%d@example.com", i))); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	callers.Wait()
	w.await(func(*state.Tx) bool { return ended.Load() >= int64(b.N) })
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "accounts/s")
}

// BenchmarkMemory reports what 10,000 accounts keep.
func BenchmarkMemory(b *testing.B) {
	var before, after runtime.MemStats
	for b.Loop() {
		runtime.GC()
		runtime.ReadMemStats(&before)
		w, _ := crowd(b, 10_000)
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/10_000, "B/account")
		must(b, w.store.Close())
	}
}
