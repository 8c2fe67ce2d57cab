// Package harness starts the built program as its users do, as a separate process on free ports and a folder of its own.
package harness

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// Ready is the program's ready file.
type Ready struct {
	AWS     string `json:"aws"`
	Console string `json:"console"`
	Public  string `json:"public"`
	Metrics string `json:"metrics,omitempty"`
	Region  string `json:"region"`
	Account string `json:"account"`
	PID     int    `json:"pid"`
}

// Process is a running server.
type Process struct {
	Ready
	Data string
	cmd  *exec.Cmd
	done chan struct{} // closed when the process has ended
	err  error         // how it ended; read after done
}

// startWithin is far beyond what a start takes; it bounds a broken one.
const startWithin = 60 * time.Second

// Start runs `binary command --data data …` and waits for its ready file.
func Start(ctx context.Context, log io.Writer, binary, data, command string, args ...string) (*Process, error) {
	return StartIn(ctx, log, nil, binary, data, command, args...)
}

// StartIn is Start with variables added to the environment.
func StartIn(ctx context.Context, log io.Writer, env []string, binary, data, command string, args ...string) (*Process, error) {
	readyFile := filepath.Join(data, "ready.json")
	if err := os.MkdirAll(data, 0o700); err != nil {
		return nil, err
	}
	if err := os.Remove(readyFile); err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	args = append([]string{command, "--data", data, "--aws", "localhost:0", "--console", "localhost:0", "--ready-file", readyFile}, args...)
	cmd := exec.Command(binary, args...)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.Env = append(cleanEnv(), env...)
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &Process{Data: data, cmd: cmd, done: make(chan struct{})}
	go func() {
		p.err = cmd.Wait()
		close(p.done)
	}()
	if err := p.awaitReady(ctx, readyFile); err != nil {
		p.Kill()
		return nil, err
	}
	return p, nil
}

// cleanEnv is the environment without what would point AWS clients or the program elsewhere.
func cleanEnv() []string {
	return slices.DeleteFunc(os.Environ(), func(kv string) bool {
		return strings.HasPrefix(kv, "AWS_") || strings.HasPrefix(kv, "ACCOUNTFACTORY_")
	})
}

func (p *Process) awaitReady(ctx context.Context, file string) error {
	ctx, cancel := context.WithTimeout(ctx, startWithin)
	defer cancel()
	return Poll(ctx, 10*time.Millisecond, func() (bool, error) {
		select {
		case <-p.done:
			return false, fmt.Errorf("the server ended before it was ready: %w", p.err)
		default:
		}
		body, err := os.ReadFile(file)
		if os.IsNotExist(err) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		return true, json.Unmarshal(body, &p.Ready)
	})
}

// Kill ends the process as kill -9 does, and waits until it is gone.
func (p *Process) Kill() {
	_ = p.cmd.Process.Kill() // it may have ended by itself
	<-p.done
}

// Pause stops the process where it stands, as SIGSTOP does; Continue lets it go on.
func (p *Process) Pause() error    { return p.cmd.Process.Signal(syscall.SIGSTOP) }
func (p *Process) Continue() error { return p.cmd.Process.Signal(syscall.SIGCONT) }

// stopWithin is far beyond the five seconds that a stop takes at most; it bounds one that hangs.
const stopWithin = time.Minute

// Stop asks the process to end and waits; it kills one that does not end, which is an error.
func (p *Process) Stop() error {
	_ = p.cmd.Process.Signal(syscall.SIGTERM) // it may have ended by itself
	select {
	case <-p.done:
		return p.err
	case <-time.After(stopWithin):
		p.Kill()
		return fmt.Errorf("the server did not end within %s of TERM", stopWithin)
	}
}

// Ended gives a channel that is closed once the process has ended.
func (p *Process) Ended() <-chan struct{} { return p.done }

// Poll asks until the answer is true, an error, or ctx ends.
func Poll(ctx context.Context, every time.Duration, ask func() (bool, error)) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if ok, err := ask(); ok || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("gave up waiting: %w", ctx.Err())
		case <-tick.C:
		}
	}
}
