package factory_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	sctypes "github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"
)

func (f *fakeCloud) SearchProducts(ctx context.Context, _ *servicecatalog.SearchProductsInput, _ ...func(*servicecatalog.Options)) (*servicecatalog.SearchProductsOutput, error) {
	return call(f, ctx, "SearchProducts", func() (*servicecatalog.SearchProductsOutput, error) {
		if f.noneHere {
			return &servicecatalog.SearchProductsOutput{}, nil
		}
		return &servicecatalog.SearchProductsOutput{ProductViewSummaries: []sctypes.ProductViewSummary{
			{Name: aws.String("AWS Control Tower Account Factory"), ProductId: aws.String("prod-abcdefghijklm")},
		}}, nil
	})
}

func (f *fakeCloud) DescribeProduct(ctx context.Context, _ *servicecatalog.DescribeProductInput, _ ...func(*servicecatalog.Options)) (*servicecatalog.DescribeProductOutput, error) {
	return call(f, ctx, "DescribeProduct", func() (*servicecatalog.DescribeProductOutput, error) {
		if f.noActive {
			return &servicecatalog.DescribeProductOutput{}, nil
		}
		return &servicecatalog.DescribeProductOutput{ProvisioningArtifacts: []sctypes.ProvisioningArtifact{
			{Id: aws.String("pa-abcdefghijklm"), Name: aws.String("AWS Control Tower Account Factory"), CreatedTime: aws.Time(f.now())},
		}}, nil
	})
}

func (f *fakeCloud) ListLaunchPaths(ctx context.Context, in *servicecatalog.ListLaunchPathsInput, _ ...func(*servicecatalog.Options)) (*servicecatalog.ListLaunchPathsOutput, error) {
	return call(f, ctx, "ListLaunchPaths", func() (*servicecatalog.ListLaunchPathsOutput, error) {
		if f.noPath {
			return nil, apiError("ResourceNotFoundException", "No launch paths found for resource: "+*in.ProductId)
		}
		return &servicecatalog.ListLaunchPathsOutput{LaunchPathSummaries: []sctypes.LaunchPathSummary{
			{Id: aws.String("lpv2-abcdefghijklm"), Name: aws.String("AWS Control Tower Account Factory Portfolio")},
		}}, nil
	})
}

func (f *fakeCloud) DescribeProvisioningParameters(ctx context.Context, _ *servicecatalog.DescribeProvisioningParametersInput, _ ...func(*servicecatalog.Options)) (*servicecatalog.DescribeProvisioningParametersOutput, error) {
	return call(f, ctx, "DescribeProvisioningParameters", func() (*servicecatalog.DescribeProvisioningParametersOutput, error) {
		out := &servicecatalog.DescribeProvisioningParametersOutput{}
		for _, k := range f.tagKeys {
			out.TagOptions = append(out.TagOptions, sctypes.TagOptionSummary{Key: aws.String(k), Values: []string{"a", "b"}})
		}
		if f.constraint != "" {
			out.ConstraintSummaries = []sctypes.ConstraintSummary{{Type: &f.constraint}}
		}
		return out, nil
	})
}

func (f *fakeCloud) SearchProvisionedProducts(ctx context.Context, in *servicecatalog.SearchProvisionedProductsInput, _ ...func(*servicecatalog.Options)) (*servicecatalog.SearchProvisionedProductsOutput, error) {
	return call(f, ctx, "SearchProvisionedProducts", func() (*servicecatalog.SearchProvisionedProductsOutput, error) {
		key, value, _ := strings.Cut(in.Filters["SearchQuery"][0], ":")
		out := &servicecatalog.SearchProvisionedProductsOutput{}
		if key == "id" && f.unseen > 0 {
			f.unseen--
			return out, nil
		}
		for _, p := range f.products {
			if !p.gone && (key == "name" && strings.Contains(*p.Name, value) || key == "status" && string(p.Status) == value ||
				key == "id" && *p.Id == value || key == "physicalId" && aws.ToString(p.PhysicalId) == value) {
				out.ProvisionedProducts = append(out.ProvisionedProducts, p.ProvisionedProductAttribute)
				if f.unsaid > 0 {
					out.ProvisionedProducts[len(out.ProvisionedProducts)-1].PhysicalId = nil
				}
			}
		}
		return out, nil
	})
}

// begin starts a record under a token; the same token answers with the same record.
func (f *fakeCloud) begin(op, token string, p *fakeProduct) *sctypes.RecordDetail {
	f.effects[op]++
	id := fmt.Sprintf("rec-%03d", len(f.records)+1)
	r := &fakeRecord{product: p, left: f.polls, RecordDetail: sctypes.RecordDetail{
		RecordId: &id, RecordType: aws.String(op), Status: sctypes.RecordStatusCreated, CreatedTime: aws.Time(f.now()), ProvisionedProductId: p.Id, ProvisionedProductName: p.Name,
	}}
	p.Status, p.LastRecordId = sctypes.ProvisionedProductStatusUnderChange, &id
	if op == "ProvisionProduct" { // as the twin has it, a product keeps the token that made it
		p.IdempotencyToken = &token
	}
	f.records[id], f.tokens[token] = r, r
	detail := r.RecordDetail
	if f.polls == 0 {
		f.finish(r)
	}
	return &detail
}

