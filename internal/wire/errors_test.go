package wire

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"accountfactory/internal/wire/facts"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	orgtypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"
	ssotypes "github.com/aws/aws-sdk-go-v2/service/sso/types"
	"github.com/aws/aws-sdk-go-v2/service/ssooidc"
	oidctypes "github.com/aws/aws-sdk-go-v2/service/ssooidc/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	ststypes "github.com/aws/aws-sdk-go-v2/service/sts/types"
	smithy "github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"
)

// errorTypes are the SDK's error types of a service by shape name.
func errorTypes(service string) map[string]reflect.Type {
	found := map[string]reflect.Type{}
	for _, e := range modeledErrors[service] {
		t := reflect.TypeOf(e).Elem()
		found[t.Name()] = t
	}
	return found
}

// each modeled error of every operation comes back as the type that was returned, with all its members.
func TestErrors_EveryModeledErrorOfEveryOperation(t *testing.T) {
	t.Parallel()
	eachService(t, func(t *testing.T, service string) {
		t.Helper()
		f, err := facts.For(service)
		if err != nil {
			t.Fatal(err)
		}
		var mu sync.Mutex
		give := map[string]error{}
		s := New(service)
		for _, m := range methods(clients[service](aws.Config{})) {
			m.row(s, f.Operations[m.name].Unsigned, func(context.Context, any) (any, error) {
				mu.Lock()
				defer mu.Unlock()
				return nil, give[m.name]
			})
		}
		types := errorTypes(service)
		url := startEndpoint(t, Config{Services: []*Service{s}})
		for _, m := range methods(clients[service](sdkConfig(url, testKeyID, testSecret, ""))) {
			in := reflect.New(m.in)
			newFiller(t, service, 1).fill(in.Elem(), f.Operations[m.name].Input, 0)
			for _, name := range f.Operations[m.name].Errors {
				want, given := reflect.New(types[name]), reflect.New(types[name])
				newFiller(t, service, 2).fill(want.Elem(), name, 0)
				newFiller(t, service, 2).fill(given.Elem(), name, 0)
				mu.Lock()
				give[m.name] = given.Interface().(error)
				mu.Unlock()
				_, err := m.call(t.Context(), in.Interface())
				got := reflect.New(want.Type())
				if !errors.As(err, got.Interface()) {
					t.Errorf("%s %s: came back as %v", m.name, name, err)
					continue
				}
				onlyOnTheWire(want.Elem(), name)
				if diff := cmp.Diff(want.Interface(), got.Elem().Interface(), sdkValues); diff != "" {
					t.Errorf("%s %s (-returned +received):\n%s", m.name, name, diff)
				}
				checkStatus(t, m.name, f.Shape(name).Error, err)
			}
		}
	})
}

// onlyOnTheWire takes out of an error what its model has no member for.
func onlyOnTheWire(v reflect.Value, name string) {
	if errorType := v.FieldByName("ErrorType"); errorType.IsValid() {
		errorType.Set(reflect.ValueOf(&name)) // bound to the header that names the error
	}
	if v.FieldByName("Error_description").IsValid() {
		v.FieldByName("Message").SetZero()
	}
}

func checkStatus(t *testing.T, op string, e *facts.Error, err error) {
	t.Helper()
	want := e.Status
	if want == 0 && e.Server {
		want = http.StatusInternalServerError
	} else if want == 0 {
		want = http.StatusBadRequest
	}
	var res *awshttp.ResponseError
	if !errors.As(err, &res) || res.HTTPStatusCode() != want || res.ServiceRequestID() == "" {
		t.Errorf("%s: %v, want status %d and a request id", op, err, want)
	}
}

// the list of error types is complete: every error the facts know is in it.
func TestErrors_ListIsComplete(t *testing.T) {
	t.Parallel()
	eachService(t, func(t *testing.T, service string) {
		t.Helper()
		f, err := facts.For(service)
		if err != nil {
			t.Fatal(err)
		}
		types := errorTypes(service)
		for _, name := range slices.Sorted(maps.Keys(f.Shapes)) {
			if f.Shapes[name].Error != nil && types[name] == nil {
				t.Errorf("no SDK type of %s", name)
			}
		}
	})
}

// orgEndpoint serves one operation of Organizations and gives a client for it.
func orgEndpoint(t *testing.T, h func(context.Context, *organizations.DescribeAccountInput, ...func(*organizations.Options)) (*organizations.DescribeAccountOutput, error), cfg Config) *organizations.Client {
	t.Helper()
	s := New("organizations")
	On(s, "DescribeAccount", h, func(_ context.Context, in *organizations.DescribeAccountInput) ([]Check, error) {
		return []Check{{Action: "organizations:DescribeAccount", Resource: aws.ToString(in.AccountId)}}, nil
	})
	cfg.Services = []*Service{s}
	return organizations.NewFromConfig(sdkConfig(startEndpoint(t, cfg), testKeyID, testSecret, ""))
}

var someAccount = &organizations.DescribeAccountInput{AccountId: aws.String("111122223333")}

