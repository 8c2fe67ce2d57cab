package servicecatalog

import (
	"context"
	"iter"
	"strings"

	sdk "github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"
)

// recordDetail is a record on the wire. Lists are empty, never absent, as in AWS's samples.
func recordDetail(r *Record) *types.RecordDetail {
	created, updated, action := r.Created, r.Updated, string(r.Action)
	return &types.RecordDetail{
		RecordId: &r.ID, RecordType: &action, Status: r.Status, CreatedTime: &created, UpdatedTime: &updated,
		ProvisionedProductId: &r.ProvisionedID, ProvisionedProductName: &r.Name, ProvisionedProductType: &r.Type,
		ProductId: &r.ProductID, ProvisioningArtifactId: &r.ArtifactID, PathId: &r.PathID, RecordTags: recordTags(r.Tags),
		LaunchRoleArn: filled(r.LaunchRole),
		RecordErrors: convert(r.Errors, func(e RecordError) types.RecordError {
			return types.RecordError{Code: &e.Code, Description: &e.Description}
		}),
	}
}

func recordOutput(o Output) types.RecordOutput {
	out := types.RecordOutput{OutputKey: &o.Key, OutputValue: &o.Value}
	if o.Description != "" {
		out.Description = &o.Description
	}
	return out
}

// DescribeRecord shows a record and what it put out. Records outlive their product.
func (s *Service) DescribeRecord(ctx context.Context, in *sdk.DescribeRecordInput, _ ...func(*sdk.Options)) (*sdk.DescribeRecordOutput, error) {
	out := &sdk.DescribeRecordOutput{}
	err := s.view(ctx, func(c *call) error {
		r := s.records.Get(c.Tx, *in.Id)
		if r == nil || !c.home {
			return notFound("Record %s not found.", *in.Id)
		}
		page, next, err := paginateFixed("DescribeRecord/"+r.ID, in.PageToken, in.PageSize, r.Outputs)
		out.RecordDetail, out.NextPageToken, out.RecordOutputs = recordDetail(r), next, convert(page, recordOutput)
		return err
	})
	return out, err
}

// ListRecordHistory lists records, the newest first, by default the caller's own.
func (s *Service) ListRecordHistory(ctx context.Context, in *sdk.ListRecordHistoryInput, _ ...func(*sdk.Options)) (*sdk.ListRecordHistoryOutput, error) {
	out := &sdk.ListRecordHistoryOutput{}
	err := s.view(ctx, func(c *call) error {
		level, err := accessLevel(in.AccessLevelFilter, types.AccessLevelFilterKeyUser)
		if err != nil {
			return err
		}
		want, err := recordFilter(in.SearchFilter)
		if err != nil {
			return err
		}
		list := strings.Join([]string{"ListRecordHistory", string(level), want.provisioned, want.product}, "/")
		from := func(after string) iter.Seq[*Record] { return s.history(c, level, want, after) }
		page, next, err := paginate(list, in.PageToken, in.PageSize, from, recordKey)
		out.NextPageToken = next
		out.RecordDetails = convert(page, func(r *Record) types.RecordDetail { return *recordDetail(r) })
		return err
	})
	return out, err
}

// recordKey sorts records from the newest to the oldest.
func recordKey(r *Record) string { return newestFirst(r.Created) + "\x00" + r.ID }

// wanted are the records a search filter asks for.
type wanted struct{ product, provisioned string }

func recordFilter(f *types.ListRecordHistorySearchFilter) (w wanted, err error) {
	if f == nil {
		return w, nil
	}
	if f.Key == nil || f.Value == nil {
		return w, invalid("The search filter must have a key and a value.")
	}
	switch *f.Key {
	case "product":
		w.product = *f.Value
	case "provisionedproduct":
		w.provisioned = *f.Value
	default:
		return w, invalid("Invalid search filter key %s: must be product or provisionedproduct.", *f.Key)
	}
	return w, nil
}

// history gives the records of a level that a filter wants, after one. Each case walks an index in that order; the ARN is
// compared too, as the index holds a hash of it.
func (s *Service) history(c *call, level types.AccessLevelFilterKey, want wanted, after string) iter.Seq[*Record] {
	index, prefix := s.recent, ""
	switch {
	case want.provisioned != "":
		index, prefix = s.recentOf, want.provisioned+"/"
	case level == types.AccessLevelFilterKeyUser:
		index, prefix = s.recentSession, short(c.owner.Session)+"/"
	case level == types.AccessLevelFilterKeyRole:
		index, prefix = s.recentRole, short(c.owner.ARN)+"/"
	}
	return func(yield func(*Record) bool) {
		if !c.home {
			return
		}
		rows := index.From(c.Tx, prefix)
		if created, id, more := strings.Cut(after, "\x00"); more {
			rows = index.FromAfter(c.Tx, prefix+created, id)
		}
		for r := range rows {
			if prefix != "" && !strings.HasPrefix(indexed(r, want, level), prefix) {
				return
			}
			if !c.within(level, r.Owner) || want.product != "" && r.ProductID != want.product {
				continue
			}
			if !yield(r) {
				return
			}
		}
	}
}

// indexed gives what comes first in the index that history walks.
func indexed(r *Record, want wanted, level types.AccessLevelFilterKey) string {
	switch {
	case want.provisioned != "":
		return r.ProvisionedID + "/"
	case level == types.AccessLevelFilterKeyUser:
		return short(r.Owner.Session) + "/"
	}
	return short(r.Owner.ARN) + "/"
}
