package factory

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/controltower"
	cttypes "github.com/aws/aws-sdk-go-v2/service/controltower/types"
)

// zone is the landing zone; the zero zone where there is none.
type zone struct {
	ARN, Version string
	Status       cttypes.LandingZoneStatus
	Drifted      bool
}

// readZone reads the landing zone, of which an organization has one at most.
func (l *landscape) readZone(ctx context.Context, a AWS) error {
	zones, err := a.ControlTower.ListLandingZones(ctx, &controltower.ListLandingZonesInput{})
	if err != nil || len(zones.LandingZones) == 0 {
		return err
	}
	out, err := a.ControlTower.GetLandingZone(ctx, &controltower.GetLandingZoneInput{LandingZoneIdentifier: zones.LandingZones[0].Arn})
	if isCode(err, "ResourceNotFoundException") { // deleted meanwhile
		return nil
	}
	if err != nil {
		return err
	}
	z := out.LandingZone
	l.zone = zone{ARN: aws.ToString(z.Arn), Version: aws.ToString(z.Version), Status: z.Status}
	l.zone.Drifted = z.DriftStatus != nil && z.DriftStatus.Status == cttypes.LandingZoneDriftStatusDrifted
	return nil
}

// drifted reports whether what an organizational unit has enabled is not what it should have.
func drifted(b cttypes.EnabledBaselineSummary) bool {
	d := b.DriftStatusSummary
	return d != nil && d.Types != nil && d.Types.Inheritance != nil && d.Types.Inheritance.Status == cttypes.EnabledBaselineDriftStatusDrifted
}

// checkSurroundings looks at what every kind that Control Tower has a part in can run into, whatever it is about.
func (s *Service) checkSurroundings(ctx context.Context, a AWS, in Input, t Target, light bool, done []Check) ([]Check, error) {
	var out []Check
	if !slices.ContainsFunc(done, func(c Check) bool { return c.Name == CheckRegion }) {
		out = append(out, checkRegion(in.Region, s.cfg.Region))
	}
	l, err := s.landscape(ctx, a, false)
	if err != nil || light || l.zone.ARN == "" {
		return out, err
	}
	return append(out, l.checkDrift(t)), nil
}

func checkRegion(want, region string) Check {
	if want != "" && want != region {
		return bad(CheckRegion, "the request is for Region "+want+", and Control Tower's home Region is "+region, "switch to "+region)
	}
	return ok(CheckRegion, "the home Region is "+region)
}

// checkDrift warns of drift. Service Catalog's way keeps working through it; a role or a policy that is missing fails what
// is sent, and AWS says so then. Source: Control Tower user guide, "Detect and resolve drift".
func (l *landscape) checkDrift(t Target) Check {
	unit := slices.IndexFunc(l.ous, func(o ou) bool { return o.ID == t.OUID })
	switch {
	case l.zone.Status == cttypes.LandingZoneStatusFailed:
		return note(CheckDrift, "the landing zone's last operation failed: repair it, or what is sent may fail")
	case l.zone.Drifted:
		return note(CheckDrift, "the landing zone has drifted: reset it; what is sent through Service Catalog works meanwhile as far as nothing it needs is gone")
	case unit >= 0 && l.ous[unit].Drifted:
		return note(CheckDrift, l.ous[unit].text()+" has drifted: register it again")
	case t.Drifted:
		return note(CheckDrift, "account "+t.AccountID+" has drifted: an update or a repair of it mends that")
	}
	return ok(CheckDrift, "landing zone "+l.zone.Version+" is in sync")
}

// inFlight is checkInFlight in a caller's name.
func (s *Service) inFlight(ctx context.Context, c Caller, k Kind) (Check, error) {
	a, err := s.sessions.For(ctx, sessionName(c))
	if err != nil {
		return Check{}, err
	}
	return s.checkInFlight(ctx, a, k)
}

// checkInFlight tells what AWS is working on: it refuses nothing, for the queue waits it out.
func (s *Service) checkInFlight(ctx context.Context, a AWS, k Kind) (Check, error) {
	q, err := s.store.Queue(ctx)
	if err != nil {
		return Check{}, &storeError{err}
	}
	w := &work{Service: s, aws: a, r: Request{Kind: k}}
	full, err := s.cfg.Provisioner.steps().occupied(ctx, w, s.capacity(q))
	if err != nil {
		return Check{}, err
	}
	l, err := s.landscape(ctx, a, false)
	if err != nil {
		return Check{}, err
	}
	if l.zone.Status == cttypes.LandingZoneStatusProcessing {
		full = "the landing zone's own operation"
	}
	if full != "" {
		return note(CheckInFlight, "AWS is at "+full+"; the request waits in the queue until there is room"), nil
	}
	return ok(CheckInFlight, fmt.Sprintf("AWS has room for an account operation; ours use %d of %d", q.Used, q.Limit)), nil
}

// checkRoom looks whether another account may be made at all, and today.
func (s *Service) checkRoom(ctx context.Context, a AWS, l *landscape, in Input) ([]Check, error) {
	quota, err := s.checkAccountQuota(ctx, a, l, in)
	if err != nil {
		return nil, err
	}
	daily, err := s.checkDailyCap(ctx, in)
	return append([]Check{quota}, daily...), err
}

// checkTombstone looks for a closed account of the address: AWS never gives it to another. Those that are gone from the
// organization only who closed them knows. Source: Account Management Reference Guide, "Close an account".
func (s *Service) checkTombstone(ctx context.Context, l *landscape, email string) (Check, error) {
	const remedy = "use an e-mail that no AWS account ever had"
	if a, found := l.accounts[EmailKey(email)]; found && a.closed() {
		return bad(CheckTombstone, fmt.Sprintf("%s is the e-mail of account %s, which is %s: AWS never gives it to another", a.Email, a.ID, a.State), remedy), nil
	}
	r, err := s.store.Tombstone(ctx, EmailKey(email))
	switch {
	case err == nil:
		return bad(CheckTombstone, fmt.Sprintf("%s was the e-mail of account %s, which request %s closed on %s: AWS never gives it to another",
			r.AccountEmail, cmp.Or(r.AccountID, "(unknown)"), r.ID, r.EndedAt.UTC().Format("2006-01-02")), remedy), nil
	case errors.Is(err, ErrNotFound):
		return ok(CheckTombstone, "no closed account that is known here had "+email), nil
	}
	return Check{}, &storeError{err}
}
