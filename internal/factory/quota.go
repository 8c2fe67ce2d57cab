package factory

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas"
)

// Quotas tells what AWS allows. *servicequotas.Client is one.
type Quotas interface {
	GetServiceQuota(context.Context, *servicequotas.GetServiceQuotaInput, ...func(*servicequotas.Options)) (*servicequotas.GetServiceQuotaOutput, error)
	ListServiceQuotas(context.Context, *servicequotas.ListServiceQuotasInput, ...func(*servicequotas.Options)) (*servicequotas.ListServiceQuotasOutput, error)
}

// How AWS names its quotas. That of accounts is shown in us-east-1 alone, Control Tower's in its home Region; of Control
// Tower's no code is documented. Sources: Organizations user guide, "Quotas and service limits"; Control Tower user guide,
// "Request a quota increase".
const (
	accountsRegion  = "us-east-1"
	accountsQuota   = "L-E619E033"
	operationsQuota = "Concurrent account operations"
)

// allowance is what AWS says a quota is: 0 when it does not say, and why.
type allowance struct {
	n   int
	why string
}

// accountAllowance asks how many accounts the organization may have. That AWS does not say is no error: it refuses late then.
func accountAllowance(ctx context.Context, a AWS) allowance {
	if a.Quotas == nil {
		return allowance{why: "it is not asked here"}
	}
	out, err := a.Quotas.GetServiceQuota(ctx, &servicequotas.GetServiceQuotaInput{
		ServiceCode: aws.String("organizations"), QuotaCode: aws.String(accountsQuota),
	}, func(o *servicequotas.Options) { o.Region = accountsRegion })
	if err != nil {
		code, message := words(err)
		if code != "" {
			message = code + ": " + message
		}
		return allowance{why: message}
	}
	if out.Quota == nil || aws.ToFloat64(out.Quota.Value) < 1 {
		return allowance{why: "its answer has no number"}
	}
	return allowance{n: int(*out.Quota.Value)}
}

// readAllowance keeps it with the accounts it is about; a setting says it instead.
func (s *Service) readAllowance(l *landscape) func(context.Context, AWS) error {
	return func(ctx context.Context, a AWS) error {
		if s.cfg.AccountQuota == 0 {
			l.allowed = accountAllowance(ctx, a)
		}
		return nil
	}
}

// accountQuota gives how many accounts the organization may have, and who says so; 0 when nobody does.
func (s *Service) accountQuota(l *landscape) (n int, says string) {
	if s.cfg.AccountQuota > 0 {
		return s.cfg.AccountQuota, "serve --account-quota"
	}
	return l.allowed.n, "Service Quotas"
}

// operationsAllowed remembers how many account operations AWS allows at once: it changes when somebody asks AWS for more.
type operationsAllowed struct {
	mu    sync.Mutex
	n     int
	asked time.Time
}

// askAgain is how long it is remembered.
const askAgain = 10 * time.Minute

// quotaOf gives the quota an automatic limit goes by: what an operator said, else what AWS says, else the usual one.
func (s *Service) quotaOf(q Queue) int {
	s.operations.mu.Lock()
	defer s.operations.mu.Unlock()
	if q.QuotaSaid || s.operations.n == 0 {
		return q.Quota
	}
	return min(s.operations.n, maxLimit)
}

// due reports whether it is time to ask, once.
func (o *operationsAllowed) due(now time.Time) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.asked.IsZero() && now.Before(o.asked.Add(askAgain)) {
		return false
	}
	o.asked = now
	return true
}

func (o *operationsAllowed) set(n int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.n = n
}

// askQuota asks AWS for it now and then. What it does not say stays what it was, and nobody who looks at the queue waits.
func (s *Service) askQuota(ctx context.Context, a AWS) {
	if a.Quotas == nil || !s.operations.due(s.clock.Now()) {
		return
	}
	pages := servicequotas.NewListServiceQuotasPaginator(a.Quotas, &servicequotas.ListServiceQuotasInput{ServiceCode: aws.String("controltower")})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			s.log.WarnContext(ctx, "the automatic limit goes by what was said before: Service Quotas does not tell Control Tower's", "error", err)
			return
		}
		for _, q := range page.Quotas {
			if strings.EqualFold(aws.ToString(q.QuotaName), operationsQuota) && aws.ToFloat64(q.Value) >= 1 {
				s.operations.set(int(*q.Value))
			}
		}
	}
}

// checkAccountQuota looks whether the organization may have another account; closed accounts count until they are gone.
// Source: Organizations user guide, "Quotas and service limits", number of accounts.
func (s *Service) checkAccountQuota(ctx context.Context, a AWS, l *landscape, in Input) (Check, error) {
	quota, says := s.accountQuota(l)
	if near := quota - 10; quota > 0 && len(l.accounts) > near { // some may just have been made
		var err error
		if l, err = s.landscape(ctx, a, true); err != nil {
			return Check{}, err
		}
		quota, says = s.accountQuota(l)
	}
	have, closed := len(l.accounts), 0
	for _, a := range l.accounts {
		if a.closed() {
			closed++
		}
	}
	seen := fmt.Sprintf("the organization has %d accounts, of which %d are closed and count until they are gone", have, closed)
	if quota == 0 {
		return ok(CheckAccountQuota, fmt.Sprintf("%s; Service Quotas does not say of how many (%s): allow servicequotas:GetServiceQuota, or give serve --account-quota", seen, l.allowed.why)), nil
	}
	coming, err := s.coming(ctx, in)
	if err != nil {
		return Check{}, err
	}
	if have+coming > quota {
		remedy := "ask AWS for more: Service Quotas in " + accountsRegion + ", AWS Organizations, " + accountsQuota
		if s.cfg.AccountQuota > 0 {
			remedy = "raise the quota with AWS, then serve --account-quota"
		}
		return bad(CheckAccountQuota, fmt.Sprintf("%s, and %d more are asked for with this one: its quota is %d, by %s", seen, coming, quota, says), remedy), nil
	}
	return ok(CheckAccountQuota, fmt.Sprintf("%s, of a quota of %d, by %s", seen, quota, says)), nil
}

// coming counts the accounts that are asked for and not there yet, with this one.
func (s *Service) coming(ctx context.Context, in Input) (int, error) {
	if in.Again { // it is among the open ones, and those before it are there
		return 1, nil
	}
	n, err := s.store.Coming(ctx)
	if err != nil {
		return 0, &storeError{err}
	}
	return n + 1, nil
}