func TestErrors_WhatTheCallerSees(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		err     error
		code    string
		message string // "" means: only a request id
		status  int
	}{
		{"modeled", &orgtypes.AccountNotFoundException{Message: aws.String("gone")}, "AccountNotFoundException", "gone", 400},
		{"modeled and wrapped", fmt.Errorf("look: %w", &orgtypes.ServiceException{Message: aws.String("x")}), "ServiceException", "x", 500},
		{"our own", &Error{Code: "ThrottlingException", Message: "Rate exceeded"}, "ThrottlingException", "Rate exceeded", 400},
		{"our own with a status", &Error{Code: "ServiceUnavailable", Message: "later", Status: 503}, "ServiceUnavailable", "later", 503},
		{"denied", AccessDenied(New("organizations"), "not allowed"), "AccessDeniedException", "not allowed", 400},
		{"another service's", &ssotypes.UnauthorizedException{Message: aws.String("secret")}, "InternalFailure", "", 500},
		{"anything else", errBoom, "InternalFailure", "", 500},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			client := orgEndpoint(t, func(context.Context, *organizations.DescribeAccountInput, ...func(*organizations.Options)) (*organizations.DescribeAccountOutput, error) {
				return nil, tt.err
			}, Config{})
			_, err := client.DescribeAccount(t.Context(), someAccount)
			var api smithy.APIError
			var res *awshttp.ResponseError
			if !errors.As(err, &api) || !errors.As(err, &res) {
				t.Fatalf("got %v", err)
			}
			if api.ErrorCode() != tt.code || res.HTTPStatusCode() != tt.status {
				t.Errorf("got %s with %d, want %s with %d", api.ErrorCode(), res.HTTPStatusCode(), tt.code, tt.status)
			}
			if tt.message != "" && api.ErrorMessage() != tt.message {
				t.Errorf("message %q, want %q", api.ErrorMessage(), tt.message)
			}
			if tt.message == "" && (!strings.Contains(api.ErrorMessage(), res.ServiceRequestID()) || strings.Contains(err.Error(), "boom") || strings.Contains(err.Error(), "secret")) {
				t.Errorf("an internal error shows %q", api.ErrorMessage())
			}
		})
	}
}

func TestErrors_PanicIsInternal(t *testing.T) {
	t.Parallel()
	oops := func() { panic("oops") }
	for name, cfg := range map[string]Config{
		"handler":    {},
		"authoriser": {Authorize: func(context.Context, *Request, []Check) error { oops(); return nil }},
		"fault":      {Fault: func(context.Context, *Request) Fault { oops(); return Fault{} }},
	} {
		client := orgEndpoint(t, func(context.Context, *organizations.DescribeAccountInput, ...func(*organizations.Options)) (*organizations.DescribeAccountOutput, error) {
			oops()
			return nil, nil
		}, cfg)
		_, err := client.DescribeAccount(t.Context(), someAccount)
		var api smithy.APIError
		if !errors.As(err, &api) || api.ErrorCode() != "InternalFailure" || strings.Contains(err.Error(), "oops") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestAccessDenied_PerProtocol(t *testing.T) {
	t.Parallel()
	for service, want := range map[string]Error{
		"organizations": {Code: "AccessDeniedException"}, "servicecatalog": {Code: "AccessDeniedException"},
		"controltower": {Code: "AccessDeniedException"}, "account": {Code: "AccessDeniedException"},
		"sso": {Code: "AccessDeniedException", Status: 403}, "sts": {Code: "AccessDenied", Status: 403},
		"iam": {Code: "AccessDenied", Status: 403},
	} {
		want.Message = "no"
		var got *Error
		if !errors.As(AccessDenied(New(service), "no"), &got) || *got != want {
			t.Errorf("%s: got %+v, want %+v", service, got, want)
		}
	}
}

// a service need not know OAuth's names: the type and the message are enough.
func TestErrors_OAuthMembers(t *testing.T) {
	t.Parallel()
	s := New("ssooidc")
	On(s, "CreateToken", func(context.Context, *ssooidc.CreateTokenInput, ...func(*ssooidc.Options)) (*ssooidc.CreateTokenOutput, error) {
		return nil, &oidctypes.SlowDownException{Message: aws.String("not so fast")}
	}, nil)
	client := ssooidc.NewFromConfig(sdkConfig(startEndpoint(t, Config{Services: []*Service{s}}), testKeyID, testSecret, ""))
	_, err := client.CreateToken(t.Context(), &ssooidc.CreateTokenInput{
		ClientId: aws.String("c"), ClientSecret: aws.String("s"), GrantType: aws.String("g"),
	})
	var slow *oidctypes.SlowDownException
	if !errors.As(err, &slow) || aws.ToString(slow.Error_) != "slow_down" || aws.ToString(slow.Error_description) != "not so fast" {
		t.Errorf("got %v", err)
	}
}

// the Query services answer errors in XML, with the code of the model and not the name of the type.
func TestErrors_QueryCode(t *testing.T) {
	t.Parallel()
	s := New("sts")
	On(s, "AssumeRole", func(context.Context, *sts.AssumeRoleInput, ...func(*sts.Options)) (*sts.AssumeRoleOutput, error) {
		return nil, &ststypes.MalformedPolicyDocumentException{Message: aws.String("<bad> & worse")}
	}, func(context.Context, *sts.AssumeRoleInput) ([]Check, error) { return nil, nil })
	client := sts.NewFromConfig(sdkConfig(startEndpoint(t, Config{Services: []*Service{s}}), testKeyID, testSecret, ""))
	_, err := client.AssumeRole(t.Context(), &sts.AssumeRoleInput{
		RoleArn: aws.String("arn:aws:iam::111122223333:role/x"), RoleSessionName: aws.String("me"),
	})
	var api smithy.APIError
	if !errors.As(err, &api) || api.ErrorCode() != "MalformedPolicyDocument" || api.ErrorMessage() != "<bad> & worse" {
		t.Errorf("got %v", err)
	}
}
