package policy_test

import (
	"testing"

	"accountfactory/internal/policy"
)

const (
	own       = "111122223333"
	other     = "444455556666"
	userARN   = "arn:aws:iam::111122223333:user/team/ana"
	roleARN   = "arn:aws:iam::111122223333:role/team/builder"
	session   = "arn:aws:sts::111122223333:assumed-role/builder/ana"
	federated = "arn:aws:sts::111122223333:federated-user/ana"
	thing     = "arn:aws:s3:::bucket/key"
)

var (
	ana       = policy.Principal{AccountID: own, ARN: userARN, Type: policy.User, UserID: "AIDAANAANAANAANAANA1"}
	builder   = policy.Principal{AccountID: own, ARN: session, Type: policy.AssumedRole, RoleARN: roleARN, UserID: "AROABUILDERBUILDER11:ana"}
	fed       = policy.Principal{AccountID: own, ARN: federated, Type: policy.FederatedUser, RoleARN: userARN, UserID: own + ":ana"}
	root      = policy.Principal{AccountID: own, ARN: "arn:aws:iam::111122223333:root", Type: policy.Root, UserID: own}
	tower     = policy.Principal{Type: policy.Service, Service: "controltower.amazonaws.com"}
	anonymous = policy.Principal{Type: policy.Anonymous}
	linked    = policy.Principal{
		AccountID: own, ARN: "arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForX/x", Type: policy.AssumedRole,
		RoleARN: "arn:aws:iam::111122223333:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX", UserID: "AROALINKEDLINKEDLI11:x",
	}
)

const (
	allowAll   = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`
	denyAll    = `{"Version":"2012-10-17","Statement":{"Sid":"No","Effect":"Deny","Action":"*","Resource":"*"}}`
	allowOther = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"ec2:*","Resource":"*"}}`
)

func parse(t testing.TB, text string) *policy.Document {
	t.Helper()
	d, err := policy.Parse(text)
	if err != nil {
		t.Fatalf("parse %s: %v", text, err)
	}
	return d
}

func named(t testing.TB, texts ...string) []policy.Named {
	t.Helper()
	var out []policy.Named
	for _, text := range texts {
		out = append(out, policy.Named{Name: "p", Document: parse(t, text)})
	}
	return out
}

func one(t testing.TB, text string) *policy.Named {
	t.Helper()
	return &named(t, text)[0]
}

// ask puts a request of ana to one identity policy statement, given as its members behind the version.
func ask(t testing.TB, statement string, request policy.Request) bool {
	t.Helper()
	return askVersion(t, policy.Version2012, statement, request)
}

func askVersion(t testing.TB, version, statement string, request policy.Request) bool {
	t.Helper()
	if request.Principal.Type == "" {
		request.Principal = ana
	}
	if request.Action == "" {
		request.Action = "s3:GetObject"
	}
	if request.Resource == "" {
		request.Resource = thing
	}
	text := `{"Version":"` + version + `","Statement":` + statement + `}`
	return policy.Evaluate(request, policy.Policies{Identity: named(t, text)}).Allowed
}
