package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"

	"github.com/spf13/cobra"

	"accountfactory/internal/factory"
)

func newAudit(a *app) *cobra.Command {
	var c connection
	cmd := &cobra.Command{
		Use: "audit", Short: "Verify or export the audit log",
		Example: "  accountfactory audit verify\n  accountfactory audit export > audit.jsonl",
	}
	c.flags(cmd)
	cmd.AddCommand(auditExport(a, &c), auditVerify(a, &c))
	return cmd
}

func auditExport(a *app, c *connection) *cobra.Command {
	return &cobra.Command{
		Use: "export", Short: "Print every row as a line of JSON, oldest first", Example: "  accountfactory audit export | jq 'select(.action == \"submit\")'",
		RunE: func(cmd *cobra.Command, _ []string) error {
			api, err := a.connect(cmd, c)
			if err != nil {
				return err
			}
			out := json.NewEncoder(a.streams.Out)
			return api.audit(cmd.Context(), func(rows []factory.AuditRow) error {
				for _, r := range rows {
					if err := out.Encode(r); err != nil {
						return err
					}
				}
				return nil
			})
		},
	}
}

func auditVerify(a *app, c *connection) *cobra.Command {
	var expect string
	cmd := &cobra.Command{
		Use: "verify", Short: "Check that no row was changed, replaced or removed",
		Long: `verify reads the whole log and computes its chain of hashes anew, on this side. It prints the newest row's number and hash: whoever
keeps them elsewhere and gives them with --expect later also learns when newer rows than theirs were cut off.`,
		Example: "  accountfactory audit verify\n  accountfactory audit verify --expect 41:9f86d0…",
		RunE: func(cmd *cobra.Command, _ []string) error {
			api, err := a.connect(cmd, c)
			if err != nil {
				return err
			}
			return a.verifyAudit(cmd.Context(), api, expect)
		},
	}
	cmd.Flags().StringVar(&expect, "expect", "", "NUMBER:HASH of a row that an earlier verify printed")
	return cmd
}

func (a *app) verifyAudit(ctx context.Context, api *client, expect string) error {
	var number int64
	hash, met := "", expect == ""
	err := api.audit(ctx, func(rows []factory.AuditRow) error {
		if err := factory.VerifyAudit(number, hash, rows); err != nil {
			return err
		}
		for _, r := range rows {
			number, hash = r.Number, r.Hash
			met = met || expect == auditMark(r.Number, r.Hash)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if !met {
		return fmt.Errorf("the log has no row %s: it was cut off or replaced", expect)
	}
	_, err = fmt.Fprintf(a.streams.Out, "The audit log is whole: %d rows, the newest is %s\n", number, auditMark(number, hash))
	return err
}

func auditMark(number int64, hash string) string { return strconv.FormatInt(number, 10) + ":" + hash }

// audit reads the log page by page.
func (c *client) audit(ctx context.Context, each func([]factory.AuditRow) error) error {
	for after := int64(0); ; {
		var page struct{ Rows []factory.AuditRow }
		if err := c.call(ctx, http.MethodGet, "/api/v1/audit?after="+strconv.FormatInt(after, 10), nil, &page); err != nil {
			return err
		}
		if len(page.Rows) == 0 {
			return nil
		}
		if err := each(page.Rows); err != nil {
			return err
		}
		after = page.Rows[len(page.Rows)-1].Number
	}
}
