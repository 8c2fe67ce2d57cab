package cli

import (
	"net/http"
	"net/url"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"accountfactory/internal/factory"
)

// hookCommand has a hook that failed run again.
func hookCommand(a *app, c *connection) *cobra.Command {
	var out format
	cmd := &cobra.Command{
		Use: "hook ID RUN", Short: "Run a hook that failed again, for operators",
		Long:    "hook runs a hook of a request again that was given up. RUN is the id of its run, as request show lists it.",
		Example: "  accountfactory request hook req-7k2m9wq4xtzc hook-5dfg7hjk2mnp",
		Args:    cobra.ExactArgs(2), RunE: func(cmd *cobra.Command, args []string) error {
			api, err := a.connect(cmd, c)
			if err != nil {
				return err
			}
			var d factory.Detail
			path := "/api/v1/requests/" + url.PathEscape(args[0]) + "/hooks/" + url.PathEscape(args[1]) + "/retry"
			if err := a.refusal(api.call(cmd.Context(), http.MethodPost, path, nil, &d)); err != nil {
				return err
			}
			return a.print(out, d, func(w *tabwriter.Writer) { detailTable(w, d, c.again()) })
		},
	}
	out.flag(cmd.Flags())
	return cmd
}
