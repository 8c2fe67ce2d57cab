package cli

import (
	"context"
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"accountfactory/internal/doctor"
	"accountfactory/internal/server"
)

// newDoctor takes the settings of serve, so that what is looked at is what a server would have.
func newDoctor(a *app) *cobra.Command {
	var output format
	cmd := newServer(a, false, func(ctx context.Context, c server.Config) error { return a.examine(ctx, c, output) }, &cobra.Command{
		Use:   "doctor",
		Short: "Look at everything a server needs, and say what helps",
		Long: `doctor takes the flags, variables and file of serve and looks at what such a server needs: credentials, organization,
landing zone, role and permissions, database, folder, clocks, mail, certificate. Each is a line with what was seen and what
helps. It changes nothing, also beside a running server, and shows no secrets. It ends with 1 when something is broken;
warnings do not count.`,
		Example: `  accountfactory doctor
  accountfactory doctor --cloud aws --organization o-a1b2c3d4e5 --region eu-west-1 --database-file /etc/accountfactory/database
  accountfactory doctor -o json | jq '.[] | select(.result == "broken")'`,
	})
	output.flag(cmd.Flags())
	return cmd
}

func (a *app) examine(ctx context.Context, c server.Config, output format) error {
	found := server.Examine(ctx, c)
	err := a.print(output, found, func(w *tabwriter.Writer) {
		row(w, "RESULT", "CHECK", "SEEN")
		for _, f := range found {
			row(w, string(f.Result), f.Name, f.Seen)
			if f.Remedy != "" {
				_, _ = fmt.Fprintf(w, "\t\t→ %s\n", f.Remedy) // Flush reports what went wrong
			}
		}
	})
	if err != nil {
		return err
	}
	for _, f := range found {
		if f.Result == doctor.Broken {
			return &exitError{code: exitFailed}
		}
	}
	return nil
}
