package cli

import (
	"net/http"
	"strings"

	"github.com/spf13/cobra"
)

// explainedCall is what the lab is asked to explain.
type explainedCall struct {
	Principal string              `json:"principal"`
	Action    string              `json:"action"`
	Resource  string              `json:"resource,omitempty"`
	Region    string              `json:"region,omitempty"`
	SourceIP  string              `json:"sourceIp,omitempty"`
	Context   map[string][]string `json:"context,omitempty"`
}

func (l *labCommand) explain() *cobra.Command {
	var in explainedCall
	var context []string
	cmd := &cobra.Command{
		Use: "explain", Short: "Tell whether a principal may do something, and which statement of which policy says so",
		Long: `explain decides as the twin would if the principal called now, and names every statement that bears on it: its policy, where
that is attached, and the line and column in its text. Of a denial it gives AWS's sentence too.`,
		Example: `  accountfactory lab explain --principal arn:aws:iam::111122223333:user/ann --action iam:ListUsers
  accountfactory lab explain --principal arn:aws:iam::444455556666:role/AWSControlTowerExecution --action s3:PutObject \
    --resource arn:aws:s3:::logs/x --context s3:x-amz-acl=private`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if in.Principal == "" || in.Action == "" {
				return usageError("--principal and --action: say who wants to do what (see: %s --help)", cmd.CommandPath())
			}
			for _, c := range context {
				key, value, ok := strings.Cut(c, "=")
				if !ok || key == "" {
					return usageError("--context %q: want a condition key with its value, such as aws:RequestTag/team=blue", c)
				}
				if in.Context == nil {
					in.Context = map[string][]string{}
				}
				in.Context[key] = append(in.Context[key], value)
			}
			return l.do(cmd, http.MethodPost, "/_twin/explain", in)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&in.Principal, "principal", "", "ARN of a user, role, session or root user")
	flags.StringVar(&in.Action, "action", "", "what it wants to do, such as organizations:CreateAccount")
	flags.StringVar(&in.Resource, "resource", "", "ARN of what to do it on (default: *)")
	flags.StringVar(&in.Region, "region", "", "Region of the call (default: the home Region)")
	flags.StringVar(&in.SourceIP, "source-ip", "", "address the call comes from")
	flags.StringArrayVar(&context, "context", nil, "condition key and value, KEY=VALUE; again for more, or for several values of a key")
	return cmd
}
