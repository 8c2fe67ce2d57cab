package state_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/twin/state"
)

const (
	victimFile = "ACCOUNTFACTORY_TEST_VICTIM" // makes the test binary a writer on this file
	victimLife = "ACCOUNTFACTORY_TEST_LIFE"   // the first part of its keys
)

func TestMain(m *testing.M) {
	if path := os.Getenv(victimFile); path != "" {
		if err := victim(path, os.Getenv(victimLife), os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// lives is the state the victim writes: per transaction two rows, an operation of two steps that counts them in a third,
// and a mail.
type lives struct {
	*state.Store
	pairs *state.Table[counted]
	steps *state.Table[counted]
}

func declareLives(path string) *lives {
	v := &lives{Store: state.New(state.Options{Path: path})}
	v.pairs = state.Define(v.Store, "pairs", 1, func(r *counted) string { return r.ID })
	v.steps = state.Define(v.Store, "steps", 1, func(r *counted) string { return r.ID })
	v.Handle("count", func(tx *state.Tx, op *state.Operation) error {
		if !v.steps.Change(tx, op.Ref, func(r *counted) { r.N++ }) {
			v.steps.Put(tx, &counted{ID: op.Ref, N: 1})
		}
		if op.Step == "second" {
			op.Done()
			return nil
		}
		op.Next(tx, "second", 0)
		return nil
	})
	return v
}

// victim writes with 16 goroutines and says on out what was acknowledged and what was sent, until it is killed.
func victim(path, life string, out io.Writer) error {
	v := declareLives(path)
	if _, err := v.Open(context.Background()); err != nil {
		return err
	}
	var mu sync.Mutex
	say := func(word, what string) {
		mu.Lock()
		defer mu.Unlock()
		fmt.Fprintln(out, word, what)
	}
	go v.Deliver(context.Background(), "sink", "mail", func(_ context.Context, m *state.Message) error {
		say("sent", strings.Trim(string(m.Body), `"`))
		return nil
	})
	failed := make(chan error)
	for w := range 16 {
		go func() {
			for n := 0; ; n++ {
				id := fmt.Sprintf("%s-%d-%d", life, w, n)
				if err := v.Update(context.Background(), func(tx *state.Tx) error {
					v.pairs.Put(tx, &counted{ID: id + "/a"})
					v.pairs.Put(tx, &counted{ID: id + "/b"})
					tx.Begin("count", id, "first", 0)
					tx.Post("mail", id)
					return nil
				}); err != nil {
					failed <- err
				}
				say("acked", id)
			}
		}()
	}
	return <-failed
}

// TestKill kills a writing process, some rounds in a row on one file, and looks at what it left.
func TestKill(t *testing.T) {
	t.Parallel()
	rounds := 4
	if os.Getenv("ACCOUNTFACTORY_SOAK") == "1" {
		rounds = 1000
	}
	const rest = 5 // rounds on one file
	total := 0
	for first := 0; first < rounds; first += rest {
		path := filepath.Join(t.TempDir(), "twin.db")
		acked, sent := map[string]bool{}, map[string]bool{}
		for round := range min(rest, rounds-first) {
			killOne(t, path, fmt.Sprint(round), 200+(first+round)*371%2000, acked, sent)
			autopsy(t, path, acked, sent)
			if t.Failed() {
				t.Fatalf("round %d", first+round)
			}
		}
		total += len(acked)
		if first%100 == 0 {
			t.Logf("after %d kills %d transactions acknowledged, none lost", first+rest, total)
		}
	}
	t.Logf("%d kills, %d transactions acknowledged", rounds, total)
}

// killOne runs a victim and kills it after so many lines.
func killOne(t *testing.T, path, life string, lines int, acked, sent map[string]bool) {
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), victimFile+"="+path, victimLife+"="+life)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	in := bufio.NewScanner(out)
	for n := 1; in.Scan(); n++ {
		word, what, ok := strings.Cut(in.Text(), " ")
		switch {
		case !ok: // cut off by the kill
		case word == "acked":
			acked[what] = true
		case word == "sent":
			sent[what] = true
		}
		if n == lines {
			must(t, cmd.Process.Kill()) // what it still said is read to the end
		}
	}
	_ = cmd.Wait()
}

// autopsy opens the file: all that was acknowledged is there, whole, its operation's steps done once each, its mail sent.
func autopsy(t *testing.T, path string, acked, sent map[string]bool) {
	v := declareLives(path)
	if _, err := v.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer func() { must(t, v.Close()) }()
	await(t, v.Store, func(tx *state.Tx) bool { return len(tx.Operations()) == 0 })
	have := map[string]int{}
	_ = v.View(func(tx *state.Tx) error {
		for r := range v.pairs.All(tx) {
			have[r.ID[:len(r.ID)-2]]++
		}
		for id, n := range have {
			if got := v.steps.Get(tx, id); n != 2 || got == nil || got.N != 2 {
				t.Errorf("transaction %s: %d rows, steps %+v", id, n, got)
			}
		}
		if n := v.steps.Len(tx); n != len(have) {
			t.Errorf("operations of %d transactions, there are %d", n, len(have))
		}
		return nil
	})
	for id := range acked {
		if have[id] == 0 {
			t.Errorf("transaction %s was acknowledged and is gone", id)
		}
	}
	must(t, v.CheckRows(t.Context()))
	v.deliverRest(t, have, sent)
}

// deliverRest sends what is left, and compares with what there is: each mail at least once, in order.
func (v *lives) deliverRest(t *testing.T, have map[string]int, sent map[string]bool) {
	ctx, cancel := context.WithCancel(t.Context())
	last := ""
	all := map[string]bool{}
	for id := range have {
		all[id] = true
	}
	if maps.Equal(all, sent) {
		cancel()
	}
	v.Deliver(ctx, "sink", "mail", func(_ context.Context, m *state.Message) error {
		if m.ID <= last {
			t.Errorf("message %s was sent after %s", m.ID, last)
		}
		last = m.ID
		if sent[strings.Trim(string(m.Body), `"`)] = true; len(sent) >= len(all) {
			cancel()
		}
		return nil
	})
	if !maps.Equal(all, sent) {
		t.Errorf("messages sent (-want +got):\n%s", cmp.Diff(all, sent))
	}
}
