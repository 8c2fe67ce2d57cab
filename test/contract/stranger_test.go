package contract

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"accountfactory/internal/server"
	"accountfactory/test/harness"
)

// TestStranger: AWS says of everybody in the world who they are. Who is in another account than the management account has no
// part in a factory, at no endpoint, unless somebody named them.
func TestStranger(t *testing.T) {
	t.Parallel()
	for name, viewers := range map[string]string{"not named": "", "named": "arn:aws:sts::*:assumed-role/AWSControlTowerExecution/them"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := setup(t, func(c *server.Config) { c.Viewers = viewers })
			api := f.API(f.inMember("them"))
			for _, e := range endpoints {
				if viewers != "" && e.want["viewer"] != http.StatusOK {
					continue
				}
				method, path, _ := strings.Cut(strings.ReplaceAll(e.call, "/ID", ""), " ")
				err := api.Do(f.ctx, method, path, e.body, new(json.RawMessage))
				var refused *harness.Refusal
				if viewers != "" && err != nil {
					t.Errorf("%s: %v", e.call, err)
				}
				if viewers == "" && (!errors.As(err, &refused) || refused.Status != http.StatusForbidden && refused.Status != http.StatusNotFound && refused.Status != http.StatusMethodNotAllowed) {
					t.Errorf("%s: %v", e.call, err)
				}
			}
		})
	}
}

// inMember gives credentials in an account of the organization.
func (f *fixture) inMember(session string) credentials.StaticCredentialsProvider {
	f.t.Helper()
	accounts, err := f.Organizations.ListAccounts(f.ctx, &organizations.ListAccountsInput{})
	f.must(err)
	for _, a := range accounts.Accounts {
		if aws.ToString(a.Id) == f.Ready.Account {
			continue
		}
		out, err := f.STS.AssumeRole(f.ctx, &sts.AssumeRoleInput{RoleArn: aws.String("arn:aws:iam::" + *a.Id + ":role/AWSControlTowerExecution"), RoleSessionName: &session})
		f.must(err)
		return credentials.NewStaticCredentialsProvider(*out.Credentials.AccessKeyId, *out.Credentials.SecretAccessKey, *out.Credentials.SessionToken)
	}
	f.t.Fatal("there is no member")
	return credentials.StaticCredentialsProvider{}
}
