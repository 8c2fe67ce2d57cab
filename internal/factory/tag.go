package factory

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	orgtypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"
)

// StepTag gives an account its tags. Stored: never renamed.
const StepTag = "tag"

// tagAccount puts the tags that are not there. Twice is safe: what is there is looked at first, and the same tag put again
// changes nothing.
func tagAccount(ctx context.Context, w *work) (outcome, error) {
	missing, err := w.missingTags(ctx)
	if err != nil {
		return outcome{}, err
	}
	if len(missing) == 0 {
		return w.goOn("The account has its tags."), nil
	}
	if !w.r.sent() {
		if out, stops := w.stopping(); stops {
			return out, nil
		}
		text := fmt.Sprintf("Sends %s: %s.", OpTag, strings.Join(missing, ", "))
		if err := w.save(ctx, outcome{text: text, change: func(r *Request) { w.intend(r, OpTag) }}); err != nil {
			return outcome{}, err
		}
	}
	in := &organizations.TagResourceInput{ResourceId: &w.r.AccountID}
	for _, k := range missing {
		in.Tags = append(in.Tags, orgtypes.Tag{Key: aws.String(k), Value: aws.String(w.r.Tags[k])})
	}
	if _, err := w.aws.Organizations.TagResource(ctx, in); err != nil {
		return w.unmanagedCall(OpTag, err)
	}
	return w.goOn("AWS took " + OpTag + "."), nil
}

// missingTags gives the keys of the tags that the account has not, or with another value.
func (w *work) missingTags(ctx context.Context) ([]string, error) {
	have, err := tagsOf(ctx, w.aws, w.r.AccountID)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, k := range slices.Sorted(maps.Keys(w.r.Tags)) {
		if v, found := have[k]; !found || v != w.r.Tags[k] {
			out = append(out, k)
		}
	}
	return out, nil
}

func tagWrites(r Request, t Target) []Write {
	if len(r.Tags) == 0 {
		return nil
	}
	params := map[string]string{"ResourceId": t.accountText()}
	for k, v := range r.Tags {
		params["Tags."+k] = v
	}
	return []Write{{Service: "organizations", Operation: OpTag, As: r.as(), Parameters: params, Effect: fmt.Sprintf("The account has %d tags.", len(r.Tags))}}
}

// accountText names the account, also one that is not there yet.
func (t Target) accountText() string {
	if t.AccountID == "" {
		return "(the new account)"
	}
	return t.AccountID
}
