// Command bench measures the built program as a whole against its budgets and prints a line for each: name, figure, budget,
// their ratio, and ok or MISSED. It never fails by a figure; machines differ. What it compares, it compares in the same run.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"accountfactory/test/harness"
)

func main() {
	b := &bench{out: os.Stdout}
	flag.StringVar(&b.binary, "binary", "bin/accountfactory", "the program")
	flag.IntVar(&b.launches, "launches", 1000, "accounts to launch by the raw API, and through the factory")
	flag.IntVar(&b.vends, "vends", 25, "accounts to launch at speed 60 to see how busy the slots are")
	only := flag.String("only", "", "one part: size, disk, endpoint, nested, vend, factory, busy, crowd, console or idle")
	constant := flag.Bool("constant", false, "serve a constant answer until the input ends: what the program is compared with")
	flag.Parse()
	if *constant {
		if err := serveConstant(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, "bench:", err)
			os.Exit(1)
		}
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	if err := b.run(ctx, *only); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// bench is one run.
type bench struct {
	binary   string
	launches int
	vends    int
	out      io.Writer
	log      bytes.Buffer // what the servers say; shown when something fails
	dir      string
	servers  []*harness.Process
}

func (b *bench) run(ctx context.Context, only string) (err error) {
	if b.binary, err = filepath.Abs(b.binary); err != nil {
		return err
	}
	if b.dir, err = os.MkdirTemp("", "accountfactory-bench-"); err != nil {
		return err
	}
	defer func() {
		for _, s := range b.servers {
			s.Kill()
		}
		if err != nil {
			fmt.Fprintf(os.Stderr, "the servers said:\n%s\n", b.log.Bytes())
		}
		err = errors.Join(err, os.RemoveAll(b.dir))
	}()
	fmt.Fprintf(b.out, "%-58s %12s %12s %7s\n", "", "figure", "budget", "ratio")
	for _, part := range []struct {
		name    string
		measure func(context.Context) error
	}{
		{"size", b.size},
		{"disk", b.disk},
		{"endpoint", b.endpoint},
		{"nested", b.nested},
		{"vend", b.vend},
		{"factory", b.factory},
		{"busy", b.busy},
		{"crowd", b.crowd},
		{"console", b.console},
		{"idle", b.idle},
	} {
		if only != "" && only != part.name {
			continue
		}
		if err := part.measure(ctx); err != nil {
			return fmt.Errorf("%s: %w", part.name, err)
		}
	}
	return nil
}

// unit says how a figure is written.
type unit string

// most reports a figure that is to stay below its budget.
func (b *bench) most(name string, figure, budget float64, u unit) {
	b.line(name, figure, budget, u, figure <= budget)
}

// least reports a figure that is to stay above its budget.
func (b *bench) least(name string, figure, budget float64, u unit) {
	b.line(name, figure, budget, u, figure >= budget)
}

func (b *bench) line(name string, figure, budget float64, u unit, ok bool) {
	verdict := "ok"
	if !ok {
		verdict = "MISSED"
	}
	ratio := figure
	if budget != 0 { // of none at all the figure itself is said
		ratio = figure / budget
	}
	fmt.Fprintf(b.out, "%-58s %12s %12s %7.2f %s\n", name, u.write(figure), u.write(budget), ratio, verdict)
}

// note reports a figure that has no budget and explains others.
func (b *bench) note(name string, figure float64, u unit) {
	fmt.Fprintf(b.out, "%-58s %12s\n", name, u.write(figure))
}

func (u unit) write(figure float64) string { return fmt.Sprintf("%.4g %s", figure, string(u)) }

// start starts the program on a folder of this run and gives how long it took to be ready.
func (b *bench) start(ctx context.Context, folder, command string, args ...string) (*harness.Process, time.Duration, error) {
	begun := wall()
	p, err := harness.Start(ctx, &b.log, b.binary, filepath.Join(b.dir, folder), command, args...)
	if err != nil {
		return nil, 0, err
	}
	b.servers = append(b.servers, p)
	return p, wall().Sub(begun), nil
}

func (b *bench) size(context.Context) error {
	info, err := os.Stat(b.binary)
	if err != nil {
		return err
	}
	b.most("stripped binary", float64(info.Size())/mega, 60, "MB")
	return nil
}
