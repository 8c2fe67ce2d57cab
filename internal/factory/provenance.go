package factory

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	orgtypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"
	sctypes "github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"
)

// Whose is an account that has the e-mail asked for? Account Factory's product takes no tag along, and enrolls an account
// that is there. So the account is this request's only if all that AWS says of its making agrees: it was created, not
// invited, under the name asked for, while AWS was at an operation of this request's, and by no creation that was under way
// before. All times are AWS's and are compared with one another only. What cannot be told is a creation of the same name
// and e-mail that somebody asks Organizations for after AWS took ours and before Control Tower asks for its own.

// span is the time in which AWS was at an operation of a request's.
type span struct {
	Record string    `json:"record"`
	Since  time.Time `json:"since"`
	Until  time.Time `json:"until,omitzero"` // its end, where it failed: what comes after that others made
}

// began keeps the beginning of an operation, and the end of one that failed.
func (p *Progress) began(rec *sctypes.RecordDetail) {
	s := spanOf(rec)
	if i := slices.IndexFunc(p.Spans, func(o span) bool { return o.Record == s.Record }); i >= 0 {
		p.Spans[i] = s
	} else {
		p.Spans = append(p.Spans, s)
	}
	if p.CloudSince.IsZero() {
		p.CloudSince = s.Since
	}
}

func spanOf(rec *sctypes.RecordDetail) span {
	s := span{Record: aws.ToString(rec.RecordId), Since: aws.ToTime(rec.CreatedTime)}
	if end := aws.ToTime(rec.UpdatedTime); rec.Status == sctypes.RecordStatusFailed && end.After(s.Since) {
		s.Until = end
	}
	return s
}

// rival keeps creations that may be of the same account.
func (p *Progress) rival(ids []string) {
	for _, id := range ids {
		if !slices.Contains(p.Rivals, id) {
			p.Rivals = append(p.Rivals, id)
		}
	}
}

// nothingCame forgets operations that are known to have made no account.
func (p *Progress) nothingCame() { p.Spans, p.CloudSince, p.Rivals = nil, noTime, nil }

// during reports whether AWS was at an operation of the request's at a time.
func (p *Progress) during(at time.Time) bool {
	spans := p.Spans
	if len(spans) == 0 && !p.CloudSince.IsZero() { // begun by a version that kept the first beginning only
		spans = []span{{Since: p.CloudSince}}
	}
	return slices.ContainsFunc(spans, func(s span) bool {
		return !earlier(at, s.Since) && (s.Until.IsZero() || !earlier(s.Until, at))
	})
}

// earlier reports whether one of AWS's times is certainly before another, which may be cut to seconds.
func earlier(a, b time.Time) bool {
	if a.Nanosecond() == 0 {
		b = b.Truncate(time.Second)
	}
	return a.Before(b)
}

// strange says why an account cannot have come from this request, by what is known of it; empty when it can.
func (w *work) strange(a account) string {
	byName := w.r.Progress.Provisioner != ByOrganizations // there a tag tells
	switch {
	case a.Invited:
		return "joined the organization by invitation"
	case w.r.Progress.CloudSince.IsZero() || earlier(a.Joined, w.r.Progress.CloudSince):
		return "was there before this request"
	case !w.r.Progress.during(a.Joined):
		return "was made while AWS was at nothing of this request's"
	case byName && a.Name != w.r.Name:
		return fmt.Sprintf("is called %q, which is not the name asked for", a.Name)
	}
	return ""
}

// stranger says why an account is not this request's, with what AWS says of creations under way when it took ours.
func (w *work) stranger(ctx context.Context, a account) (string, error) {
	if why := w.strange(a); why != "" {
		return why, nil
	}
	for _, id := range w.r.Progress.Rivals {
		out, err := w.aws.Own.Creations.DescribeCreateAccountStatus(ctx, &organizations.DescribeCreateAccountStatusInput{CreateAccountRequestId: &id})
		if isCode(err, "CreateAccountStatusNotFoundException") {
			continue
		}
		if isCode(err, deniedCodes...) {
			return "may be of a creation, " + id + ", that was under way before this request and that AWS does not let us see", nil
		}
		if err != nil {
			return "", err
		}
		if st := out.CreateAccountStatus; st != nil && aws.ToString(st.AccountId) == a.ID {
			return "is of a creation, " + id + ", that was under way before this request", nil
		}
	}
	return "", nil
}

// rivalPages bounds the look at creations that have ended: an organization may have had thousands.
const rivalPages = 20

// rivals gives the creations of an account of this name that were asked for before a time, and may end after it. ended
// looks at those that have ended too: the time is over since when it was the last one. One that was asked for while AWS was at
// an earlier operation of the request's is Control Tower's own.
func (w *work) rivals(ctx context.Context, since time.Time, ended bool) ([]string, error) {
	if w.r.Kind != KindLaunch {
		return nil, nil
	}
	states := []orgtypes.CreateAccountState{orgtypes.CreateAccountStateInProgress}
	if ended {
		states = append(states, orgtypes.CreateAccountStateSucceeded)
	}
	var out []string
	pages := organizations.NewListCreateAccountStatusPaginator(w.aws.Own.Creations, &organizations.ListCreateAccountStatusInput{States: states})
	for n := 0; pages.HasMorePages() && n < rivalPages; n++ {
		page, err := pages.NextPage(ctx)
		if isCode(err, deniedCodes...) { // then times and name tell
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		for _, st := range page.CreateAccountStatuses {
			asked := aws.ToTime(st.RequestedTimestamp)
			if aws.ToString(st.AccountName) == w.r.Name && earlier(asked, since) && !w.r.Progress.during(asked) {
				out = append(out, aws.ToString(st.Id))
			}
		}
	}
	return out, nil
}
