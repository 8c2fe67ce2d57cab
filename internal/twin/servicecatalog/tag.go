package servicecatalog

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"
)

func wireTags(tags []Tag) []types.Tag {
	return convert(tags, func(t Tag) types.Tag { return types.Tag{Key: &t.Key, Value: &t.Value} })
}

func recordTags(tags []Tag) []types.RecordTag {
	return convert(tags, func(t Tag) types.RecordTag { return types.RecordTag{Key: &t.Key, Value: &t.Value} })
}

// takeTags reads tags of a request. A key may come only once, and none may begin with AWS's own prefix.
func takeTags(in []types.Tag) ([]Tag, error) {
	var out []Tag
	for _, t := range in {
		if strings.HasPrefix(strings.ToLower(*t.Key), "aws:") {
			return nil, invalid("Tag key %s is not valid: the prefix aws: is reserved.", *t.Key)
		}
		if slices.ContainsFunc(out, func(have Tag) bool { return have.Key == *t.Key }) {
			return nil, invalid("Tag key %s is specified more than once.", *t.Key)
		}
		out = append(out, Tag{Key: *t.Key, Value: *t.Value})
	}
	return out, nil
}

// merge gives tags without the keys removed and with those added, the added ones winning.
func merge(tags, add []Tag, remove []string) []Tag {
	var out []Tag
	for _, t := range tags {
		replaced := slices.ContainsFunc(add, func(a Tag) bool { return a.Key == t.Key })
		if !replaced && !slices.Contains(remove, t.Key) {
			out = append(out, t)
		}
	}
	return append(out, add...)
}