func (f *fakeCloud) ProvisionProduct(ctx context.Context, in *servicecatalog.ProvisionProductInput, _ ...func(*servicecatalog.Options)) (*servicecatalog.ProvisionProductOutput, error) {
	return call(f, ctx, "ProvisionProduct", func() (*servicecatalog.ProvisionProductOutput, error) {
		if r := f.tokens[*in.ProvisionToken]; r != nil {
			return &servicecatalog.ProvisionProductOutput{RecordDetail: &r.RecordDetail}, nil
		}
		for _, p := range f.products {
			if !p.gone && *p.Name == *in.ProvisionedProductName {
				return nil, apiError("InvalidParametersException", "A stack named "+*p.Name+" already exists.")
			}
		}
		p := &fakeProduct{params: map[string]string{}, ProvisionedProductAttribute: sctypes.ProvisionedProductAttribute{
			Id: aws.String(fmt.Sprintf("pp-%03d", len(f.products)+1)), Name: in.ProvisionedProductName, Type: aws.String("CONTROL_TOWER_ACCOUNT"),
			CreatedTime: aws.Time(f.now()), UserArnSession: aws.String("arn:aws:sts::" + management + ":assumed-role/AccountFactoryExecution/ada"),
		}}
		for _, v := range in.ProvisioningParameters {
			p.params[*v.Key] = *v.Value
		}
		f.products = append(f.products, p)
		out := &servicecatalog.ProvisionProductOutput{RecordDetail: f.begin("ProvisionProduct", *in.ProvisionToken, p)}
		if f.blank > 0 {
			out.RecordDetail = nil
		}
		return out, nil
	})
}

func (f *fakeCloud) product(id string) *fakeProduct {
	for _, p := range f.products {
		if *p.Id == id && !p.gone {
			return p
		}
	}
	return nil
}

func (f *fakeCloud) UpdateProvisionedProduct(ctx context.Context, in *servicecatalog.UpdateProvisionedProductInput, _ ...func(*servicecatalog.Options)) (*servicecatalog.UpdateProvisionedProductOutput, error) {
	return call(f, ctx, "UpdateProvisionedProduct", func() (*servicecatalog.UpdateProvisionedProductOutput, error) {
		if r := f.tokens[*in.UpdateToken]; r != nil {
			return &servicecatalog.UpdateProvisionedProductOutput{RecordDetail: &r.RecordDetail}, nil
		}
		p := f.product(*in.ProvisionedProductId)
		if p == nil {
			return nil, apiError("ResourceNotFoundException", "no such product")
		}
		if p.Status == sctypes.ProvisionedProductStatusUnderChange {
			return nil, apiError("InvalidParametersException", "Provisioned product "+*p.Id+" is UNDER_CHANGE.")
		}
		for _, v := range in.ProvisioningParameters {
			if !v.UsePreviousValue {
				p.params[*v.Key] = *v.Value
			}
		}
		return &servicecatalog.UpdateProvisionedProductOutput{RecordDetail: f.begin("UpdateProvisionedProduct", *in.UpdateToken, p)}, nil
	})
}

func (f *fakeCloud) TerminateProvisionedProduct(ctx context.Context, in *servicecatalog.TerminateProvisionedProductInput, _ ...func(*servicecatalog.Options)) (*servicecatalog.TerminateProvisionedProductOutput, error) {
	return call(f, ctx, "TerminateProvisionedProduct", func() (*servicecatalog.TerminateProvisionedProductOutput, error) {
		p := f.product(*in.ProvisionedProductId)
		if p == nil {
			return nil, apiError("ResourceNotFoundException", "no such product")
		}
		if r := f.tokens[*in.TerminateToken]; r != nil {
			return &servicecatalog.TerminateProvisionedProductOutput{RecordDetail: &r.RecordDetail}, nil
		}
		return &servicecatalog.TerminateProvisionedProductOutput{RecordDetail: f.begin("TerminateProvisionedProduct", *in.TerminateToken, p)}, nil
	})
}

func (f *fakeCloud) DescribeRecord(ctx context.Context, in *servicecatalog.DescribeRecordInput, _ ...func(*servicecatalog.Options)) (*servicecatalog.DescribeRecordOutput, error) {
	return call(f, ctx, "DescribeRecord", func() (*servicecatalog.DescribeRecordOutput, error) {
		if f.blank--; f.blank >= 0 {
			return &servicecatalog.DescribeRecordOutput{}, nil
		}
		r := f.records[*in.Id]
		if r == nil {
			return nil, apiError("ResourceNotFoundException", "Record not found: "+*in.Id)
		}
		if !r.done {
			if r.left--; r.left < 0 {
				f.finish(r)
			} else {
				r.Status = sctypes.RecordStatusInProgress
			}
		}
		detail := r.wire()
		out := &servicecatalog.DescribeRecordOutput{RecordDetail: &detail}
		if id := aws.ToString(r.product.PhysicalId); id != "" && r.Status == sctypes.RecordStatusSucceeded && !f.silent() {
			out.RecordOutputs = []sctypes.RecordOutput{
				{OutputKey: aws.String("AccountId"), OutputValue: &id}, {OutputKey: aws.String("SSOUserEmail"), OutputValue: aws.String(r.product.params["SSOUserEmail"])},
			}
		}
		return out, nil
	})
}

