package twin_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/controltower"
	cttypes "github.com/aws/aws-sdk-go-v2/service/controltower/types"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	orgtypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"
)

// remedy has the landing zone remedy inheritance drift.
func (p *poller) remedy() {
	p.t.Helper()
	check[*controltower.UpdateLandingZoneOutput](p.t)(p.ControlTower.UpdateLandingZone(p.t.Context(), &controltower.UpdateLandingZoneInput{
		LandingZoneIdentifier: p.zone(p.t).LandingZone.Arn, Version: aws.String("3.3"), Manifest: p.zone(p.t).LandingZone.Manifest,
		RemediationTypes: []cttypes.RemediationType{cttypes.RemediationTypeInheritanceDrift},
	}))
	p.drain()
}

// members gives the accounts that can be moved about.
func (p *poller) members() (out []orgtypes.Account) {
	p.t.Helper()
	for in := (&organizations.ListAccountsInput{}); ; {
		list := check[*organizations.ListAccountsOutput](p.t)(p.Organizations.ListAccounts(p.t.Context(), in))
		for _, a := range list.Accounts {
			if id := aws.ToString(a.Id); id != account && id != p.shared("Log archive") && id != p.shared("Audit") {
				out = append(out, a)
			}
		}
		if in.NextToken = list.NextToken; in.NextToken == nil {
			return out
		}
	}
}

// shift moves one of the accounts to some OU, or the root.
func (p *poller) shift(r *rand.Rand) {
	p.t.Helper()
	all := p.members()
	if len(all) == 0 {
		return
	}
	id := aws.ToString(all[r.IntN(len(all))].Id)
	to := []string{aws.ToString(p.root(p.t)), aws.ToString(p.findOU(p.t, "Sandbox").Id), aws.ToString(p.findOU(p.t, "Team").Id), aws.ToString(p.findOU(p.t, "Loose").Id)}
	_, _ = p.Organizations.MoveAccount(p.t.Context(), &organizations.MoveAccountInput{
		AccountId: &id, SourceParentId: aws.String(p.parent(p.t, id)), DestinationParentId: aws.String(to[r.IntN(len(to))]),
	})
}

// TestStates_Moved: the same while people move accounts about that Control Tower takes in and lets go by itself. In the end
// each account has the baseline of the OU it is in, or that says that it has not.
func TestStates_Moved(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			p := polling(t, ofSeed(seed))
			p.makeOU(t, "Team")
			p.makeOU(t, "Loose")
			p.remedy()
			r := rand.New(rand.NewPCG(seed, 2))
			for i := range 80 {
				if r.IntN(2) == 0 {
					p.shift(r)
				} else {
					p.act(r, i)
				}
				p.poll()
				for range r.IntN(5) {
					p.advance()
					p.poll()
				}
			}
			p.drain()
			for what, state := range p.seen {
				if slices.Contains([]string{"CREATED", "IN_PROGRESS", "IN_PROGRESS_IN_ERROR", "UNDER_CHANGE", "PROCESSING"}, state) {
					t.Errorf("%s stays %s", what, state)
				}
			}
			p.placed()
		})
	}
}

// placed holds the accounts' baselines to where the accounts are.
func (p *poller) placed() {
	p.t.Helper()
	ous := map[string]string{} // baseline by OU
	children := map[string]cttypes.EnabledBaselineSummary{}
	for in := (&controltower.ListEnabledBaselinesInput{IncludeChildren: true}); ; {
		out := check[*controltower.ListEnabledBaselinesOutput](p.t)(p.ControlTower.ListEnabledBaselines(p.t.Context(), in))
		for _, b := range out.EnabledBaselines {
			id := (*b.TargetIdentifier)[strings.LastIndexByte(*b.TargetIdentifier, '/')+1:]
			if *b.BaselineIdentifier != baselineID {
				continue
			}
			if strings.HasPrefix(id, "ou-") {
				ous[id] = *b.Arn
			} else {
				if b.ParentIdentifier == nil {
					p.t.Errorf("the baseline of account %s has no parent", id)
				}
				children[id] = b
			}
		}
		if in.NextToken = out.NextToken; in.NextToken == nil {
			break
		}
	}
	for _, a := range p.members() {
		b, enrolled := children[*a.Id]
		in := p.parent(p.t, *a.Id)
		switch {
		case !enrolled || b.StatusSummary.Status == cttypes.EnablementStatusFailed:
		case aws.ToString(b.ParentIdentifier) != ous[in]:
			p.t.Errorf("account %s is in %s, its baseline is of %s", *a.Name, in, aws.ToString(b.ParentIdentifier))
		}
	}
}
