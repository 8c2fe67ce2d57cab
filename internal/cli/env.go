package cli

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"accountfactory/internal/server"
)

func newEnv(a *app) *cobra.Command {
	var data, output string
	cmd := &cobra.Command{
		Use:   "env",
		Short: "Print what points AWS clients at the twin",
		Long: `env prints shell commands that point AWS clients at the server of a data folder. It looks which AWS CLI this machine has:
one from before July 2023 reads no endpoint from the environment, so for it env prints a function that adds --endpoint-url.
No key is printed: clients read the data folder's credentials file, and keys that the shell has are unset, which would go before it.`,
		Example: `  eval "$(accountfactory env)"
  aws sts get-caller-identity`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := a.fillFlags(cmd.Flags(), ""); err != nil {
				return err
			}
			ready, path, err := findTwin(data)
			if err != nil {
				return err
			}
			vars := []variable{
				{"AWS_ENDPOINT_URL", ready.AWS},
				{"AWS_REGION", ready.Region},
				{"AWS_DEFAULT_REGION", ready.Region},
				{"AWS_SHARED_CREDENTIALS_FILE", path},
				{"AWS_PROFILE", server.ManagementProfile},
			}
			return a.printEnv(output, vars, ready.AWS, awsVersion(cmd))
		},
	}
	cmd.Flags().StringVar(&data, "data", "data", "data folder of the server")
	cmd.Flags().StringVarP(&output, "output", "o", "sh", "sh or json")
	return cmd
}

// outranking are variables whose credentials clients would take before those of AWS_PROFILE.
// Source: AWS SDKs and Tools Reference Guide, "Standardized credential providers".
const outranking = "AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_WEB_IDENTITY_TOKEN_FILE"

type variable struct{ name, value string }

func (a *app) printEnv(output string, vars []variable, endpoint, cliVersion string) error {
	switch output {
	case "json":
		m := map[string]string{}
		for _, v := range vars {
			m[v.name] = v.value
		}
		return json.NewEncoder(a.streams.Out).Encode(m)
	case "sh":
		var b strings.Builder
		for _, v := range vars {
			fmt.Fprintf(&b, "export %s=%s\n", v.name, quote(v.value))
		}
		fmt.Fprintln(&b, "unset", outranking)
		if cliVersion != "" && !readsEndpoint(cliVersion) {
			fmt.Fprintf(&b, "# AWS CLI %s reads no AWS_ENDPOINT_URL\naws() { command aws --endpoint-url %s \"$@\"; }\n", cliVersion, quote(endpoint))
		}
		_, err := fmt.Fprint(a.streams.Out, b.String())
		return err
	}
	return usageError("--output: %q is neither sh nor json", output)
}

// quote makes a word of any text for a POSIX shell.
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

var cliVersionForm = regexp.MustCompile(`aws-cli/(\d+\.\d+\.\d+)`)

// awsVersion asks the machine's AWS CLI for its version; "" when there is none.
func awsVersion(cmd *cobra.Command) string {
	out, err := exec.CommandContext(cmd.Context(), "aws", "--version").CombinedOutput()
	if err != nil {
		return ""
	}
	if m := cliVersionForm.FindSubmatch(out); m != nil {
		return string(m[1])
	}
	return ""
}

// readsEndpoint tells whether an AWS CLI takes AWS_ENDPOINT_URL: from 2.13.0 and 1.29.0 on.
func readsEndpoint(version string) bool {
	var n [3]int
	for i, part := range strings.SplitN(version, ".", 3) {
		v, err := strconv.Atoi(part)
		if err != nil {
			return false
		}
		n[i] = v
	}
	return n[0] > 2 || n[0] == 2 && n[1] >= 13 || n[0] == 1 && n[1] >= 29
}
