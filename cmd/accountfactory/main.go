// Command accountfactory gives out AWS accounts, and rehearses it on a twin of AWS.
package main

import (
	"context"
	"os"

	"accountfactory/internal/cli"
)

func main() {
	os.Exit(cli.Run(context.Background(), os.Args[1:], os.LookupEnv, cli.Streams{
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Terminal: cli.IsTerminal(os.Stdin) && cli.IsTerminal(os.Stdout),
	}))
}
