package client

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"testing"

	"accountfactory/test/harness"
)

func TestMain(m *testing.M) { os.Exit(harness.Main(m)) }

// keys are AWS credentials.
type keys struct {
	ID     string `json:"id"`
	Secret string `json:"secret"`
	Token  string `json:"token,omitempty"`
}

// call is what a client is told to do. Input has the members of AWS's model.
type call struct {
	Do        string         `json:"do"` // call, pages, wait or presign
	Service   string         `json:"service"`
	Operation string         `json:"operation"`
	Input     map[string]any `json:"input"`
	Keys      keys           `json:"keys"`
	PageSize  int            `json:"pageSize,omitempty"`
}

// answer is what came of it, as the client shows it to its caller.
type answer struct {
	Output  any      `json:"output"`
	Pages   []any    `json:"pages"`
	URL     string   `json:"url"`
	Error   *failure `json:"error"`
	Unknown bool     `json:"unknown"` // this client's version has no such operation
}

// failure is an error of AWS as the client shows it.
type failure struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Modeled bool   `json:"modeled"` // it came as the operation's own exception class; the CLI cannot tell
	Status  int    `json:"status"`  // 0 where the client does not tell
}

func (f *failure) Error() string { return f.Code + ": " + f.Message }

// driver makes calls with one AWS client. Its error is that of the driver, not of AWS.
type driver interface {
	do(ctx context.Context, c call) (answer, error)
}

// pipe drives a client in another process, over lines of JSON.
type pipe struct {
	mu  sync.Mutex
	in  io.Writer
	out *bufio.Reader
	log *harness.Log
}

// startPipe runs a driver script until the test ends.
func startPipe(t *testing.T, p *harness.Process, dir, command string, args ...string) *pipe {
	t.Helper()
	cmd := exec.Command(command, args...)
	cmd.Dir = dir
	cmd.Env = harness.Env(t.TempDir(), "AWS_ENDPOINT_URL="+p.AWS, "AWS_REGION="+p.Region, "PYTHONDONTWRITEBYTECODE=1")
	d := &pipe{log: &harness.Log{}}
	cmd.Stderr = d.log
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	d.in, d.out = in, bufio.NewReader(out)
	t.Cleanup(func() {
		_ = in.Close() // a driver ends at the end of its input
		if err := cmd.Wait(); err != nil {
			t.Errorf("%s: %v\n%s", command, err, d.log)
		}
	})
	return d
}

func (d *pipe) do(_ context.Context, c call) (answer, error) {
	if c.Input == nil {
		c.Input = map[string]any{}
	}
	var a answer
	err := d.exchange(c, &a)
	if err != nil {
		err = fmt.Errorf("%s %s: %w", c.Service, c.Operation, err)
	}
	return a, err
}

// exchange sends one line and reads the answer's.
func (d *pipe) exchange(in, out any) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := json.NewEncoder(d.in).Encode(in); err != nil {
		return err
	}
	line, err := d.out.ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("%w: %s", err, d.log)
	}
	return json.Unmarshal(line, out)
}
