// Command demo does the main job on a fresh twin as people do it: a requester accepts an invitation, signs in, opens the
// management account and launches an account, while the server is killed in the middle; then the account's owner signs in
// and works there. Steps are those of the procedure, P1 to P13, and each prints the AWS call it makes. No key of the
// management account is used.
package main

import (
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
	binary := flag.String("binary", "bin/accountfactory", "the program")
	flag.Parse()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	if err := run(ctx, *binary, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

// demo is one run of it.
type demo struct {
	binary string
	out    io.Writer
	log    harness.Log // what the server says; shown when something fails
	server *harness.Process
	last   string // the step printed last, for errors

	requester, owner *person
	product          product
	accountID        string
}

func run(ctx context.Context, binary string, out io.Writer) (err error) {
	binary, err = filepath.Abs(binary)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "accountfactory-demo-")
	if err != nil {
		return err
	}
	d := &demo{binary: binary, out: out}
	defer func() {
		if d.server != nil {
			err = errors.Join(err, d.server.Stop())
		}
		if err != nil {
			fmt.Fprintf(out, "\nthe server said:\n%s\n", d.log.String())
		}
		err = errors.Join(err, os.RemoveAll(dir))
	}()
	if err := d.start(ctx, filepath.Join(dir, "data")); err != nil {
		return err
	}
	for _, step := range []func(context.Context) error{
		d.requesterSignsIn, d.chooseAccount, d.checkRegion, d.findProduct, d.describeParameters, d.launch, d.oneAtATime, d.killInTheMiddle,
		d.awaitResult, d.readBack, d.ownerSignsIn, d.ownerWorks,
	} {
		if err := step(ctx); err != nil {
			return fmt.Errorf("after %q: %w", d.last, err)
		}
	}
	fmt.Fprintf(out, "\nDone: account %s is vended, and its owner works in it.\n", d.accountID)
	return nil
}

// say prints a step: the procedure's number, the call, and what came of it.
func (d *demo) say(step, call, format string, args ...any) {
	d.last = call
	fmt.Fprintf(d.out, "%-4s %-52s %s\n", step, call, fmt.Sprintf(format, args...))
}

// start starts the server: at speed 300 a vend takes a few seconds and shows every status on its way.
func (d *demo) start(ctx context.Context, data string) (err error) {
	d.server, err = harness.Start(ctx, &d.log, d.binary, data, "serve", "--speed", "300")
	if err != nil {
		return err
	}
	d.say("", "accountfactory serve", "pid %d, AWS endpoint %s, portal %s/start", d.server.PID, d.server.AWS, d.server.Console)
	return nil
}
