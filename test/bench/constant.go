package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
)

const describeBody = `{"Account":{"Id":"111122223333","Name":"Audit"}}`

// serveConstant answers everything alike on a free port, which it prints, until in ends.
func serveConstant(in io.Reader, out io.Writer) error {
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		return err
	}
	srv := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // the client is ours
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		w.Header().Set("Content-Length", strconv.Itoa(len(describeBody)))
		_, _ = io.WriteString(w, describeBody)
	})}
	go func() {
		_, _ = io.Copy(io.Discard, in)
		_ = srv.Close()
	}()
	if _, err := fmt.Fprintf(out, "http://%s/\n", l.Addr()); err != nil {
		return err
	}
	if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// constant is a running constant server: a process of its own, as the program is.
type constant struct {
	url  string
	pid  int
	stop func()
}

func startConstant(ctx context.Context) (constant, error) {
	self, err := os.Executable()
	if err != nil {
		return constant{}, err
	}
	cmd := exec.CommandContext(ctx, self, "-constant")
	in, err := cmd.StdinPipe()
	if err != nil {
		return constant{}, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return constant{}, err
	}
	if err := cmd.Start(); err != nil {
		return constant{}, err
	}
	stop := func() {
		_ = in.Close()
		_ = cmd.Wait() // it ends with its input
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		stop()
		return constant{}, err
	}
	return constant{url: strings.TrimSpace(line), pid: cmd.Process.Pid, stop: stop}, nil
}
