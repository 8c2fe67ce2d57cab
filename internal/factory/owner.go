package factory

import (
	"cmp"
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	orgtypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"
)

// Tags of accounts that the factory made or enrolled by itself. Others rely on them: never renamed.
const (
	tagPrefix  = "accountfactory:"
	TagRequest = tagPrefix + "request" // id of the request that made or enrolled it
	TagOwner   = tagPrefix + "owner"   // e-mail of the SSO user who administers it
)

// marks are the tags an account should carry once the request is done with it. A value that AWS does not take is left out.
func (w *work) marks() map[string]string {
	out := map[string]string{}
	if w.r.Kind == KindLaunch || w.r.Kind == KindEnroll {
		out[TagRequest] = w.r.ID
	}
	if owner := w.administrator(); owner != "" && tagText.MatchString(owner) {
		out[TagOwner] = owner
	}
	return out
}

// administrator is who is to administer the account: who was asked for, and on a repair who did. Empty changes nothing.
func (w *work) administrator() string {
	if w.r.Kind == KindRepair {
		return cmp.Or(w.r.SSOUserEmail, w.r.Progress.Target.SSOUser)
	}
	return w.r.SSOUserEmail
}

// tagsOf reads an account's tags.
func tagsOf(ctx context.Context, a AWS, id string) (map[string]string, error) {
	out := map[string]string{}
	pages := organizations.NewListTagsForResourcePaginator(a.Organizations, &organizations.ListTagsForResourceInput{ResourceId: &id})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, t := range page.Tags {
			out[aws.ToString(t.Key)] = aws.ToString(t.Value)
		}
	}
	return out, nil
}

func tagList(tags map[string]string) (out []orgtypes.Tag) {
	for _, k := range sortedKeys(tags) {
		out = append(out, orgtypes.Tag{Key: &k, Value: aws.String(tags[k])})
	}
	return out
}

// markAccount tags the account. Twice is safe: tags are a state.
func markAccount(ctx context.Context, w *work) (outcome, error) {
	if out, stop := w.stopping(); stop {
		return out, nil
	}
	have, err := tagsOf(ctx, w.aws, w.r.AccountID)
	if err != nil {
		return outcome{}, err
	}
	missing := w.marks()
	for k, v := range missing {
		if have[k] == v {
			delete(missing, k)
		}
	}
	if len(missing) == 0 {
		return w.stepDone("AWS shows the account's tags."), nil
	}
	if err := w.announce(ctx, OpTag, "account %s is tagged as this request's", w.r.AccountID); err != nil {
		return outcome{}, err
	}
	if _, err := w.aws.Organizations.TagResource(ctx, &organizations.TagResourceInput{ResourceId: &w.r.AccountID, Tags: tagList(missing)}); err != nil {
		return outcome{}, w.refusedWrite(OpTag, err)
	}
	return w.stepDone("The account is tagged."), nil
}

// readMarks reads whose an account is.
func (s *subject) readMarks(ctx context.Context, a AWS) error {
	tags, err := tagsOf(ctx, a, s.ID)
	s.Request = tags[TagRequest]
	s.SSOUser = cmp.Or(tags[TagOwner], s.SSOUser)
	return err
}
