// Command demo does the main job on a fresh twin, as a stranger's client would: a role that may launch gets an account from
// Account Factory, while the server is killed in the middle. Each step prints the AWS call it makes.
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
	log    bytes.Buffer // what the server says; shown when something fails
	server *harness.Process
	admin  *harness.Clients // set-up and reading back
	person *harness.Clients // the role that launches
	step   int

	productID, artifactID, recordID, provisionedID, accountID string
	ou                                                        string
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
			fmt.Fprintf(out, "\nthe server said:\n%s\n", d.log.Bytes())
		}
		err = errors.Join(err, os.RemoveAll(dir))
	}()
	for _, step := range []func(context.Context) error{
		func(ctx context.Context) error { return d.start(ctx, filepath.Join(dir, "data")) },
		d.makeRole, d.assumeRole, d.findProduct, d.describeParameters, d.launch, d.killInTheMiddle, d.awaitResult,
		d.readBack, d.readAccess, d.readMail, d.readEvent,
	} {
		if err := step(ctx); err != nil {
			return fmt.Errorf("step %d: %w", d.step, err)
		}
	}
	fmt.Fprintf(out, "\nDone: account %s is vended.\n", d.accountID)
	return nil
}

// say prints a step: the call, and what came of it.
func (d *demo) say(call, format string, args ...any) {
	d.step++
	fmt.Fprintf(d.out, "%2d  %-46s %s\n", d.step, call, fmt.Sprintf(format, args...))
}

// serverArgs: at speed 300 a vend takes a few seconds and shows every status on its way.
var serverArgs = []string{"--speed", "300"}

func (d *demo) start(ctx context.Context, data string) (err error) {
	d.server, err = harness.Start(ctx, &d.log, d.binary, data, "serve", serverArgs...)
	if err != nil {
		return err
	}
	d.say("accountfactory serve", "pid %d, AWS endpoint %s, management account %s", d.server.PID, d.server.AWS, d.server.Account)
	d.admin, err = d.server.Management(ctx)
	return err
}
