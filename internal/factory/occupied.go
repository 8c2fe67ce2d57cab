package factory

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/controltower"
	cttypes "github.com/aws/aws-sdk-go-v2/service/controltower/types"
	sctypes "github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"
)

// productType marks Account Factory's products. Not among the SDK's documented values, but on the wire.
const productType = "CONTROL_TOWER_ACCOUNT"

// occupied looks at what AWS is working on, ours and others', and names the operation to wait for when there is no
// room for another; empty when there is.
//
// An account operation shows as a provisioned product under change and, once Control Tower works on the account, as
// that account's enabled baseline under change. One begun without Service Catalog shows only as the latter; so does an
// organizational unit being registered, which leaves no room at all.
func (w *work) occupied(ctx context.Context, limit int) (string, error) {
	running, all, err := w.operations(ctx)
	switch {
	case err != nil:
		return "", err
	case all != "":
		return all, nil
	case len(running) < max(limit, 1):
		return "", nil
	}
	return fmt.Sprintf("%s: %d of %d account operations in use at AWS", running[0].text, len(running), max(limit, 1)), nil
}

// operation is an account operation that AWS is at.
type operation struct {
	product *sctypes.ProvisionedProductAttribute // nil for one begun without Service Catalog
	account string                               // its id, where it is known
	text    string
}

// operations gives the account operations that AWS is at, and the one that leaves no room beside it, if there is one.
func (w *work) operations(ctx context.Context) (running []operation, all string, err error) {
	products, err := searchProducts(ctx, w.aws.Products, "status:"+string(sctypes.ProvisionedProductStatusUnderChange))
	if err != nil {
		return nil, "", err
	}
	accounts, err := w.accountsUnderChange(ctx)
	if err != nil {
		return nil, "", err
	}
	unnamed := 0 // products whose account is not known yet: each may be one of the accounts
	for _, p := range products {
		if p.Status != sctypes.ProvisionedProductStatusUnderChange || aws.ToString(p.Type) != productType {
			continue
		}
		running = append(running, operation{&p, aws.ToString(p.PhysicalId), fmt.Sprintf("the account operation on provisioned product %s (%s) begun by %s",
			aws.ToString(p.Name), aws.ToString(p.Id), aws.ToString(p.UserArnSession))})
		if id := aws.ToString(p.PhysicalId); id != "" {
			delete(accounts, id)
		} else {
			unnamed++
		}
	}
	for target := range accounts {
		if !isAccountID(target) {
			return nil, "AWS Control Tower's operation on " + target, nil
		}
		if unnamed--; unnamed < 0 {
			running = append(running, operation{nil, target, "AWS Control Tower's operation on account " + target})
		}
	}
	return running, "", nil
}

// accountsUnderChange gives the accounts, by id, and the organizational units, by ARN, that Control Tower works on.
func (w *work) accountsUnderChange(ctx context.Context) (map[string]bool, error) {
	l, err := w.landscape(ctx, w.aws, false)
	if err != nil {
		return nil, err
	}
	out := map[string]bool{}
	if l.baseline == "" {
		return out, nil
	}
	err = enabledBaselines(ctx, w.aws, &controltower.ListEnabledBaselinesInput{
		IncludeChildren: true,
		Filter: &cttypes.EnabledBaselineFilter{
			BaselineIdentifiers: []string{l.baseline}, Statuses: []cttypes.EnablementStatus{cttypes.EnablementStatusUnderChange},
		},
	}, func(b cttypes.EnabledBaselineSummary) {
		target := aws.ToString(b.TargetIdentifier)
		if id := target[strings.LastIndex(target, "/")+1:]; isAccountID(id) {
			target = id
		}
		out[target] = true
	})
	return out, err
}

func isAccountID(s string) bool {
	return len(s) == 12 && strings.Trim(s, "0123456789") == ""
}
