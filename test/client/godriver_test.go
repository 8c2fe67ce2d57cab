package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/identitystore/document"
	"github.com/aws/aws-sdk-go-v2/service/identitystore/types"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/smithy-go"

	"accountfactory/test/harness"
)

// goSDK drives aws-sdk-go-v2, by name, so that it takes the same calls as the others.
type goSDK struct{ server *harness.Process }

func goDriver(_ *testing.T, p *harness.Process) driver { return goSDK{p} }

func (g goSDK) clients(k keys) *harness.Clients {
	return g.server.With(credentials.NewStaticCredentialsProvider(k.ID, k.Secret, k.Token))
}

func (g goSDK) do(ctx context.Context, c call) (answer, error) {
	switch c.Do {
	case "presign":
		return g.presign(ctx, c)
	case "pages":
		return g.pages(ctx, c)
	case "wait":
		return g.wait(ctx, c)
	}
	clients := g.clients(c.Keys)
	service, ok := map[string]any{
		"account": clients.Account, "iam": clients.IAM, "identitystore": clients.IdentityStore, "organizations": clients.Organizations, "servicecatalog": clients.Catalog,
		"ssoadmin": clients.SSOAdmin, "sts": clients.STS, "controltower": clients.ControlTower, "servicequotas": clients.Quotas,
	}[c.Service]
	if !ok {
		return answer{Unknown: true}, nil
	}
	method := reflect.ValueOf(service).MethodByName(c.Operation)
	if !method.IsValid() {
		return answer{Unknown: true}, nil
	}
	input := reflect.New(method.Type().In(1).Elem())
	if err := fill(input, c.Input); err != nil {
		return answer{}, fmt.Errorf("%s: %w", c.Operation, err)
	}
	results := method.Call([]reflect.Value{reflect.ValueOf(ctx), input})
	if err, _ := results[1].Interface().(error); err != nil {
		return goFailure(err)
	}
	return answer{Output: plain(results[0])}, nil
}

// fill sets the members of an input. Unions have Go types of their own, which encoding/json does not know.
func fill(input reflect.Value, members map[string]any) error {
	rest := map[string]any{}
	for name, value := range members {
		if u := unionOf(name, value); u != nil {
			input.Elem().FieldByName(name).Set(reflect.ValueOf(u))
			continue
		}
		rest[name] = value
	}
	body, err := json.Marshal(rest)
	if err != nil {
		return err
	}
	return json.Unmarshal(body, input.Interface())
}

// unionOf gives the SDK's type of a union, nil for any other member.
func unionOf(name string, value any) any {
	m, _ := value.(map[string]any)
	switch name {
	case "MemberId":
		return &types.MemberIdMemberUserId{Value: m["UserId"].(string)}
	case "AlternateIdentifier":
		u := m["UniqueAttribute"].(map[string]any)
		return &types.AlternateIdentifierMemberUniqueAttribute{Value: types.UniqueAttribute{
			AttributePath: aws.String(u["AttributePath"].(string)), AttributeValue: document.NewLazyDocument(u["AttributeValue"]),
		}}
	}
	return nil
}

func goFailure(err error) (answer, error) {
	var api smithy.APIError
	if !errors.As(err, &api) {
		return answer{}, err
	}
	var generic *smithy.GenericAPIError
	return answer{Error: &failure{Code: api.ErrorCode(), Message: api.ErrorMessage(), Modeled: !errors.As(err, &generic)}}, nil
}

// pages walks the one paginator the journey needs.
func (g goSDK) pages(ctx context.Context, c call) (answer, error) {
	var in organizations.ListOrganizationalUnitsForParentInput
	if err := fill(reflect.ValueOf(&in), c.Input); err != nil {
		return answer{}, err
	}
	in.MaxResults = aws.Int32(int32(c.PageSize))
	var a answer
	for p := organizations.NewListOrganizationalUnitsForParentPaginator(g.clients(c.Keys).Organizations, &in); p.HasMorePages(); {
		page, err := p.NextPage(ctx)
		if err != nil {
			return goFailure(err)
		}
		a.Pages = append(a.Pages, plain(reflect.ValueOf(page)))
	}
	return a, nil
}

