package doctor

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"

	"accountfactory/internal/cloud"
)

// permissions asks IAM whether the role may do what each documented statement allows it, on such resources and under such
// conditions, and where that may not be asked tries what only reads.
func (c *Cloud) permissions(ctx context.Context) Finding {
	const looked = "iam:SimulatePrincipalPolicy of the role, for all that requests do"
	scope := cloud.Scope{Account: c.identity.ManagementAccount, Organization: c.identity.OrganizationID, Region: c.Config.Region}
	statements, err := scope.RolePermissions(string(c.Provisioner))
	if err != nil {
		return broken(Permissions, looked, err.Error(), "name a provisioner with --provisioner")
	}
	var denied, left []string
	asked := 0
	for _, p := range statements {
		if p.Deny {
			continue
		}
		some, err := c.simulate(ctx, p)
		if err != nil {
			return c.reads(ctx, said(err))
		}
		asked += len(p.Actions)
		if p.Optional {
			left = append(left, some...)
		} else {
			denied = append(denied, some...)
		}
	}
	switch all := slices.Compact(slices.Sorted(slices.Values(append(denied, left...)))); {
	case len(denied) > 0:
		return broken(Permissions, looked, "the role may not "+strings.Join(all, ", "), c.roleRemedy("allow it that"))
	case len(left) > 0:
		return warn(Permissions, looked, "the role may not "+strings.Join(all, ", ")+": what needs that is refused, the rest works",
			"if it was not left out on purpose, "+c.roleRemedy("allow it that"))
	}
	return ok(Permissions, looked, fmt.Sprintf("it may do all %d actions", asked))
}

// simulate gives those actions of a statement that the role may not do.
func (c *Cloud) simulate(ctx context.Context, p cloud.Permission) (denied []string, err error) {
	pages := iam.NewSimulatePrincipalPolicyPaginator(c.probe.Clients().IAM, &iam.SimulatePrincipalPolicyInput{
		PolicySourceArn: aws.String(c.probe.RoleARN(c.identity.ManagementAccount)),
		ActionNames:     p.Actions, ResourceArns: samples(p.Resources), ContextEntries: fulfilling(p.Condition),
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, r := range page.EvaluationResults {
			if r.EvalDecision != iamtypes.PolicyEvaluationDecisionTypeAllowed {
				denied = append(denied, aws.ToString(r.EvalActionName))
			}
		}
	}
	return denied, nil
}

// samples gives a resource for each pattern; whether it exists is no matter to a simulation.
func samples(patterns []string) []string {
	out := make([]string, len(patterns))
	for i, p := range patterns {
		if out[i] = p; p != "*" {
			out[i] = strings.ReplaceAll(p, "*", "sample")
		}
	}
	return out
}

// fulfilling gives a context under which conditions like the documented ones hold.
func fulfilling(when cloud.Condition) (out []iamtypes.ContextEntry) {
	for operator, keys := range when {
		for key, values := range keys {
			entry := iamtypes.ContextEntry{ContextKeyName: aws.String(key), ContextKeyType: iamtypes.ContextKeyTypeEnumString, ContextKeyValues: values}
			switch operator {
			case "Null", "StringNotEquals":
				entry.ContextKeyValues = []string{"sample"}
			case "ForAllValues:StringEquals":
				entry.ContextKeyType = iamtypes.ContextKeyTypeEnumStringList
			}
			out = append(out, entry)
		}
	}
	return out
}
