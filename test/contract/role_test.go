package contract

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"

	"accountfactory/internal/cloud"
	"accountfactory/internal/factory"
	"accountfactory/internal/server"
	"accountfactory/test/harness"
)

// endpoints are the calls that take a role, with what each role's answer is: viewer, requester, operator, auditor. A
// requester is answered 404 for what is another's. 422 and 409 are answers to who may ask.
var endpoints = []struct {
	call string
	body any
	want map[string]int
}{
	{"GET /api/v1/requests", nil, answers(200, 200, 200, 200)},
	{"GET /api/v1/requests/ID", nil, answers(200, 404, 200, 200)},
	{"POST /api/v1/requests", factory.Input{}, answers(403, 422, 422, 403)},
	{"POST /api/v1/checks", factory.Input{}, answers(403, 200, 200, 403)},
	{"POST /api/v1/requests/ID/retry", nil, answers(403, 404, 409, 403)},
	{"POST /api/v1/requests/ID/cancel", nil, answers(403, 404, 409, 403)},
	{"POST /api/v1/requests/ID/answer", factory.Answer{Choice: factory.ChoiceRetry}, answers(403, 404, 409, 403)},
	{"POST /api/v1/requests/ID/hooks/hook-none/retry", nil, answers(403, 403, 404, 403)},
	{"GET /api/v1/queue", nil, answers(200, 200, 200, 200)},
	{"PUT /api/v1/queue", map[string]int{"limit": 1}, answers(403, 403, 200, 403)},
	{"PUT /api/v1/queue", map[string]any{"limit": "auto"}, answers(403, 403, 200, 403)},
	{"PUT /api/v1/queue", map[string]int{"dailyCap": 100}, answers(403, 403, 200, 403)},
	{"GET /api/v1/audit", nil, answers(403, 403, 200, 200)},
	{"GET /api/v1/catalog", nil, answers(200, 200, 200, 200)},
	{"GET /api/v1/caller", nil, answers(200, 200, 200, 200)},
	{"PUT /api/v1/limit", map[string]int{"limit": 1}, answers(403, 403, 200, 403)},
}

func answers(viewer, requester, operator, auditor int) map[string]int {
	return map[string]int{"viewer": viewer, "requester": requester, "operator": operator, "auditor": auditor}
}

// TestRoleTable: each role at each endpoint, of those who have it by an ARN and of those who have it by a group.
func TestRoleTable(t *testing.T) {
	t.Parallel()
	issuer, company := fromCompany(t)
	f := setup(t, company, func(c *server.Config) {
		c.Operators, c.Auditors, c.Viewers = "arn:aws:iam::*:user/operator", "arn:aws:iam::*:user/auditor", "arn:aws:iam::*:user/viewer"
	})
	f.done(append(flags(good("one")), "--wait")...)
	requests, err := f.api.Requests(f.ctx)
	f.must(err)
	for _, role := range []string{"viewer", "requester", "operator", "auditor"} {
		api := f.user(role)
		f.walkTable(role, requests[0].ID, func(method, path string, body any) (int, error) {
			var refused *harness.Refusal
			err := api.Do(f.ctx, method, path, body, new(json.RawMessage))
			if errors.As(err, &refused) {
				return refused.Status, nil
			}
			return http.StatusOK, err
		})
		p := f.colleague(issuer, role, role+"s")
		f.walkTable(role, requests[0].ID, func(method, path string, body any) (int, error) {
			return p.do(method, path, "", body, nil).status, nil
		})
	}
}

// walkTable calls each endpoint as somebody with a role.
func (f *fixture) walkTable(role, id string, call func(method, path string, body any) (int, error)) {
	f.t.Helper()
	for _, e := range endpoints {
		method, path, _ := strings.Cut(strings.ReplaceAll(e.call, "ID", id), " ")
		got, err := call(method, path, e.body)
		f.must(err)
		if got != e.want[role] {
			f.t.Errorf("%s: %s answers %d, want %d", role, e.call, got, e.want[role])
		}
	}
}

// user makes an IAM user with all rights, a principal of the portfolio, and gives the API in their name.
func (f *fixture) user(name string) harness.API {
	f.t.Helper()
	made, err := f.IAM.CreateUser(f.ctx, &iam.CreateUserInput{UserName: &name})
	f.must(err)
	_, err = f.IAM.AttachUserPolicy(f.ctx, &iam.AttachUserPolicyInput{UserName: &name, PolicyArn: aws.String("arn:aws:iam::aws:policy/AdministratorAccess")})
	f.must(err)
	f.principalOf(*made.User.Arn)
	key, err := f.IAM.CreateAccessKey(f.ctx, &iam.CreateAccessKeyInput{UserName: &name})
	f.must(err)
	return f.API(credentials.NewStaticCredentialsProvider(*key.AccessKey.AccessKeyId, *key.AccessKey.SecretAccessKey, ""))
}

// TestIdempotencyKey: the same key and body is the same request, also after it ended; another body is refused.
func TestIdempotencyKey(t *testing.T) {
	t.Parallel()
	f := setup(t)
	first := append(flags(good("one")), "--idempotency-key", "k-1", "--wait")
	f.done(first...)
	f.done(first...)
	requests, err := f.api.Requests(f.ctx)
	f.must(err)
	if len(requests) != 1 {
		t.Errorf("%d requests, want 1", len(requests))
	}
	f.refuses("was used for request "+requests[0].ID, append(flags(good("two")), "--idempotency-key", "k-1")...)
	f.refuses("printable", append(flags(good("two")), "--idempotency-key", "a b")...)
	var d factory.Detail
	if status := f.post("k-2", good("two"), &d); status != http.StatusUnauthorized {
		t.Errorf("without a launch proof: %d", status)
	}
}

// post submits with a key in the header and no launch proof.
func (f *fixture) post(key string, in factory.Input, out any) int {
	f.t.Helper()
	body, err := json.Marshal(in)
	f.must(err)
	req, err := http.NewRequestWithContext(f.ctx, http.MethodPost, f.Console+"/api/v1/requests", bytes.NewReader(body))
	f.must(err)
	token, err := cloud.Signer{Credentials: f.Config.Credentials, Region: f.Region, Endpoint: f.AWS, Audience: f.Console}.Identity(f.ctx)
	f.must(err)
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Idempotency-Key", key)
	resp, err := http.DefaultClient.Do(req)
	f.must(err)
	defer func() { _ = resp.Body.Close() }() // decoded to its end
	f.must(json.NewDecoder(resp.Body).Decode(out))
	return resp.StatusCode
}

// principalOf adds somebody to Account Factory's portfolio.
func (f *fixture) principalOf(arn string) {
	f.t.Helper()
	all, err := f.Catalog.ListPortfolios(f.ctx, &servicecatalog.ListPortfoliosInput{})
	f.must(err)
	for _, p := range all.PortfolioDetails {
		_, err := f.Catalog.AssociatePrincipalWithPortfolio(f.ctx, &servicecatalog.AssociatePrincipalWithPortfolioInput{
			PortfolioId: p.Id, PrincipalARN: &arn, PrincipalType: types.PrincipalTypeIam,
		})
		f.must(err)
	}
}
