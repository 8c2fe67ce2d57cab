package factory

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/controltower"
	cttypes "github.com/aws/aws-sdk-go-v2/service/controltower/types"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	orgtypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
)

// landscape is what checks need to know of the cloud. It is read as a whole and kept for a few seconds, so that a
// thousand requests in one batch do not read it a thousand times; what goes stale in between AWS itself refuses, and
// an account that was there before is never adopted. Nothing in it changes after it is read.
type landscape struct {
	product         *product           // nil when there is none in this Region
	accounts        map[string]account // by EmailKey
	ous             []ou
	identityStoreID string // empty when there is no Identity Center instance
	ssoInstance     string
	centerLooked    string // where an instance would have been found
	baseline        string // ARN of AWSControlTowerBaseline
	root            string // id of the organization's root
	zone            zone
	allowed         allowance // how many accounts AWS allows

	counted atomic.Int64 // accounts, while they are read
}

type account struct {
	ID, ARN, Name, Email string
	State                string // ACTIVE, SUSPENDED, PENDING_CLOSURE, CLOSED
	Joined               time.Time
	Invited              bool // it was there before it was in the organization
}

func accountOf(a *orgtypes.Account) account {
	return account{
		ID: aws.ToString(a.Id), ARN: aws.ToString(a.Arn), Name: aws.ToString(a.Name), Email: aws.ToString(a.Email),
		State: stateOf(a), Joined: aws.ToTime(a.JoinedTimestamp), Invited: a.JoinedMethod == orgtypes.AccountJoinedMethodInvited,
	}
}

// reading is one part of the landscape.
type reading struct {
	what string
	f    func(context.Context, AWS) error
}

// readLandscape leaves out what has no part in making accounts by ourselves: Account Factory's product, and what is
// registered with a Control Tower that is not there.
func (s *Service) readLandscape(ctx context.Context, a AWS, l *landscape) error {
	read := func(parts ...reading) error {
		for _, r := range parts {
			if err := r.f(ctx, a); err != nil {
				return fmt.Errorf("read %s: %w", r.what, err)
			}
		}
		return nil
	}
	if err := read(reading{"the landing zone", l.readZone}); err != nil {
		return err
	}
	product, registered := reading{"the Account Factory product", l.readProduct}, reading{"the registered organizational units", l.readRegistered}
	if s.cfg.Provisioner == ByOrganizations {
		product.f = nothing
		if l.zone.ARN == "" {
			registered.f = nothing
		}
	}
	return read(product, reading{"the organization's accounts", l.readAccounts}, reading{"the quota of accounts", s.readAllowance(l)}, reading{"the organizational units", l.readOUs},
		registered, reading{"the Identity Center instance", l.readInstance})
}

func nothing(context.Context, AWS) error { return nil }

func (l *landscape) readAccounts(ctx context.Context, a AWS) error {
	pages := organizations.NewListAccountsPaginator(a.Organizations, &organizations.ListAccountsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, acc := range page.Accounts {
			l.accounts[EmailKey(aws.ToString(acc.Email))] = accountOf(&acc)
		}
		l.counted.Add(int64(len(page.Accounts)))
	}
	return nil
}

// readOUs walks the tree breadth first.
func (l *landscape) readOUs(ctx context.Context, a AWS) error {
	roots, err := a.Organizations.ListRoots(ctx, &organizations.ListRootsInput{})
	if err != nil {
		return err
	}
	type parent struct{ id, path string }
	var todo []parent
	for _, r := range roots.Roots {
		l.root = aws.ToString(r.Id)
		todo = append(todo, parent{id: aws.ToString(r.Id)})
	}
	for ; len(todo) > 0; todo = todo[1:] {
		units, err := unitsUnder(ctx, a, todo[0].id)
		if err != nil {
			return err
		}
		for _, u := range units {
			o := ou{ID: aws.ToString(u.Id), Name: aws.ToString(u.Name), ARN: aws.ToString(u.Arn), Path: aws.ToString(u.Name)}
			if todo[0].path != "" {
				o.Path = todo[0].path + "/" + o.Name
			}
			l.ous = append(l.ous, o)
			todo = append(todo, parent{o.ID, o.Path})
		}
	}
	return nil
}

func unitsUnder(ctx context.Context, a AWS, parent string) ([]orgtypes.OrganizationalUnit, error) {
	var out []orgtypes.OrganizationalUnit
	pages := organizations.NewListOrganizationalUnitsForParentPaginator(a.Organizations,
		&organizations.ListOrganizationalUnitsForParentInput{ParentId: &parent})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		out = append(out, page.OrganizationalUnits...)
	}
	return out, nil
}

// baselineName is the baseline whose being enabled on an OU is what registering means.
const baselineName = "AWSControlTowerBaseline"

func (l *landscape) readRegistered(ctx context.Context, a AWS) error {
	var err error
	if l.baseline, err = baselineARN(ctx, a); err != nil || l.baseline == "" {
		return err
	}
	registered, drift := map[string]bool{}, map[string]bool{}
	err = enabledBaselines(ctx, a, &controltower.ListEnabledBaselinesInput{
		Filter: &cttypes.EnabledBaselineFilter{BaselineIdentifiers: []string{l.baseline}},
	}, func(b cttypes.EnabledBaselineSummary) {
		registered[aws.ToString(b.TargetIdentifier)], drift[aws.ToString(b.TargetIdentifier)] = true, drifted(b)
	})
	for i := range l.ous {
		l.ous[i].Registered, l.ous[i].Drifted = registered[l.ous[i].ARN], drift[l.ous[i].ARN]
	}
	return err
}

func baselineARN(ctx context.Context, a AWS) (string, error) {
	pages := controltower.NewListBaselinesPaginator(a.ControlTower, &controltower.ListBaselinesInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return "", err
		}
		for _, b := range page.Baselines {
			if aws.ToString(b.Name) == baselineName {
				return aws.ToString(b.Arn), nil
			}
		}
	}
	return "", nil
}

func enabledBaselines(ctx context.Context, a AWS, in *controltower.ListEnabledBaselinesInput, each func(cttypes.EnabledBaselineSummary)) error {
	pages := controltower.NewListEnabledBaselinesPaginator(a.ControlTower, in)
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, b := range page.EnabledBaselines {
			each(b)
		}
	}
	return nil
}

func (l *landscape) readInstance(ctx context.Context, a AWS) error {
	l.centerLooked = cmp.Or(a.CenterLooked, "this Region")
	out, err := a.SSO.ListInstances(ctx, &ssoadmin.ListInstancesInput{})
	if err != nil {
		return err
	}
	for _, i := range out.Instances {
		l.ssoInstance, l.identityStoreID = aws.ToString(i.InstanceArn), aws.ToString(i.IdentityStoreId)
		if !strings.Contains(string(i.Status), "DELETE") {
			return nil
		}
	}
	return nil
}
