package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"accountfactory/internal/scenario"
)

func (l *labCommand) scenario() *cobra.Command {
	cmd := &cobra.Command{Use: "scenario", Short: "Play files that say what goes wrong, and when", Example: "  accountfactory lab scenario run docs/scenarios/bad-day.yaml"}
	var timeout time.Duration
	run := &cobra.Command{
		Use: "run FILE", Short: "Play a scenario", Args: cobra.ExactArgs(1),
		Long: `run does the steps of a YAML file in order, each when its time has come, and ends with the last. Ready-made ones are in
docs/scenarios. With the same start state and --random-seed a scenario plays the same again.`,
		Example: `  accountfactory lab scenario run docs/scenarios/bad-day.yaml`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := l.app.fillFlags(cmd.Flags(), ""); err != nil {
				return err
			}
			s, err := readScenario(args[0])
			if err != nil {
				return err
			}
			client, err := l.client(cmd)
			if err != nil {
				return err
			}
			ctx, cancel := context.WithTimeout(cmd.Context(), timeout)
			defer cancel()
			if s.Reset {
				l.requestsStay(ctx)
			}
			p := &scenario.Player{Lab: client.Do, Done: func(i int, twin time.Time) {
				_, _ = fmt.Fprintf(l.app.streams.Out, "%s  %d/%d %s\n", twin.UTC().Format(time.RFC3339), i+1, len(s.Steps), s.Steps[i].Title())
			}}
			if err := p.Play(ctx, s); errors.Is(err, context.DeadlineExceeded) {
				return errors.Join(errors.New("the scenario did not come to its end within --timeout"), err)
			} else if err != nil {
				return err
			}
			return nil
		},
	}
	run.Flags().DurationVar(&timeout, "timeout", time.Hour, "how long it may take")
	cmd.AddCommand(run)
	return cmd
}

// readScenario reads a file. What is wrong with it is a usage error.
func readScenario(path string) (*scenario.Scenario, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, usageError("%w", err)
	}
	s, err := scenario.Parse(text)
	if err != nil {
		return nil, usageError("%s: %w", path, err)
	}
	return s, nil
}
