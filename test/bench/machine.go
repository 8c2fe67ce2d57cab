package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"accountfactory/internal/clock"
	"accountfactory/test/harness"
)

const mega = 1e6

func wall() time.Time { return clock.Wall{}.Now() }

// took is the wall time f takes.
func took(f func() error) (time.Duration, error) {
	begun := wall()
	err := f()
	return wall().Sub(begun), err
}

// disk measures what durability costs here at least: a block written and synced.
func (b *bench) disk(context.Context) error {
	f, err := os.Create(filepath.Join(b.dir, "block"))
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // the folder goes away
	block := make([]byte, 4096)
	var all []time.Duration
	for range 50 {
		d, err := took(func() error {
			if _, err := f.WriteAt(block, 0); err != nil {
				return err
			}
			return f.Sync()
		})
		if err != nil {
			return err
		}
		all = append(all, d)
	}
	slices.Sort(all)
	b.note("4 KiB write and fsync, median", float64(all[len(all)/2].Microseconds())/1000, "ms")
	return nil
}

// ownCPU is the processor time of this process.
func ownCPU() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u) // cannot fail with these arguments
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// tick is the unit of /proc/<pid>/stat; Linux shows a hundredth of a second to programs on every architecture.
const tick = 10 * time.Millisecond

// cpuOf is the processor time of another process.
func cpuOf(pid int) (time.Duration, error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	// proc_pid_stat(5): utime and stime are fields 14 and 15; the second, in parentheses, may hold anything.
	fields := strings.Fields(string(raw[strings.LastIndexByte(string(raw), ')')+1:]))
	var sum time.Duration
	for _, f := range fields[11:13] {
		n, err := strconv.Atoi(f)
		if err != nil {
			return 0, err
		}
		sum += time.Duration(n) * tick
	}
	return sum, nil
}

// quiet is how long a server is left alone before its memory is read: it gives back what work needed soon after.
const quiet = 6 * time.Second

// held reports the memory a server holds after its work, and beside it what it held at most until then.
func (b *bench) held(ctx context.Context, p *harness.Process, name string, budget float64) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(quiet):
	}
	now, err := memory(p.PID, "VmRSS:")
	if err != nil {
		return err
	}
	b.most(name, now/mega, budget, "MB")
	most, err := memory(p.PID, "VmHWM:")
	b.note("  at most until then", most/mega, "MB")
	return err
}

// resident gives the memory a process holds, in bytes.
func resident(pid int) (float64, error) { return memory(pid, "VmRSS:") }

// memory gives one of the figures of proc_pid_status(5), in bytes.
func memory(pid int, field string) (float64, error) {
	f, err := os.Open(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	defer func() { _ = f.Close() }() // only read
	for s := bufio.NewScanner(f); s.Scan(); {
		if kb, ok := strings.CutPrefix(s.Text(), field); ok {
			n, err := strconv.ParseFloat(strings.Fields(kb)[0], 64)
			return n * 1024, err
		}
	}
	return 0, fmt.Errorf("process %d shows no %s", pid, field)
}
