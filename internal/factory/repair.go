package factory

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	sctypes "github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"
)

// repairKind brings an account whose product is in ERROR or TAINTED to where it should be: its product is updated, with
// the values it had, which is what AWS's guides call for, and needs no made-up change. What was half-made is completed.
func repairKind() kind {
	return kind{
		name: KindRepair, launches: true,
		steps: []stage{
			{name: StepCheck, do: checkAgain},
			userThere(),
			{name: StepTurn, do: awaitTurn},
			{name: StepSend, do: sendUpdate, retry: StepTurn},
			{name: StepFollow, do: follow, retry: StepTurn},
			{name: StepVerify, do: verify},
		},
		check:   checkRepair,
		writes:  productWrites,
		checked: func(_ Request, t Target) string { return "the product " + t.ProductName + " can be updated" },
		asked:   func(r Request) string { return fmt.Sprintf("account %s (%s) is to be repaired", r.AccountID, r.Name) },
	}
}

func checkRepair(ctx context.Context, s *Service, a AWS, in Input) (Target, []Check, error) {
	sub, l, checks, err := s.subject(ctx, a, in.Account)
	if err != nil || sub.ID == "" {
		return Target{}, checks, err
	}
	checks = append(append(checks, sub.checkActive(), sub.checkManaged()), checkProduct(l, s.cfg.Region, in)...)
	t := sub.target(l)
	if p := sub.Product; p != nil {
		checks = append(checks, checkBroken(p, sub))
	}
	switch {
	case in.OU != "":
		unit, check, err := s.unit(ctx, a, l, in.OU, checkOU)
		if err != nil {
			return t, nil, err
		}
		checks = append(checks, check)
		t.OU, t.OUID = unit.text(), unit.ID
	case sub.OU.ID == "" && sub.Product != nil: // it was made and never moved
		checks = append(checks, bad(CheckOU, "account "+sub.ID+" is at the root", "name its organizational unit with --ou"))
	default:
		checks = append(checks, sub.checkPlace())
	}
	if in.SSOUserEmail != "" {
		more, err := s.checkNewUser(ctx, a, l, in)
		return t, append(checks, more...), err
	}
	return t, checks, nil
}

// checkBroken looks whether there is anything to repair, and says what AWS says is wrong.
func checkBroken(p *sctypes.ProvisionedProductAttribute, sub subject) Check {
	if p.Status == sctypes.ProvisionedProductStatusAvailable && sub.Enrolled {
		return bad(CheckChange, "the product "+aws.ToString(p.Name)+" is available and the account enrolled", "there is nothing to repair")
	}
	return note(CheckChange, fmt.Sprintf("AWS says: %s: %s%s", p.Status, aws.ToString(p.StatusMessage), remedy(aws.ToString(p.StatusMessage))))
}
