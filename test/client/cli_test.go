package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"accountfactory/test/harness"
)

// awsCLI drives an AWS CLI: one process per call.
type awsCLI struct {
	path string
	args []string // before the command
	env  []string
	exec func(ctx context.Context, args []string, k keys) (said, error)
}

// newCLI sets an AWS CLI up with its endpoint as an argument, or through what `accountfactory env` prints.
func newCLI(t *testing.T, p *harness.Process, path string, endpointByEnv bool) *awsCLI {
	t.Helper()
	home := t.TempDir()
	configFile := filepath.Join(home, "config")
	// Version 1 gives times as they come over the wire unless told otherwise.
	if err := os.WriteFile(configFile, []byte("[default]\ncli_timestamp_format = iso8601\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c := &awsCLI{path: path, args: []string{"--output", "json"}}
	c.exec = c.spawn
	c.env = harness.Env(home, "AWS_CONFIG_FILE="+configFile, "AWS_MAX_ATTEMPTS=1", "AWS_REGION="+p.Region, "AWS_DEFAULT_REGION="+p.Region)
	if !endpointByEnv {
		c.args = append(c.args, "--endpoint-url", p.AWS)
		return c
	}
	out, err := exec.Command(harness.Binary(t), "env", "--data", p.Data, "-o", "json").Output()
	if err != nil {
		t.Fatal(err)
	}
	var vars map[string]string
	if err := json.Unmarshal(out, &vars); err != nil {
		t.Fatal(err)
	}
	c.env = append(c.env, "AWS_ENDPOINT_URL="+vars["AWS_ENDPOINT_URL"])
	return c
}

var (
	cliNames   = map[string]string{"ssoadmin": "sso-admin", "servicequotas": "service-quotas"}
	wordStart  = regexp.MustCompile(`([a-z0-9])([A-Z])|([A-Z])([A-Z][a-z])`)
	cliFailure = regexp.MustCompile(`An error occurred \((\w+)\) when calling the \w+ operation(?: \([^)]*\))?: ([^\n]*)`)
	cliUnknown = regexp.MustCompile(`Invalid choice|invalid choice`)
)

// cliName gives list-aws-service-access for ListAWSServiceAccess.
func cliName(operation string) string {
	return strings.ToLower(wordStart.ReplaceAllString(operation, "$1$3-$2$4"))
}

func (c *awsCLI) do(ctx context.Context, call call) (answer, error) {
	input := call.Input
	if input == nil {
		input = map[string]any{}
	}
	body, err := json.Marshal(input)
	if err != nil {
		return answer{}, err
	}
	service := call.Service
	if name, ok := cliNames[service]; ok {
		service = name
	}
	args := append(append([]string{}, c.args...), service, cliName(call.Operation), "--cli-input-json", string(body))
	switch call.Do {
	case "call":
		args = append(args, "--no-paginate")
	case "pages": // which it joins
		args = append(args, "--page-size", strconv.Itoa(call.PageSize))
	case "wait":
		args = append(append([]string{}, c.args...), service, "wait", cliName(call.Operation))
		for name, value := range input {
			args = append(args, "--"+cliName(name), value.(string))
		}
	default:
		return answer{Unknown: true}, nil
	}
	return c.run(ctx, args, call)
}

func (c *awsCLI) run(ctx context.Context, args []string, call call) (answer, error) {
	said, err := c.exec(ctx, args, call.Keys)
	if err != nil {
		return answer{}, err
	}
	if said.Code != 0 {
		if m := cliFailure.FindStringSubmatch(said.Err); m != nil {
			return answer{Error: &failure{Code: m[1], Message: m[2]}}, nil
		}
		if cliUnknown.MatchString(said.Err) {
			return answer{Unknown: true}, nil
		}
		return answer{}, fmt.Errorf("aws %s: exit code %d: %s", strings.Join(args, " "), said.Code, said.Err)
	}
	var output any = map[string]any{}
	if said.Out != "" { // nothing at all for an operation without output
		if err := json.Unmarshal([]byte(said.Out), &output); err != nil {
			return answer{}, fmt.Errorf("aws %s: %w", strings.Join(args, " "), err)
		}
	}
	if call.Do == "pages" {
		return answer{Pages: []any{output}}, nil
	}
	return answer{Output: output}, nil
}

// said is what a command printed, and how it ended.
type said struct {
	Code     int
	Out, Err string
}

// spawn runs the command as a process.
func (c *awsCLI) spawn(ctx context.Context, args []string, k keys) (said, error) {
	cmd := exec.CommandContext(ctx, c.path, args...)
	cmd.Env = append(append([]string{}, c.env...), "AWS_ACCESS_KEY_ID="+k.ID, "AWS_SECRET_ACCESS_KEY="+k.Secret)
	if k.Token != "" {
		cmd.Env = append(cmd.Env, "AWS_SESSION_TOKEN="+k.Token)
	}
	var out, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &stderr
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
		return said{}, err
	}
	return said{cmd.ProcessState.ExitCode(), out.String(), stderr.String()}, nil
}

// startCLI has one interpreter run all commands of a CLI, by way of python/cli.py. Its keys are those of the first call.
func startCLI(t *testing.T, p *harness.Process, interpreter string) *awsCLI {
	t.Helper()
	c := newCLI(t, p, "", false)
	lines := startPipe(t, p, "python", interpreter, "cli.py")
	c.exec = func(_ context.Context, args []string, k keys) (said, error) {
		var out said
		env := map[string]string{"AWS_ACCESS_KEY_ID": k.ID, "AWS_SECRET_ACCESS_KEY": k.Secret, "AWS_PAGER": ""}
		return out, lines.exchange(map[string]any{"args": args, "env": env}, &out)
	}
	return c
}