// silent reports whether AWS does not say the account yet.
func (f *fakeCloud) silent() bool {
	f.unsaid--
	return f.unsaid >= 0
}

// wire is the record as AWS shows it.
func (r *fakeRecord) wire() sctypes.RecordDetail {
	out := r.RecordDetail
	out.RecordType = aws.String(map[string]string{
		"ProvisionProduct": "PROVISION_PRODUCT", "UpdateProvisionedProduct": "UPDATE_PROVISIONED_PRODUCT", "TerminateProvisionedProduct": "TERMINATE_PROVISIONED_PRODUCT",
	}[*r.RecordType])
	return out
}

func (f *fakeCloud) ListRecordHistory(ctx context.Context, in *servicecatalog.ListRecordHistoryInput, _ ...func(*servicecatalog.Options)) (*servicecatalog.ListRecordHistoryOutput, error) {
	return call(f, ctx, "ListRecordHistory", func() (*servicecatalog.ListRecordHistoryOutput, error) {
		out := &servicecatalog.ListRecordHistoryOutput{}
		ids := slices.Sorted(maps.Keys(f.records))
		slices.Reverse(ids)
		if in.PageToken != nil { // a page of one
			ids = ids[slices.Index(ids, *in.PageToken):]
		}
		for i, id := range ids {
			if *f.records[id].product.Id != *in.SearchFilter.Value {
				continue
			}
			out.RecordDetails = append(out.RecordDetails, f.records[id].wire())
			if i+1 < len(ids) {
				out.NextPageToken = &ids[i+1]
			}
			break
		}
		return out, nil
	})
}

// finish ends a record as Control Tower would: turned away when too many run, failed as told, or done.
func (f *fakeCloud) finish(r *fakeRecord) {
	r.done = true
	defer func() { r.UpdatedTime = aws.Time(f.now()) }()
	op := *r.RecordType
	code, message := "", ""
	if f.fail != nil {
		code, message = f.fail(op, f.effects[op])
	}
	running := len(f.changing)
	for _, other := range f.records {
		if !other.done && *other.RecordType != "TerminateProvisionedProduct" {
			running++
		}
	}
	if f.limit > 0 && running >= f.limit && op != "TerminateProvisionedProduct" {
		code = "ResourceInUseException"
		message = "Account Factory cannot create this enrolled account right now, because another execution is in progress. Try again later."
	}
	if code != "" {
		r.Status, r.RecordErrors = sctypes.RecordStatusFailed, []sctypes.RecordError{{Code: &code, Description: &message}}
		r.product.Status, r.product.StatusMessage = sctypes.ProvisionedProductStatusError, aws.String(code+"  "+message)
		return
	}
	r.Status, r.product.Status = sctypes.RecordStatusSucceeded, sctypes.ProvisionedProductStatusAvailable
	if op == "TerminateProvisionedProduct" {
		r.product.gone = true
		if id := aws.ToString(r.product.PhysicalId); id != "" {
			f.parent[id], f.enrolled[id] = "r-ab12", false
		}
		return
	}
	r.product.LastSuccessfulProvisioningRecordId = r.RecordId
	f.vend(r.product)
}

// vend makes the account, or goes on with one that exists, and gives the SSO user access.
func (f *fakeCloud) vend(p *fakeProduct) {
	id := aws.ToString(p.PhysicalId) // an update is about that one
	for _, a := range f.accounts {
		if id == "" && strings.EqualFold(*a.Email, p.params["AccountEmail"]) {
			id = *a.Id
		}
	}
	if id == "" {
		id = f.addAccount(p.params["AccountName"], p.params["AccountEmail"], "r-ab12")
	}
	m := p.params["ManagedOrganizationalUnit"]
	f.parent[id] = m[strings.LastIndex(m, "(")+1 : len(m)-1]
	p.PhysicalId = &id
	if f.users[p.params["SSOUserEmail"]] == "" {
		f.users[p.params["SSOUserEmail"]] = fmt.Sprintf("user-%d", len(f.users)+1)
	}
	f.granted[id+" "+adminARN+" "+f.users[p.params["SSOUserEmail"]]], f.enrolled[id] = true, true
}

// leftover is a provisioned product that is nobody's request's.
func leftover(name string) *fakeProduct {
	return &fakeProduct{params: map[string]string{}, ProvisionedProductAttribute: sctypes.ProvisionedProductAttribute{
		Id: aws.String("pp-left"), Name: aws.String(name), Type: aws.String("CONTROL_TOWER_ACCOUNT"), Status: sctypes.ProvisionedProductStatusError,
		IdempotencyToken: aws.String("somebody-else"), UserArnSession: aws.String("arn:aws:iam::" + management + ":user/eve"),
	}}
}
