package cli

import (
	"bufio"
	"net/http"
	"net/url"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"accountfactory/internal/factory"
)

// answerCommand gives a request what it waits for. The code may come from standard input, so that it is in no shell's
// history.
func answerCommand(a *app, c *connection) *cobra.Command {
	var out format
	var said factory.Answer
	cmd := &cobra.Command{
		Use:   "answer ID",
		Short: "Give a request that waits for a person its code, or one of its choices",
		Long: `answer gives a request what it asks a person for: the code of a mail, or one of the choices that request show lists.
Without --code and --choice a line of standard input is taken for the code.`,
		Example: `  accountfactory request answer req-7k2m9wq4xtzc --code 4F7Q2K
  accountfactory request answer req-7k2m9wq4xtzc --choice retry`,
		Args: cobra.ExactArgs(1), RunE: func(cmd *cobra.Command, args []string) error {
			if said == (factory.Answer{}) {
				line, err := bufio.NewReader(a.streams.In).ReadString('\n')
				if said.Code = strings.TrimSpace(line); said.Code == "" {
					return usageError("give --code or --choice, or a code on standard input (%v)", err)
				}
			}
			api, err := a.connect(cmd, c)
			if err != nil {
				return err
			}
			var d factory.Detail
			path := "/api/v1/requests/" + url.PathEscape(args[0]) + "/answer"
			if err := a.refusal(api.call(cmd.Context(), http.MethodPost, path, said, &d)); err != nil {
				return err
			}
			return a.print(out, d, func(w *tabwriter.Writer) { detailTable(w, d, c.again()) })
		},
	}
	cmd.Flags().StringVar(&said.Code, "code", "", "the code, as it stands in the newest mail")
	cmd.Flags().StringVar(&said.Choice, "choice", "", "retry, cancel or resend: one of those the request lists")
	out.flag(cmd.Flags())
	return cmd
}

// askRows show what a request asks a person for.
func askRows(w *tabwriter.Writer, d factory.Detail, again string) {
	const at = "2006-01-02 15:04"
	row(w, "Asked since", d.Ask.Since.Local().Format(at)+", given up on "+d.Ask.ExpiresAt.Local().Format(at))
	for _, o := range d.Ask.Options {
		row(w, "  --choice "+o.Choice, o.Effect)
	}
	if d.Ask.For == factory.AskCode {
		row(w, "  --code CODE", "the code of the newest mail")
	}
	row(w, "Answer with", "accountfactory request answer "+d.ID+again)
}