// wait runs the one waiter the journey needs.
func (g goSDK) wait(ctx context.Context, c call) (answer, error) {
	var in iam.GetRoleInput
	if err := fill(reflect.ValueOf(&in), c.Input); err != nil {
		return answer{}, err
	}
	if err := iam.NewRoleExistsWaiter(g.clients(c.Keys).IAM).Wait(ctx, &in, 30*time.Second); err != nil {
		return goFailure(err)
	}
	return answer{}, nil
}

func (g goSDK) presign(ctx context.Context, c call) (answer, error) {
	query := url.Values{"Action": {c.Operation}, "Version": {"2011-06-15"}, "X-Amz-Expires": {"60"}}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, g.server.AWS+"/?"+query.Encode(), nil)
	if err != nil {
		return answer{}, err
	}
	creds := aws.Credentials{AccessKeyID: c.Keys.ID, SecretAccessKey: c.Keys.Secret, SessionToken: c.Keys.Token}
	const emptyBody = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
	signed, _, err := v4.NewSigner().PresignHTTP(ctx, creds, req, emptyBody, c.Service, g.server.Region, time.Now())
	return answer{URL: signed}, err
}

// zero is a scalar that Go has without a pointer, so that absent and zero look the same.
type zero struct{ value any }

var documentType = reflect.TypeFor[interface{ MarshalSmithyDocument() ([]byte, error) }]()

// plain gives a value of the SDK's as JSON would have it: nil for what is absent.
func plain(v reflect.Value) any {
	if v.IsValid() && v.Type().Implements(documentType) && !(v.Kind() == reflect.Interface && v.IsNil()) {
		return plainDocument(v)
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return nil
		}
		if v.Kind() == reflect.Interface {
			return plainUnion(v.Elem())
		}
		return plain(v.Elem())
	case reflect.Struct:
		return plainStruct(v)
	case reflect.Slice:
		if v.IsNil() {
			return nil
		}
		out := []any{}
		for i := range v.Len() {
			out = append(out, plain(v.Index(i)))
		}
		return out
	case reflect.Map:
		if v.IsNil() {
			return nil
		}
		out := map[string]any{}
		for key, value := range v.Seq2() {
			out[key.String()] = plain(value)
		}
		return out
	case reflect.String:
		return v.String()
	case reflect.Bool:
		return v.Bool()
	default:
		if v.CanInt() {
			return float64(v.Int())
		}
		return v.Interface()
	}
}

func plainStruct(v reflect.Value) any {
	if t, ok := v.Interface().(time.Time); ok {
		return t.UTC().Format(time.RFC3339Nano)
	}
	out := map[string]any{}
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if !f.IsExported() || f.Name == "ResultMetadata" {
			continue
		}
		value := plain(v.Field(i))
		if scalar := v.Field(i).Kind(); v.Field(i).IsZero() && scalar != reflect.Pointer && scalar != reflect.Struct {
			if scalar != reflect.Bool && !v.Field(i).CanInt() {
				continue // an absent list, map, union or enum
			}
			value = zero{value}
		}
		if value != nil {
			out[f.Name] = value
		}
	}
	return out
}

// plainUnion gives {"UserId": …} for a MemberIdMemberUserId.
func plainUnion(v reflect.Value) any {
	name := v.Type().Elem().Name()
	if _, variant, ok := strings.Cut(name, "Member"); ok {
		if _, last, again := strings.Cut(variant, "Member"); again {
			variant = last
		}
		return map[string]any{variant: plain(v.Elem().FieldByName("Value"))}
	}
	return plain(v)
}

func plainDocument(v reflect.Value) any {
	body, err := v.Interface().(interface{ MarshalSmithyDocument() ([]byte, error) }).MarshalSmithyDocument()
	var out any
	if err != nil || json.Unmarshal(body, &out) != nil {
		return fmt.Sprintf("unreadable document: %v", err)
	}
	return out
}
