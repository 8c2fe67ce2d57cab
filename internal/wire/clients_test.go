package wire

import (
	"context"
	"net/http"
	"reflect"
	"sort"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/account"
	"github.com/aws/aws-sdk-go-v2/service/controltower"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas"
	"github.com/aws/aws-sdk-go-v2/service/sso"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	"github.com/aws/aws-sdk-go-v2/service/ssooidc"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// clients makes the pinned SDK's client of each service.
var clients = map[string]func(aws.Config) any{
	"account":        func(c aws.Config) any { return account.NewFromConfig(c) },
	"controltower":   func(c aws.Config) any { return controltower.NewFromConfig(c) },
	"iam":            func(c aws.Config) any { return iam.NewFromConfig(c) },
	"identitystore":  func(c aws.Config) any { return identitystore.NewFromConfig(c) },
	"organizations":  func(c aws.Config) any { return organizations.NewFromConfig(c) },
	"servicecatalog": func(c aws.Config) any { return servicecatalog.NewFromConfig(c) },
	"servicequotas":  func(c aws.Config) any { return servicequotas.NewFromConfig(c) },
	"sso":            func(c aws.Config) any { return sso.NewFromConfig(c) },
	"ssoadmin":       func(c aws.Config) any { return ssoadmin.NewFromConfig(c) },
	"ssooidc":        func(c aws.Config) any { return ssooidc.NewFromConfig(c) },
	"sts":            func(c aws.Config) any { return sts.NewFromConfig(c) },
}

const (
	testKeyID  = "AKIAIOSFODNN7EXAMPLE"
	testSecret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
	testRegion = "eu-central-1"
)

var testCaller = Caller{
	AccountID: "111122223333", ARN: "arn:aws:iam::111122223333:user/alice", UserID: "AIDAEXAMPLE", AccessKeyID: testKeyID,
}

// sdkConfig is a client configuration for an endpoint at url.
func sdkConfig(url, keyID, secret, token string) aws.Config {
	return aws.Config{
		Region: testRegion, BaseEndpoint: aws.String(url), HTTPClient: &http.Client{Transport: &http.Transport{}},
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: keyID, SecretAccessKey: secret, SessionToken: token}, nil
		}),
		Retryer: func() aws.Retryer { return aws.NopRetryer{} },
	}
}

// method is one operation of a client.
type method struct {
	name    string
	in, out reflect.Type // structs
	fn      reflect.Value
}

// methods are all operations of a client, by reflection over its methods.
func methods(client any) []method {
	v := reflect.ValueOf(client)
	var found []method
	for i := range v.NumMethod() {
		name, t := v.Type().Method(i).Name, v.Method(i).Type()
		if t.NumIn() != 3 || t.NumOut() != 2 || !t.IsVariadic() || t.In(1).Kind() != reflect.Pointer {
			continue
		}
		if in := t.In(1).Elem(); in.Name() == name+"Input" {
			found = append(found, method{name, in, t.Out(0).Elem(), v.Method(i)})
		}
	}
	sort.Slice(found, func(i, j int) bool { return found[i].name < found[j].name })
	return found
}

func (m method) call(ctx context.Context, in any) (any, error) {
	res := m.fn.Call([]reflect.Value{reflect.ValueOf(ctx), reflect.ValueOf(in)})
	err, _ := res[1].Interface().(error)
	return res[0].Interface(), err
}

// row makes a row of a service's table without naming its types.
func (m method) row(s *Service, unsigned bool, handle func(ctx context.Context, in any) (any, error)) {
	op := &Operation{
		Service: s.name, Name: m.name, handle: handle, in: m.in, out: m.out,
		input: func() any { return reflect.New(m.in).Interface() },
	}
	if !unsigned {
		op.checks = func(context.Context, any) ([]Check, error) {
			return []Check{{Action: s.name + ":" + m.name, Resource: "*"}}, nil
		}
	}
	s.ops = append(s.ops, op)
}

// eachService runs a test for every service.
func eachService(t *testing.T, f func(t *testing.T, service string)) {
	t.Helper()
	for name := range clients {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f(t, name)
		})
	}
}
