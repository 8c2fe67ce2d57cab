// Package cli is the command line: one file per command. Every command takes its context, arguments, environment and
// streams from Run, so that tests run it like a person does.
package cli
