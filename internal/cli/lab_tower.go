package cli

import (
	"net/http"

	"github.com/spf13/cobra"

	"accountfactory/internal/scenario"
)

func (l *labCommand) condition() *cobra.Command {
	cmd := &cobra.Command{
		Use: "condition", Short: "Set, list and clear what AWS would find and the twin does not otherwise have",
		Example: `  accountfactory lab condition set config-recorder --account 111122223333
  accountfactory lab condition set account-limit --value 10
  accountfactory lab condition clear config-recorder`,
	}
	change := func(use, short, method, example string) *cobra.Command {
		var c scenario.Condition
		sub := &cobra.Command{Use: use, Short: short, Example: "  accountfactory lab condition " + example, Args: cobra.ExactArgs(1), RunE: func(cmd *cobra.Command, args []string) error {
			c.Name = args[0]
			return l.do(cmd, method, "/_twin/conditions", c)
		}}
		sub.Flags().StringVar(&c.Account, "account", "", "account id (default: any account)")
		sub.Flags().StringVar(&c.Email, "email", "", "account email, also of an account to come")
		if method == http.MethodPost {
			sub.Flags().StringVar(&c.Value, "value", "", "what some conditions need")
		}
		return sub
	}
	cmd.AddCommand(
		change("set NAME", "Set a condition", http.MethodPost, "set config-recorder --account 111122223333"),
		change("clear NAME", "Clear a condition, as its recovery does", http.MethodDelete, "clear config-recorder --account 111122223333"),
		l.call("list", "List the conditions that are set, and those there are", http.MethodGet, "/_twin/conditions", nil, "condition"),
	)
	return cmd
}
